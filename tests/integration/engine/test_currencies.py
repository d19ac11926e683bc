"""Amounts in several currencies at the rate of their own day, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.engine.conftest import loader
from integration.engine.test_other_days import told, value
from mingji.engine.definitions import load_definitions
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

MONEY = """\
tables:
  orders:
    key: id
    time: day
    owner: rep
    columns:
      id: text
      rep: text
      day: date
      cur: text
      amount: {type: decimal, scale: 2, currency: cur}
  fx:
    columns: {cur: text, since: date, month: text, rate: {type: decimal, scale: 6}, to: text}
rates: {table: fx, currency: cur, day: since, rate: rate, into: CNY}
metrics:
  revenue: {table: orders, column: amount}
  large: {table: orders, agg: count, filter: amount > 700}
  middle: {table: orders, agg: median, column: amount}
  orders_all: {table: orders, agg: count}
  average: {type: ratio, numerator: revenue, denominator: orders_all}
"""
ORDERS = """\
id,rep,day,cur,amount
1,ann,2026-01-05,CNY,100.10
2,ann,2026-01-31,USD,100
3,ann,2026-02-01,USD,100
4,bob,2026-02-01,EUR,1
5,bob,2026-02-02,,7
6,bob,2026-02-03,JPY,
7,bob,2025-12-31,USD,1
"""
RATES = """\
cur,since,month,rate,to
USD,2026-01-01,2026-01,7.012345,CNY
USD,2026-02-01,2026-02,6.9,CNY
GBP,2026-01-01,2026-01,9,CNY
CNY,2026-01-01,2026-01,0.142857,USD
"""


def book(folder: Path, definitions: Definitions, rates: str = RATES) -> Warehouse:
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, definitions)
    load("orders", ORDERS)
    load("fx", rates)
    return warehouse


def test_each_row_is_converted_at_the_rate_of_its_own_day(tmp_path: Path) -> None:
    definitions = load_definitions(MONEY)
    warehouse = book(tmp_path, definitions, RATES.replace(",USD\n", ",CNY\n"))

    answer = observe(
        warehouse, definitions, metrics=["revenue", "large", "middle", "average"], by=("month",)
    )

    assert definitions.metrics["revenue"].unit == "CNY"
    # 100.10 + 100 × 7.012345
    assert told(answer, "revenue", month="2026-01") == ("801.33", ())
    assert value(answer, "large", month="2026-01") == "1"
    assert value(answer, "middle", month="2026-01") == "400.66725"
    assert value(answer, "average", month="2026-01") == "400.66725"  # from 801.3345, not 801.33
    # 100 × 6.9; the euro and the blank currency have no rate, the yen no amount.
    assert told(answer, "revenue", month="2026-02") == (
        "690.00",
        ("values_missing", "rate_missing"),
    )
    assert told(answer, "revenue", month="2025-12") == (None, ("no_data", "rate_missing"))


def test_amounts_without_a_rate_are_listed_with_their_counts(tmp_path: Path) -> None:
    definitions = load_definitions(MONEY)
    warehouse = book(tmp_path, definitions)

    answer = observe(warehouse, definitions, metrics=["revenue"], by=("period",))

    (finding,) = (each for each in answer.findings if each.code == "missing_rate")
    assert (finding.severity, finding.count) == ("warning", 3)
    assert finding.message.en.endswith("counts for nothing: EUR (1), USD (1), – (1)")
    assert finding.remedy.zh


def test_rates_may_hold_for_a_period_and_say_into_which_currency(tmp_path: Path) -> None:
    text = MONEY.replace("day: since", "period: month").replace("into: CNY", "into: to")
    text = text.replace("column: amount}", "column: amount, unit: CNY}")
    text = text.replace("filter: amount > 700", "filter: cur = 'USD'")
    dollars = "  in_dollars: {table: orders, column: amount, unit: USD}\n"
    definitions = load_definitions(text + dollars)
    warehouse = book(tmp_path, definitions)

    answer = observe(warehouse, definitions, metrics=["revenue", "in_dollars"], by=("month",))

    assert value(answer, "revenue", month="2026-01") == "801.33"
    assert value(answer, "in_dollars", month="2026-01") == "114.30"  # 100 + 100.10 × 0.142857


def test_steps_under_a_condition_on_a_converted_amount_are_counted(tmp_path: Path) -> None:
    moved = """\
  large_before: {type: lagged, metric: large, offset_window: 1 periods}
  grew_large:
    {type: conversion, table: orders, steps: {made: day, large: {time: day, filter: amount > 700}}}
