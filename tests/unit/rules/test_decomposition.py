"""Do the targets below make up the one above, by how much not, and what closes it?"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.modes import modes_of, must_allow
from mingji.rules.decomposition.terms import Child, Parent, Stage
from mingji.rules.errors import Invalid
from mingji.rules.explanation import from_data, to_json
from mingji.rules.recompute import mismatches
from mingji.rules.text import Text

D = Decimal


def above(target, unit="leads", direction="up", **more):
    value = None if target is None else D(target)
    return Parent(
        key="team", name=Text("团队", "team"), target=value, unit=unit, direction=direction, **more
    )


def child(key, target=None, unit="leads", **more):
    value = None if target is None else D(target)
    numbers = {name: D(each) for name, each in more.items() if name not in ("stage", "period")}
    words = {name: each for name, each in more.items() if name in ("stage", "period")}
    return Child(key=key, name=Text.same(key), target=value, unit=unit, **numbers, **words)


def way(found, code):
    return next(each for each in found.ways if each.code == code)


def test_leads_that_do_not_add_up_leave_a_gap_and_three_ways_to_close_it():
    found = check(above(1000, places=0), [child("li", 500), child("wang", 469)], mode="sum")

    assert (found.verdict, found.combined, found.difference) == ("gap", D(969), D(-31))
    assert found.percent == D("-3.1")
    assert found.words.zh == "下级合成 969，距上级目标 1,000 还差 31（3.1%）"
    assert way(found, "scale_all").words.en == "raise each target below by 3.1992 %"
    assert way(found, "scale_all").changes == {"li": D(516), "wang": D(485)}
    assert way(found, "one_child").changes == {"li": D(531)}
    assert way(found, "new_child").amount == D(31)
    assert way(found, "parent").changes == {"team": D(969)}


def test_more_than_the_target_is_an_overlap_unless_less_is_better():
    leads = check(above(1000), [child("li", 600), child("wang", 500)], mode="sum")
    cost = check(above(1000, direction="down"), [child("li", 600), child("wang", 500)], mode="sum")

    assert (leads.verdict, leads.difference) == ("overlap", D(100))
    assert (cost.verdict, cost.difference) == ("gap", D(100))
    assert way(cost, "one_child").words.en == "lower “li” alone by 100, to 500"


@pytest.mark.parametrize(("total", "verdict"), [(995, "adds_up"), (994, "gap"), (1006, "overlap")])
def test_half_a_percent_is_tolerated(total, verdict):
    assert check(above(1000), [child("li", total)], mode="sum").verdict == verdict


def test_a_child_counts_with_its_share_for_this_parent():
    found = check(above(100), [child("li", 100, share="0.4"), child("wang", 50)], mode="sum")

    assert found.combined == D(90)
    assert way(found, "one_child").changes == {"wang": D(60)}


def test_what_cannot_be_counted_is_named_and_never_taken_for_zero():
    children = [
        child("li", 900, period="2026Q4"),
        child("none", period="2026Q4"),
        child("usd", 50, unit="USD", period="2026Q4"),
        child("year", 70, period="2026"),
    ]

    found = check(above(1000, period="2026Q4"), children, mode="sum")

    assert found.combined == D(900)
    assert [(each.child.key, each.code) for each in found.uncounted] == [
        ("none", "no_target"),
        ("usd", "other_unit"),
        ("year", "other_period"),
    ]


def test_without_anything_to_count_nothing_can_be_told():
    nobody = check(above(1000), [], mode="sum")
    no_target = check(above(None), [child("li", 5)], mode="sum")

    assert (nobody.verdict, nobody.combined, nobody.ways) == ("unknown", None, ())
    assert (no_target.verdict, no_target.combined) == ("unknown", D(5))


def test_rates_are_weighted_by_volume_not_averaged():
    children = [
        child("big", "0.1", unit="ratio", weight=900),
        child("small", "0.3", unit="ratio", weight=100),
        child("unknown", "0.9", unit="ratio"),
    ]

    found = check(above("0.15", unit="ratio"), children, mode="weighted_mean")

    assert (found.combined, found.verdict) == (D("0.12"), "gap")
    assert found.uncounted[0].code == "no_weight"
    assert way(found, "shift_all").changes == {"big": D("0.13"), "small": D("0.33")}
    assert way(found, "one_child").words.zh == "只把“big”提高 3.3333 个百分点，到 13.3333%"


def test_cost_per_lead_is_cost_over_leads_of_all_together():
    children = [
        child("ads", 60, unit="CNY", numerator=60000, denominator=1000),
        child("fair", 200, unit="CNY", numerator=40000, denominator=200),
        child("wrong", 90, unit="CNY", numerator=500, denominator=10),
    ]

    found = check(above(80, unit="CNY", direction="down"), children, mode="ratio_of_sums")

    assert found.words.en == "83.3333 together miss the target 80 by 3.3333 (4.1667 %)"
    assert found.uncounted[0].code == "parts_differ"
    assert sum(way(found, "numerators").changes.values()) == D(96000)
    assert sum(way(found, "denominators").changes.values()) == D(1250)


STAGES = (
    Stage(key="leads", name=Text("线索", "leads"), unit="leads"),
    Stage(key="rate", name=Text("转化率", "conversion rate"), unit="%", mode="weighted_mean"),
    Stage(key="deal", name=Text("客单价", "deal size"), unit="CNY", mode="weighted_mean"),
)


def test_a_funnel_multiplies_its_stages_and_says_what_each_would_need():
    children = [
        child("ads", 1200, stage="leads"),
        child("events", 800, stage="leads"),
        child("sales", 5, unit="%", stage="rate", weight=1),
        child("price", 9000, unit="CNY", stage="deal", weight=1),
    ]

    found = check(above(1000000, unit="CNY"), children, mode="shared_funnel", stages=STAGES)

    assert (found.combined, found.difference, found.percent) == (D(900000), D(-100000), D(-10))
    needed = {key: value for each in found.ways for key, value in each.changes.items()}
    assert round(needed["leads"], 2) == D("2222.22")
    assert round(needed["rate"], 4) == D("5.5556")
    assert needed["deal"] == D(10000)
    made = found.node.find("combined")
    assert made is not None
    assert made.formula.en == "2000 × 5% × 9000"


def test_a_funnel_without_one_of_its_stages_cannot_be_told():
    found = check(
        above(1000000, unit="CNY"),
        [child("ads", 1200, stage="leads"), child("lost", 3, stage="elsewhere")],
        mode="shared_funnel",
        stages=STAGES,
    )

    assert (found.verdict, found.combined) == ("unknown", None)
    assert found.uncounted[0].code == "no_stage"


def test_conversion_rates_of_one_stage_are_never_added():
    stages = (Stage(key="rate", name=Text("转化率", "rate"), unit="%"),)
    rates = [child("a", 5, unit="%", stage="rate"), child("b", 5, unit="%", stage="rate")]

    with pytest.raises(Invalid) as refused:
        check(above(10, unit="%"), rates, mode="shared_funnel", stages=stages)

    assert refused.value.code == "rates_summed"


@pytest.mark.parametrize(
    ("mode", "direction", "combined", "verdict", "changes"),
    [
        ("same", "up", 40, "gap", {"a": 50}),
        ("same", "down", 60, "gap", {"a": 50, "b": 50}),
        ("same", "closer", 60, "gap", {"a": 50, "b": 50}),
        ("min", "up", 40, "gap", {"a": 50}),
        ("max", "up", 60, "overlap", {"b": 50}),
        ("max", "down", 60, "gap", {"b": 50}),
        ("min", "down", 40, "overlap", {"a": 50}),
    ],
)
def test_the_worst_smallest_or_largest_child_stands_for_all(
    mode, direction, combined, verdict, changes
):
    children = [child("a", 40, unit="points"), child("b", 60, unit="points")]

    found = check(above(50, unit="points", direction=direction), children, mode=mode)

    assert (found.combined, found.verdict) == (D(combined), verdict)
    given = way(found, "set_each").changes
    assert {key: given[key] for key in changes} == changes


def test_a_percentage_of_sums_is_in_percent():
    children = [child("a", 20, unit="%", numerator=20, denominator=100)]

    found = check(above(20, unit="%"), children, mode="ratio_of_sums")

    assert (found.combined, found.uncounted) == (D(20), ())


def test_the_difference_recomputes_from_its_leaves():
    children = [
        child("ads", 1200, stage="leads"),
        child("sales", 7, unit="%", stage="rate", weight=3),
        child("agents", 4, unit="%", stage="rate", weight=4),
        child("price", 9000, unit="CNY", stage="deal", weight=1),
    ]
    found = check(above(999999, unit="CNY"), children, mode="shared_funnel", stages=STAGES)

    assert mismatches(from_data(json.loads(to_json(found.node)))) == ()


@pytest.mark.parametrize(
    ("children", "code"),
    [
        ([child("li", 1), child("li", 2)], "child_twice"),
        ([child("li", 1, share=0)], "bad_share"),
        ([child("li", 1, share="1.2")], "bad_share"),
        ([child("li", "NaN")], "not_a_finite_number"),
    ],
)
def test_children_that_cannot_be_reckoned_with_are_refused(children, code):
    with pytest.raises(Invalid) as refused:
        check(above(10), children, mode="sum")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("metric", "proposed"),
    [
        ({"type": "simple", "agg": "sum", "unit": "CNY"}, "sum"),
        ({"type": "typed", "agg": "average", "unit": "points"}, "weighted_mean"),
        ({"type": "simple", "agg": "median"}, "same"),
        ({"type": "simple", "agg": "max"}, "max"),
        ({"type": "simple", "agg": "min"}, "min"),
        ({"type": "ratio"}, "ratio_of_sums"),
        ({"type": "conversion"}, "ratio_of_sums"),
        ({"type": "survey"}, "same"),
        ({"type": "growth"}, "weighted_mean"),
        ({"type": "derived", "unit": "ratio"}, "weighted_mean"),
        ({"type": "derived", "unit": "point"}, "weighted_mean"),
        ({"type": "derived", "unit": "CNY"}, "same"),
        ({"type": "derived", "unit": "count"}, "same"),
        ({"type": "ratio", "unit": "CNY"}, "ratio_of_sums"),
        ({"type": "cumulative"}, "sum"),
    ],
)
def test_the_definition_of_a_metric_proposes_how_its_targets_combine(metric, proposed):
    modes = modes_of(**metric)

    assert modes.proposed == proposed
    assert proposed in modes.allowed


def test_a_ratio_is_never_summed_and_distinct_counts_may_overlap():
    with pytest.raises(Invalid) as refused:
        must_allow(modes_of(type="ratio"), "sum")

    assert refused.value.code == "mode_not_allowed"
    assert "合计相除" in refused.value.message.zh
    assert modes_of(type="simple", agg="count_distinct").caution is not None
    assert modes_of(type="derived", unit="CNY").caution is not None
    must_allow(modes_of(type="ratio"), "same")
