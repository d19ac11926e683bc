"""Salesforce's REST interface, as far as the product asks it: tokens, describe, query, queryAll."""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import Any

from vendors.server import DATA, Answer, Request, Vendor

START = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
_QUERY = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<object>\w+)(?: WHERE (?P<where>.+?))?"
    r"(?: ORDER BY (?P<order>.+?))?(?: LIMIT (?P<limit>\d+))?$"
)


def instant(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class SalesforceServer(Vendor):
    """An organization that is changed through `put`, `delete`, `merge`; its clock is `now`.

    `fields` are those of each object; `page` rows come at a time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now, self.page = START, 100
        self.sessions, self.signed_in = {"session-0"}, 0
        self.hidden: set[str] = set()
        self.fields: dict[str, set[str]] = {}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.locators: dict[str, tuple[list[Any], int]] = {}

    def put(self, kind: str, id_: str, values: dict[str, Any]) -> None:
        """Creates or changes a row now."""
        new = {"Id": id_, "CreatedDate": instant(self.now)}
        if kind != "User":
            new["IsDeleted"] = False
        row = self.rows.setdefault(kind, {}).setdefault(id_, new)
        row |= {"SystemModstamp": instant(self.now), **values}
        self.fields.setdefault(kind, set()).update(row)

    def delete(self, kind: str, id_: str) -> None:
        self.put(kind, id_, {"IsDeleted": True})

    def merge(self, winner: str, loser: str) -> None:
        self.put("Lead", loser, {"IsDeleted": True, "MasterRecordId": winner})
        self.put("Lead", winner, {})

    def answer(self, request: Request) -> Answer:
        if request.path == "/services/oauth2/token":
            return self._token(request.body)
        if request.token not in self.sessions:
            return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        match request.path.removeprefix("/services/data/v62.0").strip("/").split("/"):
            case ["sobjects", kind, "describe"]:
                return self._describe(kind)
            case ["query", locator]:
                return self._more(locator)
            case ["query" | "queryAll" as how]:
                return self._query(request.query["q"], deleted=how == "queryAll")
        return _error(404, "NOT_FOUND", "The requested resource does not exist")

    def _token(self, form: dict[str, str]) -> Answer:
        if form.get("client_secret") != "s3cret":
            body = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Answer(401, body)
        self.signed_in += 1
        self.sessions = {f"session-{self.signed_in}"}
        body = {"access_token": f"session-{self.signed_in}", "token_type": "Bearer"}
        return Answer(200, {**body, "instance_url": self.address, "issued_at": "1278448832702"})

    def _describe(self, kind: str) -> Answer:
        if kind in self.hidden or kind not in self.fields:
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        fields = [{"name": name} for name in sorted(self.fields[kind])]
        return Answer(200, {"name": kind, "queryable": True, "fields": fields})

    def _query(self, soql: str, *, deleted: bool) -> Answer:
        if soql == "SELECT Name FROM Organization":
            return Answer(200, {"totalSize": 1, "done": True, "records": [{"Name": "明绩贸易"}]})
        asked = _QUERY.fullmatch(soql)
        assert asked, soql
        kind, wanted = asked["object"], asked["fields"].split(", ")
        absent = [n for n in wanted if "." not in n and n not in self.fields.get(kind, set())]
        if absent:
            return _error(400, "INVALID_FIELD", f"No such column '{absent[0]}' on entity '{kind}'")
        rows = [
            row
            for row in self.rows[kind].values()
            if (deleted or not row.get("IsDeleted")) and _passes(row, asked["where"] or "")
        ]
        newest_first = "DESC" in (asked["order"] or "")
        rows.sort(key=lambda row: (row["SystemModstamp"], row["Id"]), reverse=newest_first)
        shown = [self._shown(kind, row, wanted) for row in rows[: int(asked["limit"] or 10**9)]]
        return self._page(shown, 0, f"01g{len(self.locators):012d}")

    def _page(self, rows: list[Any], start: int, query: str) -> Answer:
        end = start + self.page
        body: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows)}
        if not body["done"]:
            self.locators[f"{query}-{end}"] = (rows, end)
            body["nextRecordsUrl"] = f"/services/data/v62.0/query/{query}-{end}"
        return Answer(200, {**body, "records": rows[start:end]})

    def _more(self, locator: str) -> Answer:
        if locator not in self.locators:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        rows, start = self.locators[locator]
        return self._page(rows, start, locator.split("-")[0])

    def _shown(self, kind: str, row: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
        url = f"/services/data/v62.0/sobjects/{kind}/{row['Id']}"
        shown = {"attributes": {"type": kind, "url": url}}
        shown |= {name: row.get(name) for name in wanted if "." not in name}
        if "Owner.Name" in wanted:
            owner = self.rows.get("User", {}).get(row.get("OwnerId"), {"Name": "Queue"})
            shown["Owner"] = {"attributes": {"type": "Name"}, "Name": owner["Name"]}
        return shown


def load_shared(server: SalesforceServer) -> None:
    """Fills the organization with the export of the shared data, one second apart."""
    server.put("User", "005bm00000NCJmQAAX", {"Name": "Org Admin", "Email": "a@example.com"})
    for kind in ("Lead", "Opportunity", "OpportunityHistory"):
        path = DATA / "salesforce" / "org_export" / f"{kind}.csv"
        with path.open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                server.now += dt.timedelta(seconds=1)
                values = {name: _typed(name, value) for name, value in row.items()}
                dropped = ("SystemModstamp", "CreatedDate", "LastModifiedDate")
                kept = {n: v for n, v in values.items() if n not in dropped and " " not in n}
                server.put(kind, row["Id"], kept)


def _typed(name: str, value: str) -> Any:
    if value in ("TRUE", "FALSE"):
        return value == "TRUE"
    if name in ("Amount", "Probability", "ExpectedRevenue") and value:
        return float(value)
    if re.fullmatch(r"\d\d/\d\d/\d\d", value):
        return dt.datetime.strptime(value, "%m/%d/%y").date().isoformat()  # noqa: DTZ007
    return value or None


def _passes(row: dict[str, Any], where: str) -> bool:
    for rule in filter(None, where.split(" AND ")):
        if " IN " in rule:
            name, listed = rule.split(" IN ")
            if row.get(name) not in re.findall(r"'(\w+)'", listed):
                return False
        else:
            name, operator, literal = rule.split(" ")
            have = dt.datetime.fromisoformat(row[name])
            want = dt.datetime.fromisoformat(literal)
            if not (have >= want if operator == ">=" else have < want):
                return False
    return True


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, [{"message": message, "errorCode": code}])
