"""Exports of ads and marketing automation give the figures that stand in the files, once each."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from mingji.connectors.exports import arranged
from mingji.connectors.files import open_file
from mingji.connectors.folder import ENTITIES
from mingji.connectors.layouts import layouts, recognised
from mingji.connectors.shaping import shaped
from mingji.connectors.source import DELETED
from mingji.engine.warehouse import Batch, Warehouse
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid
from vendors.server import DATA

SHANGHAI = ZoneInfo("Asia/Shanghai")
ADS = DATA / "ads"
needs_data = pytest.mark.skipif(
    not DATA.exists(), reason="test data that nobody here wrote is absent"
)
BAIDU = "日期,推广计划,展现,点击,消费\n"


def rows(path: Path, **options: Any) -> list[dict[str, Any]]:
    """The rows of an export in the columns of its table."""
    reading = arranged(recognised(open_file(path)), zone=SHANGHAI, **options)
    found = []
    for batch in reading.batches():
        for row in batch.to_pylist():
            found.append({reading.columns[int(n)] if n.isdigit() else n: v for n, v in row.items()})
    return found


def total(listed: list[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in listed if row[name]), Decimal(0))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def load(warehouse: Warehouse, path: Path, **options: Any) -> Batch:
    """Loads a report of spend into the canonical table."""
    from mingji.connectors.folder import ENTITIES

    [entity] = [each for each in ENTITIES if each.name == "spend"]
    reading = arranged(recognised(open_file(path)), zone=SHANGHAI, **options)
    table = library().definitions.tables["spend"]
    columns = {name: column for name, column in entity.columns.items() if name in table.columns}
    return warehouse.load(table, shaped(reading, columns), loaded_at="2026-11-28")


#: By file: its layout, then the columns of day, money (and what it is divided by), impressions,
#: clicks and conversions, as the platforms document them.
REPORTS = {
    name: [word.strip() for word in words.split(",")]
    for name, _, words in (
        line.partition(": ")
        for line in """
google_ads_campaign_stats: google_ads, date, cost_micros/1000000,
    impressions, clicks, conversions
google_ads_account_stats: google_ads, date, cost_micros/1000000,
    impressions, clicks, conversions
google_ads_ad_group_stats: google_ads, date, cost_micros/1000000,
    impressions, clicks, conversions
google_ads_keyword_stats: google_ads, date, cost_micros/1000000,
    impressions, clicks, conversions
facebook_ads_basic_ad: meta_ads, date, spend,
    impressions, inline_link_clicks, -
linkedin_ad_analytics_by_campaign: linkedin_ads, day, cost_in_usd,
    impressions, clicks, external_website_conversions
linkedin_ad_analytics_by_creative: linkedin_ads, day, cost_in_usd,
    impressions, clicks, external_website_conversions
microsoft_ads_campaign_performance_daily_report: microsoft_ads, date, spend,
    impressions, clicks, conversions
microsoft_ads_ad_performance_daily_report: microsoft_ads, date, spend,
    impressions, clicks, conversions
amazon_ads_campaign_level_report: amazon_ads, date, cost,
    impressions, clicks, purchases_30_d
apple_search_campaign_report: apple_search_ads, date, local_spend_amount,
    impressions, taps, conversions
pinterest_campaign_report: pinterest_ads, date, spend_in_micro_dollar/1000000,
    impression_1, clickthrough_1, total_conversions
reddit_ads_campaign_report: reddit_ads, date, spend/1000000,
    impressions, clicks, -
snapchat_campaign_hourly_report: snapchat_ads, date, spend/1000000,
    impressions, swipes, conversion_purchases
tiktok_campaign_report_hourly: tiktok_ads, STAT_TIME_HOUR, SPEND,
    IMPRESSIONS, CLICKS, CONVERSION
twitter_campaign_report: x_ads, date, billed_charge_local_micro/1000000,
    impressions, clicks, conversion_purchases_metric
