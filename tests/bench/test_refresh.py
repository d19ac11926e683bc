"""Every KPI of the library for 10,000 members, their teams and the company: counted, and told.

The yardstick is the counting alone: what the reasons of each value cost on top of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pytest

from bench.conftest import MEMBERS, ROWS, stored
from bench.measuring import Report, spent
from mingji.engine.backends.duckdb import Embedded
from mingji.engine.backends.interface import Session
from mingji.engine.compile import ROWS as COUNTED
from mingji.engine.identity import Identity, Posting
from mingji.engine.model import Definitions
from mingji.engine.observe import Cut, Look, look
from mingji.engine.sql import Tree
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library

pytestmark = pytest.mark.bench
TEAMS = 400
_MOST = 10_000_000  # over all tables together


class Overheard:
    """The embedded engine, which notes the queries that count."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.engine, self.counting = Embedded(warehouse), list[Tree]()

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        with self.engine.open(definitions) as session:
            yield _Noted(session, self.counting)


class _Noted:
    def __init__(self, session: Session, counting: list[Tree]) -> None:
        self.session, self.counting = session, counting
        self.provide, self.origin = session.provide, session.origin

    def run(self, query: Tree) -> pa.Table:
        names: Any = query
        if COUNTED in names.named_selects and "@owner" not in names.named_selects:
            self.counting.append(query)
        return self.session.run(query)


def test_the_library_for_a_quarter(
    tmp_path_factory: pytest.TempPathFactory, report: Report
) -> None:
    definitions = library().definitions
    each = min(ROWS, _MOST) // len(definitions.tables)
    engine = Overheard(stored(tmp_path_factory.mktemp("library"), definitions, each))
    found: list[Look] = []

    counting = spent(lambda: found.append(_counted(engine, definitions)))
    told = spent(lambda: sum(1 for n in range(3) for _ in found[0].rows(n)))

    report.beside("reasons of every value beside counting them", told, counting, "")
    dates = {(leaf.table, leaf.time) for leaf in _leaves(definitions)}
    report.alone(
        "queries that count the library for members, teams and the company",
        f"{len(engine.counting)} for {len(dates)} tables and dates",
        "one pass per fact table",
    )


def _leaves(definitions: Definitions) -> Iterator[Any]:
    for metric in definitions.metrics.values():
        yield from definitions.leaves(metric)


def _counted(engine: Overheard, definitions: Definitions) -> Look:
    postings = (Posting(f"m{n}", {"team": f"t{n % TEAMS}"}) for n in range(MEMBERS))
    owned = tuple(
        metric.id
        for metric in definitions.metrics.values()
        if all(definitions.table(leaf.table).personal for leaf in definitions.cut(metric))
    )
    cuts = [Cut(("member", "period"), owned), Cut(("team", "period"), owned), Cut(("period",))]
    identity = Identity(postings=tuple(postings))
    return look(engine, definitions, cuts, periods=["2026Q3"], identity=identity, empty=False)
