"""Units follow from definitions, and what is written is held to them."""

from __future__ import annotations

import pytest

from mingji.engine.definitions import load_definitions
from mingji.rules.errors import Invalid

BOOK = """\
tables:
  deals:
    time: day
    columns:
      day: date
      amount: {type: decimal, unit: CNY}
      effort: {type: decimal, unit: hours}
      wait: {type: decimal, unit: days}
metrics:
  revenue: {table: deals, column: amount}
  deals: {table: deals, agg: count, unit: deals}
  leads: {table: deals, agg: count, unit: leads}
  effort: {table: deals, column: effort}
  wait: {table: deals, column: wait}
"""


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("type: ratio, numerator: revenue, denominator: deals", "CNY/deals"),
        ("type: ratio, numerator: deals, denominator: effort", "deals/hour"),
        ("type: ratio, numerator: deals, denominator: leads", "ratio"),
        ("type: derived, formula: (revenue - revenue * 0.3) / revenue", "ratio"),
        ("type: derived, formula: revenue / deals * leads / 2", "CNY*leads/deals"),
        ("type: derived, formula: deals + leads", "deals"),
        ("type: growth, metric: revenue", "ratio"),
        ("type: growth, metric: revenue, as: difference", "CNY"),
        ("type: cumulative, metric: effort", "hours"),
        ("type: ratio, numerator: revenue, denominator: deals, unit: CNY", "CNY"),
        ("type: ratio, numerator: revenue, denominator: deals, unit: CNY/deal", ""),
        ("type: ratio, numerator: revenue, denominator: deals, unit: CNY/month", "CNY/month"),
        ("type: derived, formula: revenue / revenue * 100, unit: points", "points"),
        ("type: ratio, numerator: revenue, denominator: deals, unit: USD", ""),
        ("type: ratio, numerator: revenue, denominator: deals, unit: ratio", ""),
        ("type: ratio, numerator: effort, denominator: deals, unit: days", ""),
        ("type: derived, formula: revenue + deals", ""),
        ("type: derived, formula: effort - wait", ""),
        ("type: derived, formula: 'abs(effort - coalesce(wait, 0))'", ""),
        ("type: share, metric: revenue, of: deals", ""),
        ("type: growth, metric: revenue, unit: CNY", ""),
        ("table: deals, agg: count, unit: CNY", ""),
        ("table: deals, column: amount, unit: hours", ""),
    ],
)
def test_a_unit_is_derived_or_held_to_the_definition(words: str, unit: str) -> None:
    text = f"{BOOK}  it: {{{words}}}\n"
    if unit:
        assert load_definitions(text).metrics["it"].unit == unit
        return

    with pytest.raises(Invalid) as refused:
        load_definitions(text)

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.line) == ("unit", 15)
    assert finding.message.zh.startswith("单位不相容")
    assert finding.remedy.en


def test_what_ships_must_say_everything_in_both_languages() -> None:
    whole = """\
  it:
    name: {zh: 收入, en: Revenue}
    table: deals
    column: amount
    unit: CNY
    direction: up
    formula_text: {zh: 金额合计, en: sum of amounts}
    owner: {zh: 财务, en: Finance}
    gaming_risk: {zh: 提前确认, en: booked early}
    counter_metric: it
"""
    book = BOOK.partition("metrics:")[0] + "metrics:\n" + whole

    assert load_definitions(book, strict=True).metrics["it"].unit == "CNY"
    for word in ("unit", "direction", "owner", "gaming_risk", "counter_metric", "formula_text"):
        lines = [line for line in book.splitlines() if not line.startswith(f"    {word}:")]
        with pytest.raises(Invalid) as refused:
            load_definitions("\n".join(lines), strict=True)
        assert [(each.code, each.remedy.en.split()[1]) for each in refused.value.findings] == [
            ("incomplete", f"{word}:")
        ]
    one_language = book.replace("{zh: 财务, en: Finance}", "Finance")
    with pytest.raises(Invalid):
        load_definitions(one_language, strict=True)
    assert load_definitions(one_language).metrics["it"].owner.zh == "Finance"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("type: growth, metric: revenue, against: last_month", "value"),
        ("type: growth, metric: nothing", "name"),
        ("type: growth", "missing"),
        ("type: cumulative, metric: revenue, grain_to_date: week", "value"),
        ("type: cumulative, metric: revenue, grain_to_date: year, window: 4 periods", "value"),
        ("type: cumulative, metric: revenue, window: a while", "value"),
        ("type: cumulative, metric: revenue, window: 0 days", "value"),
        ("type: lagged, metric: revenue", "missing"),
        ("type: lagged, metric: revenue, offset_window: 2 quarters", "value"),
        ("type: cumulative, metric: it", "cycle"),
        ("type: cumulative, metric: before", "moved_twice"),
        ("type: lagged, metric: before, offset_window: 90 days", "moved_twice"),
        ("type: derived, formula: 1 + 2", "value"),
    ],
)
def test_other_days_that_make_no_sense_are_refused_with_line_and_remedy(
    words: str, code: str
) -> None:
    before = "  before: {type: lagged, metric: revenue, offset_window: 1 period}\n"

    with pytest.raises(Invalid) as refused:
        load_definitions(f"{BOOK}{before}  it: {{{words}}}\n")

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.line) == (code, 16)
    assert finding.message.zh != finding.message.en
    assert finding.remedy.zh != finding.remedy.en


@pytest.mark.parametrize("words", ["starts_in: 13", "pattern: 4-4-4", "weeks: 52"])
def test_a_calendar_that_makes_no_sense_is_refused(words: str) -> None:
    with pytest.raises(Invalid):
        load_definitions(f"calendar: {{{words}}}\n{BOOK}")

    assert load_definitions(f"calendar: {{starts_in: 4}}\n{BOOK}").fiscal.starts_in == 4
