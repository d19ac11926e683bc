"""Figures of a scheme that cannot be meant are refused where it is checked, not where it scores."""

from __future__ import annotations

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.schemes.document import load

GOOD = """\
id: small
name: 小方案
blend: {mode: none}
dimensions:
  - id: all
    name: 全部
    weight: 100
    items:
      - id: leads
        name: 线索数
        weight: 40
        target: 100
        data_owner: 运营
        scoring: {method: ratio, cap: 1.2}
      - {id: views, name: 浏览, weight: 30, target: 9, data_owner: 运营}
      - {id: deals, name: 成交, weight: 30, target: 9, data_owner: 运营}
"""
SCORING = "scoring: {method: ratio, cap: 1.2}"
# what stands instead of the first item's scoring: code, what the message says
OF_AN_ITEM = {
    "scoring: {method: ratio, cap: 0.5, floor: 0.8}": ("cap_below_floor", "封顶 0.5 低于保底 0.8"),
    "scoring: {method: deviation, tolerance: -5}": ("out_of_range", "tolerance 是 -5"),
    "scoring: {method: base_step, cap_up: -1}": ("out_of_range", "cap_up 是 -1"),
    "scoring: {method: deduct, points_each: -2}": ("out_of_range", "points_each 是 -2"),
    "scoring: {method: efficacy, unacceptable: 5, satisfactory: 5}": ("values_equal", "都是 5"),
    "scoring: {method: rank, shares: []}": ("out_of_range", "各名次的份额"),
    "scoring: {method: rank, shares: [100, 80]}": ("out_of_range", "100, 80"),
    "scoring: {method: milestone, lateness: [{days: 9, factor: 0.5}, {days: 5, factor: 0.8}]}": (
        "not_ascending",
        "从小到大",
    ),
    "scoring: tiered_target\n        threshold: 120\n        stretch: 110": (
        "tiers_not_in_order",
        "120 / 100",
    ),
    "scoring: efficacy\n        out_of: 0": ("out_of_range", "out_of 是 0"),
    "scoring: {method: multi_rater, scale: 0}": ("out_of_range", "scale 是 0"),
    "scoring: formula": ("formula_refused", "没有写公式"),
}
OF_THE_SCHEME = {
    "rounding: {places: 99}": ("out_of_range", 17),
    "bonus_cap: -3": ("out_of_range", 17),
    "adjustment_limit: -3": ("out_of_range", 17),
    "distribution: {shares: [{grades: [S], at_most: 150}]}": ("out_of_range", 17),
    "year: {quarters: 60, review: 40, quarter_weights: [50, 50]}": ("year_weights", 17),
    "settlement: {rule: marginal_tiers}": ("settlement_incomplete", 17),
    "settlement: {rule: tiered_pot}": ("settlement_incomplete", 17),
}


def refused(text: str) -> Finding:
    with pytest.raises(Invalid) as refusal:
        load(text, "scheme.yaml")
    return next(each for each in refusal.value.findings if each.severity == "error")


@pytest.mark.parametrize("written", OF_AN_ITEM)
def test_figures_of_a_method_that_cannot_be_meant_are_refused_with_their_line(written):
    code, said = OF_AN_ITEM[written]
    found = refused(GOOD.replace(SCORING, written))

    assert found.code == code
    assert said in found.message.zh
    assert found.remedy.en
    assert found.place.line


@pytest.mark.parametrize("written", OF_THE_SCHEME)
def test_figures_of_the_scheme_that_cannot_be_meant_are_refused_with_their_line(written):
    found = refused(GOOD + written + "\n")

    assert (found.code, found.place.line) == OF_THE_SCHEME[written]


@pytest.mark.parametrize(
    "scoring", ["deviation", "{method: band, measure: percent, bands: [{points: 1}]}"]
)
def test_whatever_divides_by_the_target_refuses_a_target_of_zero(scoring):
    text = GOOD.replace(SCORING, f"scoring: {scoring}").replace("target: 100", "target: 0")

    assert refused(text).code == "target_not_positive"


def test_a_negative_weight_is_called_so_even_where_the_sum_is_100():
    found = refused(GOOD.replace("weight: 40", "weight: -40").replace("weight: 30", "weight: 70"))

    assert found.code == "negative_weight"
    assert "-40" in found.message.en


def test_a_cap_that_looks_like_percent_is_doubted():
    loaded = load(GOOD.replace("cap: 1.2", "cap: 120"), "scheme.yaml")

    (found,) = loaded.findings
    assert (found.code, found.severity) == ("cap_looks_like_percent", "warning")
    assert "1.2" in found.remedy.zh


def test_an_empty_id_is_refused():
    assert refused(GOOD.replace("id: leads", 'id: ""')).code == "no_id"


def test_something_merged_that_is_no_group_of_keys_is_refused():
    found = refused(GOOD.replace("        weight: 40", "        <<: 40\n        weight: 40"))

    assert (found.code, found.place.line) == ("wrong_kind", 11)
