"""Every kind of metric, on the books of its own tests: the same on every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.engines.conftest import FOREIGN
from contract.engines.test_equal import told
from integration.engine import (
    test_conversions,
    test_currencies,
    test_other_days,
    test_shares,
    test_surveys,
)
from integration.engine.conftest import loader
from mingji.engine.backends.choosing import Engine
from mingji.engine.backends.copying import copy
from mingji.engine.backends.interface import Backend
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

Book = tuple[str, dict[str, str]]
BOOKS: dict[str, Book] = {
    "growth, cumulative, lagged": (test_other_days.SALES, {"sales": test_other_days.ROWS}),
    "shares": (
        test_shares.MARKET,
        {"sales": test_shares.SALES, "market": test_shares.SIZES},
    ),
    "conversions": (
        test_conversions.FUNNEL,
        {"leads": test_conversions.LEADS, "opportunities": test_conversions.OPPORTUNITIES},
    ),
    "surveys": (test_surveys.SURVEYS, {"surveys": test_surveys.ANSWERS}),
    "currencies": (
        test_currencies.MONEY,
        {"orders": test_currencies.ORDERS, "fx": test_currencies.RATES},
    ),
}
WHOSE: tuple[tuple[str, ...], ...] = (("period",), ("member", "period"), ("month",), ())


@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_kind_of_metric_is_the_same_on_every_engine(
    request: pytest.FixtureRequest,
    stocked: dict[str, Backend],
    tmp_path: Path,
    foreign: str,
    kind: str,
) -> None:
    engine: Engine = request.getfixturevalue(foreign)
    stocked.pop(foreign, None)  # its copy gives way to this one
    text, files = BOOKS[kind]
    definitions = load_definitions(text)
    warehouse = Warehouse(tmp_path / "warehouse")
    load = loader(tmp_path, warehouse, definitions)
    for table, rows in files.items():
        load(table, rows)
    copy(warehouse, definitions, engine)

    compared = 0
    for by in WHOSE:
        metrics = [
            name for name in definitions.metrics if _answers(warehouse, definitions, name, by)
        ]
        asked: dict[str, Any] = {"metrics": metrics, "by": by}
        expected = told(observe(warehouse, definitions, **asked))
        assert told(observe(engine, definitions, **asked)) == expected
        compared += len(metrics)
    assert compared >= 2 * len(definitions.metrics)


def _answers(
    warehouse: Warehouse, definitions: Definitions, metric: str, by: tuple[str, ...]
) -> bool:
    """Whether a metric can be asked for by these keys at all."""
    try:
        observe(warehouse, definitions, metrics=[metric], by=by)
    except Invalid:
        return False
    return True