"""
    definitions = load_definitions(MONEY + moved)
    warehouse = book(tmp_path, definitions)

    answer = observe(warehouse, definitions, metrics=["large_before", "grew_large"], by=("month",))

    assert value(answer, "large_before", month="2026-02") == "1"
    assert value(answer, "grew_large", month="2026-01") == "0.5000"


def test_a_converted_amount_opens_to_its_rows(tmp_path: Path) -> None:
    definitions = load_definitions(MONEY)
    warehouse = book(tmp_path, definitions)

    page = rows(warehouse, definitions, "revenue?member=ann&period=2026Q1")

    assert [str(row[-1]) for row in page.rows] == ["100.1", "701.2345", "690"]


@pytest.mark.parametrize(
    ("written", "instead", "code", "line"),
    [
        ("currency: cur}", "currency: colour}", "name", 11),
        ("currency: cur}", "currency: day}", "rates", 11),
        ("table: fx,", "table: fex,", "rates", 14),
        ("day: since", "day: rate", "rates", 14),
        ("day: since,", "day: since, period: month,", "rates", 14),
        ("rates: {", "other: {", "unknown", 14),
        ("into: CNY", "into: to", "expression", 16),
        ("    time: day\n", "", "rates", 15),
        ("column: amount}", "column: amount, unit: USD}", "unit", 16),
    ],
)
def test_rates_that_make_no_sense_are_refused_with_line_and_remedy(
    written: str, instead: str, code: str, line: int
) -> None:
    assert written in MONEY
    with pytest.raises(Invalid) as refused:
        load_definitions(MONEY.replace(written, instead, 1))

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.line) == (code, line)
    assert finding.remedy.zh != finding.remedy.en


def test_a_condition_on_money_needs_to_know_which(tmp_path: Path) -> None:
    text = MONEY.replace("into: CNY", "into: to").replace("amount > 700", "cur = 'USD'")
    definitions = load_definitions(text.replace("column: amount}", "column: amount, unit: CNY}"))
    warehouse = book(tmp_path, definitions)

    with pytest.raises(Invalid, match="several currencies"):
        observe(warehouse, definitions, metrics=["revenue"], by=(), where="amount > 5")


def test_rows_that_no_metric_counts_need_no_rate(tmp_path: Path) -> None:
    text = MONEY.replace("column: amount}\n", "column: amount, filter: cur <> 'EUR'}\n", 1)
    definitions = load_definitions(text)
    warehouse = book(tmp_path, definitions)

    answer = observe(warehouse, definitions, metrics=["revenue"], by=("period",))

    (finding,) = (each for each in answer.findings if each.code == "missing_rate")
    assert finding.message.en.endswith("counts for nothing: USD (1)")


def test_a_row_without_a_date_is_told_as_such_and_only_where_it_might_count(
    tmp_path: Path,
) -> None:
    definitions = load_definitions(MONEY)
    warehouse = book(tmp_path, definitions, RATES + "EUR,2026-01-01,2026-01,8,CNY\n")
    load = loader(tmp_path, warehouse, definitions)
    load("orders", "id,rep,day,cur,amount\n8,ann,,USD,5\n5,bob,2026-02-02,USD,7\n", name="more.csv")

    told_of = {
        by: [
            (each.message.en, each.remedy.en)
            for each in observe(warehouse, definitions, metrics=["revenue"], by=by).findings
            if each.code == "missing_rate"
        ]
        for by in ((), ("month",))
    }

    (dated, undated), (only,) = told_of[()], told_of["month",]
    assert dated == only
    assert dated[0].endswith("on the day of day, and counts for nothing: USD (1)")
    assert "finds no rate into CNY, for want of day" in undated[0]
    assert undated[1] == "give these rows a date"


def test_two_rates_for_one_day_and_rates_of_nothing_are_told_and_not_used(tmp_path: Path) -> None:
    definitions = load_definitions(MONEY)
    rates = RATES + "USD,2026-02-01,2026-02,6.8,CNY\nEUR,2026-01-01,2026-01,0,CNY\n"
    warehouse = book(tmp_path, definitions, rates)

    answer = observe(warehouse, definitions, metrics=["revenue"], by=("month",))

    findings = {each.code: each.message.en for each in answer.findings}
    assert findings["two_rates"].endswith("neither of which is used: USD 2026-02-01 (6.8, 6.9)")
    assert findings["odd_rates"].endswith("not used: EUR 2026-01-01")
    assert value(answer, "revenue", month="2026-01") == "801.33"
    assert told(answer, "revenue", month="2026-02") == (None, ("no_data", "rate_missing"))
