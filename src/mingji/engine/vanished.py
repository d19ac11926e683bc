"""Rows that a source no longer has: earlier batches hold them, and reading it whole did not."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from mingji.engine.batches import Shelf
from mingji.engine.lines import BATCH, ROW
from mingji.engine.model import Table
from mingji.engine.sql import exp, literal, render
from mingji.engine.warehouse import Warehouse


def vanished(
    store: Warehouse, table: Table, source: str, latest: Collection[str]
) -> list[dict[str, str]]:
    """The keys, as text by column, of rows that count and come from a source that lacks them now.

    A row that was set aside this time is still there: its key is not among them.

    Args:
        store: Where the batches are.
        table: Their table.
        source: The source that was read whole.
        latest: The batches that it gave then.
    """
    batches, shelf = store.batches(table.name), Shelf(store.root / "batches" / table.name)
    earlier = [each for each in batches if each.source == source and each.id not in latest]
    aside = [each for each in batches if each.id in latest and each.rejected]
    if not (earlier and table.key):
        return []

    def files(part: str, those: Collection[str]) -> str:
        paths = [shelf.path(each, part) for each in batches if each.id in those]
        listed = exp.Array(expressions=[literal(str(path)) for path in paths])
        return f"read_parquet({render(listed)}, union_by_name = true)"

    names = [f'"{name}"' for name in table.key]
    query = f"FROM {files('rows.parquet', [each.id for each in earlier])} AS r"
    if given := [each.id for each in batches if each.superseded]:
        query += f" ANTI JOIN {files('superseded.parquet', given)} AS s USING ({BATCH}, {ROW})"
    if aside:
        same = " AND ".join(f"CAST(r.{name} AS VARCHAR) = w.{name}" for name in names)
        query += f" ANTI JOIN {files('whole.parquet', [each.id for each in aside])} AS w ON {same}"
    told = ", ".join(f"CAST(r.{name} AS VARCHAR)" for name in names)
    with duckdb.connect() as connection:
        rows = connection.sql(f"SELECT DISTINCT {told} {query} ORDER BY ALL").fetchall()
    return [dict(zip(table.key, row, strict=True)) for row in rows]
