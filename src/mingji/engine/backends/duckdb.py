"""The embedded engine: DuckDB over the batches of the warehouse, nothing to install or serve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import duckdb
import pyarrow as pa

from mingji.engine.backends.foreign import too_large
from mingji.engine.backends.interface import Backend, Session
from mingji.engine.model import Definitions
from mingji.engine.sql import Tree, render
from mingji.engine.warehouse import Warehouse


class Embedded:
    """The batches of a warehouse, computed where they lie."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @contextmanager
    def open(self, definitions: Definitions) -> Iterator[Session]:
        """A session over the batches as they are now."""
        with self.warehouse.connect(definitions) as connection:
            yield EmbeddedSession(connection, self.warehouse)


class EmbeddedSession:
    """What a DuckDB connection answers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
        self.connection, self.warehouse = connection, warehouse

    def run(self, query: Tree) -> pa.Table:
        try:
            return self.connection.sql(render(query)).to_arrow_table()
        except duckdb.OutOfRangeException as error:
            raise too_large(error) from error

    def provide(self, name: str, rows: pa.Table) -> None:
        self.connection.register(name, rows)

    def origin(self, table: str) -> tuple[str, ...]:
        return tuple(sorted({batch.file for batch in self.warehouse.batches(table)}))


def opened(store: Warehouse | Backend, definitions: Definitions) -> AbstractContextManager[Session]:
    """A session of an engine; a warehouse is computed by the embedded one."""
    backend = Embedded(store) if isinstance(store, Warehouse) else store
    return backend.open(definitions)
