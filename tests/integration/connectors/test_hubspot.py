"""HubSpot is read whole, then exactly what changed, whatever goes wrong on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from integration.connectors.conftest import Mirror, library, rows_of
from mingji.connectors.hubspot import HubSpot, HubSpotSettings
from mingji.connectors.kinds import kind_named
from mingji.connectors.settings import decoded
from mingji.connectors.shaping import shaped
from mingji.connectors.source import DELETED
from mingji.engine.model import Definitions
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid
from vendors.hubspot import HubSpotServer, load_shared
from vendors.server import DATA, Fault, Request, cut, repeat

STAGES = [
    ("appointment", "Appointment", "false", "0.2"),
    ("won", "Closed won", "true", "1.0"),
    ("lost", "Closed lost", "true", "0.0"),
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubSpotServer]:
    monkeypatch.setenv("MINGJI_SOURCE_HUBSPOT", "pat-good")
    monkeypatch.setenv("MINGJI_SOURCE_CLIENT", "s3cret")
    monkeypatch.setenv("MINGJI_SOURCE_REFRESH", "refresh")
    server = HubSpotServer()
    yield server
    server.close()


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


def test_everything_is_read_then_exactly_what_changed_then_nothing(server: HubSpotServer) -> None:
    fill(server)
    contacts = Mirror(connector(server), "contacts")

    assert len(contacts.take()) == len(contacts.rows) == 250
    assert contacts.take() == []

    settle(server)
    for id_ in ("3", "77", "250"):
        server.put("contacts", id_, {"hs_lead_status": "OPEN"})
    server.put("contacts", "251", {})

    assert sorted(row["id"] for row in contacts.take()) == ["250", "251", "3", "77"]
    assert contacts.rows["77",]["lead_status"] == "OPEN"
    assert contacts.take() == []


def test_deleted_and_merged_records_are_struck_out(server: HubSpotServer) -> None:
    fill(server)
    contacts = Mirror(connector(server), "contacts")
    contacts.take()
    settle(server)
    server.archive("contacts", "10")
    server.merge("contacts", winner="20", loser="21")

    came = contacts.take()

    assert sorted((row["id"], row[DELETED]) for row in came) == [
        ("10", True),
        ("20", False),
        ("21", True),
    ]
    assert len(contacts.rows) == 248
    assert contacts.take() == []


def test_a_record_deleted_twice_is_struck_out_twice(server: HubSpotServer) -> None:
    fill(server, 3)
    source, cursor, digests = connector(server), None, []
    [first] = source.read("contacts", None)
    cursor = first.cursor
    for _ in range(2):
        settle(server)
        server.archive("contacts", "2")
        [gone] = source.read("contacts", cursor)
        settle(server)
        server.objects["contacts"]["2"]["archived"] = False
        server.put("contacts", "2", {})
        [back] = source.read("contacts", gone.cursor)
        digests += [gone.reading.digest, back.reading.digest]
        cursor = back.cursor

    assert len(set(digests)) == 4


def test_a_record_modified_between_two_pages_hides_no_other(server: HubSpotServer) -> None:
    fill(server)

    def meddle(request: Request) -> None:
        if request.path.endswith("/contacts/search") and len(server.requests) > 1:
            server.before = lambda _: None
            server.now += dt.timedelta(hours=1)
            server.put("contacts", "1", {"hs_lead_status": "OPEN"})

    source = connector(server)
    contacts = Mirror(source, "contacts")
    server.before = meddle
    contacts.take()
    contacts.take()

    assert len(contacts.rows) == 250
    assert contacts.rows["1",]["lead_status"] == "OPEN"


def test_more_records_of_one_instant_than_fit_a_page_are_all_read(server: HubSpotServer) -> None:
    for number in range(1, 331):
        server.put("contacts", str(number), {})
    server.now += dt.timedelta(seconds=1)
    server.put("contacts", "999", {})

    assert len(Mirror(connector(server), "contacts").take()) == 331


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, body={"message": "internal error"}),
        Fault(status=429, body={"category": "RATE_LIMITS"}, headers={"Retry-After": "7"}),
        Fault(status=503, body=b"<html>busy</html>"),
        cut(),
        repeat(),
    ],
    ids=["500", "429", "503", "cut", "repeated page"],
)
@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_fault_on_the_way_costs_no_row_and_doubles_none(
    server: HubSpotServer, fault: Fault, place: int
) -> None:
    fill(server)
    source = connector(server)
    server.faults.extend([None] * place + [fault])

    came = Mirror(source, "contacts").take()

    assert sorted(int(row["id"]) for row in came) == list(range(1, 251))
    if fault.headers:
        assert source.waits == [7.0]  # type: ignore[attr-defined]


def test_waiting_grows_and_ends_with_a_sentence(server: HubSpotServer) -> None:
    source = connector(server)
    server.faults.extend([Fault(status=500, body={})] * 20)

    with pytest.raises(Invalid) as refused:
        list(source.read("contacts"))

    assert source.waits == [1, 2, 4, 8, 16]  # type: ignore[attr-defined]
    assert "对方出错" in refused.value.message.zh
    assert "try later" in refused.value.message.en


def test_a_token_that_runs_out_is_renewed_in_the_middle(server: HubSpotServer) -> None:
    fill(server)
    oauth = {"client_id": "c", "client_secret": "env:MINGJI_SOURCE_CLIENT"}
    source = connector(server, token="", refresh_token="env:MINGJI_SOURCE_REFRESH", **oauth)

    def expire(request: Request) -> None:
        if request.path.endswith("/search") and server.refreshed == 1:
            server.tokens = set()

    server.before = expire

    assert len(Mirror(source, "contacts").take()) == 250
    assert server.refreshed == 2


def test_a_token_that_is_no_longer_good_is_said_so_and_never_shown(server: HubSpotServer) -> None:
    server.tokens = set()

    tested = connector(server).test()

    assert not tested.ok
    assert "检查令牌" in tested.message.zh
    assert "pat-good" not in repr(tested)
    assert len(server.requests) == 1


def test_the_connection_test_says_what_may_be_read(server: HubSpotServer) -> None:
    fill(server)
    server.forbidden = {"deals"}

    tested = connector(server).test()

    assert tested.ok
    assert tested.account == "HubSpot 4727653"
    assert tested.readable == ("contacts", "companies", "owners", "contact_history")


def test_a_reading_that_was_killed_goes_on_and_ends_with_the_same_rows(
    server: HubSpotServer, tmp_path: Any
) -> None:
    fill(server)
    definitions: Definitions = library()
    source = connector(server, rows=60)
    entity = next(each for each in source.entities() if each.name == "contacts")
    whole, broken = Warehouse(tmp_path / "whole"), Warehouse(tmp_path / "broken")

    def load(warehouse: Warehouse, delivery: Any) -> None:
        reading = shaped(delivery.reading, entity.columns, entity.values)
        warehouse.load(definitions.tables["leads"], reading, loaded_at="2026-11-28T00:00:00Z")

    for delivery in source.read("contacts"):
        load(whole, delivery)
    deliveries, cursor = source.read("contacts"), None
    for _ in range(2):
        delivery = next(deliveries)
        load(broken, delivery)
        cursor = delivery.cursor
    load(broken, next(deliveries))  # killed before its cursor was stored
    for delivery in source.read("contacts", cursor):
        load(broken, delivery)

    def rows(warehouse: Warehouse) -> Any:
        connection = warehouse.connect(definitions)
        return connection.sql("SELECT * FROM leads ORDER BY lead_id").fetchall()

    assert len(rows(whole)) == 250
    assert rows(broken) == rows(whole)


def test_deals_say_who_owns_them_where_they_stand_and_whose_leads_they_were(
    server: HubSpotServer,
) -> None:
    fill(server)
    deals = Mirror(connector(server, deal_properties="priority，region__c"), "deals")
    deals.take()

    won, lost, open_ = (deals.rows[id_,] for id_ in ("900", "901", "902"))
    assert (won["owner"], won["pipeline"], won["stage"]) == ("Bob Gone", "Sales", "Closed won")
    assert (won["contact_id"], won["contact_ids"], won["company_ids"]) == ("5", "5;17", "1")
    assert [each["outcome"] for each in (won, lost, open_)] == ["won", "lost", "open"]
    assert won["closed_on"] == "2026-11-01 00:30:00.000"
    assert open_["closed_on"] is None
    assert open_["close_date"] == "2026-11-01 00:30:00.000"
    amounts = [each["amount_with_currency"] for each in (won, lost, open_)]
    assert amounts == ["0000.10 CNY", "1000.10", "2000.10 USD"]
    assert won["region__c"] is None


def test_suggested_columns_load_into_the_canonical_table(
    server: HubSpotServer, tmp_path: Any
) -> None:
    fill(server)
    definitions = library()
    warehouse = Warehouse(tmp_path)
    source = connector(server)
    for name, table, loaded in (("contacts", "leads", 250), ("deals", "opportunities", 2)):
        entity = next(each for each in source.entities() if each.name == name)
        assert set(entity.columns) == set(definitions.tables[table].columns)
        [delivery] = source.read(name)
        reading = shaped(delivery.reading, entity.columns, entity.values)
        batch = warehouse.load(definitions.tables[table], reading, loaded_at="2026-11-28")
        assert batch.loaded == loaded

    # the deal in dollars is set aside, not counted as yuan
    [finding] = [each for each in batch.findings if each.severity == "warning"]
    assert finding.code == "other_currency"
    rows = warehouse.connect(definitions).sql(
        "SELECT channel, owner, count(*) FROM leads GROUP BY ALL ORDER BY 1"
    )
    assert rows.fetchall() == [
        ("direct", "anna@example.com", 125),
        ("search_ads", "anna@example.com", 125),
    ]


def test_changes_of_deals_come_with_their_instants(server: HubSpotServer) -> None:
    fill(server)
    history = Mirror(connector(server), "deal_history")
    history.take()
    settle(server)
    server.put("deals", "902", {"dealstage": "won"})

    came = history.take()

    stages = [(row["changed_at"], row["value"]) for row in came if row["property"] == "dealstage"]
    assert [value for _, value in stages] == ["appointment", "won"]
    assert stages[1][0] == "2026-11-01 17:04:10.000"
    assert {row["id"] for row in came} == {"902"}
    assert history.take() == []


def test_owners_and_stages_are_read_whole_and_only_when_they_changed(server: HubSpotServer) -> None:
    fill(server)
    owners = Mirror(connector(server), "owners")
    stages = Mirror(connector(server), "pipelines")
    assert [row["name"] for row in owners.take()] == ["安娜 林", "Bob Gone"]
    assert [row["outcome"] for row in stages.take()] == ["open", "won", "lost"]
    assert owners.take() == stages.take() == []

    server.owners[0]["email"] = "lin@example.com"

    assert owners.take()[0]["email"] == "lin@example.com"
    assert owners.take() == []


def test_previews_show_the_columns_that_will_come(server: HubSpotServer) -> None:
    fill(server)
    source = connector(server)
    for entity in source.entities():
        preview = source.preview(entity.name, 2)
        mirror = Mirror(source, entity.name)
        mirror.take()
        assert set(preview.columns) | {"_row", DELETED} == set(next(iter(mirror.rows.values()), ()))
        assert len(preview.rows) == 2 or entity.name == "companies"


def test_an_answer_of_another_shape_is_said_to_be_one(server: HubSpotServer) -> None:
    fill(server)
    for body in ({"results": [{"id": 7}]}, {"hello": "world"}, [], b"<html>proxy</html>"):
        server.faults.append(Fault(status=200, body=body))
        with pytest.raises(Invalid) as strange:
            list(connector(server).read("contacts"))
        assert strange.value.code == "not_understood"


def test_an_address_that_sends_elsewhere_is_not_followed(server: HubSpotServer) -> None:
    elsewhere = {"Location": "https://example.org/crm"}
    server.faults.append(Fault(status=302, body={}, headers=elsewhere))

    tested = connector(server).test()

    assert not tested.ok
    assert "not followed" in tested.message.en


def test_a_kind_is_opened_from_a_form(server: HubSpotServer) -> None:
    kind = kind_named("hubspot")
    given = {"token": "env:MINGJI_SOURCE_HUBSPOT", "address": server.address}

    assert kind.open(given, lambda: server.now).test().ok
    with pytest.raises(Invalid) as wrong:
        kind.open({"token": "pat-na1-123", "zone": "Mars", "colour": "red"}, lambda: server.now)
    assert [each.place.path for each in wrong.value.findings] == ["token", "zone", "colour"]


@pytest.mark.skipif(not DATA.exists(), reason="test data that nobody here wrote is absent")
def test_the_shared_account_is_read_as_its_files_say(server: HubSpotServer) -> None:
    load_shared(server)
    settle(server)
    source = connector(server)
    living = {
        kind: {id_ for id_, each in records.items() if not each["archived"]}
        for kind, records in server.objects.items()
    }

    for kind, ids in living.items():
        mirror = Mirror(source, kind)
        mirror.take()
        assert {id_ for (id_,) in mirror.rows} == ids
        assert len(ids) > 1
        settle(server)
        changed = sorted(ids)[:2]
        for id_ in changed:
            server.put(kind, id_, {})
        came = [row["id"] for row in mirror.take() if not row[DELETED]]
        assert sorted(came) == changed
        assert mirror.take() == []

    [deal] = [r for r in rows_of(next(source.read("deals"))) if r["id"] == "6744457152"]
    assert (deal["amount"], deal["outcome"]) == ("3233", "open")
    [contact] = [r for r in rows_of(next(source.read("contacts"))) if r["id"] == "78971951"]
    assert contact["merged_ids"] == "76340251;46897301;76226001"
