"""Promises of the decomposition check, over generated targets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.terms import Child, Parent
from mingji.rules.recompute import mismatches
from mingji.rules.text import Text

D = Decimal
AMOUNTS = st.decimals(min_value=1, max_value=1_000_000, places=2)
SHARES = st.decimals(min_value="0.05", max_value=1, places=2)
DRAWN = st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, SHARES), min_size=1, max_size=8)
MODES = st.sampled_from(("sum", "weighted_mean", "ratio_of_sums", "min", "max", "same"))
DIRECTIONS = st.sampled_from(("up", "down", "closer"))


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
