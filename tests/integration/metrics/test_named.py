"""In Chinese pages tables and columns have Chinese names, and what was found is told once."""

from __future__ import annotations

import builders
from integration.metrics.conftest import HEAD
from integration.metrics.test_dispute_pages import signed_in, text


def page(member, path):
    return text(signed_in(member).get(path, headers={"accept-language": "zh-CN"}))


def test_the_reasons_name_the_table_and_its_date_in_chinese(refreshed):
    why = page(refreshed.subject, "/metrics/mql_count/2026Q3/why/?member=subject")

    assert "MQL 日期" in why
    assert "mql_on" not in why
    assert '<dd class="num">线索</dd>' in why


def test_a_condition_is_told_in_names_with_its_values_as_they_are(refreshed, load):
    head = "opportunity_id,created_on,closed_on,stage,kind,channel,amount,owner\n"
    load(
        "opportunities", f"{head}O1,2026-07-01,2026-08-01,won,new,search,100,subject\n", "deals.csv"
    )
    from mingji.metrics import actions

    actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)
    why = page(refreshed.subject, "/metrics/buying_accounts/2026Q3/why/?member=subject")

    assert "阶段 = won" in why
    assert "stage = " not in why


def test_a_finding_is_placed_in_chinese(refreshed, load):
    load("leads", f"{HEAD}L90,待确认,search,,east,auto,subject,,,,\n", "late.csv")
    found = page(refreshed.analyst, "/metrics/data/")

    assert "late.csv 第 2 行「创建日期」列" in found
    assert "column created_on" not in found


def test_what_was_found_is_told_once_whatever_kinds_of_periods_are_computed(refreshed):
    from mingji.metrics import actions, queries

    actions.refresh("system", ["2026Q2", "2026Q3", "2026", "2026-08"], builders.NOW)
    shown = queries.data_page(builders.a_viewer(refreshed.analyst))

    places = [(each.code, each.where) for each in shown.findings]
    assert len(places) == len(set(places))
    owners = [(each.source, each.owner) for each in shown.unmatched]
    assert len(owners) == len(set(owners))


def test_the_page_of_a_metric_says_whom_it_measures_when_and_what_it_counts(refreshed):
    shown = page(refreshed.subject, "/metrics/won_revenue/?period=2026Q3")
    counted = page(refreshed.subject, "/metrics/leads_created/?period=2026Q3")

    assert "阶段 = won" in shown
    assert "2026年第三季度 2 位成员" in counted
    assert "最近计算" in counted
