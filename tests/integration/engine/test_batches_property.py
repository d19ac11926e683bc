"""Permuting rows and splitting them over files changes nothing."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from integration.engine.conftest import DEALS, DEFINITIONS
from integration.engine.test_observe import IDENTITY
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse

_METRICS = ["won_value", "win_rate", "median_days", "products_sold", "largest"]


def values(files: list[list[str]]) -> list[object]:
    definitions = load_definitions(DEFINITIONS)
    header, *_ = DEALS.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "warehouse")
        for number, lines in enumerate(files):
            path = Path(folder) / f"{number}.csv"
            path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
            warehouse.load(definitions.tables["deals"], open_file(path), loaded_at="2026-11-22")
        answers = [
            observe(warehouse, definitions, metrics=_METRICS, by=by, identity=IDENTITY)
            for by in (("member", "period"), ("team", "period"))
        ]
    return [
        (row.metric, dict(row.keys), row.value, row.row_count)
        for answer in answers
        for row in answer.rows
    ]


_, *LINES = DEALS.splitlines()
WHOLE: list[object] = []


@settings(max_examples=4)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_permuting_and_splitting_the_rows_changes_nothing(seed: int, parts: int) -> None:
    if not WHOLE:
        WHOLE.extend(values([LINES]))
    lines = random.Random(seed).sample(LINES, len(LINES))
    step = len(lines) // parts

    files = [
        lines[part * step : (part + 1) * step if part < parts - 1 else None]
        for part in range(parts)
    ]

    assert values(files) == WHOLE
