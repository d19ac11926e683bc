"""Every KPI of the library for 10,000 members: counted, and told with its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from bench.conftest import MEMBERS, Generated
from mingji.engine.identity import Identity, Posting
from mingji.engine.observe import observe
from mingji.metrics.definitions import library

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(group="the library for a quarter")]
TEAMS = 400


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return Generated(tmp_path_factory.mktemp("library"), library().definitions)


@pytest.mark.parametrize("whose", ["team", "member"])
def test_observed(benchmark: Any, rows: Generated, whose: str) -> None:
    definitions = library().definitions
    postings = (Posting(f"m{n}", {"team": f"t{n % TEAMS}"}) for n in range(MEMBERS))
    identity = Identity(postings=tuple(postings))
    owned = [
        metric.id
        for metric in definitions.metrics.values()
        if all(definitions.base(leaf.table).owner for leaf in definitions.leaves(metric))
    ]

    answer = benchmark.pedantic(
        lambda: observe(
            rows,
            definitions,
            metrics=owned,
            by=(whose, "period"),
            periods=["2026Q3"],
            identity=identity,
            empty=False,
        ),
        rounds=1,
    )

    assert len(answer.rows) > TEAMS
