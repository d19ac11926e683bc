"""Pages of HubSpot's CRM interface: what changed between two instants, once each and in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mingji.connectors.http import Caller
from mingji.connectors.hubspot_objects import Object
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: Records of a page of search, of a list, and of a batch with history: HubSpot's own limits.
PAGE = 100
_HISTORY_PAGE = 50
#: A page that came before is asked for again so often.
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads objects page by page."""

    caller: Caller
    object: Object
    extra: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[str]:
        """The properties that are asked for."""
        return sorted({*self.object.properties.values(), *self.extra})

    def stamp(self, record: Any) -> int:
        """When a record was last modified, in milliseconds since 1970."""
        return milliseconds(record["properties"].get(self.object.modified) or record["updatedAt"])

    def changed(self, since: int, until: int) -> Iterator[list[Any]]:
        """Records modified in [since, until), oldest first, each once, page by page.

        Each page is asked for by the instant the last one ended with. An offset would lose
        records: one that is modified meanwhile leaves its place, and the next moves up into the
        page that was read already. It would also end at 10,000 records. One that was modified
        since the search looked comes the next time.
        """
        position, seen, repeats = since, set[str](), 0
        while True:
            page = self._search(
                [("GTE", position), ("LT", until)], self.object.modified, self.object.modified
            )
            stamps = [self.stamp(each) for each in page]
            if any(stamp < position for stamp in stamps):
                repeats = _counted(repeats, self.object.name)
                continue
            told = zip(page, stamps, strict=True)
            fresh = [each for each, stamp in told if stamp < until and each["id"] not in seen]
            if fresh:
                yield fresh
            if len(page) < PAGE:
                return
            last, repeats = max((stamp for stamp in stamps if stamp < until), default=position), 0
            if last > position:
                seen = {each["id"] for each in page if self.stamp(each) == last}
                position = last
            else:
                yield from self._same_instant(position, seen | {each["id"] for each in fresh})
                position, seen = position + 1, set()

    def _same_instant(self, instant: int, seen: set[str]) -> Iterator[list[Any]]:
        """The records of one instant when more bear it than fit a page, by their number."""
        last = "0"
        while True:
            page = self._search(
                [("EQ", instant)], self.object.modified, "hs_object_id", ("hs_object_id", last)
            )
            fresh = [each for each in page if each["id"] not in seen]
            if fresh:
                yield fresh
            if len(page) < PAGE:
                return
            if page[-1]["id"] == last:
                raise repeating(self.object.name)
            last = page[-1]["id"]

    def _search(
        self,
        bounds: Sequence[tuple[str, int]],
        name: str,
        order: str,
        beyond: tuple[str, str] | None = None,
    ) -> list[Any]:
        filters = [
            {"propertyName": name, "operator": operator, "value": str(value)}
            for operator, value in bounds
        ]
        if beyond:
            filters.append({"propertyName": beyond[0], "operator": "GT", "value": beyond[1]})
        body = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": order, "direction": "ASCENDING"}],
            "properties": [*self.wanted, "hs_object_id"],
            "limit": PAGE,
        }
        found: list[Any] = self.caller.post(f"/crm/v3/objects/{self.object.name}/search", body)[
            "results"
        ]
        return found

    def first(self, limit: int) -> list[Any]:
        """The first records of the list, for a preview."""
        answer = self.caller.get(
            f"/crm/v3/objects/{self.object.name}",
            {"limit": min(limit, PAGE), "properties": ",".join(self.wanted)},
        )
        found: list[Any] = answer["results"]
        return found

    def archived(self, since: int, until: int) -> Iterator[str]:
        """Records deleted in [since, until). HubSpot keeps them for 90 days, in no order."""
        path = f"/crm/v3/objects/{self.object.name}"
        for record in listed(self.caller, path, {"archived": "true"}):
            if since <= milliseconds(record.get("archivedAt") or record["updatedAt"]) < until:
                yield record["id"]

    def existing(self, records: Sequence[str]) -> set[str]:
        """The numbers of those records that are there and not deleted."""
        path, found = f"/crm/v3/objects/{self.object.name}/batch/read", set[str]()
        for start in range(0, len(records), _HISTORY_PAGE):
            inputs = [{"id": each} for each in records[start : start + _HISTORY_PAGE]]
            body = {"properties": [], "propertiesWithHistory": [], "inputs": inputs}
            found.update(each["id"] for each in self.caller.post(path, body)["results"])
        return found

    def histories(self, records: Sequence[str]) -> Iterator[Any]:
        """The records again, with the history of the properties that have one."""
        path = f"/crm/v3/objects/{self.object.name}/batch/read"
        for start in range(0, len(records), _HISTORY_PAGE):
            body = {
                "properties": [],
                "propertiesWithHistory": list(self.object.history),
                "inputs": [{"id": each} for each in records[start : start + _HISTORY_PAGE]],
            }
            yield from self.caller.post(path, body)["results"]


def listed(caller: Caller, path: str, parameters: dict[str, str]) -> Iterator[Any]:
    """All records of a list, each once, whatever the pages repeat."""
    after, seen = "", set[str]()
    while True:
        asked: dict[str, str | int] = {**parameters, "limit": PAGE}
        answer = caller.get(path, {**asked, "after": after} if after else asked)
        for record in answer["results"]:
            if record["id"] not in seen:
                seen.add(record["id"])
                yield record
        following = answer.get("paging", {}).get("next", {}).get("after", "")
        if not following:
            return
        if following == after:
            raise repeating(path)
        after = following


def associated(caller: Caller, records: Sequence[str], kind: str) -> dict[str, list[str]]:
    """By deal, the numbers of the contacts or companies it is associated with, oldest first."""
    answer = caller.post(
        f"/crm/v3/associations/deals/{kind}/batch/read",
        {"inputs": [{"id": each} for each in records]},
    )
    return {
        each["from"]["id"]: sorted({to["id"] for to in each["to"]}, key=lambda id_: (len(id_), id_))
        for each in answer["results"]
    }


def milliseconds(instant: str) -> int:
    """An instant of HubSpot in milliseconds since 1970.

    >>> milliseconds("2023-02-24T03:00:14.155Z")
    1677207614155
    """
    moment = dt.datetime.fromisoformat(instant)
    return round(moment.timestamp() * 1000)


def repeating(what: str) -> Invalid:
    """The failure of pages that never end."""
    return Invalid(
        Text(
            f"HubSpot 一再给出同一页（{what}），稍后再试",
            f"HubSpot gives the same page again and again ({what}); try later",
        ),
        code="repeating",
    )


def _counted(repeats: int, what: str) -> int:
    if repeats >= _REPEATS:
        raise repeating(what)
    return repeats + 1
