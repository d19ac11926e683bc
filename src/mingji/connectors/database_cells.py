"""Values of a database as text, exactly, and as the place up to which it was read."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors.source import Cursor
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


def cell(value: Any, zone: ZoneInfo) -> str | None:
    """A value as the text of a cell: decimals with every digit, instants as the clock showed them.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> cell(Decimal("1E+3"), shanghai), cell(0.1 + 0.2, shanghai), cell(True, shanghai)
    ('1000', '0.3', 'true')
    >>> cell(dt.datetime(2026, 3, 31, 17, 30, tzinfo=dt.UTC), shanghai)
    '2026-04-01 01:30:00'
    """
    if value is None or isinstance(value, str):
        return value or None
    if type(value) is int:
        return str(value)
    if isinstance(value, dt.datetime):
        local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
        return local.isoformat(" ")
    for kinds, words in _WORDS:
        if isinstance(value, kinds):
            return words(value)
    return str(value)


#: A binary float is told to the 15 digits it can promise.
_WORDS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (Decimal, lambda value: format(value, "f")),
    (float, lambda value: format(Decimal(format(value, ".15g")), "f")),
    (bytes | bytearray | memoryview, lambda value: bytes(value).hex()),
    (dict | list, lambda value: json.dumps(value, ensure_ascii=False, default=str)),
)


#: With more rows than this to be told apart, they are delivered once more next time.
_KNOWN = 10_000
#: With more rows than this in the minutes before the last instant, these are not read again: the
#: cursor is kept with every run.
_NEAR = 1_000
#: So far before the last instant is read again: a transaction may write its rows, dated by when it
#: began, after later ones were read.
_LATE = dt.timedelta(minutes=10)


@dataclass(slots=True)
class Position:
    """The greatest value of the cursor column so far, and the rows near it, by hash.

    Reading begins at `start`; rows of `known` were delivered. `near` are the rows of this reading
    from which on the next one looks again.
    """

    value: Any = None
    start: Any = None
    known: frozenset[str] = frozenset()
    near: deque[tuple[Any, Sequence[str | None]]] = field(default_factory=deque)

    @classmethod
    def of(cls, cursor: Cursor | None) -> Position:
        """The position that a stored cursor tells."""
        if not cursor:
            return cls()
        start = _restored(cursor.get("from", cursor["value"]))
        return cls(_restored(cursor["value"]), start, frozenset(cursor["known"]))

    def takes(self, value: Any, cells: Sequence[str | None]) -> bool:
        """Goes on to a row; whether it was not delivered yet when the cursor was stored."""
        self.value = value
        self.near.append((value, cells))
        since = _before(value)
        while self.near[0][0] < since or len(self.near) > _KNOWN + 1:
            self.near.popleft()
        return not (self.known and _hashed(cells) in self.known)

    def cursor(self) -> Cursor:
        """What is stored: the value, where to begin, and the rows from there on.

        Unless these are too many: then reading begins at the value, and those that bear it come
        again if they are too many themselves.
        """
        start = _before(self.value)
        if len(self.near) > _NEAR:
            start = self.value
        rows = [cells for value, cells in self.near if value >= start]
        known = sorted(set(map(_hashed, rows))) if len(rows) <= _KNOWN else []
        return {"value": _stored(self.value), "from": _stored(start), "known": known}


def _before(value: Any) -> Any:
    return value - _LATE if isinstance(value, dt.datetime) else value


def _hashed(cells: Sequence[str | None]) -> str:
    return hashlib.sha256(repr(list(cells)).encode()).hexdigest()[:16]


#: How values of a cursor column are written into JSON and read again.
_KINDS: Mapping[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "integer": (int, int, int),
    "text": (str, str, str),
    "decimal": (Decimal, str, Decimal),
    "float": (float, lambda value: value.hex(), float.fromhex),
    "instant": (dt.datetime, lambda value: value.isoformat(), dt.datetime.fromisoformat),
    "day": (dt.date, lambda value: value.isoformat(), dt.date.fromisoformat),
    "bytes": (bytes, lambda value: value.hex(), bytes.fromhex),
}


def _stored(value: Any) -> dict[str, Any]:
    for name, (kind, write, _) in _KINDS.items():
        if isinstance(value, kind):
            return {"type": name, "value": write(value)}
    kind_name = type(value).__name__
    raise Invalid(
        Text(
            f"增量列的类型 {kind_name} 没有先后；换成时间或递增的编号",
            f"values of type {kind_name} have no order; take an instant or a growing number",
        ),
        code="settings",
    )


def _restored(stored: Mapping[str, Any]) -> Any:
    return _KINDS[stored["type"]][2](stored["value"])
