"""Which part of a goal above each goal below carries, and what closes the gap then."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.modes import modes_of
from mingji.rules.decomposition.parts import (
    Carried,
    Measure,
    arranged,
    must_carry,
    possible_parts,
    proposed_part,
    settled_mode,
)
from mingji.rules.decomposition.terms import Child, Parent
from mingji.rules.errors import Invalid
from mingji.rules.recompute import mismatches
from mingji.rules.text import Text

D = Decimal


def measure(metric, unit, type_="simple", agg="sum", **more):
    agg = agg if type_ == "simple" else None
    modes = modes_of(type=type_, agg=agg, unit=unit)
    return Measure(name=Text.same(metric), metric=metric, unit=unit, modes=modes, **more)


COST_PER_LEAD = measure(
    "cost_per_lead",
    "CNY",
    "ratio",
    numerator="spend",
    denominator="leads",
    numerator_unit="CNY",
    denominator_unit="count",
    places=2,
)
SPEND, LEADS = measure("spend", "CNY", places=2), measure("leads", "count", agg="count", places=0)
REVENUE = measure("revenue", "CNY", places=2)
WIN_RATE = measure("win_rate", "ratio", "ratio", places=4)
DEAL = measure("deal_size", "CNY", "ratio", places=2)
NOTHING = Measure(name=Text.same("milestones"))


def carried(key, target, by, part="", volume=None):
    child = Child(key=key, name=Text.same(key), target=D(target), unit=by.unit, places=by.places)
    return Carried(child=child, measure=by, part=part, volume=None if volume is None else D(volume))


def hold(above, target, below, *, said="", direction="up"):
    mode = settled_mode(said, above.modes, above, below)
    children, stages = arranged(above, below, mode)
    parent = Parent(
        key="top",
        name=above.name,
        target=D(target),
        unit=above.unit,
        direction=direction,
        places=above.places,
        numerator_unit=above.numerator_unit,
        denominator_unit=above.denominator_unit,
    )
    return check(parent, children, mode=mode, stages=stages)


def way(found, code, place=0):
    return [each for each in found.ways if each.code == code][place]


def test_goals_on_the_two_metrics_of_a_ratio_are_its_numerator_and_denominator():
    below = [
        carried("ads", 60000, SPEND),
        carried("fair", 40000, SPEND),
        carried("li", 1200, LEADS),
    ]

    found = hold(COST_PER_LEAD, 80, below, direction="down")

    assert (found.mode, found.verdict, found.uncounted) == ("ratio_of_sums", "gap", ())
    assert round(found.combined, 4) == D("83.3333")
    assert way(found, "numerators").changes == {"ads": D(57600), "fair": D(38400)}
    assert way(found, "denominators").changes == {"li": D(1250)}
    assert way(found, "denominators").words.en == (
        "50 more in the denominators together (from 1,200 to 1,250), the numerators staying"
    )
    assert way(found, "denominators").words.zh == "分子不变，分母合计增加 50（从 1,200 到 1,250）"
    assert way(found, "denominators").node.value == D(50)


def test_a_ratio_without_one_of_its_sides_says_which():
    found = hold(COST_PER_LEAD, 80, [carried("ads", 60000, SPEND)], direction="down")

    assert (found.verdict, found.combined) == ("unknown", None)
    assert "sum of denominators" in found.words.en
    assert "分母合计" in found.words.zh


def test_a_rate_over_a_volume_stands_beside_the_sides_of_others():
    below = [
        carried("ads", 60, COST_PER_LEAD, volume=1000),
        carried("fair", 40000, SPEND),
        carried("stand", 200, LEADS),
    ]

    found = hold(COST_PER_LEAD, 80, below, direction="down")

    assert round(found.combined, 4) == D("83.3333")
    assert found.uncounted == ()


def test_rates_with_their_volumes_are_weighed_without_being_told_how():
    below = [
        carried("big", "0.1", WIN_RATE, volume=900),
        carried("small", "0.3", WIN_RATE, volume=100),
    ]

    found = hold(WIN_RATE, "0.15", below)

    assert (found.mode, found.combined) == ("ratio_of_sums", D("0.12"))
    assert "还差 3 个百分点" in found.words.zh


def test_rates_without_volumes_are_the_same_for_each():
    found = hold(WIN_RATE, "0.15", [carried("big", "0.1", WIN_RATE), carried("b", "0.3", WIN_RATE)])

    assert (found.mode, found.combined) == ("same", D("0.1"))


def funnel(leads=2000, rate="0.05", deal=9000):
    return [
        carried("ads", leads, LEADS, "count"),
        carried("sales", rate, WIN_RATE, "rate"),
        carried("price", deal, DEAL, "value"),
    ]


def test_leads_times_conversion_times_deal_size_says_what_each_would_need():
    found = hold(REVENUE, 1000000, funnel())

    assert (found.mode, found.combined, found.verdict) == ("shared_funnel", D(900000), "gap")
    assert way(found, "stage", 0).words.en == (
        "223 more of “leads” (from 2,000 to 2,223), the other stages staying"
    )
    assert way(found, "stage", 1).words.zh == (
        "其他环节不变，“win_rate”增加 0.56 个百分点（从 5% 到 5.56%）"
    )
    assert way(found, "stage", 2).changes == {"value": D(10000)}
    assert all(mismatches(each.node) == () for each in found.ways)


def test_said_of_one_goal_the_others_take_the_factor_that_fits_them():
    ads, sales, price = funnel()
    below = [carried("ads", 2000, LEADS, "count"), carried("sales", "0.05", WIN_RATE), price]

    assert hold(REVENUE, 1000000, below).combined == D(900000)
    assert (ads.part, sales.part) == ("count", "rate")


def test_two_conversions_one_after_the_other_are_two_stages():
    qualified = measure("mql_rate", "ratio", "ratio", places=4)
    below = [*funnel(leads=4000), carried("marketing", "0.5", qualified, "rate")]

    assert hold(REVENUE, 1000000, below).combined == D(900000)


def test_conversions_of_one_stage_need_their_volumes():
    below = [*funnel(), carried("agents", "0.07", WIN_RATE, "rate", volume=100)]

    found = hold(REVENUE, 1000000, below)

    assert [(each.child.key, each.code) for each in found.uncounted] == [("sales", "no_weight")]


def test_a_second_number_at_the_head_of_the_funnel_is_not_counted():
    meetings = measure("meetings", "count", agg="count")
    below = [*funnel(), carried("more", 5, LEADS, "count"), carried("m", 9, meetings, "count")]

    found = hold(REVENUE, 1000000, below)

    assert [(each.child.key, each.code) for each in found.uncounted] == [("m", "other_metric")]


def test_revenue_cannot_be_told_from_leads_and_a_conversion_alone():
    found = hold(REVENUE, 1000000, funnel()[:2])

    assert (found.verdict, found.combined) == ("unknown", None)
    assert "value of one" in found.words.en


@pytest.mark.parametrize(
    ("above", "below", "parts"),
    [
        (COST_PER_LEAD, SPEND, ("numerator", "value")),
        (COST_PER_LEAD, LEADS, ("denominator", "count")),
        (COST_PER_LEAD, WIN_RATE, ("rate",)),
        (REVENUE, LEADS, ("count",)),
        (REVENUE, DEAL, ("value",)),
        (REVENUE, WIN_RATE, ("rate",)),
        (WIN_RATE, WIN_RATE, ("rate",)),
        (REVENUE, NOTHING, ()),
        (NOTHING, LEADS, ()),
    ],
)
def test_only_parts_that_make_sense_are_offered(above, below, parts):
    assert possible_parts(above, below) == parts


@pytest.mark.parametrize(
    ("part", "above", "below", "said"),
    [
        ("numerator", REVENUE, SPEND, "没有分子和分母"),
        ("numerator", COST_PER_LEAD, LEADS, "按“CNY”计"),
        ("denominator", COST_PER_LEAD, WIN_RATE, "比率不能当作分子或分母"),
        ("rate", REVENUE, LEADS, "要是比率"),
        ("count", REVENUE, DEAL, "不能是比率或金额"),
        ("value", REVENUE, LEADS, "同一单位"),
        ("rate", REVENUE, NOTHING, "没有数字目标值"),
        ("magic", REVENUE, LEADS, "没有这种组成部分"),
        ("rate", measure("nps", "point", "survey"), WIN_RATE, "不能由漏斗"),
    ],
)
def test_a_part_that_makes_no_sense_is_refused_with_the_reason(part, above, below, said):
    with pytest.raises(Invalid) as refused:
        must_carry(part, above, below)

    assert refused.value.code == "part_makes_no_sense"
    assert said in refused.value.message.zh


def test_a_part_is_told_by_the_metrics_or_by_nothing():
    assert proposed_part(COST_PER_LEAD, SPEND) == "numerator"
    assert proposed_part(COST_PER_LEAD, REVENUE) == ""
    assert proposed_part(REVENUE, Measure(name=Text.same("typed"), unit="count")) == ""
    assert must_carry("", REVENUE, LEADS) == ""
