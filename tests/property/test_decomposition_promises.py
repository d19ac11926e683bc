"""Promises of the decomposition check, over generated targets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.modes import modes_of
from mingji.rules.decomposition.parts import Carried, Measure, arranged, settled_mode
from mingji.rules.decomposition.terms import Child, Parent
from mingji.rules.recompute import mismatches
from mingji.rules.text import Text

D = Decimal
AMOUNTS = st.decimals(min_value=1, max_value=1_000_000, places=2)
SHARES = st.decimals(min_value="0.05", max_value=1, places=2)
DRAWN = st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, SHARES), min_size=1, max_size=8)
MODES = st.sampled_from(("sum", "weighted_mean", "ratio_of_sums", "min", "max", "same"))
DIRECTIONS = st.sampled_from(("up", "down", "closer"))

ADDED, RATES = modes_of(type="simple", agg="sum", unit="CNY"), modes_of(type="ratio")


def carried(key, target, measure):
    child = Child(
        key=key,
        name=Text.same(key),
        target=target,
        unit=measure.unit,
        places=measure.places,
    )
    return Carried(child=child, measure=measure)


def children_of(drawn, mode):
    return [
        Child(
            key=f"c{place}",
            name=Text.same(f"c{place}"),
            target=None if mode == "ratio_of_sums" else target,
            weight=weight,
            numerator=target,
            denominator=below,
            share=share,
        )
        for place, (target, weight, below, share) in enumerate(drawn)
    ]


def above(target, direction, places=None):
    return Parent(key="p", name=Text.same("p"), target=target, direction=direction, places=places)


@given(drawn=DRAWN, mode=MODES, direction=DIRECTIONS, target=AMOUNTS)
def test_each_way_closes_the_difference_when_all_else_stays(drawn, mode, direction, target):
    children = children_of(drawn, mode)
    field = {"numerators": "numerator", "denominators": "denominator"}

    found = check(above(target, direction), children, mode=mode)

    for way in found.ways:
        if way.code == "parent":
            again = check(above(way.changes["p"], direction), children, mode=mode)
        elif way.code == "new_child":
            more = Child(key="new", name=Text.same("new"), target=way.amount)
            again = check(above(target, direction), [*children, more], mode=mode)
        else:
            name = field.get(way.code, "target")
            changed = [
                replace(c, **{name: way.changes[c.key]}) if c.key in way.changes else c
                for c in children
            ]
            again = check(above(target, direction), changed, mode=mode)
        assert again.verdict == "adds_up", way.code


@given(drawn=DRAWN, direction=DIRECTIONS, target=st.integers(1, 1_000_000))
def test_ways_in_whole_units_leave_no_gap(drawn, direction, target):
    children = [replace(c, share=D(1)) for c in children_of(drawn, "sum")]

    found = check(above(D(target), direction, places=0), children, mode="sum")

    for way in (each for each in found.ways if each.code in ("scale_all", "one_child")):
        changed = [replace(c, target=way.changes.get(c.key, c.target)) for c in children]
        again = check(above(D(target), "up"), changed, mode="sum", tolerance=D(0))
        if direction == "up":
            assert again.difference >= 0
        if direction == "down":
            assert again.difference <= 0
        assert all(value % 1 == 0 for value in way.changes.values())


@given(data=st.data(), drawn=DRAWN, mode=MODES, direction=DIRECTIONS, target=AMOUNTS)
def test_the_order_of_children_does_not_matter_and_leaves_recompute(
    data, drawn, mode, direction, target
):
    children = children_of(drawn, mode)
    shuffled = data.draw(st.permutations(children))

    found = check(above(target, direction), children, mode=mode)
    again = check(above(target, direction), shuffled, mode=mode)

    assert mismatches(found.node) == ()
    assert (again.combined, again.verdict) == (found.combined, found.verdict)


FUNNELS = st.tuples(
    st.lists(st.integers(1, 10_000), min_size=1, max_size=5),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=3),
    st.integers(1, 100_000),
)


def funnel_of(drawn):
    """Leads of several, one rate for each stage, and the value of a deal."""
    leads, rates, deal = drawn
    count = Measure(name=Text.same("leads"), metric="leads", unit="count", modes=ADDED, places=0)
    value = Measure(name=Text.same("deal"), metric="deal", unit="CNY", modes=ADDED, places=2)
    below = [carried(f"l{at}", D(each), count) for at, each in enumerate(leads)]
    for at, each in enumerate(rates):
        rate = Measure(
            name=Text.same(f"r{at}"), metric=f"r{at}", unit="ratio", modes=RATES, places=4
        )
        below.append(carried(f"r{at}", D(each) / 10_000, rate))
    return [*below, carried("deal", D(deal), value)]


@given(drawn=FUNNELS, target=AMOUNTS, direction=st.sampled_from(("up", "down")))
def test_each_factor_of_a_funnel_alone_leaves_no_gap(drawn, target, direction):
    above_ = Measure(name=Text.same("revenue"), unit="CNY", modes=ADDED)
    below = funnel_of(drawn)
    parent = replace(above(target, direction), unit="CNY")
    children, stages = arranged(above_, below, "shared_funnel")

    found = check(parent, children, mode="shared_funnel", stages=stages)

    assert found.uncounted == ()
    assert mismatches(found.node) == ()
    for way in (each for each in found.ways if each.code == "stage"):
        assert mismatches(way.node) == ()
        ((stage, then),) = way.changes.items()
        made = next(each for each in found.node.inputs[0].inputs if each.key == stage)
        # Nobody can be set to nothing: then the product is nothing, whatever was needed.
        if then == 0:
            continue
        again = found.combined / made.value * then
        short = again - target if direction == "up" else target - again
        assert short >= -abs(target) / 10**12


@given(
    spent=st.lists(AMOUNTS, min_size=1, max_size=5),
    won=st.lists(st.integers(1, 100_000), min_size=1, max_size=5),
    target=AMOUNTS,
    direction=st.sampled_from(("up", "down")),
    data=st.data(),
)
def test_either_side_of_a_fraction_alone_leaves_no_gap(spent, won, target, direction, data):
    money = Measure(name=Text.same("spend"), metric="spend", unit="CNY", modes=ADDED, places=2)
    count = Measure(name=Text.same("leads"), metric="leads", unit="count", modes=ADDED, places=0)
    above_ = Measure(
        name=Text.same("cpl"), unit="CNY", modes=RATES, numerator="spend", denominator="leads"
    )
    below = [carried(f"s{at}", each, money) for at, each in enumerate(spent)]
    below += [carried(f"l{at}", D(each), count) for at, each in enumerate(won)]
    parent = replace(above(target, direction), unit="CNY")
    children, _ = arranged(above_, below, settled_mode("", RATES, above_, below))
    shuffled, _ = arranged(above_, data.draw(st.permutations(below)), "ratio_of_sums")

    found = check(parent, children, mode="ratio_of_sums")

    assert check(parent, shuffled, mode="ratio_of_sums").combined == found.combined
    for way in (each for each in found.ways if each.code in ("numerators", "denominators")):
        assert mismatches(way.node) == ()
        if not all(way.changes.values()):
            continue
        changed = [replace(c, target=way.changes.get(c.key, c.target)) for c in children]
        again = check(parent, changed, mode="ratio_of_sums", tolerance=D(0))
        assert again.verdict in ("adds_up", "overlap") or abs(again.percent) < D("1e-9")
