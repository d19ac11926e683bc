"""A read-only conversation with a database, through SQLAlchemy, with errors in plain words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingji.connectors.settings import Secret
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

#: So many rows are fetched at a time.
_FETCHED = 5_000
_NO_ANSWER = (
    "连不上；检查地址、端口、库名、用户名和密码",
    "it does not let us in: check address, port, database, user and password",
)
_SAID_NO = (
    "不接受这次读取；检查表名、查询和读取权限",
    "it refuses this reading: check the table, the query and what the user may read",
)


class Session:
    """One database and one table or query of it; connects anew for each reading."""

    def __init__(self, address: str, password: Secret | None, table: str, query: str) -> None:
        self._password, self._table, self._query = password, table, query
        try:
            from sqlalchemy import exc, make_url
        except ImportError as error:
            zh, en = "安装 mingji[sql] 才能读数据库", "install mingji[sql] to read databases"
            raise Invalid(Text(zh, en), code="settings") from error
        try:
            self._url = make_url(address)
        except exc.ArgumentError as error:
            raise _wrong("数据库地址写错了", "that is no address of a database") from error
        if self._url.password or any(_PASSWORD.search(name) for name in self._url.query):
            raise _wrong("地址里不要写密码，另填“密码”", "leave the password out of the address")
        if self._url.drivername == "postgresql":
            self._url = self._url.set(drivername="postgresql+psycopg")
        if self._url.get_backend_name() == "sqlite":
            self._url = _readable_file(self._url)
        elif self._url.get_backend_name() == "duckdb":
            raise _wrong(
                "DuckDB 里的表请导出成 Parquet，再按文件载入",
                "export tables of DuckDB as Parquet and load these files",
            )

    @property
    def name(self) -> str:
        """What the source is called where its rows are shown."""
        url = self._url
        place = Path(url.database or "").name.partition("?")[0]
        return " ".join(filter(None, (url.get_backend_name(), url.host, place)))

    @contextmanager
    def rows(
        self, column: str = "", since: Any = None, order: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[str, ...], Iterator[Sequence[Any]]]]:
        """The columns and the rows, streamed; from a value of a column on, in an order.

        Raises:
            Invalid: If the database does not answer, or does not accept the statement.
        """
        from sqlalchemy import text

        with self._connected() as connection:
            quoted = connection.dialect.identifier_preparer.quote
            statement = f"SELECT * FROM {self._source(quoted)}"  # noqa: S608
            if since is not None:
                statement += f" WHERE {quoted(column)} >= :since"
            if order:
                statement += f" ORDER BY {', '.join(quoted(name) for name in order)}"
            values = {"since": since} if since is not None else {}
            result = connection.execution_options(
                stream_results=True, max_row_buffer=_FETCHED
            ).execute(text(statement), values)
            yield tuple(result.keys()), iter(result)

    def has_blank(self, column: str) -> bool:
        """Whether a column is blank in any row."""
        from sqlalchemy import text

        with self._connected() as connection:
            quoted = connection.dialect.identifier_preparer.quote
            statement = f"SELECT 1 FROM {self._source(quoted)} WHERE {quoted(column)} IS NULL"  # noqa: S608
            return connection.execute(text(statement)).first() is not None

    def _source(self, quoted: Any) -> str:
        if self._query:
            return f"({self._query.replace(':', chr(92) + ':')}\n) mingji_rows"
        return ".".join(quoted(part) for part in self._table.split("."))

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        from sqlalchemy import exc

        engine, answers = self._engine(), False
        try:
            with engine.connect() as connection:
                answers = True
                _read_only(connection)
                try:
                    yield connection
                finally:
                    connection.rollback()
        except exc.SQLAlchemyError as error:
            raise self._refused(error, answers) from error
        finally:
            engine.dispose()

    def _refused(self, error: Exception, answers: bool) -> Invalid:
        """What went wrong: where to look, then the database's own words."""
        zh, en = _SAID_NO if answers else _NO_ANSWER
        lines = str(getattr(error, "orig", None) or error).strip().splitlines() or ["–"]
        told = lines[0][:300]
        return Invalid(
            Text(f"{self.name}：{zh}（{told}）", f"{self.name}: {en} ({told})"), code="refused"
        )

    def _engine(self) -> Engine:
        from sqlalchemy import create_engine, exc
        from sqlalchemy.pool import NullPool

        url, waits = self._url, {}
        if self._password:
            url = url.set(password=self._password.resolve())
        if url.get_backend_name() in ("postgresql", "mysql", "mariadb"):
            waits = {"connect_timeout": 15}
        try:
            return create_engine(url, poolclass=NullPool, connect_args=waits, hide_parameters=True)
        except (exc.SQLAlchemyError, ImportError) as error:
            driver = url.drivername
            raise _wrong(
                f"没有安装 {driver} 的驱动", f"the driver of {driver} is not installed"
            ) from error


def _readable_file(url: Any) -> Any:
    """An SQLite file opened to be read only, if it lies where sources may lie."""
    folder = os.environ.get("MINGJI_SOURCES", "")
    path = Path(url.database or "").resolve()
    if not folder or not path.is_relative_to(Path(folder).resolve()):
        place = folder or "MINGJI_SOURCES"
        raise _wrong(
            f"数据库文件要放在 {place} 指定的文件夹里",
            f"database files are only read below {place}",
        )
    return url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})


def _read_only(connection: Connection) -> None:
    """Asks the database itself to refuse whatever would change it, where it can."""
    begin = {
        "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "mysql": "SET TRANSACTION READ ONLY",
        "mariadb": "SET TRANSACTION READ ONLY",
        "oracle": "SET TRANSACTION READ ONLY",
        "sqlite": "PRAGMA query_only = ON",
    }.get(connection.dialect.name)
    if begin:
        connection.exec_driver_sql(begin)


#: Names under which an address can hide a password, or a whole connection with one.
_PASSWORD = re.compile("pass|pwd|odbc_connect", re.IGNORECASE)


def _wrong(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en), code="settings")
