"""What the metrics need of an engine, whichever it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from mingji.engine.model import Definitions
from mingji.engine.sql import Tree


class Session(Protocol):
    """One open look at the fact tables; nothing provided to it outlives it."""

    def run(self, query: Tree) -> pa.Table:
        """The rows of a compiled query, whole: numbers exact, days as days.

        Raises:
            Invalid: If a number grows beyond what the engine holds exactly, or the engine refuses.
        """
        ...

    def provide(self, name: str, rows: pa.Table) -> None:
        """Makes a small table (the calendar, the people) known to the queries of this session."""
        ...

    def origin(self, table: str) -> tuple[str, ...]:
        """Where the rows of a table come from, as the sources of a number tell it."""
        ...


class Backend(Protocol):
    """An engine with fact tables in it."""

    def open(self, definitions: Definitions) -> AbstractContextManager[Session]:
        """A session that sees the tables of the definitions under their names.

        Raises:
            Invalid: If the engine cannot be reached, its driver is not installed, or a table there
                does not fit its definition.
        """
        ...
