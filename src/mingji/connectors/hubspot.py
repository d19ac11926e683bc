"""HubSpot: contacts, companies and deals of its CRM (interface v3), what changed and what is gone.

Records are read by the instant they were last modified, up to two minutes ago: HubSpot's search
takes a moment to know of a change. Deleted records come from the list of archived ones, records
that were merged away from the one that took them in.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors import hubspot_objects as objects
from mingji.connectors.http import Caller, Refused, understanding
from mingji.connectors.hubspot_pages import Pages
from mingji.connectors.hubspot_rows import Known, changes
from mingji.connectors.records import ROWS, Parcel, names, previewed, whole
from mingji.connectors.settings import Secret, setting, zone_setting
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: Search knows of a change after a moment.
_SETTLING = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class HubSpotSettings:
    """Where HubSpot is, how to sign in, and what to read beyond the usual."""

    token: Secret | None = setting(
        Text("私有应用的访问令牌", "Access token of a private app"),
        "secret",
        default="",
        help=Text(
            "HubSpot：设置 → 集成 → 私有应用；权限只勾 crm.objects.*.read",
            "HubSpot: Settings → Integrations → Private apps; scopes crm.objects.*.read only",
        ),
    )
    client_id: str = setting(Text("OAuth 客户端编号", "OAuth client id"), default="")
    client_secret: Secret | None = setting(
        Text("OAuth 客户端密钥", "OAuth client secret"), "secret", default=""
    )
    refresh_token: Secret | None = setting(
        Text("OAuth 刷新令牌", "OAuth refresh token"), "secret", default=""
    )
    zone: str = zone_setting()
    contact_properties: str = setting(
        Text("另读的联系人属性，用逗号分开", "More properties of contacts, with commas"),
        default="",
    )
    deal_properties: str = setting(
        Text("另读的交易属性，用逗号分开", "More properties of deals, with commas"), default=""
    )
    address: str = setting(Text("接口网址", "Address"), "address", default="https://api.hubapi.com")


class HubSpot:
    """A connector to one HubSpot account (`connectors.source.Connector`)."""

    def __init__(
        self,
        settings: HubSpotSettings,
        clock: Callable[[], dt.datetime],
        *,
        wait: Callable[[float], None] = time.sleep,
        rows: int = ROWS,
    ) -> None:
        self._settings, self._clock, self._rows = settings, clock, rows
        self._zone = ZoneInfo(settings.zone)
        self._token = ""
        self._caller = Caller(
            settings.address,
            lambda: {"Authorization": f"Bearer {self._signed_in()}"},
            renew=None if settings.token else self._renew,
            wait=wait,
        )

    def entities(self) -> tuple[Entity, ...]:
        """Contacts, companies, deals, owners, pipelines and the changes of contacts and deals."""
        return objects.ENTITIES

    def test(self) -> Tested:
        """Asks for the account, then for one record of each kind."""
        try:
            name = self._account()
            readable = tuple(each.name for each in objects.ENTITIES if self._may_read(each.name))
        except Invalid as error:
            return Tested(False, error.message)
        nothing = Text(
            "已登录，但什么都不可读；给令牌加上 crm.objects.*.read",
            "signed in, but may read nothing: give the token crm.objects.*.read",
        )
        return Tested.signed_in(name, readable, nothing)

    def _account(self) -> str:
        """The number of the account, if the token may know it."""
        try:
            with understanding("HubSpot"):
                return f"HubSpot {self._caller.get('/account-info/v3/details')['portalId']}"
        except Refused as error:
            if error.status == 403:
                return "HubSpot"
            raise

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first records of an entity."""
        with understanding("HubSpot"):
            return self._preview(entity, limit)

    def _preview(self, entity: str, limit: int) -> Preview:
        if entity in objects.OBJECTS:
            pages = self._pages(entity)
            rows = self._known().rows(pages, pages.first(limit))
            return previewed(self._columns(entity), rows)
        if entity in objects.HISTORIES:
            pages = self._pages(objects.HISTORIES[entity])
            ids = [each["id"] for each in pages.first(limit)]
            rows = list(self._changes(pages, ids))
            return previewed(objects.HISTORY_COLUMNS, rows[:limit])
        columns, rows = self._small(entity)
        return previewed(columns, rows[:limit])

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Everything, or what was modified, deleted or merged since the cursor."""
        with understanding("HubSpot"):
            if entity in objects.OBJECTS:
                yield from self._read_objects(entity, since)
            elif entity in objects.HISTORIES:
                yield from self._read_history(entity, since)
            else:
                columns, rows = self._small(entity)
                yield from whole(Parcel(f"HubSpot {entity}", columns, since), rows)

    def absent(self, entity: str, keys: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
        """Those that HubSpot does not find by their number: the search passes some by."""
        if entity not in objects.OBJECTS or not all("id" in key for key in keys):
            return
        with understanding("HubSpot"):
            there = self._pages(entity).existing([key["id"] for key in keys])
        yield from (key for key in keys if key["id"] not in there)

    def _read_objects(self, entity: str, since: Cursor | None) -> Iterator[Delivery]:
        """Deals come again, all of them, when a stage is called otherwise or means another thing:
        that changes none of them in HubSpot."""
        pages, until, known = self._pages(entity), self._until(), self._known()
        gone = int(since["deleted"]) if since else until
        parcel = Parcel(f"HubSpot {entity}", self._columns(entity), since)
        meant = {"stages": known.meaning} if entity == "deals" else {}
        as_meant = since is not None and since.get("stages") in (None, meant.get("stages"))
        last = start = int(since["since"]) if since and as_meant else 0
        for page in pages.changed(start, until):
            for record, row in zip(page, known.rows(pages, page), strict=True):
                stamp = pages.stamp(record)
                if len(parcel.rows) >= self._rows and stamp > last:
                    cursor = {"since": stamp, "deleted": gone, **meant}
                    yield parcel.delivery(cursor)
                    parcel = Parcel(parcel.file, parcel.columns, cursor)
                last = max(last, stamp)
                parcel.put(row)
                if since:
                    for merged in _merged(row):
                        parcel.strike({"id": merged})
        for id_ in pages.archived(gone, until) if since else ():
            parcel.strike({"id": id_})
        if parcel.rows:
            yield parcel.delivery({"since": until, "deleted": until, **meant})

    def _read_history(self, entity: str, since: Cursor | None) -> Iterator[Delivery]:
        pages, until = self._pages(objects.HISTORIES[entity]), self._until()
        start = int(since["since"]) if since else 0
        parcel, last = Parcel(f"HubSpot {entity}", objects.HISTORY_COLUMNS, since), start
        for page in pages.changed(start, until):
            stamps = {each["id"]: pages.stamp(each) for each in page}
            if len(parcel.rows) >= self._rows and min(stamps.values()) > last:
                cursor = {"since": min(stamps.values())}
                yield parcel.delivery(cursor)
                parcel = Parcel(parcel.file, parcel.columns, cursor)
            last = max(last, *stamps.values())
            for change in self._changes(pages, list(stamps)):
                parcel.put(change)
        if parcel.rows:
            yield parcel.delivery({"since": until})

    def _small(self, entity: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        """The rows of what is always read whole."""
        known = self._known()
        if entity == "pipelines":
            return objects.STAGES_COLUMNS, list(known.stages.values())
        if entity == "owners":
            return objects.OWNERS_COLUMNS, [known.owners[id_] for id_ in sorted(known.owners)]
        raise Invalid(Text(f"HubSpot 没有“{entity}”", f"HubSpot has no “{entity}”"), code="entity")

    def _known(self) -> Known:
        return Known(self._caller, self._zone)

    def _changes(self, pages: Pages, records: Sequence[str]) -> Iterator[dict[str, Any]]:
        for record in pages.histories(records):
            yield from changes(record, self._zone)

    def _columns(self, entity: str) -> tuple[str, ...]:
        derived = objects.DEAL_COLUMNS if entity == "deals" else ()
        usual = ("id", *objects.OBJECTS[entity].properties, *objects.OWNER_COLUMNS, *derived)
        return (*usual, *self._extra(entity))

    def _extra(self, entity: str) -> tuple[str, ...]:
        listed = {
            "contacts": self._settings.contact_properties,
            "deals": self._settings.deal_properties,
        }.get(entity, "")
        return names(listed)

    def _pages(self, entity: str) -> Pages:
        return Pages(self._caller, objects.OBJECTS[entity], self._extra(entity))

    def _until(self) -> int:
        return int((self._clock() - _SETTLING).timestamp() * 1000)

    def _may_read(self, entity: str) -> bool:
        kind = objects.HISTORIES.get(entity, entity)
        path = f"/crm/v3/objects/{kind}"
        path = {"owners": "/crm/v3/owners", "pipelines": "/crm/v3/pipelines/deals"}.get(kind, path)
        try:
            self._caller.get(path, {"limit": 1})
        except Refused as error:
            if error.status == 403:
                return False
            raise
        return True

    def _signed_in(self) -> str:
        if self._settings.token:
            return self._settings.token.resolve()
        if not self._token:
            self._renew()
        return self._token

    def _renew(self) -> None:
        """Gets a new token by the refresh token."""
        settings = self._settings
        if not (settings.client_secret and settings.refresh_token):
            raise Invalid(
                Text(
                    "填写访问令牌，或 OAuth 的客户端编号、客户端密钥和刷新令牌",
                    "give an access token, or client id, client secret and refresh token",
                ),
                code="settings",
            )
        answer = self._caller.submit(
            "/oauth/v1/token",
            {
                "grant_type": "refresh_token",
                "client_id": settings.client_id,
                "client_secret": settings.client_secret.resolve(),
                "refresh_token": settings.refresh_token.resolve(),
            },
        )
        self._token = answer["access_token"]


def _merged(row: Mapping[str, Any]) -> list[str]:
    return [each for each in (row["merged_ids"] or "").split(";") if each and each != row["id"]]
