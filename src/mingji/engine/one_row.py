"""One row of a table by its key, as text: what a person reads, types and compares."""
# ruff: noqa: S608

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from mingji.engine.cells import sql_type
from mingji.engine.loading import FILE, ROW
from mingji.engine.model import Definitions, Table
from mingji.engine.values import trimmed
from mingji.engine.warehouse import Warehouse


def row_of(
    warehouse: Warehouse, definitions: Definitions, table: Table, key: Sequence[str]
) -> dict[str, str] | None:
    """The row with a key as it stands now, corrections included; None if there is none.

    Args:
        warehouse: Where the rows and the corrections are.
        definitions: What the tables are.
        table: The table; it must have a key.
        key: The values of its key columns as text, in their order.

    Returns:
        Each column as text (blank cells are empty; decimals without idle zeros, days as ISO), with
        `_file` and `_row`.
    """
    names = (*table.columns, FILE, ROW)
    listed = ", ".join(f'"{name}"' for name in names)
    types = {name: sql_type(table.columns[name]) for name in table.key}
    same = " AND ".join(f'"{name}" = TRY_CAST(? AS {type_})' for name, type_ in types.items())
    with warehouse.connect(definitions) as connection:
        query = f'SELECT {listed} FROM "{table.name}" WHERE {same} LIMIT 1'
        found = connection.execute(query, list(key)).fetchone()
    return None if found is None else dict(zip(names, map(_text, found), strict=True))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(trimmed(value, 0))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
