"""A table or query of an SQL database, whole or from a cursor column on (extra `sql`).

Statements run in a read-only transaction that is rolled back. Where a cursor column is given, rows
are read from its last value on, that value included: rows may have come with the same one since.
Of instants the last ten minutes are read again, for transactions that were slow to commit. Rows
that were delivered already are known by a hash and left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mingji.connectors.database_cells import Position, cell
from mingji.connectors.database_session import Session
from mingji.connectors.records import ROWS, Parcel, names
from mingji.connectors.settings import Secret, setting, zone_setting
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Which database, which rows of it, what tells them apart and what says that one changed."""

    address: str = setting(
        Text("数据库地址", "Address of the database"),
        help=Text(
            "SQLAlchemy 网址，不带密码，例如 postgresql://reader@db.example.com/crm",
            "an SQLAlchemy URL without password: postgresql://reader@db.example.com/crm",
        ),
    )
    password: Secret | None = setting(Text("密码", "Password"), "secret", default="")
    table: str = setting(
        Text("表", "Table"),
        default="",
        help=Text("例如 crm.orders；与查询二选一", "such as crm.orders; or give a query"),
    )
    query: str = setting(
        Text("查询", "Query"),
        "long_text",
        default="",
        help=Text("一条 SELECT 语句，不带分号", "one SELECT statement without semicolon"),
    )
    key: str = setting(
        Text("主键列，用逗号分开", "Columns of the key, with commas"),
    )
    cursor: str = setting(
        Text("增量列", "Cursor column"),
        default="",
        help=Text(
            "每次改动都会变大的列，例如 updated_at；留空则每次全量读取",
            "a column that grows with each change, such as updated_at; left out: all, every time",
        ),
    )
    zone: str = zone_setting()


class Database:
    """A connector to one table or query (`connectors.source.Connector`)."""

    def __init__(self, settings: DatabaseSettings, *, rows: int = ROWS) -> None:
        if bool(settings.table) == bool(settings.query):
            zh, en = "给出表或查询，二者之一", "give either a table or a query"
            raise Invalid(Text(zh, en), code="settings")
        query = settings.query.strip().rstrip(";")
        if ";" in query:
            zh, en = "查询只能是一条语句，不带分号", "give one statement, without semicolon"
            raise Invalid(Text(zh, en), code="settings")
        self._settings, self._rows = settings, rows
        self._zone = ZoneInfo(settings.zone)
        self._key = names(settings.key)
        self._session = Session(settings.address, settings.password, settings.table, query)

    def entities(self) -> tuple[Entity, ...]:
        """The rows: one kind, with no suggestion where they belong."""
        label = self._settings.table or "query"
        zh = self._settings.table or "查询结果"
        incremental = bool(self._settings.cursor)
        return (Entity(_ROWS, Text(zh, label), self._key, incremental=incremental),)

    def test(self) -> Tested:
        """Connects, and reads the first row."""
        try:
            preview = self.preview(_ROWS, 1)
        except Invalid as error:
            return Tested(False, error.message)
        name, columns = self._session.name, len(preview.columns)
        message = Text(f"已连上 {name}，{columns} 列", f"{name} answers with {columns} columns")
        return Tested(True, message, name, (_ROWS,))

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first rows, as many as asked for."""
        with self._session.rows() as (columns, rows):
            self._check(columns)
            first = [row for row, _ in zip(rows, range(limit), strict=False)]
        cells = (tuple(cell(value, self._zone) or "" for value in row) for row in first)
        return Preview(columns, tuple(cells))

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """All rows, or those from the cursor's value on that were not delivered yet."""
        if self._settings.cursor:
            yield from self._read_on(since)
        else:
            yield from self._read_all(since)

    def absent(self, entity: str, keys: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        """All of them: one statement gave everything that was there."""
        return keys

    def _read_on(self, since: Cursor | None) -> Iterator[Delivery]:
        column = self._settings.cursor
        position = Position.of(since)
        if self._session.has_blank(column):
            raise _blank(column)
        order = (column, *(name for name in self._key if name != column))
        with self._session.rows(column, position.start if since else None, order) as found:
            columns, rows = found
            self._check(columns)
            place, parcel = columns.index(column), self._parcel(columns, since)
            for row in rows:
                cells = [cell(value, self._zone) for value in row]
                if len(parcel.rows) >= self._rows and row[place] != position.value:
                    cursor = position.cursor()
                    yield parcel.delivery(cursor)
                    parcel = self._parcel(columns, cursor)
                if position.takes(row[place], cells):
                    parcel.add(cells)
            if parcel.rows:
                yield parcel.delivery(position.cursor())

    def _read_all(self, since: Cursor | None) -> Iterator[Delivery]:
        """Everything, if it is not as last time: read once to see that, then to hand it over."""
        base = {name: (since or {}).get(name, 0) for name in ("content", "turn")}
        if self._content() == base["content"]:
            return
        with self._session.rows(order=self._key) as (columns, rows):
            digest, parcel = hashlib.sha256(repr(columns).encode()), self._parcel(columns, base)
            for number, row in enumerate(rows):
                if len(parcel.rows) >= self._rows:
                    yield parcel.delivery(base)
                    parcel = self._parcel(columns, {**base, "rows": number})
                cells = [cell(value, self._zone) for value in row]
                digest.update(repr(cells).encode())
                parcel.add(cells)
            if parcel.rows:
                turn = int(base["turn"]) + 1
                yield parcel.delivery({"content": digest.hexdigest(), "turn": turn})

    def _content(self) -> str:
        with self._session.rows(order=self._key) as (columns, rows):
            self._check(columns)
            digest = hashlib.sha256(repr(columns).encode())
            for row in rows:
                digest.update(repr([cell(value, self._zone) for value in row]).encode())
        return digest.hexdigest()

    def _parcel(self, columns: tuple[str, ...], since: Cursor | None) -> Parcel:
        return Parcel(f"{self._session.name} {self._settings.table}".strip(), columns, since)

    def _check(self, columns: tuple[str, ...]) -> None:
        wanted = [*self._key, *([self._settings.cursor] if self._settings.cursor else [])]
        absent = [name for name in wanted if name not in columns]
        twice = {name for name in columns if columns.count(name) > 1}
        if absent or twice:
            bad, there = ", ".join([*absent, *sorted(twice)]), ", ".join(columns)
            raise Invalid(
                Text(
                    f"列 {bad} 没有，或出现了两次；结果里的列：{there}",
                    f"column {bad} is not there, or is there twice; there are {there}",
                ),
                code="columns",
            )


def _blank(column: str) -> Invalid:
    instead = f"COALESCE({column}, created_at) AS changed_at"
    return Invalid(
        Text(
            f"增量列 {column} 有空值，这些行的改动会漏掉；改用查询，取 {instead}",
            f"cursor column {column} is blank in some rows, whose changes would be missed; "
            f"give a query with {instead}",
        ),
        code="blank_cursor",
    )
