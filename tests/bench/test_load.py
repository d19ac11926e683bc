"""A clean CSV file through the loader, beside DuckDB's own COPY of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench import deals
from bench.conftest import ROWS, cell
from bench.measuring import Report, in_turns
from mingji.connectors.files import open_file
from mingji.engine.cells import sql_type
from mingji.engine.warehouse import Warehouse

pytestmark = pytest.mark.bench
_MOST = 20_000_000  # about a gigabyte
_MB = 1_000_000


def test_beside_copy(tmp_path: Path, report: Report) -> None:
    file, rows = tmp_path / "deals.csv", min(ROWS, _MOST)
    specs = deals.DEALS.columns.values()
    cells = ", ".join(f'{cell(deals.DEALS, spec)} AS "{spec.name}"' for spec in specs)
    duckdb.sql(f"COPY (SELECT {cells} FROM range({rows}) AS numbers(i)) TO '{file}' (HEADER)")
    runs = iter(range(100))

    def loaded() -> None:
        warehouse = Warehouse(tmp_path / f"warehouse{next(runs)}")
        batch = warehouse.load(deals.DEALS, open_file(file), loaded_at="2026-11-22T00:00:00Z")
        assert batch.loaded == rows

    def copied() -> None:
        columns = ", ".join(f'"{spec.name}" {sql_type(spec)}' for spec in specs)
        with duckdb.connect(str(tmp_path / f"copy{next(runs)}.duckdb")) as connection:
            connection.execute(f"CREATE TABLE deals ({columns})")
            connection.execute(f"COPY deals FROM '{file}' (HEADER)")

    ours, theirs = in_turns(loaded, copied, rounds=2)

    size = file.stat().st_size / _MB
    report.beside(f"loading a CSV of {size:,.0f} MB beside COPY", ours, theirs, "≤ 2 ×")
