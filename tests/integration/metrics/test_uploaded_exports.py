"""An uploaded export of an ad platform is recognised, and mapped without anybody's choosing."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.metrics.test_source_pages import analyst, goes_to, inbox, page  # noqa: F401

ADS = "/metrics/data/sources/ads/"
NEW = "/metrics/data/sources/new/"
NAMED = {"kind": "upload", "name_zh": "投放", "name_en": "Ads", "code": "ads"}
GOOGLE = (
    "Day,Customer ID,Campaign,Device,Cost,Impressions,Clicks,Conversions,Currency code\n"
    "2026-07-01,42,Brand,Mobile,100.50,1000,40,1.5,CNY\n"
    "2026-07-01,42,Brand,Desktop,200.25,500,20,0.25,CNY\n"
)
MARKETO_LIKE = "id,first name\n1,Li\n"


def upload(client, text, name="google.csv"):
    return client.post(f"{ADS}upload/", {"file": SimpleUploadedFile(name, text.encode())})


@pytest.fixture
def uploaded(analyst):  # noqa: F811
    """An upload source that was given one report of Google Ads and is not mapped yet."""
    analyst.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    goes_to(analyst.post(NEW, NAMED))
    assert goes_to(upload(analyst, GOOGLE)) == f"{ADS}preview/"
    return analyst


def proposed(client):
    """The mapping as the page proposes it: what would be posted if nobody changed anything."""
    shown = page(client, f"{ADS}mapping/")
    form = shown.split('id="mapping"')[1]
    chosen = {"table": re.findall(r'name="table" value="(\w*)"', form)[0]}
    chosen["entity"] = re.findall(r'name="entity" value="([\w-]*)"', form)[0]
    for name, options in re.findall(r'<select name="(from:\w+)".*?>(.*?)</select>', form, re.S):
        picked = re.findall(r"<option selected>([^<]*)<", options)
        chosen[name] = picked[0] if picked else ""
    return chosen


def test_the_table_and_the_columns_are_proposed(uploaded):
    found = proposed(uploaded)

    assert (found["table"], found["entity"]) == ("spend", "export-spend")
    assert found["from:spent_on"] == "spent_on"
    assert found["from:amount"] == "amount_with_currency"
    assert found["from:conversions"] == "conversions"


def test_taken_as_proposed_it_is_added_up_and_fractions_of_conversions_stay(uploaded):
    from mingji.engine.one_row import row_of
    from mingji.metrics.definitions import library, warehouse

    goes_to(uploaded.post(f"{ADS}mapping/", proposed(uploaded)))
    goes_to(uploaded.post(f"{ADS}run/"))

    definitions = library().definitions
    key = ["google_ads|42|Brand|2026-07-01|CNY"]
    row = row_of(warehouse(), definitions, definitions.tables["spend"], key)
    assert row is not None
    assert [Decimal(row[name]) for name in ("amount", "impressions", "clicks", "conversions")] == [
        Decimal("300.75"),
        Decimal(1500),
        Decimal(60),
        Decimal("1.75"),
    ]


def test_a_file_of_another_kind_is_refused_at_the_door(uploaded):
    goes_to(uploaded.post(f"{ADS}mapping/", proposed(uploaded)))
    answer = upload(uploaded, MARKETO_LIKE, "people.csv")

    assert answer.status_code == 422
    assert "no layout that is known" in answer.content.decode()


def test_a_report_by_another_level_fails_the_run_and_is_not_counted_twice(uploaded):
    goes_to(uploaded.post(f"{ADS}mapping/", proposed(uploaded)))
    goes_to(uploaded.post(f"{ADS}run/"))
    by_ad = (
        "Date,ad_group_id,Cost_micros,Impressions,Clicks,currency_code\n"
        "2026-07-01,G1,300750000,1500,60,CNY\n"
    )
    run = page(uploaded, goes_to(upload(uploaded, by_ad, "by-ad.csv")))

    assert "it would count twice" in run


def test_a_file_without_a_known_layout_is_mapped_as_before(analyst):  # noqa: F811
    goes_to(analyst.post(NEW, NAMED))
    goes_to(upload(analyst, "线索编号,创建日,负责人\nA1,2026-07-01,subject\n", "leads.csv"))

    assert 'name="entity" value="rows"' in page(analyst, f"{ADS}mapping/?table=leads")
