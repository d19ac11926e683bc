"""The files that the demo company's systems export, and what the engine makes of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from mingji.connectors.files import open_file
from mingji.demo import stories
from mingji.demo.actuals import library, planned
from mingji.demo.company import Company, build
from mingji.demo.files import write_sources
from mingji.demo.tables.leads import leads
from mingji.demo.world import World, stints_of
from mingji.engine.identity import Identity, read_identity
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

AT = "2026-11-22T08:00:00+08:00"


@pytest.fixture(scope="session")
def files(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_sources(tmp_path_factory.mktemp("exports"), company)


@pytest.fixture(scope="session")
def warehouse(
    files: dict[str, Path], company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    warehouse = Warehouse(tmp_path_factory.mktemp("warehouse"))
    for name in company.tables:
        batch = warehouse.load(library().tables[name], open_file(files[name]), loaded_at=AT)
        assert batch.loaded == len(company.tables[name]), name
        assert not batch.findings, name
    return warehouse


@pytest.fixture(scope="session")
def identity(files: dict[str, Path]) -> Identity:
    return read_identity(open_file(files["owners"]), open_file(files["postings"]))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(files, company, tmp_path):
    def digests(found: dict[str, Path]) -> dict[str, str]:
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}

    same = build()
    other = World(7, company.today, company.people, stints_of(company.people))

    assert digests(write_sources(tmp_path / "again", same)) == digests(files)
    assert same.targets == company.targets
    assert leads(other) != company.tables["leads"]
    assert all(path.stat().st_size < 2**21 for path in files.values())


def test_an_earlier_today_knows_the_same_and_less(company):
    earlier = build(today=dt.date(2026, 10, 20))

    events = [row for row in company.tables["events"] if row.held_on <= earlier.today]
    leads = [row.created_on for row in company.tables["leads"] if row.created_on <= earlier.today]
    assert list(earlier.tables["events"]) == events
    assert [row.created_on for row in earlier.tables["leads"]] == leads
    over = [target for target in company.targets if target.quarter in company.quarters]
    assert [x for x in earlier.targets if x.quarter in company.quarters] == over


def test_the_exports_look_like_those_of_a_chinese_company(files):
    assert files["leads"].read_bytes().startswith("\ufeff线索编号,创建日期".encode())
    assert files["payments"].read_bytes().decode("gb18030").startswith("回款编号,商机编号,到期日")
    assert files["spend"].suffix == ".parquet"


@pytest.mark.parametrize("by", ["member", "team"])
def test_the_engine_finds_what_the_planner_added_up(warehouse, identity, company, by):
    themed = {name for theme in company.themes for name in theme.metrics}
    observed = observe(
        warehouse,
        library(),
        metrics=sorted(themed | {metric.id for metric in planned()}),
        by=(by, "period"),
        periods=["2026Q2", "2026Q3"],
        identity=identity,
    )

    # The planner's department is everybody; the engine's team `marketing` only its direct members.
    rows = [row for row in observed.rows if row.keys[by] != "marketing"]
    different = [
        (row.keys, row.metric, row.value)
        for row in rows
        if row.value != company.actuals.value(row.keys[by], row.keys["period"], row.metric)
    ]

    assert len(rows) > 1_000
    assert different == []


def test_the_engine_lists_the_owners_that_match_nobody(warehouse, identity):
    observed = observe(warehouse, library(), metrics=["leads_created"], identity=identity)

    assert {row.owner for row in observed.unmatched} == set(stories.UNMATCHED_OWNERS)


def test_channels_meet_across_tables_and_a_dimension_of_one_table_only_is_refused(warehouse):
    metrics = ("cost_per_lead", "roas", "spend_total", "leads_created")
    answer = observe(warehouse, library(), metrics=metrics, by=("channel", "quarter"))

    keys = {"channel": "search_ads", "quarter": "2026Q3"}
    spend, leads = (answer.at(name, **keys) for name in ("spend_total", "leads_created"))
    cost = answer.at("cost_per_lead", **keys)
    assert cost.node.find("spend_total").value == spend.value > 0
    assert cost.node.find("leads_created").value == leads.value > 0
    assert round(cost.value, 8) == round(spend.value / leads.value, 8)
    with pytest.raises(Invalid, match="spend, which has no “region”"):
        observe(warehouse, library(), metrics=["cost_per_lead"], by=("region", "quarter"))


def test_kpis_of_tables_that_the_company_keeps_have_values_and_others_have_no_data(warehouse):
    kept = (
        *("market_share", "market_share_growth", "revenue_growth", "gross_margin"),
        *("new_product_share", "repurchase_rate", "average_order_value", "marketing_roi"),
        *("ad_roas", "conversion_rate", "cost_per_sqo", "qualified_pipeline", "net_followers"),
        *("member_activity_rate", "referral_coefficient", "organic_traffic_growth"),
        *("asset_conversion_rate", "share_of_voice", "budget_variance", "lead_to_customer_rate"),
    )
    not_kept = ("aided_awareness", "crisis_response_hours", "coverage_rate", "churn_rate")

    answer = observe(
        warehouse, library(), metrics=(*kept, *not_kept), by=("quarter",), periods=["2026Q3"]
    )

    values = {row.metric: row.value for row in answer.rows}
    assert [name for name in kept if not values[name]] == []
    assert [name for name in not_kept if values[name] is not None] == []
    assert 0.03 < values["market_share"] < 0.2
    assert 1 < values["ad_roas"] < 10
