"""The embedded engine: DuckDB over the batches of the warehouse, nothing to install or serve."""
# Names are quoted here; values never stand in a statement.
# ruff: noqa: S608

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import duckdb
import pyarrow as pa

from mingji.engine.backends.foreign import too_large
from mingji.engine.backends.interface import Backend, Session
from mingji.engine.backends.narrowing import narrowed, table_of
from mingji.engine.model import Definitions
from mingji.engine.sql import Tree, exp, render
from mingji.engine.warehouse import Warehouse

#: From how many rows on the codes of texts save more than they take to make.
_WORTH_CODING = 500
_FOUND_BY = ("owner", "currency")
#: From how many rows on a place for every possible group saves more than it takes to lay out.
_WORTH_LAYING_OUT = 2_000_000
_ROOM = 512 * 1024 * 1024
_STATE = 24  # bytes that an aggregate of a group takes at most
_FEWEST_PLACES, _MOST_PLACES = 12, 20  # in powers of two


class Embedded:
    """The batches of a warehouse, computed where they lie."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        """A session over the batches as they are now."""
        with self.warehouse.connect(definitions) as connection:
            yield EmbeddedSession(connection, self.warehouse, definitions)


class EmbeddedSession:
    """What a DuckDB connection answers."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, definitions: Definitions
    ) -> None:
        self.connection, self.warehouse = connection, warehouse
        self.definitions, self._rows = definitions, dict[str, int]()

    def run(self, query: Tree) -> pa.Table:
        try:
            narrow = narrowed(query, self.definitions)
            if narrow is not None:
                with contextlib.suppress(duckdb.ConversionException):  # an amount is too long
                    return self._answer(narrow)
            return self._answer(query)
        except duckdb.OutOfRangeException as error:
            raise too_large(error) from error

    def _answer(self, query: Tree) -> pa.Table:
        self.connection.execute(f"SET perfect_ht_threshold = {self._places(query)}")
        return self.connection.sql(render(query)).to_arrow_table()

    def _places(self, query: Tree) -> int:
        """Up to how many groups (a power of two) may be found by number instead of by hash."""
        table = table_of(query, self.definitions)
        if table is None or self._stored(table.name) < _WORTH_LAYING_OUT:
            return _FEWEST_PLACES
        different = {render(node) for node in query.find_all(exp.AggFunc)}
        group = _STATE * max(1, len(different)) * (os.cpu_count() or 1)
        return min(max(_FEWEST_PLACES, (_ROOM // group).bit_length() - 1), _MOST_PLACES)

    def _stored(self, table: str) -> int:
        """How many rows the batches of a table hold."""
        if table not in self._rows:
            self._rows[table] = sum(batch.loaded for batch in self.warehouse.batches(table))
        return self._rows[table]

    def provide(self, name: str, rows: pa.Table) -> None:
        """A table, not a view: DuckDB knows its bounds, and drops conditions that always hold."""
        given = f"{name}_given"
        self.connection.register(given, rows)
        coded = self._coded(name, given, rows)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_quoted(name)} AS "
            f"SELECT * {coded} FROM {_quoted(given)}"
        )
        self.connection.unregister(given)

    def _coded(self, name: str, given: str, rows: pa.Table) -> str:
        """What replaces texts that rows are grouped by with small numbers that stand for them.

        A column that rows are found by stays text: the rows have it as text too.
        """
        if rows.num_rows < _WORTH_CODING:
            return ""
        coded: list[str] = []
        for field in rows.schema:
            if field.type != pa.string() or field.name in _FOUND_BY:
                continue
            text, kind = _quoted(field.name), _quoted(f"{name}_{field.name}")
            self.connection.execute(f"DROP TABLE IF EXISTS temp.{_quoted(name)}")
            self.connection.execute(f"DROP TYPE IF EXISTS temp.{kind}")
            self.connection.execute(
                f"CREATE TEMP TYPE {kind} AS ENUM (SELECT DISTINCT {text} FROM {_quoted(given)} "
                f"WHERE {text} IS NOT NULL ORDER BY 1)"
            )
            coded.append(f"CAST({text} AS {kind}) AS {text}")
        return f"REPLACE ({', '.join(coded)})" if coded else ""

    def origin(self, table: str) -> tuple[str, ...]:
        return tuple(sorted({batch.file for batch in self.warehouse.batches(table)}))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def opened(store: Warehouse | Backend, definitions: Definitions) -> AbstractContextManager[Session]:
    """A session of an engine; a warehouse is computed by the embedded one."""
    backend = Embedded(store) if isinstance(store, Warehouse) else store
    return backend.open(definitions)
