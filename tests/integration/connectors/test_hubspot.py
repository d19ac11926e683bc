"""HubSpot is read whole, then exactly what changed, whatever goes wrong on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from integration.connectors.conftest import Mirror, rows_of
from integration.connectors.hubspot_account import connector, fill, settle
from mingji.connectors.kinds import kind_named
from mingji.connectors.shaping import shaped
from mingji.connectors.source import DELETED
from mingji.engine.model import Definitions
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid
from vendors.hubspot import HubSpotServer, load_shared
from vendors.server import DATA, Fault, Request, cut, repeat


def test_everything_is_read_then_exactly_what_changed_then_nothing(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    contacts = Mirror(connector(hubspot), "contacts")

    assert len(contacts.take()) == len(contacts.rows) == 250
    assert contacts.take() == []

    settle(hubspot)
    for id_ in ("3", "77", "250"):
        hubspot.put("contacts", id_, {"hs_lead_status": "OPEN"})
    hubspot.put("contacts", "251", {})

    assert sorted(row["id"] for row in contacts.take()) == ["250", "251", "3", "77"]
    assert contacts.rows["77",]["lead_status"] == "OPEN"
    assert contacts.take() == []


def test_deleted_and_merged_records_are_struck_out(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    contacts = Mirror(connector(hubspot), "contacts")
    contacts.take()
    settle(hubspot)
    hubspot.archive("contacts", "10")
    hubspot.merge("contacts", winner="20", loser="21")

    came = contacts.take()

    assert sorted((row["id"], row[DELETED]) for row in came) == [
        ("10", True),
        ("20", False),
        ("21", True),
    ]
    assert len(contacts.rows) == 248
    assert contacts.take() == []


def test_a_record_deleted_twice_is_struck_out_twice(hubspot: HubSpotServer) -> None:
    fill(hubspot, 3)
    source, cursor, digests = connector(hubspot), None, []
    [first] = source.read("contacts", None)
    cursor = first.cursor
    for _ in range(2):
        settle(hubspot)
        hubspot.archive("contacts", "2")
        [gone] = source.read("contacts", cursor)
        settle(hubspot)
        hubspot.objects["contacts"]["2"]["archived"] = False
        hubspot.put("contacts", "2", {})
        [back] = source.read("contacts", gone.cursor)
        digests += [gone.reading.digest, back.reading.digest]
        cursor = back.cursor

    assert len(set(digests)) == 4


def test_a_record_modified_between_two_pages_hides_no_other(hubspot: HubSpotServer) -> None:
    fill(hubspot)

    def meddle(request: Request) -> None:
        if request.path.endswith("/contacts/search") and len(hubspot.requests) > 1:
            hubspot.before = lambda _: None
            hubspot.now += dt.timedelta(hours=1)
            hubspot.put("contacts", "1", {"hs_lead_status": "OPEN"})

    source = connector(hubspot)
    contacts = Mirror(source, "contacts")
    hubspot.before = meddle
    contacts.take()
    contacts.take()

    assert len(contacts.rows) == 250
    assert contacts.rows["1",]["lead_status"] == "OPEN"


def test_a_change_that_the_search_does_not_know_of_yet_hides_no_other(
    hubspot: HubSpotServer,
) -> None:
    fill(hubspot)
    contacts = Mirror(connector(hubspot, rows=60), "contacts")
    hubspot.indexed["60"] = hubspot.objects["contacts"]["60"]["updatedAt"]
    before, hubspot.now = hubspot.now, hubspot.now + dt.timedelta(hours=1)
    hubspot.put("contacts", "60", {"hs_lead_status": "OPEN"})
    hubspot.now = before

    assert len(contacts.take()) == 249
    hubspot.indexed.clear()
    settle(hubspot)
    settle(hubspot)
    assert [row["id"] for row in contacts.take()] == ["60"]


def test_more_records_of_one_instant_than_fit_a_page_are_all_read(hubspot: HubSpotServer) -> None:
    for number in range(1, 331):
        hubspot.put("contacts", str(number), {})
    hubspot.now += dt.timedelta(seconds=1)
    hubspot.put("contacts", "999", {})

    assert len(Mirror(connector(hubspot), "contacts").take()) == 331


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
    hubspot: HubSpotServer, fault: Fault, place: int
) -> None:
    fill(hubspot)
    source = connector(hubspot)
    hubspot.faults.extend([None] * place + [fault])

    came = Mirror(source, "contacts").take()

    assert sorted(int(row["id"]) for row in came) == list(range(1, 251))
    if fault.headers:
        assert source.waits == [7.0]  # type: ignore[attr-defined]


def test_waiting_grows_and_ends_with_a_sentence(hubspot: HubSpotServer) -> None:
    source = connector(hubspot)
    hubspot.faults.extend([Fault(status=500, body={})] * 20)

    with pytest.raises(Invalid) as refused:
        list(source.read("contacts"))

    assert source.waits == [1, 2, 4, 8, 16]  # type: ignore[attr-defined]
    assert "对方出错" in refused.value.message.zh
    assert "try later" in refused.value.message.en


def test_a_token_that_runs_out_is_renewed_in_the_middle(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    oauth = {"client_id": "c", "client_secret": "env:MINGJI_SOURCE_CLIENT"}
    source = connector(hubspot, token="", refresh_token="env:MINGJI_SOURCE_REFRESH", **oauth)

    def expire(request: Request) -> None:
        if request.path.endswith("/search") and hubspot.refreshed == 1:
            hubspot.tokens = set()

    hubspot.before = expire

    assert len(Mirror(source, "contacts").take()) == 250
    assert hubspot.refreshed == 2


def test_a_token_that_is_no_longer_good_is_said_so_and_never_shown(hubspot: HubSpotServer) -> None:
    hubspot.tokens = set()

    tested = connector(hubspot).test()

    assert not tested.ok
    assert "检查令牌" in tested.message.zh
    assert "pat-good" not in repr(tested)
    assert len(hubspot.requests) == 1


def test_the_connection_test_says_what_may_be_read(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    hubspot.forbidden = {"deals"}

    tested = connector(hubspot).test()

    assert tested.ok
    assert tested.account == "HubSpot 4727653"
    assert tested.readable == ("contacts", "companies", "owners", "contact_history")
    hubspot.forbidden |= {"account-info"}
    assert connector(hubspot).test().account == "HubSpot"


def test_a_reading_that_was_killed_goes_on_and_ends_with_the_same_rows(
    hubspot: HubSpotServer, tmp_path: Any
) -> None:
    fill(hubspot)
    definitions: Definitions = library().definitions
    source = connector(hubspot, rows=60)
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


def test_an_address_that_sends_elsewhere_is_not_followed(hubspot: HubSpotServer) -> None:
    elsewhere = {"Location": "https://example.org/crm"}
    hubspot.faults.append(Fault(status=302, body={}, headers=elsewhere))

    tested = connector(hubspot).test()

    assert not tested.ok
    assert "not followed" in tested.message.en


def test_a_kind_is_opened_from_a_form(hubspot: HubSpotServer) -> None:
    kind = kind_named("hubspot")
    given = {"token": "env:MINGJI_SOURCE_HUBSPOT", "address": hubspot.address}

    assert kind.open(given, lambda: hubspot.now).test().ok
    with pytest.raises(Invalid) as wrong:
        kind.open({"token": "pat-na1-123", "zone": "Mars", "colour": "red"}, lambda: hubspot.now)
    assert [each.place.path for each in wrong.value.findings] == ["token", "zone", "colour"]


@pytest.mark.skipif(not DATA.exists(), reason="test data that nobody here wrote is absent")
def test_the_shared_account_is_read_as_its_files_say(hubspot: HubSpotServer) -> None:
    load_shared(hubspot)
    settle(hubspot)
    source = connector(hubspot)
    living = {
        kind: {id_ for id_, each in records.items() if not each["archived"]}
        for kind, records in hubspot.objects.items()
    }

    for kind, ids in living.items():
        mirror = Mirror(source, kind)
        mirror.take()
        assert {id_ for (id_,) in mirror.rows} == ids
        assert len(ids) > 1
        settle(hubspot)
        changed = sorted(ids)[:2]
        for id_ in changed:
            hubspot.put(kind, id_, {})
        came = [row["id"] for row in mirror.take() if not row[DELETED]]
        assert sorted(came) == changed
        assert mirror.take() == []

    [deal] = [r for r in rows_of(next(source.read("deals"))) if r["id"] == "6744457152"]
    assert (deal["amount"], deal["outcome"]) == ("3233", "open")
    [contact] = [r for r in rows_of(next(source.read("contacts"))) if r["id"] == "78971951"]
    assert contact["merged_ids"] == "76340251;46897301;76226001"
