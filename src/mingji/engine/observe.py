"""Observes metrics: by member, team, period and any dimension, every value with its reasons."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from mingji.engine.backends.duckdb import opened
from mingji.engine.backends.interface import Backend, Session
from mingji.engine.compile import Slice
from mingji.engine.counting import NO_ROW, Asked, Found, Keys, count
from mingji.engine.currency import doubtful, unrated
from mingji.engine.explainer import Book, Explainer
from mingji.engine.facts import Facts
from mingji.engine.identity import Identity
from mingji.engine.likeness import likely_findings
from mingji.engine.local import own_identity, prepare
from mingji.engine.meanings import Meanings
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.observation import Observation, Observations, Unmatched
from mingji.engine.periods import Fiscal, Grain
from mingji.engine.plan import Plan, found_by
from mingji.engine.quality import alike, gaps, undated, unmatched_findings
from mingji.engine.slices import Question, chosen, of_nobody
from mingji.engine.step_checks import step_findings
from mingji.engine.step_rows import chains
from mingji.engine.values import published
from mingji.engine.warehouse import Warehouse
from mingji.rules.findings import Finding


def observe(
    store: Warehouse | Backend,
    definitions: Definitions,
    *,
    metrics: Sequence[str] | None = None,
    by: Sequence[str] = ("member", "period"),
    grain: Grain = "quarter",
    periods: Sequence[str] | None = None,
    where: str = "",
    identity: Identity | None = None,
    fiscal: Fiscal | None = None,
    empty: bool = True,
    told: bool = True,
    steps: bool = True,
    today: date | None = None,
) -> Observations:
    """Computes metrics from rows, exactly, for every slice that exists.

    Every grain is computed from rows: a team's win rate is the ratio of its sums, its median the
    median of its rows.

    Args:
        store: Where the rows are: the warehouse, or an engine that has them.
        definitions: What the metrics mean.
        metrics: Metric ids; all if left out.
        by: Keys of the slices: `member`, any attribute of the postings (`team`, `manager` …),
            `period` or a grain (`month`, `quarter` …), a column, a joined column. Empty: company.
        grain: The grain of `period`.
        periods: Only these periods; each of them appears even where there is no row.
        where: A condition in the safe expression language that rows must meet.
        identity: The mapping from owners to members. Left out, the roster of the definitions is
            used if there is one; otherwise each owner is a member of that name.
        fiscal: The calendar, if it is not the one that the definitions say.
        empty: Also what has not one row to be computed from: members and metrics without data.
        told: Also rows that belong to nobody, and findings; both are costly, so say no where they
            are not shown.
        steps: Among the findings also what the steps of conversions leave out (`step_checks`).
        today: The day after which no step of a conversion can have been taken, to tell of those.

    Returns:
        Observations sorted by keys, then by metric; rows that belong to nobody; findings.

    Raises:
        Invalid: If a metric or key is unknown, or a table does not have a key.
    """
    cuts = [Cut(tuple(by), None if metrics is None else tuple(metrics))]
    looked = look(
        store,
        definitions,
        cuts,
        grain=grain,
        periods=periods,
        where=where,
        identity=identity,
        fiscal=fiscal,
        empty=empty,
        told=told,
    )
    wanted = looked.plans[0].wanted
    findings = looked.findings
    if told and steps and chains(definitions, wanted):
        with opened(store, definitions) as session:
            findings = (*findings, *step_findings(session, definitions, wanted, today))
    names, rows = tuple(metric.id for metric in wanted), tuple(looked.rows(0))
    return Observations(cuts[0].by, names, rows, looked.unmatched, findings)


@dataclass(frozen=True, slots=True)
class Cut:
    """Metrics (all if None) and the keys that cut them, as `observe` takes them."""

    by: tuple[str, ...]
    metrics: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What was counted for some cuts, to be told slice by slice."""

    plans: tuple[Plan, ...]
    found: tuple[Found, ...]
    files: Mapping[str, tuple[str, ...]]
    empty: bool
    unmatched: tuple[Unmatched, ...]
    findings: tuple[Finding, ...]

    def rows(self, place: int) -> Iterator[Observation]:
        """The observations of the cut at this place, made as they are asked for.

        Sorted by keys, then by metric; nothing that was told is held.
        """
        plan, found = self.plans[place], self.found[place]
        facts = Facts(plan.question, found, plan.slices)
        book = Book(plan.meanings, facts, self.files)
        with _no_cycles():
            for keys in _slices(plan.keys(found), plan.question, plan.meanings.fiscal):
                explainer = Explainer(book, keys)
                for metric in plan.wanted:
                    if self.empty or not explainer.is_empty(metric):
                        yield explainer.observation(metric)