""".strip()
        .replace(",\n", ",")
        .splitlines()
    )
}


@needs_data
@pytest.mark.parametrize("name", REPORTS)
def test_the_sums_of_each_platform_are_those_of_its_file(name: str) -> None:
    layout, day, money, impressions, clicks, conversions = REPORTS[name]
    money, _, divided = money.partition("/")
    divisor = int(divided or 1)
    path = ADS / f"{name}_data.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        stated = list(csv.DictReader(file))

    def summed(column: str, where: str = "") -> Decimal:
        chosen = [row.get(column) for row in stated if row[day].startswith(where)]
        return sum((Decimal(cell or 0) for cell in chosen), Decimal(0))

    assert recognised(open_file(path)).layout.name == layout
    found = rows(path)

    assert len({row["spend_id"] for row in found}) == len(found)
    assert sum(int(row["rows"]) for row in found) == len(stated) > 1
    assert total(found, "amount") * divisor == summed(money)
    assert total(found, "impressions") == summed(impressions)
    assert total(found, "clicks") == summed(clicks)
    assert total(found, "conversions") == summed(conversions)
    for spent_on in sorted({row["spent_on"] for row in found})[:5]:
        of_the_day = [row for row in found if row["spent_on"] == spent_on]
        assert total(of_the_day, "amount") * divisor == summed(money, spent_on)


@needs_data
def test_amounts_name_their_currency_where_the_file_does(tmp_path: Path) -> None:
    found = rows(ADS / "microsoft_ads_campaign_performance_daily_report_data.csv")
    assert {row["currency"] for row in found} == {"USD"}
    google = rows(ADS / "google_ads_campaign_stats_data.csv")
    assert {row["currency"] for row in google} == {None}
    assert {
        row["currency"] for row in rows(ADS / "google_ads_campaign_stats_data.csv", currency="CNY")
    } == {"CNY"}

    dollars = load(
        Warehouse(tmp_path), ADS / "microsoft_ads_campaign_performance_daily_report_data.csv"
    )
    assert dollars.loaded == 0
    assert "other_currency" in {finding.code for finding in dollars.findings}


def test_a_baidu_report_in_gb18030_loads_into_the_canonical_table(tmp_path: Path) -> None:
    text = (
        "百度推广报告\n生成时间：2026-11-02\n"
        "日期,账户,推广计划,推广单元,展现,点击,消费（元）,转化\n"
        '2026-11-01,明绩科技,品牌,核心词,"12,345",120,"1,052.75",3\n'
        "2026-11-01,明绩科技,品牌,长尾词,655,7,47.25,--\n"
        "2026/11/2,明绩科技,竞品,核心词,1000,10,88,1\n"
    )
    warehouse = Warehouse(tmp_path / "warehouse")
    path = write(tmp_path / "百度.csv", text, "gb18030")

    assert recognised(open_file(path)).layout.name == "chinese_ads"
    batch = load(warehouse, path)

    assert batch.loaded == 2
    stored = warehouse.connect(library().definitions).sql(
        "SELECT spent_on, campaign, amount, impressions, clicks, owner, _row FROM spend ORDER BY 1"
    )
    assert stored.fetchall() == [
        (dt.date(2026, 11, 1), "品牌", Decimal("1100.00"), 13000, 127, "明绩科技", 4),
        (dt.date(2026, 11, 2), "竞品", Decimal("88.00"), 1000, 10, "明绩科技", 6),
    ]
    assert total(rows(path), "conversions") == 4


def test_a_report_exported_again_in_another_breakdown_replaces_the_first(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load(warehouse, write(tmp_path / "1.csv", f"{BAIDU}2026-11-01,品牌,100,5,40\n"))
    again = (
        "日期,推广计划,设备,展现,点击,消费\n"
        "2026-11-01,品牌,手机,80,4,30\n"
        "2026-11-01,品牌,电脑,30,2,15\n"
    )
    load(warehouse, write(tmp_path / "2.csv", again))

    amounts = warehouse.connect(library().definitions).sql("SELECT amount, clicks FROM spend")
    assert amounts.fetchall() == [(Decimal("45.00"), 6)]


def test_totals_and_doubtful_cells_are_set_aside_by_name(tmp_path: Path) -> None:
    text = (
        f"{BAIDU}2026-11-01,品牌,100,5,40\n"
        '2026-11-01,品牌,100,5,"1052,75"\n'
        "总计,,200,10,1092.75\n"
        "02/11/2026,品牌,1,1,1\n"
    )
    batch = load(Warehouse(tmp_path / "w"), write(tmp_path / "x.csv", text))

    assert (batch.loaded, batch.read) == (1, 4)
    set_aside = {(f.place.line, f.code) for f in batch.findings if f.severity == "warning"}
    assert set_aside == {(3, "ambiguous_number"), (4, "not_a_date"), (5, "ambiguous_date")}


def test_a_report_of_the_google_ads_page_is_read_below_its_title(tmp_path: Path) -> None:
    path = tmp_path / "Campaign report.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(
            [
                ["Campaign report"],
                ["1 November 2026 - 2 November 2026"],
                ["Day", "Campaign", "Currency code", "Cost", "Impr.", "Clicks", "Conversions"],
                ["2026-11-01", "Brand", "CNY", 12.5, 100, 3, 0.5],
                ["2026-11-02", "Brand", "CNY", 0.1, 10, 0, 0],
            ]
        ):
            sheet.write_row(number, 0, line)

    found = rows(path)

    assert [row["amount_with_currency"] for row in found] == ["12.5 CNY", "0.1 CNY"]
    assert total(found, "conversions") == Decimal("0.5")


def test_a_currency_in_the_header_counts(tmp_path: Path) -> None:
    meta = "Reporting starts,Campaign name,Amount spent (USD),Impressions,Link clicks,Results\n"
    path = write(tmp_path / "meta.csv", f"{meta}2026-11-01,Sale,12.34,100,5,1\n")

    [row] = rows(path)

    assert (row["currency"], row["platform"], row["channel"]) == ("USD", "meta_ads", "feed_ads")


def test_a_layout_that_lacks_a_column_and_one_that_is_unknown_say_what_is_missing(
    tmp_path: Path,
) -> None:
    whole_month = write(tmp_path / "month.csv", "Campaign,Cost,Impr.,Clicks\nBrand,1,2,3\n")
    with pytest.raises(Invalid) as incomplete:
        recognised(open_file(whole_month))
    assert "date / day" in incomplete.value.message.en
    assert "Google Ads" in incomplete.value.message.zh

    other = write(tmp_path / "other.csv", "日期,推广计划,消费\n2026-11-01,品牌,3\n")
    with pytest.raises(Invalid) as unknown:
        recognised(open_file(other))
    assert "缺 展现" in unknown.value.message.zh or "缺 点击" in unknown.value.message.zh


@needs_data
def test_marketing_automation_loads_into_leads_and_opportunities(tmp_path: Path) -> None:
    folder = DATA / "marketing_automation"
    definitions = library().definitions
    opportunities = folder / "pardot" / "pardot_opportunity_data.csv"
    with opportunities.open(encoding="utf-8-sig") as file:
        stated = list(csv.DictReader(file))
    found = rows(opportunities)

    assert len(found) == len(stated) == 100
    assert total(found, "amount") == sum(Decimal(row["value"] or 0) for row in stated)
    for ours, theirs in (("won", "Won"), ("lost", "Lost")):
        assert [r["stage"] for r in found].count(ours) == [r["status"] for r in stated].count(
            theirs
        )
    # 21:00 in universal time is the next morning in Shanghai
    [first] = [row for row in found if row["opportunity_id"] == "3878435"]
    assert first["closed_on"] == "2018-09-19 05:00:00.000"
    warehouse = Warehouse(tmp_path)
    for path in (
        folder / "marketo" / "marketo_lead_data.csv",
        folder / "pardot" / "pardot_prospect_data.csv",
    ):
        assert recognised(open_file(path)).layout.table == "leads"
        reading = arranged(recognised(open_file(path)), zone=SHANGHAI)
        [entity] = [each for each in ENTITIES if each.name == "leads"]
        reading = shaped(reading, entity.columns)
        leads = definitions.tables["leads"]
        batch = warehouse.load(leads, reading, loaded_at="")
        assert batch.loaded == batch.read >= 99


@needs_data
def test_leads_that_were_merged_away_are_struck_out_and_activities_named() -> None:
    folder = DATA / "marketing_automation"
    merged = rows(folder / "marketo" / "marketo_activity_merge_leads_data.csv")
    with (folder / "marketo" / "marketo_activity_merge_leads_data.csv").open(
        encoding="utf-8-sig"
    ) as file:
        gone = {row["merge_ids"].strip("[]") for row in csv.DictReader(file)}
    assert {row["lead_id"] for row in merged} == gone - {""}
    assert all(row[DELETED] for row in merged)

    kinds = {"open": "opened", "click": "clicked", "send": "sent", "unsubscribe": "unsubscribed"}
    for name, kind in kinds.items():
        found = rows(folder / "marketo" / f"marketo_activity_{name}_email_data.csv")
        assert {row["kind"] for row in found} == {kind}
        assert len(found) == 100
    visits = rows(folder / "pardot" / "pardot_visitor_activity_data.csv")
    assert [row["kind"] for row in visits].count("Opportunity Won") == 9


def test_every_layout_is_known_by_columns_it_also_uses_and_named_in_both_languages() -> None:
    for layout in layouts():
        assert layout.label.zh
        assert layout.label.en
        assert len(layout.known_by) == len(set(layout.known_by))
        assert layout.micros <= set(layout.columns.get("amount", ()))
