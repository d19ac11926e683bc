"""Every KPI of the library for 10,000 members, their teams and the company: counted, and told.

The yardstick is the counting alone: what the reasons of each value cost on top of it.
"""

from __future__ import annotations

from typing import Any

import pytest

from bench.conftest import MEMBERS, Generated
from mingji.engine.identity import Identity, Posting
from mingji.engine.observe import Cut, Look, look
from mingji.metrics.definitions import library

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(group="the library for a quarter")]
TEAMS = 400


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return Generated(tmp_path_factory.mktemp("library"), library().definitions)


def _counted(rows: Generated) -> Look:
    definitions = library().definitions
    postings = (Posting(f"m{n}", {"team": f"t{n % TEAMS}"}) for n in range(MEMBERS))
    owned = tuple(
        metric.id
        for metric in definitions.metrics.values()
        if all(definitions.table(leaf.table).personal for leaf in definitions.cut(metric))
    )
    cuts = [Cut(("member", "period"), owned), Cut(("team", "period"), owned), Cut(("period",))]
    identity = Identity(postings=tuple(postings))
    return look(rows, definitions, cuts, periods=["2026Q3"], identity=identity, empty=False)


def test_counted(benchmark: Any, rows: Generated) -> None:
    looked = benchmark.pedantic(lambda: _counted(rows), rounds=1)

    assert len(looked.found) == 3


def test_told(benchmark: Any, rows: Generated) -> None:
    looked = _counted(rows)

    told = benchmark.pedantic(lambda: sum(1 for n in range(3) for _ in looked.rows(n)), rounds=1)

    assert told > MEMBERS
