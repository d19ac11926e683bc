"""Stages that were passed before the one that leads to them: told, with what hangs on it."""

from __future__ import annotations

from pathlib import Path

from integration.engine.conftest import loader
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse

LEADS = """\
tables:
  leads:
    key: id
    time: created
    columns:
      id: text
      created: {type: date, header: 创建日期}
      mql_on: {type: date, header: MQL 日期}
      sql_on: {type: date, header: SQL 日期}
metrics:
  leads: {table: leads, agg: count, name: {zh: 线索数, en: Leads}}
  mql: {table: leads, agg: count, time: mql_on, name: {zh: 合格线索数, en: MQLs}}
  accepted:
    table: leads
    agg: count
    time: mql_on
    filter: sql_on is not null
    name: {zh: 接受数, en: Accepted}
  rate:
    type: ratio
    numerator: accepted
    denominator: mql
    unit: ratio
    name: {zh: 接受率, en: Acceptance rate}
"""
ROWS = """\
id,创建日期,MQL 日期,SQL 日期
1,2026-01-01,2026-01-05,2026-01-03
2,2026-01-01,2026-01-05,2026-01-06
3,2026-01-01,,2026-01-03
4,2026-01-01,2026-01-09,2026-01-02
"""


def test_a_later_stage_before_an_earlier_one_is_told_with_its_metrics(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    load = loader(tmp_path, warehouse, load_definitions(LEADS))

    batch = load("leads", ROWS)

    assert batch.loaded == 4
    (told,) = batch.findings
    assert (told.code, told.severity, told.count) == ("stage_order", "warning", 2)
    assert "SQL 日期早于MQL 日期（第 2、5 行）" in told.message.zh
    assert told.message.zh.endswith("用到这两列的指标：合格线索数、接受数、接受率")
    assert told.message.en.endswith("metrics that read them: MQLs, Accepted, Acceptance rate")


def test_a_date_before_the_creation_is_told_with_its_metrics(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    load = loader(tmp_path, warehouse, load_definitions(LEADS))

    batch = load("leads", ROWS.replace("3,2026-01-01", "3,2026-02-01"))

    told = {each.code: each for each in batch.findings}
    assert set(told) == {"stage_order", "ends_before_it_begins"}
    assert "Leads" in told["ends_before_it_begins"].message.en
