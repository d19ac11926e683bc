"""Rows of other tables that no conversion counts are told, with the metrics concerned."""

from __future__ import annotations

from pathlib import Path

from integration.engine.conftest import loader
from mingji.engine.definitions import load_definitions
from mingji.engine.observe import observe
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
FINE = "1,a,2026-07-10,won\n2,,2026-07-01,won\n3,b,,won\n4,x,2026-08-01,lost\n"


def told(folder: Path, deals: str, metrics: tuple[str, ...] = ("won",)) -> list[Finding]:
    warehouse = Warehouse(folder / "warehouse")
    definitions = load_definitions(FUNNEL)
    load = loader(folder, warehouse, definitions)
    load("leads", LEADS)
    load("deals", "id,lead,won_on,stage\n" + deals)
    findings = observe(warehouse, definitions, by=("period",), metrics=list(metrics)).findings
    return [finding for finding in findings if finding.code.startswith("step_")]


def test_rows_that_can_count_or_are_no_step_are_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, FINE) == []


def test_a_deal_whose_lead_nobody_loaded_is_told_with_its_key(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,zz,2026-08-01,won\n")

    assert (finding.code, finding.count) == ("step_without_start", 1)
    assert finding.place.path == "deals.lead"
    assert "zz" in finding.message.zh
    assert "成交率" in finding.message.zh
    assert "zz" in finding.message.en
    assert "Win rate" in finding.message.en


def test_a_deal_won_before_the_first_contact_is_told_with_its_key(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, FINE + "5,b,2026-07-09,won\n6,b,2026-07-08,lost\n")

    assert (finding.code, finding.count) == ("step_before_start", 1)
    assert finding.place.path == "deals.won_on"
    assert "：b；涉及指标：成交率" in finding.message.zh
    assert finding.message.en.endswith("conversion: b; metrics concerned: Win rate")


def test_metrics_that_follow_no_steps_say_nothing_of_them(tmp_path: Path) -> None:
    assert told(tmp_path, "5,zz,2026-07-09,won\n", ("leads",)) == []
