"""Rows that no step of a conversion counts are told: how many, why, with the metrics concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from integration.engine.conftest import loader
from mingji.engine.backends.duckdb import opened
from mingji.engine.definitions import load_definitions
from mingji.engine.observe import observe
from mingji.engine.step_checks import step_findings
from mingji.engine.warehouse import Warehouse
from mingji.rules.findings import Finding

FUNNEL = """\
tables:
  leads:
    key: id
    time: met_on
    columns: {id: text, met_on: date}
  deals:
    key: id
    time: won_on
    columns: {id: text, lead: text, won_on: date, stage: text}
metrics:
  leads: {table: leads, agg: count}
  won:
    name: {zh: 成交率, en: Win rate}
    type: conversion
    table: leads
    steps:
      lead: met_on
      won: {table: deals, key: lead, time: won_on, filter: "stage = 'won'"}
"""
LEADS = "id,met_on\na,2026-07-10\nb,2026-07-10\n"
FINE = "1,a,2026-07-10,won\n4,x,2026-08-01,lost\n"
TODAY = dt.date(2026, 11, 1)

TALKS = """\
tables:
  leads:
    key: id
    time: met_on
    columns: {id: text, met_on: date, good: boolean}
  talks:
    key: id
    time: held_on
    columns: {id: text, lead: text, held_on: date}
  deals:
    key: id
    time: won_on
    owner: seller
    columns: {id: text, lead: text, seller: text, won_on: date}
metrics:
  won:
    name: {zh: 成交率, en: Win rate}
    type: conversion
    table: leads
    steps:
      lead: {time: met_on}
      talk: {table: talks, key: lead, time: held_on}
      won: {table: deals, key: lead, time: won_on}
    window: 30 days
  good:
    name: {zh: 优质成交率, en: Good wins}
    type: conversion
    table: leads
    steps:
      lead: {time: met_on, filter: good = true}
      won: {table: deals, key: lead, time: won_on}
"""

WIDE = """\
tables:
  leads:
    key: id
    time: met_on
    columns: {id: text, met_on: date, mql_on: date, won_on: date, stage: text}
metrics:
  won:
    type: conversion
    table: leads
    steps:
      lead: met_on
      mql: mql_on
      won: {time: won_on, filter: "stage = 'won'"}
    window: 60 days
"""

ODD_TALKS = {
    "leads": "id,met_on,good\na,2026-07-01,yes\nb,2026-07-01,yes\nc,2026-07-01,no\n",
    "talks": "id,lead,held_on\n1,a,2026-07-10\n2,c,2026-07-10\n3,zz,2026-07-10\n",
    "deals": (
        "id,lead,seller,won_on\n1,a,Anna,2026-07-12\n2,a,Anna,2026-07-05\n"
        "3,b,Anna,2026-07-12\n4,c,Bo,2026-06-30\n5,c,Bo,2026-08-15\n"
    ),
}
ODD_ROWS = {
    "leads": (
        "id,met_on,mql_on,won_on,stage\n"
        "fine,2026-07-01,2026-07-02,2026-07-03,won\n"
        "open,2026-07-01,,,\n"
        "early,2026-07-01,2026-06-30,,\n"
        "turned,2026-07-01,2026-07-09,2026-07-03,won\n"
        "skipped,2026-07-01,,2026-07-03,won\n"
        "late,2026-07-01,2026-07-02,2026-10-03,won\n"
        "undated,2026-07-01,2026-07-02,,won\n"
        "unmet,,2026-07-02,,\n"
        "ahead,2026-10-30,2026-11-02,,\n"
    )
}

LOOKING_BACK = """\
tables:
  leads:
    key: id
    time: met_on
    columns: {id: text, met_on: date}
metrics:
  leads: {table: leads, agg: count}
  leads_before: {type: lagged, metric: leads, offset_window: 1 periods}
