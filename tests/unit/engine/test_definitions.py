"""A definitions file is refused with place and remedy, or it can be trusted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.engine.definitions import load_definitions
from mingji.rules.errors import Invalid

GOOD = """\
tables:
  deals:
    key: id
    time: closed_on
    owner: rep
    columns:
      id: text
      rep: text
      stage: text
      product: text
      closed_on: date
      amount: {type: decimal, unit: CNY}
    joins: {products: product}
  products:
    key: product
    columns: {product: text, series: text}
  spend:
    time: day
    columns: {day: date, channel: text, cost: {type: decimal, unit: USD}}
metrics:
  won_value: {name: {zh: 额, en: W}, table: deals, agg: sum, column: amount, filter: stage = 'Won'}
  won: {table: deals, agg: count, filter: stage = 'Won'}
  closed: {table: deals, agg: count}
  cost: {table: spend, agg: sum, column: cost}
  win_rate: {type: ratio, numerator: won, denominator: closed, unit: ratio}
  ninth: {table: deals, agg: percentile, percentile: 0.9, column: amount}
  per_deal: {type: derived, formula: won_value / closed * 0.5, unit: CNY}
"""


def test_a_good_file_gives_metrics_with_units_places_and_inputs() -> None:
    metrics = load_definitions(GOOD).metrics

    assert metrics["won_value"].name.zh == "额"
    assert (metrics["won_value"].unit, metrics["won_value"].scale) == ("CNY", 2)
    assert (metrics["won"].scale, metrics["win_rate"].scale) == (0, 20)
    assert metrics["per_deal"].inputs == ("won_value", "closed")
    assert metrics["ninth"].percentile == Decimal("0.9")
    assert metrics["won"].time == "closed_on"


@pytest.mark.parametrize(
    ("written", "instead", "code", "line"),
    [
        ("agg: sum, column: amount", "agg: summ, column: amount", "value", 21),
        ("numerator: won,", "numerator: wn,", "name", 25),
        ("won_value / closed * 0.5", "won_value + cost", "unit", 27),
        ("won_value / closed * 0.5", "won_value + closed", "unit", 27),
        ("won_value / closed * 0.5", "per_deal + 1", "cycle", 27),
        ("won_value / closed * 0.5", "won_value / open('x')", "value", 27),
        ("won_value / closed * 0.5", "coalesce(won_value, 0, 1)", "value", 27),
        ("key: id", "key: idd", "name", 3),
        ("time: closed_on", "time: stage", "name", 4),
        ("closed: {table: deals", "closed: {colour: red, table: deals", "unknown", 23),
        ("agg: count, filter: stage = 'Won'", "agg: count, filter: stge = 'Won'", "expression", 22),
        ("agg: count, filter: stage = 'Won'", "agg: count, filter: amount", "expression", 22),
        ("numerator: won,", "numerator: ninth,", "ratio_parts", 25),
        ("unit: ratio", "unit: '%'", "unit", 25),
        ("unit: ratio", "counter_metric: nobody", "name", 25),
        ("joins: {products: product}", "joins: {products: closed_on}", "name", 13),
        ("      stage: text", "      stage: text\n      Stage: text", "column_name", 7),
        ("  spend:", "  Deals: {columns: {id: text}}\n  spend:", "name", 17),
        ("joins: {products: product}", "joins: {T: {table: products, on: product}}", "name", 13),
        ("  won:", "  won_value:", "duplicate", 22),
        ("percentile: 0.9", "percentile: 90", "name", 26),
        ("table: spend, agg: sum, column: cost", "table: spend, agg: sum", "name", 24),
        ("metrics:", "metrics: [", "yaml", 22),
        ("metrics:", "metrics: &all", "yaml", None),
    ],
)
def test_each_mistake_is_named_with_its_line(
    written: str, instead: str, code: str, line: int | None
) -> None:
    assert written in GOOD
    text = GOOD.replace(written, instead, 1)
    if "&all" in text:
        text += "again: *all\n"

    with pytest.raises(Invalid) as refused:
        load_definitions(text, file="kpis.yaml")

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.file, finding.place.line) == (code, "kpis.yaml", line)
    assert finding.message.zh != finding.message.en
    assert finding.remedy.zh


def test_several_mistakes_are_told_together() -> None:
    text = GOOD.replace("type: ratio", "type: share").replace("agg: sum, ", "agg: total, ", 1)

    with pytest.raises(Invalid) as refused:
        load_definitions(text)

    assert len(refused.value.findings) >= 2


def test_a_file_that_is_not_there_is_a_sentence(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid, match="cannot open"):
        load_definitions(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "told", "line"),
    [
        (
            "filter: stage = 'Won'}\n  won:",
            "filter: 'stage = '}\n  won:",
            "at character 7 something",
            21,
        ),
        ("numerator: won,", "numerator: wn,", "numerator: there is no “wn”", 25),
        ("denominator: closed,", "denominator: closd,", "denominator: there is no “closd”", 25),
        ("unit: ratio}", "unit: ratio", "a brace is left open", 26),
        ("  closed: {table", "  closed {table", "no colon can stand here", 23),
        ("    key: id", "\tkey: id", "a tab stands", 3),
    ],
)
def test_what_is_wrong_is_said_without_the_words_of_a_library(
    written: str, instead: str, told: str, line: int
) -> None:
    assert written in GOOD

    with pytest.raises(Invalid) as refused:
        load_definitions(GOOD.replace(written, instead, 1))

    first = refused.value.findings[0]
    assert told in first.message.en
    assert "sqlglot" not in first.message.en
    assert first.place.line == line
