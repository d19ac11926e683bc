"""Records of a web interface or database as deliveries: text cells in Arrow, so many at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from mingji.connectors.reading import ROW, Reading
from mingji.connectors.source import DELETED, Cursor, Delivery, Preview

#: So many rows make a delivery, and so a batch: they are what is held in memory.
ROWS = 50_000
_BATCH = 8_192

Row = Sequence[str | None]


@dataclass(slots=True)
class Parcel:
    """Rows gathered for one delivery.

    `file` is the name under which the rows are known later, `columns` their columns, `since` the
    cursor they follow.
    """

    file: str
    columns: tuple[str, ...]
    since: Cursor | None
    rows: list[Row] = field(default_factory=list)
    deleted: list[bool] = field(default_factory=list)

    def put(self, row: Mapping[str, Any]) -> None:
        """Adds a row; columns it lacks are blank."""
        self.add([as_text(row.get(name)) for name in self.columns])

    def add(self, cells: Row) -> None:
        """Adds a row whose cells are in order and text already."""
        self.rows.append(cells)
        self.deleted.append(False)

    def strike(self, key: Mapping[str, str]) -> None:
        """Adds that the row with this key is gone."""
        self.rows.append([key.get(name) for name in self.columns])
        self.deleted.append(True)

    def delivery(self, cursor: Cursor) -> Delivery:
        """The gathered rows, with the cursor to be stored after them.

        The digest covers the cursor they follow: a record that is changed and changed back, or
        deleted twice, comes as a new batch each time, but the same batch twice is known.
        """
        rows, flags = self.rows, self.deleted
        names = [*map(str, range(len(self.columns))), ROW, DELETED]

        def batches() -> Iterator[pa.RecordBatch]:
            for start in range(0, len(rows), _BATCH):
                piece = rows[start : start + _BATCH]
                cells = [pa.array(column, pa.string()) for column in zip(*piece, strict=True)]
                numbers = pa.array(range(start + 1, start + len(piece) + 1), pa.int64())
                gone = pa.array(flags[start : start + _BATCH], pa.bool_())
                yield pa.RecordBatch.from_arrays([*cells, numbers, gone], names)

        reading = Reading(self.file, self.digest, self.columns, batches)
        return Delivery(reading, cursor)

    @property
    def digest(self) -> str:
        """The SHA-256 of the rows and the cursor they follow."""
        digest = hashlib.sha256()
        since = None if self.since is None else dict(self.since)
        digest.update(json.dumps([self.file, self.columns, since], sort_keys=True).encode())
        for start in range(0, len(self.rows), _BATCH):
            end = start + _BATCH
            told = json.dumps([self.rows[start:end], self.deleted[start:end]])
            digest.update(told.encode())
        return digest.hexdigest()


def as_text(value: Any) -> str | None:
    """A value of JSON as the text of a cell: true and false in words, nothing as None.

    >>> as_text(True), as_text(12), as_text(""), as_text(["a", "b"])
    ('true', '12', None, 'a;b')
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(as_text(each) or "" for each in value) or None
    return str(value)


def on_the_wall(instant: str | None, zone: ZoneInfo) -> str | None:
    """An instant as the clock showed it in a zone, so that it falls on the day it had there.

    Days without a time stay as they are, and so does what is no instant.

    >>> on_the_wall("2026-03-31T17:30:00.000Z", ZoneInfo("Asia/Shanghai"))
    '2026-04-01 01:30:00.000'
    >>> on_the_wall("2026-03-31", ZoneInfo("Asia/Shanghai"))
    '2026-03-31'
    """
    if not instant or len(instant) <= len("2026-03-31"):
        return instant or None
    try:
        moment = dt.datetime.fromisoformat(instant)
    except ValueError:
        return instant
    if moment.tzinfo is None:
        return instant
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(" ", "milliseconds")


def names(listed: str) -> tuple[str, ...]:
    """Names out of a setting that lists them with commas, Chinese ones too.

    >>> names("a, b，c,")
    ('a', 'b', 'c')
    """
    return tuple(filter(None, (name.strip() for name in listed.replace("，", ",").split(","))))


def with_currency(amount: Any, currency: str | None) -> str | None:
    """An amount that names its currency, so that no column of another one takes it for its own.

    >>> with_currency("500", "USD"), with_currency("500", None), with_currency(None, "USD")
    ('500 USD', '500', None)
    """
    if amount is None or amount == "":
        return None
    return f"{amount} {currency}" if currency else str(amount)


def previewed(columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Preview:
    """A preview of rows, blanks as empty text."""
    cells = tuple(tuple(as_text(row.get(name)) or "" for name in columns) for row in rows)
    return Preview(columns, cells)


def whole(parcel: Parcel, rows: Sequence[Mapping[str, Any]]) -> Iterator[Delivery]:
    """Everything there is as one delivery, if it is not the same as last time."""
    for row in rows:
        parcel.put(row)
    since = parcel.since or {}
    content = Parcel(parcel.file, parcel.columns, None, parcel.rows, parcel.deleted).digest
    if parcel.rows and content != since.get("content"):
        yield parcel.delivery({"content": content, "turn": int(since.get("turn", 0)) + 1})
