"""The ClickHouse inside a Python process, asked like a server."""

from __future__ import annotations

from typing import Any

import pyarrow as pa


class Chdb:
    """One ClickHouse; its tables last as long as the process asks it."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def __enter__(self) -> Chdb:
        return self

    def __exit__(self, *_: object) -> None:
        """The session is the test's."""

    def ask(self, statement: str) -> pa.Table:
        with pa.ipc.open_stream(self.session.query(statement, "ArrowStream").bytes()) as answer:
            return answer.read_all()

    def tell(self, statement: str) -> None:
        self.session.query(statement)

    def insert(self, table: str, rows: pa.Table) -> None:
        given = rows  # noqa: F841 — chdb reads the variable by its name
        self.session.query(f"INSERT INTO {table} SELECT * FROM Python(given)")
