"""Salesforce: leads, opportunities and campaigns over its REST interface, by `queryAll`.

Rows are read by `SystemModstamp`, which every change moves, deletion and merging too: `queryAll`
still gives deleted rows while they lie in the recycle bin (15 days), a lead that was merged away
with the `MasterRecordId` of the one that took it in. What is read ends two minutes ago, so that a
transaction under way is not passed by.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mingji.connectors import salesforce_objects as objects
from mingji.connectors.http import Caller, Refused, understanding
from mingji.connectors.records import ROWS, Parcel, names, previewed
from mingji.connectors.salesforce_pages import Table, described, literal
from mingji.connectors.salesforce_rows import Known
from mingji.connectors.settings import Secret, setting, zone_setting
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_SETTLING = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class SalesforceSettings:
    """Where Salesforce is, how to sign in, and what to read beyond the usual."""

    address: str = setting(
        Text("“我的域”网址", "Address of My Domain"),
        "address",
        help=Text("例如 https://公司.my.salesforce.com", "such as https://acme.my.salesforce.com"),
    )
    client_id: str = setting(Text("连接应用的使用者密钥", "Consumer key of the connected app"))
    client_secret: Secret = setting(
        Text("连接应用的使用者密码", "Consumer secret of the connected app"), "secret"
    )
    refresh_token: Secret | None = setting(
        Text("刷新令牌", "Refresh token"),
        "secret",
        default="",
        help=Text("留空则用客户端凭据流程登录", "left out, the client credentials flow signs in"),
    )
    zone: str = zone_setting()
    currency: str = setting(
        Text("组织的币种", "Currency of the organization"),
        default="",
        help=Text(
            "例如 CNY；没有启用多币种的组织才需要填",
            "such as CNY; only where several currencies are not switched on",
        ),
    )
    lead_fields: str = setting(
        Text("另读的潜在客户字段，用逗号分开", "More fields of leads, with commas"), default=""
    )
    opportunity_fields: str = setting(
        Text("另读的业务机会字段，用逗号分开", "More fields of opportunities, with commas"),
        default="",
    )
    version: str = setting(Text("接口版本", "Version of the interface"), default="v62.0")


class Salesforce:
    """A connector to one Salesforce organization (`connectors.source.Connector`)."""

    def __init__(
        self,
        settings: SalesforceSettings,
        clock: Callable[[], dt.datetime],
        *,
        wait: Callable[[float], None] = time.sleep,
        rows: int = ROWS,
    ) -> None:
        if not re.fullmatch(r"v\d{2}\.0", settings.version):
            zh, en = "接口版本写成 v62.0 这样", "write the version of the interface like v62.0"
            raise Invalid(Text(zh, en), code="settings")
        self._settings, self._clock, self._rows = settings, clock, rows
        self._token = ""
        self._caller = Caller(
            settings.address,
            lambda: {"Authorization": f"Bearer {self._signed_in()}"},
            renew=self._renew,
            wait=wait,
        )

    def entities(self) -> tuple[Entity, ...]:
        """Leads, opportunities and their changes, users, campaigns and their members."""
        return objects.ENTITIES

    def test(self) -> Tested:
        """Signs in, asks for the organization, then which objects may be read."""
        try:
            with understanding("Salesforce"):
                path = f"/services/data/{self._settings.version}/query"
                answer = self._caller.get(path, {"q": "SELECT Name FROM Organization"})
                name = answer["records"][0]["Name"]
                readable = tuple(each for each in objects.OBJECTS if self._may_read(each))
        except Invalid as error:
            return Tested(False, error.message)
        nothing = Text(
            "已登录，但什么都不可读；给用户加上对象的读取权限",
            "signed in, but may read nothing: let the user read the objects",
        )
        return Tested.signed_in(name, readable, nothing)

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The rows of an entity that were modified last."""
        with understanding("Salesforce"):
            table = self._table(entity)
            query = f"{table.select} ORDER BY SystemModstamp DESC LIMIT {limit:d}"
            rows = self._known(table).rows(table.query("query", query)["records"])
            return previewed(table.columns, rows)

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Everything, or what was modified, deleted or merged since the cursor."""
        with understanding("Salesforce"):
            yield from self._read(self._table(entity), since)

    def absent(self, entity: str, keys: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
        """Those that Salesforce does not find by their number, or only in the recycle bin."""
        if not all("Id" in key for key in keys):
            return
        with understanding("Salesforce"):
            there = self._known(self._table(entity)).existing([key["Id"] for key in keys])
        yield from (key for key in keys if key["Id"] not in there)

    def _read(self, table: Table, since: Cursor | None) -> Iterator[Delivery]:
        known, until = self._known(table), literal(self._clock() - _SETTLING)
        parcel = Parcel(f"Salesforce {table.object.name}", table.columns, since)
        last = ""
        for page in table.changed(since["since"] if since else "", until):
            for record, row in zip(page, known.rows(page), strict=True):
                stamp = literal(dt.datetime.fromisoformat(record["SystemModstamp"]))
                if len(parcel.rows) >= self._rows and stamp > last:
                    yield parcel.delivery({"since": stamp})
                    parcel = Parcel(parcel.file, parcel.columns, {"since": stamp})
                last = stamp
                if not record.get("IsDeleted"):
                    parcel.put(row)
                elif since:
                    parcel.strike({"Id": record["Id"]})
        if parcel.rows:
            yield parcel.delivery({"since": until})

    def _table(self, entity: str) -> Table:
        kind = objects.OBJECTS.get(entity)
        if kind is None:
            zh, en = f"Salesforce 里不读“{entity}”", f"“{entity}” is not read from Salesforce"
            raise Invalid(Text(zh, en), code="entity")
        more = {
            "Lead": self._settings.lead_fields,
            "Opportunity": self._settings.opportunity_fields,
        }
        path = f"/services/data/{self._settings.version}"
        return described(self._caller, path, kind, names(more.get(entity, "")))

    def _known(self, table: Table) -> Known:
        return Known(table, ZoneInfo(self._settings.zone), self._settings.currency)

    def _may_read(self, entity: str) -> bool:
        try:
            self._table(entity)
        except Refused as error:
            if error.status in (403, 404):
                return False
            raise
        return True

    def _signed_in(self) -> str:
        if not self._token:
            self._renew()
        return self._token

    def _renew(self) -> None:
        """Gets a new session: by the refresh token, or as the connected app itself."""
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.resolve(),
        }
        if settings.refresh_token:
            form["grant_type"] = "refresh_token"
            form["refresh_token"] = settings.refresh_token.resolve()
        self._token = self._caller.submit("/services/oauth2/token", form)["access_token"]
