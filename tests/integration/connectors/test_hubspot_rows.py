"""Rows of HubSpot say what the canonical model asks: owners, outcomes, days, leads of deals."""

from __future__ import annotations

from typing import Any

import pytest

from integration.connectors.conftest import Mirror, required
from integration.connectors.hubspot_account import connector, fill, settle
from mingji.connectors.shaping import shaped
from mingji.connectors.source import DELETED
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid
from vendors.hubspot import HubSpotServer
from vendors.server import Fault


def test_deals_say_who_owns_them_where_they_stand_and_whose_leads_they_were(
    hubspot: HubSpotServer,
) -> None:
    fill(hubspot)
    deals = Mirror(connector(hubspot, deal_properties="priority，region__c"), "deals")
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
    hubspot: HubSpotServer, tmp_path: Any
) -> None:
    fill(hubspot)
    definitions = library().definitions
    warehouse = Warehouse(tmp_path)
    source = connector(hubspot)
    for name, table, loaded in (("contacts", "leads", 250), ("deals", "opportunities", 2)):
        entity = next(each for each in source.entities() if each.name == name)
        columns = definitions.tables[table].columns
        assert required(columns) <= set(entity.columns) <= set(columns)
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


def test_instants_of_ones_own_properties_fall_on_the_day_of_the_zone(
    hubspot: HubSpotServer,
) -> None:
    fill(hubspot, 1)
    own = {
        "rejected_at": "2026-03-31T17:30:00Z",
        "quoted_on": "2026-03-31",
        "note": "2026 年 3 月 31 日起",
    }
    hubspot.put("contacts", "1", own)
    contacts = Mirror(connector(hubspot, contact_properties=", ".join(own)), "contacts")
    contacts.take()

    told = [contacts.rows["1",][name] for name in own]
    assert told == ["2026-04-01 01:30:00.000", "2026-03-31", "2026 年 3 月 31 日起"]


def test_deals_come_again_when_a_stage_is_renamed_or_means_another_thing(
    hubspot: HubSpotServer,
) -> None:
    fill(hubspot, 1)
    deals = Mirror(connector(hubspot), "deals")
    deals.take()
    settle(hubspot)
    assert deals.take() == []

    stage = hubspot.pipelines[0]["stages"][0]
    stage["label"], stage["metadata"] = "Signed", {"isClosed": "true", "probability": "1.0"}

    assert len(deals.take()) == 3
    assert (deals.rows["902",]["stage"], deals.rows["902",]["outcome"]) == ("Signed", "won")
    assert deals.take() == []


def test_changes_of_deals_come_with_their_instants(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    history = Mirror(connector(hubspot), "deal_history")
    history.take()
    settle(hubspot)
    hubspot.put("deals", "902", {"dealstage": "won"})

    came = history.take()

    stages = [(row["changed_at"], row["value"]) for row in came if row["property"] == "dealstage"]
    assert [value for _, value in stages] == ["appointment", "won"]
    assert stages[1][0] == "2026-11-01 17:04:10.000"
    assert {row["id"] for row in came} == {"902"}
    assert history.take() == []


def test_owners_and_stages_are_read_whole_only_when_changed(
    hubspot: HubSpotServer,
) -> None:
    fill(hubspot)
    owners = Mirror(connector(hubspot), "owners")
    stages = Mirror(connector(hubspot), "pipelines")
    assert [row["name"] for row in owners.take()] == ["安娜 林", "Bob Gone"]
    assert [row["outcome"] for row in stages.take()] == ["open", "won", "lost"]
    assert owners.take() == stages.take() == []

    hubspot.owners[0]["email"] = "lin@example.com"

    assert owners.take()[0]["email"] == "lin@example.com"
    assert owners.take() == []


def test_previews_show_the_columns_that_will_come(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    source = connector(hubspot)
    for entity in source.entities():
        preview = source.preview(entity.name, 2)
        mirror = Mirror(source, entity.name)
        mirror.take()
        assert set(preview.columns) | {"_row", DELETED} == set(next(iter(mirror.rows.values()), ()))
        assert len(preview.rows) == 2 or entity.name == "companies"


def test_an_answer_of_another_shape_is_said_to_be_one(hubspot: HubSpotServer) -> None:
    fill(hubspot)
    for body in ({"results": [{"id": 7}]}, {"hello": "world"}, [], b"<html>proxy</html>"):
        hubspot.faults.append(Fault(status=200, body=body))
        with pytest.raises(Invalid) as strange:
            list(connector(hubspot).read("contacts"))
        assert strange.value.code == "not_understood"
