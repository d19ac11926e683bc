"""Salesforce is read whole, then exactly what changed, whatever goes wrong on the way."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integration.connectors.conftest import Mirror, required
from mingji.connectors.kinds import kind_named
from mingji.connectors.salesforce import Salesforce, SalesforceSettings
from mingji.connectors.settings import decoded
from mingji.connectors.shaping import shaped
from mingji.connectors.source import DELETED
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid
from vendors.salesforce import SalesforceServer, load_shared
from vendors.server import DATA, Fault, Request, cut, repeat


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SalesforceServer]:
    monkeypatch.setenv("MINGJI_SOURCE_SF", "s3cret")
    monkeypatch.setenv("MINGJI_SOURCE_SF_REFRESH", "refresh")
    server = SalesforceServer()
    yield server
    server.close()


def connector(server: SalesforceServer, *, rows: int = 50_000, **given: str) -> Salesforce:
    settings = {"address": server.address, "client_id": "app"}
    settings |= {"client_secret": "env:MINGJI_SOURCE_SF", **given}
    return Salesforce(
        decoded(SalesforceSettings, settings),
        lambda: server.now + dt.timedelta(minutes=10),
        wait=lambda _: None,
        rows=rows,
    )


def fill(server: SalesforceServer, leads: int = 250) -> None:
    server.put("User", "0051", {"Name": "林安娜", "Email": "anna@example.com", "IsActive": True})
    server.put("User", "0052", {"Name": "Bob", "Email": None, "IsActive": False})
    for number in range(leads):
        server.now += dt.timedelta(seconds=1)
        lead = {"LeadSource": "Web", "Status": "Open", "OwnerId": "0051", "State": "浙江"}
        lead |= {"MasterRecordId": None, "ConvertedOpportunityId": None, "ConvertedDate": None}
        server.put("Lead", f"00Q{number:03d}", lead)
    server.put("Lead", "00Q000", {"ConvertedOpportunityId": "0061", "ConvertedDate": "2026-10-05"})
    for id_, stage, closed, won, owner in (
        ("0061", "Closed Won", True, True, "0051"),
        ("0062", "Closed Lost", True, False, "0052"),
        ("0063", "Prospecting", False, False, "00G1"),
    ):
        deal = {"StageName": stage, "IsClosed": closed, "IsWon": won, "OwnerId": owner}
        deal |= {"Name": id_, "Type": "New Business", "Amount": 1234.5, "CloseDate": "2026-10-31"}
        server.put("Opportunity", id_, {**deal, "LeadSource": "Web"})
    change = {"OpportunityId": "0061", "StageName": "Closed Won", "Amount": 1234.5}
    server.put("OpportunityHistory", "0081", change)
    campaign = {"Name": "双十一", "Type": "search_ads", "StartDate": "2026-11-01"}
    campaign |= {"ActualCost": 8000, "BudgetedCost": 10000.25, "OwnerId": "0051"}
    server.put("Campaign", "7011", campaign)
    server.put("CampaignMember", "00v1", {"CampaignId": "7011", "LeadId": "00Q000"})


def settle(server: SalesforceServer) -> None:
    server.now += dt.timedelta(hours=1)


def test_everything_is_read_then_exactly_what_changed_then_nothing(
    server: SalesforceServer,
) -> None:
    fill(server)
    leads = Mirror(connector(server), "Lead")

    assert len(leads.take()) == len(leads.rows) == 250
    assert leads.take() == []

    settle(server)
    for id_ in ("00Q003", "00Q077"):
        server.put("Lead", id_, {"Status": "Working"})
    server.put("Lead", "00Q900", {"OwnerId": "0052"})

    assert sorted(row["Id"] for row in leads.take()) == ["00Q003", "00Q077", "00Q900"]
    assert leads.rows["00Q077",]["Status"] == "Working"
    assert leads.rows["00Q900",]["Owner"] == "Bob"
    assert leads.take() == []


def test_deleted_and_merged_leads_are_struck_out(server: SalesforceServer) -> None:
    fill(server)
    server.delete("Lead", "00Q249")
    leads = Mirror(connector(server), "Lead")
    assert len(leads.take()) == 249
    settle(server)
    server.delete("Lead", "00Q010")
    server.merge(winner="00Q020", loser="00Q021")

    came = leads.take()

    assert sorted((row["Id"], row[DELETED]) for row in came) == [
        ("00Q010", True),
        ("00Q020", False),
        ("00Q021", True),
    ]
    assert len(leads.rows) == 247
    assert leads.take() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, body=[{"errorCode": "UNKNOWN_EXCEPTION", "message": "?"}]),
        Fault(status=429, body=[], headers={"Retry-After": "7"}),
        Fault(status=401, body=[{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]),
        Fault(status=400, body=[{"errorCode": "INVALID_QUERY_LOCATOR", "message": "gone"}]),
        cut(),
        repeat(),
    ],
    ids=["500", "429", "expired", "locator", "cut", "repeated page"],
)
@pytest.mark.parametrize("place", [2, 4, 5])
def test_a_fault_on_the_way_costs_no_row_and_doubles_none(
    server: SalesforceServer, fault: Fault, place: int
) -> None:
    fill(server)
    source = connector(server)
    server.faults.extend([None] * place + [fault])

    came = Mirror(source, "Lead").take()

    assert sorted(row["Id"] for row in came) == [f"00Q{number:03d}" for number in range(250)]


def test_rows_of_one_instant_are_read_once_though_the_query_is_dropped(
    server: SalesforceServer,
) -> None:
    fill(server, 0)
    for number in range(230):
        server.put("Lead", f"00Q{number:03d}", {})

    def drop(request: Request) -> None:
        if "/query/01g" in request.path and server.locators:
            server.before = lambda _: None
            server.locators.clear()

    server.before = drop

    came = [row["Id"] for row in Mirror(connector(server), "Lead").take()]

    assert len(came) == len(set(came)) == 230


def test_a_session_is_renewed_once_and_not_for_ever(server: SalesforceServer) -> None:
    fill(server)
    expired = Fault(status=401, body=[{"errorCode": "INVALID_SESSION_ID", "message": "expired"}])
    server.faults.extend([None, expired, None, expired])

    tested = connector(server, refresh_token="env:MINGJI_SOURCE_SF_REFRESH").test()

    assert not tested.ok
    assert server.signed_in == 2
    assert [each.body["grant_type"] for each in server.requests if each.body] == [
        "refresh_token",
        "refresh_token",
    ]


def test_a_wrong_secret_and_a_spent_allowance_are_told_in_words(server: SalesforceServer) -> None:
    fill(server)
    wrong = connector(server, client_secret="env:MINGJI_SOURCE_SF_REFRESH").test()
    assert not wrong.ok
    assert "invalid_client" in wrong.message.en

    spent = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    server.faults.extend([None, Fault(status=403, body=spent)])
    limited = connector(server).test()
    assert "请求次数超限" in limited.message.zh


def test_the_connection_test_says_what_may_be_read(server: SalesforceServer) -> None:
    fill(server)
    server.hidden = {"Campaign", "CampaignMember"}

    tested = connector(server).test()

    assert tested.ok
    assert tested.account == "明绩贸易"
    assert tested.readable == ("Lead", "Opportunity", "OpportunityHistory", "User")


def test_opportunities_say_who_owns_them_how_they_ended_and_whose_leads_they_were(
    server: SalesforceServer,
) -> None:
    fill(server)
    deals = Mirror(connector(server, currency="USD"), "Opportunity")
    deals.take()

    won, lost, open_ = (deals.rows[id_,] for id_ in ("0061", "0062", "0063"))
    assert [each["Outcome"] for each in (won, lost, open_)] == ["won", "lost", "open"]
    assert [each["Owner"] for each in (won, lost, open_)] == ["anna@example.com", "Bob", "Queue"]
    assert (won["LeadId"], lost["LeadId"]) == ("00Q000", None)
    assert (won["ClosedDate"], open_["ClosedDate"]) == ("2026-10-31", None)
    assert won["AmountWithCurrency"] == "1234.5 USD"
    assert won["CreatedDate"] == "2026-11-01 16:04:10.000"


def test_suggested_columns_load_into_the_canonical_tables(
    server: SalesforceServer, tmp_path: Path
) -> None:
    fill(server)
    definitions, warehouse = library().definitions, Warehouse(tmp_path)
    source = connector(server)
    for entity in source.entities():
        [delivery] = source.read(entity.name)
        if not entity.table:
            continue
        table = definitions.tables[entity.table]
        assert required(table.columns) <= set(entity.columns) <= set(table.columns)
        reading = shaped(delivery.reading, entity.columns, entity.values)
        batch = warehouse.load(table, reading, loaded_at="2026-11-28")
        assert batch.loaded == batch.read > 0

    connection = warehouse.connect(definitions)
    assert connection.sql(
        "SELECT opportunity_id, lead_id, closed_on, stage, kind, amount FROM opportunities "
        "ORDER BY 1"
    ).fetchall() == [
        ("0061", "00Q000", dt.date(2026, 10, 31), "won", "new", Decimal("1234.50")),
        ("0062", None, dt.date(2026, 10, 31), "lost", "new", Decimal("1234.50")),
        ("0063", None, None, "open", "new", Decimal("1234.50")),
    ]
    assert connection.sql("SELECT campaign, amount, budget FROM spend").fetchall() == [
        ("双十一", Decimal("8000.00"), Decimal("10000.25"))
    ]


def test_a_reading_that_was_killed_goes_on_from_its_last_cursor(server: SalesforceServer) -> None:
    fill(server)
    source = connector(server, rows=60)
    whole, broken = Mirror(source, "Lead"), Mirror(source, "Lead")
    whole.take()
    deliveries = source.read("Lead")
    first, lost = next(deliveries), next(deliveries)
    broken.take([first])
    again = next(iter(source.read("Lead", broken.cursor)))
    broken.take()

    assert again.reading.digest == lost.reading.digest
    assert broken.rows == whole.rows
    assert broken.cursor == whole.cursor


def test_fields_of_ones_own_are_read_and_absent_ones_named(server: SalesforceServer) -> None:
    fill(server)
    server.put("Lead", "00Q001", {"MQL_Date__c": "2026-10-02"})
    leads = Mirror(connector(server, lead_fields="MQL_Date__c"), "Lead")
    leads.take()
    assert leads.rows["00Q001",]["MQL_Date__c"] == "2026-10-02"

    own = {"MQL_At__c": "2026-03-31T17:30:00.000+0000", "Score__c": 7.5, "Told__c": "12:00 – 13:00"}
    server.put("Lead", "00Q002", own)
    leads = Mirror(connector(server, lead_fields=", ".join(own)), "Lead")
    leads.take()
    told = [leads.rows["00Q002",][name] for name in own]
    assert told == ["2026-04-01 01:30:00.000", "7.5", "12:00 – 13:00"]

    with pytest.raises(Invalid) as absent:
        list(connector(server, lead_fields="MQL_Day__c").read("Lead"))
    assert "MQL_Day__c" in absent.value.message.zh


def test_an_address_outside_is_never_asked(server: SalesforceServer) -> None:
    fill(server)
    outside = {"done": False, "nextRecordsUrl": "https://example.org/x", "records": []}
    server.faults.extend([None, None, Fault(status=200, body=outside)])

    with pytest.raises(Invalid) as astray:
        list(connector(server).read("Lead"))

    assert astray.value.code == "astray"


def test_previews_show_the_columns_that_will_come(server: SalesforceServer) -> None:
    fill(server)
    source = connector(server)
    for entity in source.entities():
        preview = source.preview(entity.name, 2)
        mirror = Mirror(source, entity.name)
        row = mirror.take()[0]
        assert {*preview.columns, "_row", DELETED} == set(row)
        assert 1 <= len(preview.rows) <= 2


def test_a_kind_is_opened_from_a_form(server: SalesforceServer) -> None:
    given = {"address": server.address, "client_id": "x", "client_secret": "env:MINGJI_SOURCE_SF"}
    fill(server)

    kind = kind_named("salesforce")

    assert kind.open(given, lambda: server.now).test().ok
    with pytest.raises(Invalid):
        kind.open({**given, "version": "62; DROP"}, lambda: server.now)


@pytest.mark.skipif(not DATA.exists(), reason="test data that nobody here wrote is absent")
def test_the_shared_organization_is_read_as_its_files_say(server: SalesforceServer) -> None:
    load_shared(server)
    settle(server)
    source = connector(server)
    for kind in ("Lead", "Opportunity", "OpportunityHistory"):
        with (DATA / "salesforce" / "org_export" / f"{kind}.csv").open("rb") as raw:
            text = raw.read().decode("utf-8-sig").splitlines()
        rows: list[dict[str, Any]] = list(csv.DictReader(text))
        mirror = Mirror(source, kind)
        mirror.take()
        assert {id_ for (id_,) in mirror.rows} == {row["Id"] for row in rows}
        if kind == "Opportunity":
            stated = sum(Decimal(row["Amount"] or 0) for row in rows)
            read = sum(Decimal(row["Amount"] or 0) for row in mirror.rows.values())
            assert read == stated > 0
            won = sum(row["IsWon"] == "TRUE" for row in rows)
            assert [row["Outcome"] for row in mirror.rows.values()].count("won") == won
        settle(server)
        server.put(kind, rows[0]["Id"], {})
        assert [row["Id"] for row in mirror.take()] == [rows[0]["Id"]]
        assert mirror.take() == []


def test_only_rows_that_are_certainly_gone_are_called_absent(server: SalesforceServer) -> None:
    fill(server, 5)
    server.delete("Lead", "00Q003")
    asked = [{"Id": id_} for id_ in ("00Q001", "00Q003", "00Q999")]

    absent = list(connector(server).absent("Lead", asked))

    assert [each["Id"] for each in absent] == ["00Q003", "00Q999"]
