"""Generated rows, as many as `MINGJI_BENCH_ROWS` says, for 10,000 members over two years."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from bench.measuring import Report
from mingji.engine.batches import Batch, Shelf, fingerprint
from mingji.engine.cells import sql_type
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.warehouse import Warehouse
from mingji.engine.writing import Writer

ROWS = int(os.environ.get("MINGJI_BENCH_ROWS", "10000000"))
MEMBERS = 10_000
_BATCH_ROWS = 5_000_000
_CHUNK = 250_000
_DAYS, _NOISE = 730, 30
_REPORT = Report()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measured when it is asked for (`make bench`), never along the way."""
    if "bench" in config.option.markexpr:
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in here]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _REPORT.lines:
        terminalreporter.section(f"{ROWS:,} rows")
        terminalreporter.write_line(_REPORT.text())


@pytest.fixture(scope="session")
def report() -> Report:
    return _REPORT


def stored(
    folder: Path, definitions: Definitions, rows: int, *, over_time: bool = False
) -> Warehouse:
    """A warehouse with so many rows in each table, in batches as a load leaves them.

    Args:
        folder: Where it is made.
        definitions: Of which every table is filled.
        rows: How many each gets.
        over_time: Whether rows follow each other over the two years, give or take a month, as
            those of nightly loads do; otherwise each has any day.
    """
    warehouse = Warehouse(folder / "warehouse")
    spread = rows if over_time else 0
    for table in definitions.tables.values():
        shelf = Shelf(warehouse.root / "batches" / table.name)
        shelf.folder.mkdir(parents=True)
        for number, first in enumerate(range(0, rows, _BATCH_ROWS)):
            places = range(first, min(rows, first + _BATCH_ROWS))
            _put(shelf, table, number, places, spread)
    return warehouse


def _put(shelf: Shelf, table: Table, number: int, places: range, spread: int) -> None:
    id_ = f"{number:016x}"
    work = shelf.folder / f"{id_}.part"
    work.mkdir()
    chunks = _rows_of(table, id_, places, spread)
    first = next(chunks)
    with Writer(work / "rows.parquet", first.schema) as writer:
        writer.write(first)
        for chunk in chunks:
            writer.write(chunk)
    batch = Batch(
        id=id_,
        table=table.name,
        file=f"{table.name}-{number}.csv",
        digest=id_,
        schema=fingerprint(table),
        sequence=number,
        loaded_at="2026-11-22T00:00:00Z",
        read=len(places),
        loaded=len(places),
    )
    shelf.put(batch, work)


def _rows_of(table: Table, batch: str, places: range, spread: int) -> Iterator[pa.Table]:
    columns = [f'{cell(table, spec, spread)} AS "{spec.name}"' for spec in table.columns.values()]
    origin = f"i AS {ROW}, 'generated' AS {FILE}, '{batch}' AS {BATCH}"
    query = (
        f"SELECT {', '.join(columns)}, {origin} "
        f"FROM range({places.start}, {places.stop}) AS numbers(i)"
    )
    for chunk in duckdb.connect().sql(query).to_arrow_reader(_CHUNK):
        yield pa.Table.from_batches([chunk])


def cell(table: Table, spec: Column, spread: int = 0) -> str:
    """A value that depends on the row and the column alone: the same numbers on every run.

    With a `spread`, so many rows take two years.
    """
    mixed = f"hash(i * 31 + {sum(map(ord, spec.name))})"
    day = (
        f"i * {_DAYS - _NOISE} // {spread} + {mixed} % {_NOISE}" if spread else f"{mixed} % {_DAYS}"
    )
    if spec.name in table.key:
        return f"CAST(i AS {sql_type(spec)})"
    made = {
        "text": f"'m' || ({mixed} % {MEMBERS})"
        if spec.name == table.owner
        else f"'v' || ({mixed} % 20)",
        "integer": f"{mixed} % 100",
        "decimal": f"({mixed} % 1000000) * 0.01",
        "boolean": f"{mixed} % 2 = 0",
        "date": f"DATE '2025-01-01' + CAST({day} AS INTEGER)",
        "timestamp": f"TIMESTAMP '2025-01-01' + to_days(CAST({day} AS INTEGER))",
    }[spec.type]
    return f"CAST({made} AS {sql_type(spec)})"
