"""Observes metrics: by member, team, period and any dimension, every value with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import duckdb

from mingji.engine.compile import Slice
from mingji.engine.counting import NO_ROW, Found, Keys, count
from mingji.engine.explainer import Book, Explainer
from mingji.engine.facts import Facts
from mingji.engine.identity import Identity
from mingji.engine.local import own_identity, prepare
from mingji.engine.meanings import Meanings
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.observation import Observation, Observations, Unmatched
from mingji.engine.periods import CALENDAR_YEAR, Fiscal, Grain
from mingji.engine.plan import Plan
from mingji.engine.quality import alike, gaps, undated, unmatched_findings
from mingji.engine.slices import Question, chosen
from mingji.engine.values import published
from mingji.engine.warehouse import Warehouse


def observe(
    warehouse: Warehouse,
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
        warehouse: Where the rows are.
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
    meanings = Meanings(definitions, fiscal)
    with warehouse.connect(definitions) as connection:
        leaves = {leaf.id: leaf for metric in wanted for leaf in definitions.leaves(metric)}
        tables = [definitions.table(name) for name in sorted({m.table for m in leaves.values()})]
        identity = identity or own_identity(connection, definitions, tables)
        asked = tuple(periods) if periods is not None else None
        question = Question(definitions, tuple(by), grain, asked, where, identity)
        plan = Plan(question, meanings, wanted)
        slices = plan.slices
        prepare(connection, slices.values(), identity, fiscal)
        found = plan.found(connection)
        unmatched = _unmatched(connection, definitions, leaves, slices, question)
        findings = [
            *gaps(connection, definitions, slices.values()),
            *undated(connection, slices.values()),
            *unmatched_findings(unmatched, definitions),
            *(alike(connection, tables, identity) if question.personal else ()),
        ]
    files = {
        name: tuple(sorted({batch.file for batch in warehouse.batches(name)}))
        for name in definitions.tables
    }
    book = Book(meanings, Facts(question, found, slices), files)
    rows: list[Observation] = []
    for keys in _slices(plan.keys(found), question, fiscal):
        explainer = Explainer(book, keys)
        rows += [
            explainer.observation(metric)
            for metric in wanted
            if empty or not explainer.is_empty(metric)
        ]
    return Observations(
        question.by, tuple(m.id for m in wanted), tuple(rows), tuple(unmatched), tuple(findings)
    )


def _unmatched(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    leaves: dict[str, Metric],
    slices: dict[str, Slice],
    question: Question,
) -> list[Unmatched]:
    """Rows that no member, or no team, may claim: by owner, with what they are worth."""
    if not question.personal:
        return []
    by_owner = question.nobody(slices)
    owned = {name: leaf for name, leaf in leaves.items() if name in by_owner}
    found = count(connection, definitions, list(owned.values()), by_owner)
    rows: list[Unmatched] = []
    tables = {slice_.table.name: slice_.table for slice_ in by_owner.values()}
    for table in tables.values():
        mine = [leaf for leaf in owned.values() if leaf.table == table.name]
        for keys in sorted({keys for leaf in mine for keys in found[leaf.id]}):
            rows.append(_nobody(keys, table, mine, found))
    return rows


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