def look(
    store: Warehouse | Backend,
    definitions: Definitions,
    cuts: Sequence[Cut],
    *,
    grain: Grain = "quarter",
    periods: Sequence[str] | None = None,
    where: str = "",
    identity: Identity | None = None,
    fiscal: Fiscal | None = None,
    empty: bool = True,
    told: bool = True,
) -> Look:
    """Counts metrics by several cuts at once: by member, by team, for the company.

    Each table is read once for each of its dates, however many metrics and cuts there are. What
    was counted is held, the reasons are not: `Look.rows` makes them one slice after another. What
    the steps of conversions leave out (`step_checks`) is not among the findings: it is the same
    however rows are cut.

    Args and errors are those of `observe`.
    """
    fiscal = definitions.fiscal if fiscal is None else fiscal
    meanings = Meanings(definitions, fiscal)
    wanted = [chosen(definitions, cut.metrics) for cut in cuts]
    with opened(store, definitions) as session:
        leaves = {leaf.id: leaf for each in wanted for m in each for leaf in definitions.leaves(m)}
        names = {definitions.base(leaf.table).name for leaf in leaves.values()}
        tables = [definitions.tables[name] for name in sorted(names)]
        identity = identity or own_identity(session, definitions, tables)
        asked = tuple(periods) if periods is not None else None
        plans = [
            Plan(Question(definitions, cut.by, grain, asked, where, identity), meanings, metrics)
            for cut, metrics in zip(cuts, wanted, strict=True)
        ]
        slices = {name: each for plan in reversed(plans) for name, each in plan.slices.items()}
        without = prepare(session, slices.values(), definitions, identity, fiscal)
        with _no_cycles():
            found = found_by(session, plans)
        unmatched = _unmatched(session, definitions, leaves, plans) if told else []
        personal = any(plan.question.personal for plan in plans)
        counted = [(leaves[name], slices[name]) for name in slices]
        findings = (
            [
                *gaps(session, definitions, slices.values()),
                *undated(_dated(slices, definitions), without),
                *unrated(session, definitions, counted),
                *doubtful(session, definitions, counted),
                *unmatched_findings(unmatched, definitions),
                *likely_findings(unmatched, identity, definitions),
                *(alike(session, tables, identity) if personal else ()),
            ]
            if told
            else []
        )
        files = _files(session, definitions)
    return Look(tuple(plans), tuple(found), files, empty, tuple(unmatched), tuple(findings))


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Reasons are trees: looking for cycles among millions of them takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _dated(slices: Mapping[str, Slice], definitions: Definitions) -> list[Slice]:
    """The slices whose rows should have a date: a step that was not taken has none, and rightly."""
    return [
        slice_
        for name, slice_ in slices.items()
        if name not in definitions.parts
        or (slice_.day == slice_.table.time and slice_.table.journey is None)
    ]


def _files(session: Session, definitions: Definitions) -> dict[str, tuple[str, ...]]:
    """The files that the rows of each table came from."""
    files = {name: session.origin(name) for name in definitions.tables}
    for metric in definitions.metrics.values():
        if metric.view is None:
            continue
        names = definitions.sources(metric)
        files[metric.view.name] = tuple(sorted({file for name in names for file in files[name]}))
    return files


def _unmatched(
    session: Session, definitions: Definitions, leaves: dict[str, Metric], plans: Iterable[Plan]
) -> list[Unmatched]:
    """Rows that no member, or no team, may claim: by owner, with what they are worth."""
    personal = [plan for plan in plans if plan.question.personal]
    if not personal:
        return []
    slices = {name: each for plan in reversed(personal) for name, each in plan.slices.items()}
    posts = dict.fromkeys(name for plan in personal for name in plan.question.personal)
    by_owner = of_nobody(_once(slices, definitions), posts, personal[0].question.periods)
    owned = {name: leaf for name, leaf in leaves.items() if name in by_owner}
    (found,) = count(session, definitions, [Asked(list(owned.values()), by_owner)])
    rows: list[Unmatched] = []
    tables = {slice_.table.name: slice_.table for slice_ in by_owner.values()}
    for table in tables.values():
        mine = [leaf for leaf in owned.values() if leaf.table == table.name]
        for keys in sorted({keys for leaf in mine for keys in found[leaf.id]}):
            rows.append(_nobody(keys, definitions.base(table.name), mine, found))
    return rows


def _once(slices: Mapping[str, Slice], definitions: Definitions) -> dict[str, Slice]:
    """The slices without journeys whose rows are told as those of their own table already."""
    told = {slice_.table.name for slice_ in slices.values() if slice_.table.journey is None}
    return {
        name: slice_
        for name, slice_ in slices.items()
        if slice_.table.journey is None or definitions.base(slice_.table.name).name not in told
    }


def _nobody(keys: Keys, table: Table, leaves: list[Metric], found: Found) -> Unmatched:
    counted = {leaf.id: found[leaf.id].get(keys, NO_ROW) for leaf in leaves}
    exact = {leaf: counted[leaf.id].value(leaf) for leaf in leaves}
    return Unmatched(
        table=table.name,
        source=table.source,
        owner=keys[0],
        rows=max(each.slice_rows for each in counted.values()),
        values=MappingProxyType(
            {m.id: None if v is None else published(v, m) for m, v in exact.items()}
        ),
        reason="no_posting" if keys[1] else "no_member",
    )


def _slices(found: set[Keys], question: Question, fiscal: Fiscal) -> list[Keys]:
    """Every slice that exists: those with rows, and those of members and periods without any."""
    personal = [place for place, name in enumerate(question.by) if name in question.personal]
    claimed = {keys for keys in found if all(keys[place] for place in personal)}
    return sorted(claimed | question.expected(claimed, fiscal))
