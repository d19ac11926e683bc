"""Tryton: sale opportunities of an ERP over its REST interface (Tryton 8).

A record that was never changed has no `write_date`: until then its `create_date` counts. Records
are read in the order of their numbers within a window of time; one that is changed meanwhile
leaves the window and comes the next time. Deleted records leave no trace that could be read.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors.http import Caller, understanding
from mingji.connectors.records import ROWS, Parcel, on_the_wall, previewed, with_currency
from mingji.connectors.settings import Secret, setting, zone_setting
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_PAGE = 100
_SETTLING = dt.timedelta(minutes=2)
_BEGIN = dt.datetime(1970, 1, 1)  # noqa: DTZ001 (Tryton tells universal time without a zone)
_MODEL = "sale.opportunity"
_FIELDS = (
    "number",
    "description",
    "state",
    "amount",
    "start_date",
    "end_date",
    "conversion_probability",
    "create_date",
    "write_date",
    "currency.code",
    "employee.rec_name",
)
_COLUMNS = (
    "id",
    "number",
    "description",
    "state",
    "outcome",
    "amount",
    "currency",
    "amount_with_currency",
    "start_date",
    "end_date",
    "closed_on",
    "conversion_probability",
    "employee",
    "changed_at",
)
_OUTCOMES = {"won": "won", "lost": "lost", "cancelled": "lost"}

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "opportunities",
        Text("销售机会", "Opportunities"),
        ("id",),
        "opportunities",
        {
            "opportunity_id": "id",
            "lead_id": "",
            "created_on": "start_date",
            "closed_on": "closed_on",
            "stage": "outcome",
            "kind": "",
            "product": "",
            "channel": "",
            "region": "",
            "amount": "amount_with_currency",
            "owner": "employee",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class TrytonSettings:
    """Where Tryton is, which database, and the key of the application."""

    address: str = setting(Text("网址", "Address"), "address")
    database: str = setting(Text("数据库名", "Name of the database"))
    key: Secret = setting(
        Text("用户应用密钥", "Key of the user application"),
        "secret",
        help=Text("应用选 REST API", "for the application REST API"),
    )
    zone: str = zone_setting()


class Tryton:
    """A connector to one Tryton database (`connectors.source.Connector`)."""

    def __init__(
        self,
        settings: TrytonSettings,
        clock: Callable[[], dt.datetime],
        *,
        wait: Callable[[float], None] = time.sleep,
        rows: int = ROWS,
    ) -> None:
        if not re.fullmatch(r"[\w.-]+", settings.database):
            zh, en = "数据库名写错了", "that is no name of a database"
            raise Invalid(Text(zh, en), code="settings")
        self._clock, self._rows = clock, rows
        self._name = f"Tryton {settings.database}"
        self._zone = ZoneInfo(settings.zone)
        self._path = f"/{settings.database}/rest/model/{_MODEL}"
        self._caller = Caller(
            settings.address,
            lambda: {"Authorization": f"Bearer {settings.key.resolve()}"},
            wait=wait,
        )

    def entities(self) -> tuple[Entity, ...]:
        """Opportunities."""
        return ENTITIES

    def test(self) -> Tested:
        """Reads one opportunity."""
        try:
            with understanding("Tryton"):
                self._page([], 1)
        except Invalid as error:
            return Tested(False, error.message)
        names = tuple(entity.name for entity in ENTITIES)
        zh, en = f"已连上 {self._name}", f"{self._name} answers"
        return Tested(True, Text(zh, en), self._name, names)

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first opportunities."""
        with understanding("Tryton"):
            return previewed(_COLUMNS, [self._row(each) for each in self._page([], limit)])

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Everything, or what was created or changed since the cursor."""
        with understanding("Tryton"):
            yield from self._read(dict(since or {}))

    def _read(self, since: dict[str, Any]) -> Iterator[Delivery]:
        now = (self._clock() - _SETTLING).astimezone(dt.UTC).replace(tzinfo=None)
        until = dt.datetime.fromisoformat(since.get("until") or now.isoformat())
        start = dt.datetime.fromisoformat(since.get("since") or _BEGIN.isoformat())
        window = {"since": start.isoformat(), "until": until.isoformat()}
        parcel, last = Parcel(f"{self._name} opportunities", _COLUMNS, since), since.get("id", 0)
        while page := self._page([*_changed(start, until), ["id", ">", last]], _PAGE):
            for record in page:
                if len(parcel.rows) >= self._rows:
                    cursor = {**window, "id": last}
                    yield parcel.delivery(cursor)
                    parcel = Parcel(parcel.file, _COLUMNS, cursor)
                parcel.put(self._row(record))
                last = record["id"]
        if parcel.rows:
            yield parcel.delivery({"since": window["until"]})

    def _page(self, domain: Sequence[Any], size: int) -> list[Any]:
        """Opportunities in the order of their numbers."""
        query = [f"s={size:d}", f"d={_encoded(domain)}", f"o={_encoded([['id', 'ASC']])}"]
        query += [f"f={name}" for name in _FIELDS]
        found: list[Any] = self._caller.get(f"{self._path}?{'&'.join(query)}")
        return found

    def _row(self, record: Mapping[str, Any]) -> dict[str, Any]:
        row = {name: _value(value) for name, value in record.items() if not isinstance(value, list)}
        changed = row.get("write_date") or row["create_date"]
        currency = (record.get("currency") or {}).get("code")
        outcome = _OUTCOMES.get(record["state"], "open")
        return {
            **row,
            "outcome": outcome,
            "currency": currency,
            "amount_with_currency": with_currency(row["amount"], currency),
            "closed_on": row["end_date"] if outcome != "open" else None,
            "employee": (record.get("employee") or {}).get("rec_name"),
            "changed_at": on_the_wall(f"{changed}+00:00", self._zone),
        }


def _changed(start: dt.datetime, until: dt.datetime) -> list[Any]:
    """The domain of what was changed in [start, until), or created then and never changed."""
    low, high = _tagged(start), _tagged(until)
    return [
        [
            "OR",
            [["write_date", ">=", low], ["write_date", "<", high]],
            [["write_date", "=", None], ["create_date", ">=", low], ["create_date", "<", high]],
        ]
    ]


def _tagged(moment: dt.datetime) -> dict[str, Any]:
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{name: getattr(moment, name) for name in names}}


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _value(value: Any) -> Any:
    """A value out of Tryton's tagged JSON, as text where it was tagged.

    >>> _value({"__class__": "date", "year": 2026, "month": 7, "day": 1})
    '2026-07-01'
    """
    if not isinstance(value, dict) or "__class__" not in value:
        return value
    parts = {name: part for name, part in value.items() if name != "__class__"}
    if value["__class__"] == "Decimal":
        return parts["decimal"]
    if value["__class__"] == "date":
        return dt.date(**parts).isoformat()
    return dt.datetime(**parts).isoformat(" ")  # noqa: DTZ001 (universal time without a zone)
