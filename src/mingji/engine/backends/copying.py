"""Copies the batches of the warehouse into a company's engine, each exactly once.

What was copied is written down after its rows: an interrupted copy is done again for that batch
alone, and one that is complete is passed over. A batch that a later one replaced rows of is copied
again without them. Statements are built from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from mingji.engine.cells import sql_type
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Definitions, Table
from mingji.engine.sql import literal, render
from mingji.engine.warehouse import Warehouse

#: Where a table's copied batches are written down, beside the tables.
LEDGER = "_mingji_batches"
#: Stands for the batches of a table that has none: it is there, and empty.
_NONE = "none"
_CHUNK = 250_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did to one table."""

    table: str
    batches: int
    rows: int
    removed: int


class Shelf(Protocol):
    """The place of an engine that holds copies: one table for each table of the definitions."""

    def kept(self, table: Table) -> dict[str, str]:
        """The batches that are there whole, with the state in which each was copied."""
        ...

    def clear(self, table: Table) -> None:
        """Makes the table anew, without rows."""
        ...

    def replace(self, table: Table, batch: str, state: str, rows: Iterator[pa.Table]) -> None:
        """Puts the rows of a batch in the place of whatever there was of it, then its state."""
        ...

    def remove(self, table: Table, batch: str) -> None:
        """Takes a batch away."""
        ...


class Shelves(Protocol):
    """An engine that can hold copies."""

    def shelf(self) -> AbstractContextManager[Shelf]:
        """The place for copies, made if it is not there.

        Raises:
            Invalid: If the engine cannot be reached, or refuses.
        """
        ...


def copy(
    warehouse: Warehouse,
    definitions: Definitions,
    engine: Shelves,
    *,
    but: Collection[str] = (),
) -> Sequence[Copied]:
    """Brings the copy up to date with the warehouse; a second time changes nothing.

    Args:
        warehouse: Where the rows are.
        definitions: The tables to copy.
        engine: Where the copy is.
        but: Tables that are not to be copied: their rows lie in the engine already.

    Returns:
        For each table that changed: how many batches and rows were copied, how many batches
        removed.
    """
    done: list[Copied] = []
    with warehouse.connect(definitions) as connection, engine.shelf() as shelf:
        for table in (t for name, t in definitions.tables.items() if name not in but):
            wanted = _states(connection, table) or {_NONE: f"{_shape(table)}:0:0"}
            one = _table(connection, table, shelf, wanted)
            if one != Copied(table.name, 0, 0, 0):
                done.append(one)
    return done


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    shelf: Shelf,
    wanted: dict[str, str],
) -> Copied:
    kept, shape = shelf.kept(table), _shape(table)
    if not kept or any(not state.startswith(shape) for state in kept.values()):
        shelf.clear(table)
        kept = {}
    gone = sorted(kept.keys() - wanted.keys())
    for batch in gone:
        shelf.remove(table, batch)
    rows, changed = 0, [batch for batch in wanted if kept.get(batch) != wanted[batch]]
    for batch in changed:
        shelf.replace(table, batch, wanted[batch], _rows(connection, table, batch))
        rows += int(wanted[batch].rsplit(":", 2)[1])
    return Copied(table.name, len({*changed} - {_NONE}), rows, len({*gone} - {_NONE}))


def _states(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """The batches of a table; the state of each tells which of its rows count, and as what."""
    found = connection.execute(
        f"SELECT {BATCH}, count(*), bit_xor(hash(whole)) "
        f'FROM "{table.name}" AS whole GROUP BY {BATCH} ORDER BY {BATCH}'
    ).fetchall()
    return {batch: f"{_shape(table)}:{count}:{mark:x}" for batch, count, mark in found}


def _shape(table: Table) -> str:
    """The columns as they are copied; where they change, the table is made anew."""
    return ",".join(f"{column.name} {sql_type(column)}" for column in table.columns.values())


def _rows(connection: duckdb.DuckDBPyConnection, table: Table, batch: str) -> Iterator[pa.Table]:
    columns = ", ".join(f'"{name}"' for name in (*table.columns, ROW, FILE, BATCH))
    found: Any = connection.sql(
        f'SELECT {columns} FROM "{table.name}" WHERE {BATCH} = {render(literal(batch))}'
    ).to_arrow_reader(_CHUNK)
    for rows in found:
        yield pa.Table.from_batches([rows])
