"""What the steps of conversions leave out: the same rows for the same reasons on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.engines.conftest import FOREIGN
from integration.engine import test_step_checks
from integration.engine.conftest import loader
from mingji.engine.backends.choosing import Engine
from mingji.engine.backends.copying import copy
from mingji.engine.backends.duckdb import opened
from mingji.engine.backends.interface import Backend
from mingji.engine.definitions import load_definitions
from mingji.engine.step_checks import step_findings
from mingji.engine.warehouse import Warehouse

BOOKS = {
    "in tables": (test_step_checks.TALKS, test_step_checks.ODD_TALKS, 6),
    "in one row": (test_step_checks.WIDE, test_step_checks.ODD_ROWS, 8),
}


@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize("foreign", FOREIGN)
def test_the_same_is_told_on_every_engine(
    request: pytest.FixtureRequest,
    stocked: dict[str, Backend],
    tmp_path: Path,
    foreign: str,
    kind: str,
) -> None:
    engine: Engine = request.getfixturevalue(foreign)
    stocked.pop(foreign, None)  # its copy gives way to this one
    text, files, many = BOOKS[kind]
    definitions = load_definitions(text)
    warehouse = Warehouse(tmp_path / "warehouse")
    load = loader(tmp_path, warehouse, definitions)
    for table, rows in files.items():
        load(table, rows)
    copy(warehouse, definitions, engine)

    told = []
    for store in (warehouse, engine):
        with opened(store, definitions) as session:
            metrics = definitions.metrics.values()
            told.append(list(step_findings(session, definitions, metrics, test_step_checks.TODAY)))

    assert told[0] == told[1]
    assert len(told[0]) == many
