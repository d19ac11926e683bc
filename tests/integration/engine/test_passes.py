"""A refresh reads a fact table once for each date it counts on, however many metrics there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from mingji.engine.backends.duckdb import Embedded
from mingji.engine.backends.interface import Session
from mingji.engine.compile import ORDERED, ROWS
from mingji.engine.identity import Identity, Posting
from mingji.engine.meanings import At, Meanings, is_span
from mingji.engine.model import Definitions, Metric
from mingji.engine.observe import Cut, look, observe
from mingji.engine.sql import exp
from mingji.engine.typed import TYPED
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library


def test_the_library_takes_one_query_a_table_and_date_and_one_more_a_median(
    warehouse: Warehouse,
) -> None:
    definitions = library().definitions
    owned = [
        metric.id
        for metric in definitions.metrics.values()
        if not definitions.moves(metric) and _owned(definitions, metric.id)
    ]
    identity = Identity(postings=(Posting("anna", {"team": "north"}),))
    engine = Overheard(warehouse)

    observe(engine, definitions, metrics=owned, periods=["2026Q1"], identity=identity)

    leaves = {
        leaf.id: leaf for name in owned for leaf in definitions.leaves(definitions.metrics[name])
    }
    passes = [query for query in engine.told if ROWS in query.named_selects]
    medians = [query for query in engine.told if "upto" in query.named_selects]
    assert len(leaves) > len({(leaf.table, leaf.time) for leaf in leaves.values()})
    # Once for the members and once more for the rows of nobody.
    assert len(passes) == 2 * len({(leaf.table, leaf.time) for leaf in leaves.values()})
    assert len(medians) == 2 * len([leaf for leaf in leaves.values() if leaf.agg in ORDERED])


def test_members_teams_and_the_company_are_counted_in_the_same_passes(
    warehouse: Warehouse,
) -> None:
    definitions = library().definitions
    metrics = definitions.metrics.values()
    owned = tuple(
        metric.id
        for metric in metrics
        if all(definitions.table(leaf.table).personal for leaf in definitions.cut(metric))
    )
    identity = Identity(postings=(Posting("anna", {"team": "north", "department": "sales"}),))
    engine = Overheard(warehouse)
    cuts = [Cut((whose, "period"), owned) for whose in ("member", "team", "department")]

    look(engine, definitions, [*cuts, Cut(("period",))], periods=["2026Q1"], identity=identity)

    rows = {
        (leaf.table, leaf.time, days)
        for metric in metrics
        for leaf, days in _days(definitions, metric)
        if not definitions.table(leaf.table).typed
    }
    counted = [query for query in engine.told if ROWS in query.named_selects]
    passes = [query for query in counted if "@owner" not in query.named_selects]
    typed = [
        query for query in passes if TYPED in {each.name for each in query.find_all(exp.Table)}
    ]
    assert len(passes) - len(typed) == len(rows)
    medians = [query for query in engine.told if "upto" in query.named_selects]
    ordered = {
        (leaf.id, days)
        for metric in metrics
        for leaf, days in _days(definitions, metric)
        if leaf.agg in ORDERED
    }
    assert len([each for each in medians if "@owner" not in each.named_selects]) == len(ordered)


def _days(definitions: Definitions, metric: Metric) -> Iterator[tuple[Metric, bool]]:
    """The simple metrics below one, and whether each looks at days that are no period."""
    for at in Meanings(definitions, definitions.fiscal).leaves(At(metric.id, "2026Q1")):
        if at.when is not None:
            yield definitions.metric(at.metric), is_span(at.when)


def _owned(definitions: Definitions, name: str) -> bool:
    """Whether each row behind a metric has an owner and is one of a table, not of a journey."""
    leaves = definitions.leaves(definitions.metrics[name])
    return all(
        leaf.table in definitions.tables and definitions.tables[leaf.table].owner for leaf in leaves
    )


class Overheard:
    """The embedded engine, with every query that it is asked."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.engine, self.told = Embedded(warehouse), list[Any]()

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        with self.engine.open(definitions) as session:
            yield _Told(session, self.told)


class _Told:
    def __init__(self, session: Session, told: list[Any]) -> None:
        self.session, self.told = session, told
        self.provide, self.origin = session.provide, session.origin

    def run(self, query: Any) -> pa.Table:
        self.told.append(query)
        return self.session.run(query)
