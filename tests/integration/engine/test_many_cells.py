"""Every cell stays in its own row, however many different ones a file holds."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse

#: More different cells in one piece of the file than one thread of the engine takes at a time.
ROWS = 400_000
DEFINITIONS = """\
tables:
  deals:
    key: id
    columns: {id: integer, amount: {type: decimal, scale: 2}}
metrics:
  amount: {table: deals, agg: sum, column: amount}
"""


def test_numbers_that_are_read_cell_by_cell_stay_in_their_rows(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    lines = [f"{number},{number}.25 元" for number in range(1, ROWS + 1)]
    file.write_text("\n".join(["id,amount", *lines]), encoding="utf-8")
    table = load_definitions(DEFINITIONS).tables["deals"]

    batch = Warehouse(tmp_path / "warehouse").load(
        table, open_file(file), loaded_at="2026-11-22T00:00:00Z"
    )

    (path,) = tmp_path.rglob(f"{batch.id}.parquet")
    strange = compute.not_equal(compute.floor(column(path, "amount")), column(path, "id"))
    assert compute.sum(strange).as_py() == 0


def column(path: Path, name: str) -> pa.Array:
    """A column of a batch, as numbers."""
    return parquet.read_table(path, columns=[name])[name].cast(pa.float64())
