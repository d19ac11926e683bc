"""A small HubSpot account, and a connector to it."""

from __future__ import annotations

import datetime as dt

from mingji.connectors.hubspot import HubSpot, HubSpotSettings
from mingji.connectors.settings import decoded
from vendors.hubspot import HubSpotServer

STAGES = [
    ("appointment", "Appointment", "false", "0.2"),
    ("won", "Closed won", "true", "1.0"),
    ("lost", "Closed lost", "true", "0.0"),
]


def connector(server: HubSpotServer, *, rows: int = 50_000, **given: str) -> HubSpot:
    settings = {"address": server.address, "token": "env:MINGJI_SOURCE_HUBSPOT", **given}
    waits: list[float] = []
    made = HubSpot(
        decoded(HubSpotSettings, settings),
        lambda: server.now + dt.timedelta(minutes=10),
        wait=waits.append,
        rows=rows,
    )
    made.waits = waits  # type: ignore[attr-defined]
    return made


def fill(server: HubSpotServer, contacts: int = 250) -> None:
    server.owners = [
        {"id": "7", "email": "anna@example.com", "firstName": "安娜", "lastName": "林"},
        {"id": "8", "email": None, "firstName": "Bob", "lastName": "Gone"},
    ]
    server.owners[0]["archived"], server.owners[1]["archived"] = False, True
    server.pipelines = [
        {
            "id": "default",
            "label": "Sales",
            "stages": [
                {
                    "id": i,
                    "label": n,
                    "displayOrder": order,
                    "metadata": {"isClosed": c, "probability": p},
                }
                for order, (i, n, c, p) in enumerate(STAGES)
            ],
        }
    ]
    server.put("companies", "1", {"name": "明绩", "domain": "example.com"})
    for number in range(1, contacts + 1):
        server.now += dt.timedelta(seconds=1)
        source = "PAID_SEARCH" if number % 2 else "DIRECT_TRAFFIC"
        server.put(
            "contacts", str(number), {"hs_analytics_source": source, "hubspot_owner_id": "7"}
        )
    for number, (stage, currency) in enumerate(
        [("won", "CNY"), ("lost", None), ("appointment", "USD")]
    ):
        deal = {"dealname": f"Deal {number}", "pipeline": "default", "dealstage": stage}
        deal |= {
            "amount": f"{number}000.10",
            "deal_currency_code": currency,
            "dealtype": "newbusiness",
        }
        deal |= {"closedate": "2026-10-31T16:30:00.000Z", "hubspot_owner_id": "8"}
        server.put("deals", str(900 + number), deal)
    server.links[("contacts", "900")] = ["17", "5"]
    server.links[("companies", "900")] = ["1"]


def settle(server: HubSpotServer) -> None:
    """Time passes, so that the next change lies after what was read."""
    server.now += dt.timedelta(hours=1)
