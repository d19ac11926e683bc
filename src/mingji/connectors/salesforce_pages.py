"""Pages of Salesforce's REST interface: what changed between two instants, in order, once each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mingji.connectors.http import Caller, Refused
from mingji.connectors.salesforce_objects import Object
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: A page that came before, or a query that was dropped, is asked for again so often.
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Table:
    """An object of one organization: the fields that it has and that we may see."""

    caller: Caller
    path: str
    object: Object
    fields: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its rows: fields that were not to be seen stay blank."""
        more = [name for name in self.fields if name not in self.object.fields]
        return ("Id", "SystemModstamp", *self.object.fields, *self.object.derived, *more)

    @property
    def select(self) -> str:
        """The beginning of a query for its rows."""
        system = ["Id", "SystemModstamp", *(["IsDeleted"] if self.object.lost else [])]
        owner = ["Owner.Name"] if "OwnerId" in self.fields else []
        return f"SELECT {', '.join([*system, *self.fields, *owner])} FROM {self.object.name}"  # noqa: S608

    def query(self, how: str, soql: str) -> Any:
        """The first page of a query; `how` is `query`, or `queryAll` to see deleted rows."""
        return self.caller.get(f"{self.path}/{how}", {"q": soql})

    def changed(self, since: str, until: str) -> Iterator[list[Any]]:
        """Rows modified in [since, until), oldest first, each once; deleted ones among them.

        If Salesforce drops the query on the way (they live for two days), it is asked again from
        the instant that was reached.
        """
        position, known, dropped = since, set[str](), 0
        while True:
            try:
                for page in self._pages(position, until):
                    fresh = [each for each in page if each["Id"] not in known]
                    for each in fresh:
                        if _stamp(each) != position:
                            position, known = _stamp(each), set()
                        known.add(each["Id"])
                    if fresh:
                        yield fresh
            except Refused as error:
                dropped += 1
                if "INVALID_QUERY_LOCATOR" not in error.told or dropped > _REPEATS:
                    raise
            else:
                return

    def _pages(self, since: str, until: str) -> Iterator[list[Any]]:
        after = f"SystemModstamp >= {since} AND " if since else ""
        answer = self.query(
            "queryAll",
            f"{self.select} WHERE {after}SystemModstamp < {until} ORDER BY SystemModstamp, Id",
        )
        before, repeats = set[str](), 0
        while True:
            page = answer["records"]
            ids = {each["Id"] for each in page}
            if ids and ids == before:
                repeats += 1
                if repeats > _REPEATS:
                    raise _repeating(self.object.name)
            else:
                yield page
            before = ids
            if answer["done"]:
                return
            answer = self.caller.get(answer["nextRecordsUrl"])


def described(caller: Caller, path: str, kind: Object, more: tuple[str, ...]) -> Table:
    """An object with those of its fields that this organization has and lets us see.

    Raises:
        Invalid: If one of `more` is not there.
    """
    answer = caller.get(f"{path}/sobjects/{kind.name}/describe")
    there = {field["name"] for field in answer["fields"]}
    absent = [name for name in more if name not in there]
    if absent:
        listed = ", ".join(absent)
        raise Invalid(
            Text(
                f"{kind.name} 没有字段 {listed}，或没有权限看它；检查设置和字段权限",
                f"{kind.name} has no field {listed}, or it may not be seen; "
                "check the settings and the field's permissions",
            ),
            code="settings",
        )
    return Table(caller, path, kind, (*(name for name in kind.fields if name in there), *more))


def literal(moment: dt.datetime) -> str:
    """An instant as a query writes it.

    >>> literal(dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC))
    '2026-11-01T08:00:00.000Z'
    """
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stamp(record: Any) -> str:
    return literal(dt.datetime.fromisoformat(record["SystemModstamp"]))


def _repeating(name: str) -> Invalid:
    return Invalid(
        Text(
            f"Salesforce 一再给出同一页（{name}），稍后再试",
            f"Salesforce gives the same page again and again ({name}); try later",
        ),
        code="repeating",
    )