"""


def found(
    folder: Path,
    definitions: str,
    tables: Mapping[str, str],
    metrics: Sequence[str] | None = None,
    today: dt.date | None = TODAY,
) -> list[Finding]:
    warehouse = Warehouse(folder / "warehouse")
    known = load_definitions(definitions)
    load = loader(folder, warehouse, known)
    for name, text in tables.items():
        load(name, text)
    asked = [known.metrics[name] for name in metrics or known.metrics]
    with opened(warehouse, known) as session:
        return list(step_findings(session, known, asked, today))


def told(folder: Path, deals: str, metrics: tuple[str, ...] = ("won",)) -> list[Finding]:
    rows = {"leads": LEADS, "deals": "id,lead,won_on,stage\n" + deals}
    return found(folder, FUNNEL, rows, metrics)


def counts(findings: Sequence[Finding]) -> dict[tuple[str, str], int | None]:
    return {(each.code, each.place.path): each.count for each in findings}


def test_rows_that_can_count_or_are_no_step_are_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, FINE) == []


def test_a_deal_whose_lead_nobody_loaded_is_told_with_its_key(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,zz,2026-08-01,won\n")

    assert (finding.code, finding.count) == ("step_without_start", 1)
    assert finding.place.path == "deals.lead"
    assert finding.message.zh == (
        "deals 有 1 行的“lead”在leads里找不到，不计入转化：lead zz；涉及指标：成交率"
    )
    assert "zz" in finding.message.en
    assert "Win rate" in finding.message.en


def test_a_deal_won_before_the_first_contact_is_told_with_its_key(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,b,2026-07-09,won\n6,b,2026-07-08,lost\n")

    assert (finding.code, finding.count) == ("step_before_start", 1)
    assert finding.place.path == "deals.won_on"
    assert "：lead b；涉及指标：成交率" in finding.message.zh
    assert finding.message.en.endswith("conversion: lead b; metrics concerned: Win rate")


def test_a_deal_that_was_won_on_no_day_is_told(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,b,,won\n6,b,,lost\n")

    assert (finding.code, finding.severity, finding.count) == ("step_undated", "warning", 1)
    assert "没有填“won_on”，不计入转化：lead b" in finding.message.zh


def test_a_deal_that_names_no_lead_is_a_note(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,,2026-07-20,won\n6,,2026-07-20,lost\n")

    assert (finding.code, finding.severity, finding.count) == ("step_without_key", "info", 1)


def test_a_day_to_come_is_told_with_how_many_count_all_the_same(tmp_path: Path) -> None:
    ahead = "5,b,2026-11-02,won\n6,zz,2027-01-01,won\n7,a,2026-11-01,won\n"
    orphan, future = told(tmp_path, FINE + ahead)

    assert (orphan.code, orphan.count) == ("step_without_start", 1)
    assert (future.code, future.count) == ("step_in_future", 2)
    assert "after today (2026-11-01); 1 of them count" in future.message.en
    assert "lead b, zz" in future.message.en


def test_without_a_clock_no_day_is_to_come(tmp_path: Path) -> None:
    rows = {"leads": LEADS, "deals": "id,lead,won_on,stage\n5,b,2126-11-02,won\n"}
    assert found(tmp_path, FUNNEL, rows, today=None) == []


def test_without_any_lead_the_deals_wait_for_them(tmp_path: Path) -> None:
    rows = {"deals": "id,lead,won_on,stage\n1,a,2026-07-10,won\n2,b,2026-07-10,won\n"}
    (finding,) = found(tmp_path, FUNNEL, rows)

    assert (finding.code, finding.severity, finding.count) == ("step_without_start", "info", 2)
    assert finding.remedy.zh == "载入leads后会重新核对"


def test_a_lead_without_a_day_takes_its_deals_with_it(tmp_path: Path) -> None:
    rows = {
        "leads": "id,met_on\na,\nb,2026-07-10\n",
        "deals": "id,lead,won_on,stage\n1,a,2026-07-10,won\n2,a,2026-07-11,won\n",
    }
    assert counts(found(tmp_path, FUNNEL, rows)) == {
        ("step_undated", "leads.met_on"): 1,
        ("step_start_not_taken", "deals.won_on"): 2,
    }


def test_no_more_than_five_keys_are_listed(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "".join(f"{n},z{n},2026-08-01,won\n" for n in range(7)))

    assert finding.count == 7
    assert "lead z0, z1, z2, z3, z4, …;" in finding.message.en


def test_keys_that_are_addresses_of_people_are_not_listed(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "5,anna@example.com,2026-08-01,won\n6,z,2026-08-01,won\n")

    assert finding.count == 2
    assert "anna" not in finding.message.en + finding.message.zh
    assert "their keys are personal data and are not listed" in finding.message.en


def test_metrics_that_follow_no_steps_say_nothing_of_them(tmp_path: Path) -> None:
    assert told(tmp_path, "5,zz,2026-07-09,won\n", ("leads",)) == []


def test_each_row_of_a_longer_way_has_one_reason(tmp_path: Path) -> None:
    assert counts(found(tmp_path, TALKS, ODD_TALKS)) == {
        ("step_without_start", "talks.lead"): 1,
        ("step_out_of_order", "deals.won_on"): 1,
        ("step_skipped", "deals.won_on"): 1,
        ("step_before_start", "deals.won_on"): 1,
        ("step_after_window", "deals.won_on"): 1,
        ("step_start_not_taken", "deals.won_on"): 2,
    }


def test_conversions_of_which_the_same_is_true_are_named_together(tmp_path: Path) -> None:
    rows = {
        "leads": "id,met_on,good\na,2026-07-01,yes\n",
        "talks": "id,lead,held_on\n1,a,2026-07-02\n",
        "deals": "id,lead,seller,won_on\n1,zz,Anna,2026-07-12\n2,a,Anna,2026-06-12\n",
    }
    orphan, early = found(tmp_path, TALKS, rows)

    assert "metrics concerned: Win rate, Good wins" in orphan.message.en
    assert "metrics concerned: Win rate, Good wins" in early.message.en


def test_steps_that_are_columns_of_one_table_are_looked_at_too(tmp_path: Path) -> None:
    assert counts(found(tmp_path, WIDE, ODD_ROWS)) == {
        ("step_undated", "leads.met_on"): 1,
        ("step_start_not_taken", "leads.mql_on"): 1,
        ("step_before_start", "leads.mql_on"): 1,
        ("step_in_future", "leads.mql_on"): 1,
        ("step_undated", "leads.won_on"): 1,
        ("step_skipped", "leads.won_on"): 1,
        ("step_out_of_order", "leads.won_on"): 1,
        ("step_after_window", "leads.won_on"): 1,
    }


def test_rows_without_a_day_are_told_of_a_metric_that_looks_back(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, LOOKING_BACK, {"leads": "id,met_on\na,\nb,2026-07-10\n"})

    assert (finding.code, finding.count) == ("step_undated", 1)
    assert (
        "1 row has no met_on and belongs to no period: id a; metrics concerned: leads_before"
        in finding.message.en
    )


def test_a_question_tells_them_unless_nobody_reads_it(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    definitions = load_definitions(FUNNEL)
    load = loader(tmp_path, warehouse, definitions)
    load("leads", LEADS)
    load("deals", "id,lead,won_on,stage\n1,a,2026-07-10,won\n5,zz,2026-08-01,won\n")
    loud, quiet = (
        observe(warehouse, definitions, metrics=["won"], by=("period",), told=each)
        for each in (True, False)
    )

    assert [each.code for each in loud.findings] == ["step_without_start"]
    assert quiet.findings == ()
    assert quiet.rows == loud.rows
