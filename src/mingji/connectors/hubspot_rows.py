"""Records of HubSpot as rows: who owns them, what their stage means, what they belong to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors.http import Caller
from mingji.connectors.hubspot_pages import Pages, associated, listed
from mingji.connectors.records import on_the_wall, with_currency


@dataclass(frozen=True)
class Known:
    """What is asked for once a reading to understand records: owners and stages."""

    caller: Caller
    zone: ZoneInfo

    @cached_property
    def owners(self) -> Mapping[str, dict[str, Any]]:
        """Owners by number, those who left as well."""
        found = {}
        for archived in ("true", "false"):
            for each in listed(self.caller, "/crm/v3/owners", {"archived": archived}):
                name = f"{each.get('firstName') or ''} {each.get('lastName') or ''}".strip()
                found[each["id"]] = {
                    "id": each["id"],
                    "email": each.get("email"),
                    "name": name,
                    "archived": each.get("archived", archived == "true"),
                    "updated_at": on_the_wall(each.get("updatedAt"), self.zone),
                }
        return found

    @cached_property
    def stages(self) -> Mapping[tuple[str, str], dict[str, Any]]:
        """The stages of every pipeline of deals, and what it means to stand in one."""
        found = {}
        for pipeline in self.caller.get("/crm/v3/pipelines/deals")["results"]:
            for stage in sorted(pipeline["stages"], key=lambda each: int(each["displayOrder"])):
                found[pipeline["id"], stage["id"]] = {
                    "pipeline_id": pipeline["id"],
                    "stage_id": stage["id"],
                    "pipeline": pipeline["label"],
                    "stage": stage["label"],
                    "position": stage["displayOrder"],
                    "outcome": _outcome(stage.get("metadata", {})),
                }
        return found

    @property
    def meaning(self) -> str:
        """A fingerprint of what the stages are called and mean."""
        told = ("pipeline_id", "stage_id", "pipeline", "stage", "outcome")
        stages = sorted([stage[name] for name in told] for stage in self.stages.values())
        return hashlib.sha256(json.dumps(stages).encode()).hexdigest()[:16]

    def rows(self, pages: Pages, records: Sequence[Any]) -> list[dict[str, Any]]:
        """Records as rows: properties by column, then what is worked out."""
        rows = [self._row(pages, record) for record in records]
        if rows and pages.object.name == "deals":
            self._add_deal_columns(rows)
        return rows

    def _row(self, pages: Pages, record: Any) -> dict[str, Any]:
        kind, found = pages.object, record["properties"]
        row = {column: found.get(name) for column, name in kind.properties.items()}
        row |= {name: on_the_wall(row[name], self.zone) for name in kind.instants}
        owner = self.owners.get(row["owner_id"] or "", {})
        row["owner"] = owner.get("email") or owner.get("name") or row["owner_id"]
        row["owner_name"] = owner.get("name")
        extra = {name: on_the_wall(found.get(name), self.zone) for name in pages.extra}
        return {"id": record["id"], **row, **extra}

    def _add_deal_columns(self, rows: Sequence[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        contacts = associated(self.caller, ids, "contacts")
        companies = associated(self.caller, ids, "companies")
        for row in rows:
            stage = self.stages.get((row["pipeline_id"] or "", row["stage_id"] or ""), {})
            row["pipeline"], row["stage"] = stage.get("pipeline"), stage.get("stage")
            row["outcome"] = stage.get("outcome", "open")
            row["closed_on"] = None if row["outcome"] == "open" else row["close_date"]
            row["amount_with_currency"] = with_currency(row["amount"], row["currency"])
            row["contact_ids"] = contacts.get(row["id"], [])
            row["contact_id"] = next(iter(row["contact_ids"]), None)
            row["company_ids"] = companies.get(row["id"], [])


def changes(record: Any, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The changes of a record, oldest first; of two in one instant the one that stayed."""
    for name, versions in sorted(record["propertiesWithHistory"].items()):
        kept = {each["timestamp"]: each for each in reversed(versions)}
        for instant, each in kept.items():
            yield {
                "id": record["id"],
                "property": name,
                "changed_at": on_the_wall(instant, zone),
                "value": each.get("value"),
                "source": each.get("sourceType"),
            }


def _outcome(metadata: Mapping[str, Any]) -> str:
    """Whether deals in a stage are open, won or lost, from what HubSpot says of the stage."""
    probability = str(metadata.get("probability", ""))
    closed = str(metadata.get("isClosed", "")).lower() == "true"
    if probability in ("1.0", "1"):
        return "won"
    return "lost" if closed or probability in ("0.0", "0") else "open"
