"""Observes metrics: by member, team, period and any dimension, every value with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType
from typing import Any

from mingji.engine.backends.duckdb import opened
from mingji.engine.backends.interface import Backend, Session
from mingji.engine.compile import ORDERED, ROWS, Slice, grouped, ordered
from mingji.engine.identity import Identity
from mingji.engine.local import own_identity, prepare
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.observation import Observation, Observations, Unmatched
from mingji.engine.periods import CALENDAR_YEAR, Fiscal, Grain
from mingji.engine.quality import alike, gaps, undated, unmatched_findings
from mingji.engine.slices import Question, chosen
from mingji.engine.values import Counted, Explainer, Lineage, interpolated, published
from mingji.engine.warehouse import Warehouse

Keys = tuple[str, ...]
#: What was found for each simple metric, in each slice.
Found = dict[str, dict[Keys, Counted]]
_NO_ROW = Counted()


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
    fiscal: Fiscal = CALENDAR_YEAR,
    empty: bool = True,
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
        fiscal: The calendar; by default the year starts in January.
        empty: Also what has not one row to be computed from: members and metrics without data.

    Returns:
        Observations sorted by keys, then by metric; rows that belong to nobody; findings.

    Raises:
        Invalid: If a metric or key is unknown, or a table does not have a key.
    """
    wanted = chosen(definitions, metrics)
    with opened(store, definitions) as session:
        leaves = {leaf.id: leaf for metric in wanted for leaf in definitions.leaves(metric)}
        tables = [definitions.tables[name] for name in sorted({m.table for m in leaves.values()})]
        identity = identity or own_identity(session, definitions, tables)
        asked = tuple(periods) if periods is not None else None
        question = Question(definitions, tuple(by), grain, asked, where, identity)
        slices = {name: question.slice(leaf) for name, leaf in leaves.items()}
        prepare(session, slices.values(), identity, fiscal)
        found = _found(session, definitions, leaves, slices)
        unmatched = _unmatched(session, definitions, leaves, slices, question)
        found, keys = _slices(found, question, fiscal)
        findings = [
            *gaps(session, definitions, slices.values()),
            *undated(session, slices.values()),
            *unmatched_findings(unmatched, definitions),
            *(alike(session, tables, identity) if question.personal else ()),
        ]
        files = {name: session.origin(name) for name in definitions.tables}
    rows: list[Observation] = []
    for key in keys:
        named = MappingProxyType(dict(zip(question.by, key, strict=True)))
        lineage = Lineage(question.address(named), where, files)
        counted = {name: slices_.get(key, _NO_ROW) for name, slices_ in found.items()}
        explainer = Explainer(definitions, counted, lineage)
        rows += [
            _observation(metric, named, explainer)
            for metric in wanted
            if empty or not explainer.is_empty(metric)
        ]
    return Observations(
        question.by, tuple(m.id for m in wanted), tuple(rows), tuple(unmatched), tuple(findings)
    )


def _found(
    session: Session,
    definitions: Definitions,
    leaves: dict[str, Metric],
    slices: dict[str, Slice],
) -> Found:
    """Asks each table once for all its metrics, and once more for each median."""
    found: Found = {name: {} for name in leaves}
    order = sorted(leaves.values(), key=lambda leaf: (leaf.table, leaf.time))
    for _, same in groupby(order, key=lambda leaf: (leaf.table, leaf.time)):
        together = list(same)
        slice_ = slices[together[0].id]
        for row in session.run(grouped(slice_, together, definitions)).to_pylist():
            keys = _keys(row, slice_)
            for leaf in together:
                found[leaf.id][keys] = Counted(
                    row[ROWS],
                    row[f"{leaf.id}.rows"],
                    row[f"{leaf.id}.cells"],
                    None if row[leaf.id] is None else Fraction(row[leaf.id]),
                )
        for leaf in together:
            if leaf.agg in ORDERED:
                _order(session, definitions, leaf, slice_, found[leaf.id])
    return found


def _order(
    session: Session,
    definitions: Definitions,
    leaf: Metric,
    slice_: Slice,
    found: dict[Keys, Counted],
) -> None:
    points: dict[Keys, list[tuple[Fraction, int, int]]] = {}
    for row in session.run(ordered(slice_, leaf, definitions)).to_pylist():
        point = (Fraction(row["value"]), int(row["upto"]), int(row["total"]))
        points.setdefault(_keys(row, slice_), []).append(point)
    share = Fraction(leaf.percentile) if leaf.percentile is not None else Fraction(1, 2)
    for keys, counted in found.items():
        value = interpolated(sorted(points[keys]), share) if keys in points else None
        found[keys] = Counted(counted.slice_rows, counted.rows, counted.cells, value)


def _keys(row: dict[str, Any], slice_: Slice) -> Keys:
    return tuple(_key(row[key.label]) for key in slice_.keys)


def _key(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _unmatched(
    session: Session,
    definitions: Definitions,
    leaves: dict[str, Metric],
    slices: dict[str, Slice],
    question: Question,
) -> list[Unmatched]:
    """Rows that no member, or no team, may claim: by owner, with what they are worth."""
    if not question.personal:
        return []
    by_owner = question.nobody(slices)
    found = _found(session, definitions, leaves, by_owner)
    rows: list[Unmatched] = []
    tables = {slice_.table.name: slice_.table for slice_ in slices.values()}
    for table in tables.values():
        mine = [leaf for leaf in leaves.values() if leaf.table == table.name]
        for keys in sorted({keys for leaf in mine for keys in found[leaf.id]}):
            rows.append(_nobody(keys, table, mine, found))
    return rows


def _nobody(keys: Keys, table: Table, leaves: list[Metric], found: Found) -> Unmatched:
    counted = {leaf.id: found[leaf.id].get(keys, _NO_ROW) for leaf in leaves}
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


def _slices(found: Found, question: Question, fiscal: Fiscal) -> tuple[Found, list[Keys]]:
    """Every slice that exists: those with rows, and those of members and periods without any."""
    personal = [place for place, name in enumerate(question.by) if name in question.personal]
    claimed: Found = {
        name: {keys: counted for keys, counted in each.items() if all(keys[p] for p in personal)}
        for name, each in found.items()
    }
    keys = {each for slices in claimed.values() for each in slices}
    return claimed, sorted(keys | question.expected(keys, fiscal))


def _observation(metric: Metric, named: Mapping[str, str], explainer: Explainer) -> Observation:
    node = explainer.node(metric)
    assert not isinstance(node.value, str)
    return Observation(metric.id, named, node.value, metric.unit, explainer.rows(metric), node)
