"""Reasons and findings name tables and columns as people call them, in both languages."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from mingji.engine.definitions import load_definitions
from mingji.engine.naming import Names
from mingji.rules.explanation import Node
from mingji.rules.findings import Place
from mingji.rules.text import Text

NAMES = Names(
    load_definitions("""
tables:
  leads:
    name: {zh: 线索, en: leads}
    key: id
    time: created_on
    columns:
      id: text
      created_on: {type: date, header: [创建日期, Created]}
      stage: {type: text, header: [阶段]}
      amount: {type: decimal, unit: CNY, header: [金额]}
metrics:
  revenue: {table: leads, column: amount, name: {zh: 销售收入, en: Revenue}}
  counted: {table: leads, agg: count, name: {zh: 线索数, en: Leads}}
""")
)
NODE = Node(
    key="a", label=Text.same("a"), value=None, parameters=MappingProxyType({"table": "leads"})
)


@pytest.mark.parametrize(
    ("name", "given", "zh", "en"),
    [
        ("table", "leads", "线索", "leads"),
        ("time", "created_on", "创建日期", "Created"),
        (
            "filter",
            "stage = 'won' and amount >= 10",
            "阶段 = won 且 金额 ≥ 10",
            "stage = won and amount ≥ 10",
        ),
        ("filter", "stage in ('and', 'it''s')", "阶段 属于 (and, it's)", "stage in (and, it's)"),
        ("formula", "revenue / counted", "销售收入 / 线索数", "Revenue / Leads"),
        ("time", "unknown_on", "unknown_on", "unknown_on"),
    ],
)
def test_a_parameter_is_told_in_names(name: str, given: str, zh: str, en: str) -> None:
    assert NAMES.parameter(NODE, name, given) == Text(zh, en)


def test_a_parameter_that_names_nothing_is_left_to_its_words() -> None:
    assert NAMES.parameter(NODE, "direction", "up") is None


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (
            Place("a.csv", 85, None, "row 85, column created_on"),
            "a.csv 第 85 行「创建日期」列",
            "a.csv, row 85, column “Created”",
        ),
        (Place("a.csv", path="row 3"), "a.csv 第 3 行", "a.csv, row 3"),
        (Place("a.csv", path="column stage"), "a.csv 「阶段」列", "a.csv, column “stage”"),
        (
            Place("a.csv", path="columns created_on, stage"),
            "a.csv 「创建日期」「阶段」列",
            "a.csv, columns “Created”, “stage”",
        ),
        (Place(path="leads"), "线索", "leads"),
        (Place(path="leads.amount"), "线索「金额」列", "leads, column “amount”"),
        (Place(path="revenue"), "销售收入", "Revenue"),
        (Place("a.csv"), "a.csv", "a.csv"),
    ],
)
def test_a_place_is_told_in_names(place: Place, zh: str, en: str) -> None:
    assert NAMES.place(place, "leads") == Text(zh, en)
