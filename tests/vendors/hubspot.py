"""HubSpot's CRM interface, as far as the product asks it: lists, search, history, associations."""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import Any

from vendors.server import DATA, Answer, Request, Vendor

MODIFIED = {"contacts": "lastmodifieddate"}
START = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


def instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class HubSpotServer(Vendor):
    """An account that is changed through `put`, `archive`, `merge`; its clock is `now`.

    `indexed` says, by record, which modification the search knows of when that is not the last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.tokens = {"pat-good"}
        self.refreshed = 0
        self.forbidden: set[str] = set()
        self.objects: dict[str, dict[str, Any]] = {"contacts": {}, "companies": {}, "deals": {}}
        self.owners: list[dict[str, Any]] = []
        self.pipelines: list[dict[str, Any]] = []
        self.links: dict[tuple[str, str], list[str]] = {}
        self.indexed: dict[str, str] = {}

    def put(self, kind: str, id_: str, properties: dict[str, Any]) -> None:
        """Creates or changes a record now; what it had before stays in its history."""
        record = self.objects[kind].get(id_)
        if record is None:
            record = {"id": id_, "properties": {"hs_object_id": id_}, "history": {}}
            record |= {"createdAt": instant(self.now), "archived": False}
            record["properties"]["createdate"] = instant(self.now)
            self.objects[kind][id_] = record
        modified = {MODIFIED.get(kind, "hs_lastmodifieddate"): instant(self.now)}
        for name, value in {**modified, **properties}.items():
            stamp = {"value": value, "timestamp": instant(self.now), "sourceType": "CRM_UI"}
            record["history"].setdefault(name, []).insert(0, stamp)
            record["properties"][name] = value
        record["updatedAt"] = record["properties"][next(iter(modified))]

    def archive(self, kind: str, id_: str) -> None:
        self.objects[kind][id_] |= {"archived": True, "archivedAt": instant(self.now)}

    def merge(self, kind: str, winner: str, loser: str) -> None:
        del self.objects[kind][loser]
        before = self.objects[kind][winner]["properties"].get("hs_merged_object_ids")
        merged = ";".join(filter(None, [before, loser]))
        self.put(kind, winner, {"hs_merged_object_ids": merged})

    def answer(self, request: Request) -> Answer:
        if request.path == "/oauth/v1/token":
            return self._token(request)
        if request.token not in self.tokens:
            told = "The OAuth token used to make this call expired 2 hour(s) ago."
            return _error(401, "EXPIRED_AUTHENTICATION", told)
        parts = request.path.strip("/").split("/")
        if set(parts) & self.forbidden:
            return _error(403, "MISSING_SCOPES", "This app hasn't been granted the scopes.")
        if parts[:3] == ["crm", "v3", "objects"]:
            return self._objects(parts[3], "/".join(parts[4:]), request)
        return self._around(parts, request)

    def _objects(self, kind: str, action: str, request: Request) -> Answer:
        if action == "search":
            return self._search(kind, request.body)
        if action == "batch/read":
            return self._batch(kind, request.body)
        return self._list(kind, request.query)

    def _around(self, parts: list[str], request: Request) -> Answer:
        match parts:
            case ["account-info", "v3", "details"]:
                return Answer(200, {"portalId": 4727653, "timeZone": "Asia/Shanghai"})
            case ["crm", "v3", "owners"]:
                return self._owners(request.query)
            case ["crm", "v3", "pipelines", "deals"]:
                return Answer(200, {"results": self.pipelines})
            case ["crm", "v3", "associations", "deals", kind, "batch", "read"]:
                return self._associations(kind, request.body)
        return _error(404, "OBJECT_NOT_FOUND", request.path)

    def _token(self, request: Request) -> Answer:
        if request.body.get("client_secret") != "s3cret":
            return _error(400, "BAD_CLIENT_SECRET", "missing or invalid client secret")
        self.refreshed += 1
        self.tokens = {f"access-{self.refreshed}"}
        body = {"access_token": f"access-{self.refreshed}", "expires_in": 1800}
        return Answer(200, body)

    def _list(self, kind: str, query: dict[str, str]) -> Answer:
        archived = query.get("archived") == "true"
        records = sorted(
            (each for each in self.objects[kind].values() if each["archived"] == archived),
            key=lambda each: int(each["id"]),
        )
        limit, after = int(query.get("limit", 10)), int(query.get("after", 0))
        rest = [each for each in records if int(each["id"]) > after]
        wanted = query.get("properties", "").split(",")
        body: dict[str, Any] = {"results": [_shown(each, wanted) for each in rest[:limit]]}
        if len(rest) > limit:
            body["paging"] = {"next": {"after": rest[limit - 1]["id"], "link": "?"}}
        return Answer(200, body)

    def _search(self, kind: str, body: dict[str, Any]) -> Answer:
        limit, after = int(body.get("limit", 10)), int(body.get("after", 0))
        if after + limit > 10_000 or limit > 200 or len(body["sorts"]) > 1:
            return _error(400, "VALIDATION_ERROR", "paging beyond 10000 results")
        records = [
            each
            for each in self.objects[kind].values()
            if not each["archived"]
            and any(
                all(_passes(self._as_indexed(each), rule) for rule in group["filters"])
                for group in body["filterGroups"]
            )
        ]
        order = body["sorts"][0]["propertyName"]
        records.sort(key=lambda each: _number(self._as_indexed(each)["properties"].get(order)))
        page = records[after : after + limit]
        found: dict[str, Any] = {
            "total": len(records),
            "results": [_shown(each, body["properties"]) for each in page],
        }
        if len(records) > after + limit:
            found["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(200, found)

    def _as_indexed(self, record: dict[str, Any]) -> dict[str, Any]:
        stamp = self.indexed.get(record["id"])
        if stamp is None:
            return record
        known = {"lastmodifieddate": stamp, "hs_lastmodifieddate": stamp}
        return {**record, "properties": {**record["properties"], **known}}

    def _batch(self, kind: str, body: dict[str, Any]) -> Answer:
        if len(body["inputs"]) > 50:
            return _error(400, "VALIDATION_ERROR", "at most 50 with history")
        results = []
        for each in body["inputs"]:
            record = self.objects[kind].get(each["id"])
            if record is not None:
                shown = _shown(record, body["properties"])
                history = {n: record["history"].get(n, []) for n in body["propertiesWithHistory"]}
                results.append({**shown, "propertiesWithHistory": history})
        return Answer(200, {"status": "COMPLETE", "results": results})

    def _owners(self, query: dict[str, str]) -> Answer:
        archived = query.get("archived") == "true"
        limit, after = int(query.get("limit", 100)), int(query.get("after", 0))
        owners = [each for each in self.owners if each["archived"] == archived]
        body: dict[str, Any] = {"results": owners[after : after + limit]}
        if len(owners) > after + limit:
            body["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(200, body)

    def _associations(self, kind: str, body: dict[str, Any]) -> Answer:
        results, unlinked = [], 0
        for each in body["inputs"]:
            linked = self.links.get((kind, each["id"]), [])
            unlinked += not linked
            to = [{"id": id_, "type": f"deal_to_{kind}"} for id_ in linked]
            results += [{"from": {"id": each["id"]}, "to": to}] if linked else []
        status = 207 if unlinked else 200
        return Answer(status, {"status": "COMPLETE", "results": results, "numErrors": unlinked})


def load_shared(server: HubSpotServer) -> None:
    """Fills the account with the records of the shared data, one second apart."""
    with (DATA / "hubspot" / "owner_data.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            owner = {"id": row["owner_id"], "email": row["email"], "archived": False}
            owner |= {"firstName": row["first_name"], "lastName": row["last_name"]}
            server.owners.append({**owner, "updatedAt": "2020-02-13T18:19:32.860Z"})
    stages: dict[str, dict[str, Any]] = {}
    with (DATA / "hubspot" / "deal_pipeline_stage_data.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            stages.setdefault(row["pipeline_id"], []).append(row)  # type: ignore[arg-type]
    for id_, listed in stages.items():
        server.pipelines.append({"id": id_, "label": id_, "stages": [_stage(s) for s in listed]})
    pages = json.loads((DATA / "hubspot" / "api_pages" / "response_pages.json").read_text())
    for kind in ("contacts", "companies", "deals"):
        for record in pages[f"mock_{kind}_data"]["results"]:
            _arrived(server, kind, record["id"], record["properties"])
    _load_table(server, "contacts", "contact_data.csv", "id")
    _load_table(server, "deals", "deal_data.csv", "deal_id")
    with (DATA / "hubspot" / "deal_contact_data.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            server.links.setdefault(("contacts", row["deal_id"]), []).append(row["contact_id"])


def _load_table(server: HubSpotServer, kind: str, file_name: str, key: str) -> None:
    renamed = {"deal_pipeline_id": "pipeline", "deal_pipeline_stage_id": "dealstage"}
    renamed["owner_id"] = "hubspot_owner_id"
    with (DATA / "hubspot" / file_name).open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            named = {renamed.get(n, n.removeprefix("property_")): v for n, v in row.items()}
            if row[key] in server.objects[kind]:
                continue
            _arrived(server, kind, row[key], {n: v or None for n, v in named.items()})
            if row.get("is_deleted", "").lower() == "true":
                server.archive(kind, row[key])


def _arrived(server: HubSpotServer, kind: str, id_: str, properties: dict[str, Any]) -> None:
    server.now += dt.timedelta(seconds=1)
    modified = MODIFIED.get(kind, "hs_lastmodifieddate")
    kept = {name: value for name, value in properties.items() if name != modified}
    if kept.get("createdate") and " " in kept["createdate"]:
        kept["createdate"] = kept["createdate"].replace(" ", "T") + "Z"
    server.put(kind, id_, kept)


def _stage(row: dict[str, str]) -> dict[str, Any]:
    metadata = {"isClosed": row["is_closed"].lower(), "probability": row["probability"]}
    order = int(row["display_order"] or 0)
    return {
        "id": row["stage_id"],
        "label": row["label"],
        "displayOrder": order,
        "metadata": metadata,
    }


def _shown(record: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    usual = ("hs_object_id", "createdate", "hs_lastmodifieddate", "lastmodifieddate")
    properties = {name: record["properties"].get(name) for name in wanted if name}
    properties |= {n: record["properties"][n] for n in usual if n in record["properties"]}
    kept = ("id", "createdAt", "updatedAt", "archived", "archivedAt")
    return {**{n: record[n] for n in kept if n in record}, "properties": properties}


def _number(value: str | None) -> float:
    if not value:
        return 0.0
    if "T" in value:
        return round(dt.datetime.fromisoformat(value).timestamp() * 1000)
    return float(value)


def _passes(record: dict[str, Any], rule: dict[str, str]) -> bool:
    have = _number(record["properties"].get(rule["propertyName"]))
    want = float(rule["value"])
    return {
        "EQ": have == want,
        "GT": have > want,
        "GTE": have >= want,
        "LT": have < want,
        "LTE": have <= want,
    }[rule["operator"]]


def _error(status: int, category: str, message: str) -> Answer:
    return Answer(status, {"status": "error", "category": category, "message": message})
