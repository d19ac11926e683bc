"""Generated rows, as many as `MINGJI_BENCH_ROWS` says, for 10,000 members over two years."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from mingji.engine.backends.duckdb import EmbeddedSession
from mingji.engine.backends.interface import Session
from mingji.engine.cells import sql_type
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.warehouse import Warehouse

ROWS = int(os.environ.get("MINGJI_BENCH_ROWS", "1000000"))
MEMBERS = 10_000


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measured when it is asked for (`make bench`), never along the way."""
    if "bench" in config.option.markexpr:
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in here]


class Generated:
    """An engine with rows that were made up for it: the same numbers on every run."""

    def __init__(self, folder: Path, definitions: Definitions, rows: int = ROWS) -> None:
        self.warehouse = Warehouse(folder / "warehouse")
        self.connection = duckdb.connect(str(folder / "rows.duckdb"))
        for table in definitions.tables.values():
            self.connection.execute(_rows_of(table, rows))

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        yield EmbeddedSession(self.connection.cursor(), self.warehouse, definitions)


def _rows_of(table: Table, rows: int) -> str:
    columns = [f'{_cell(table, spec)} AS "{spec.name}"' for spec in table.columns.values()]
    places = f"'generated' AS {BATCH}, 'generated' AS {FILE}, i AS {ROW}"
    return (
        f'CREATE TABLE "{table.name}" AS SELECT {", ".join(columns)}, {places} '
        f"FROM range({rows}) AS numbers(i)"
    )


def _cell(table: Table, spec: Column) -> str:
    """A value that depends on the row and the column alone."""
    mixed = f"hash(i * 31 + {sum(map(ord, spec.name))})"
    if spec.name in table.key:
        return f"CAST(i AS {sql_type(spec)})"
    made = {
        "text": f"'m' || ({mixed} % {MEMBERS})"
        if spec.name == table.owner
        else f"'v' || ({mixed} % 20)",
        "integer": f"{mixed} % 100",
        "decimal": f"({mixed} % 1000000) * 0.01",
        "boolean": f"{mixed} % 2 = 0",
        "date": f"DATE '2025-01-01' + CAST({mixed} % 730 AS INTEGER)",
        "timestamp": f"TIMESTAMP '2025-01-01' + to_days(CAST({mixed} % 730 AS INTEGER))",
    }[spec.type]
    return f"CAST({made} AS {sql_type(spec)})"
