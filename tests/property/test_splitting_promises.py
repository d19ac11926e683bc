"""Promises of splitting a target over members, over generated weights and bounds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingji.rules.errors import Invalid
from mingji.rules.recompute import mismatches
from mingji.rules.splitting import Claim, by_capacity, by_history, equally, places_for, split

D = Decimal
WEIGHTS = st.decimals(min_value=0, max_value=1000, places=2)
SOME = st.lists(WEIGHTS, min_size=1, max_size=12).filter(any)
TOTALS = st.integers(min_value=-10_000_000, max_value=10_000_000).map(lambda n: D(n) / 100)


def claims_of(weights: list[Decimal]) -> list[Claim]:
    return [Claim(key=f"m{place}", weight=weight) for place, weight in enumerate(weights)]


@given(total=TOTALS, weights=SOME)
def test_the_parts_add_up_exactly(total, weights):
    found = split(total, claims_of(weights), places=2)

    assert sum(found.parts.values()) == total
    assert mismatches(found.node) == ()


@given(data=st.data(), total=TOTALS, weights=SOME)
def test_the_order_of_the_members_changes_nothing(data, total, weights):
    claims = claims_of(weights)
    shuffled = data.draw(st.permutations(claims))

    assert dict(split(total, shuffled, places=2).parts) == dict(
        split(total, claims, places=2).parts
    )


@given(total=st.integers(0, 10_000).map(D), weights=SOME, more=WEIGHTS, place=st.integers(0, 11))
def test_more_weight_never_brings_less(total, weights, more, place):
    claims = claims_of(weights)
    own = claims[place % len(claims)]
    heavier = [replace(c, weight=c.weight + more) if c is own else c for c in claims]

    assert split(total, heavier).parts[own.key] >= split(total, claims).parts[own.key]


@given(total=st.integers(0, 10_000).map(D), weights=SOME)
def test_who_weighs_more_gets_no_less_than_who_weighs_less(total, weights):
    claims = claims_of(weights)
    parts = split(total, claims).parts

    for one in claims:
        assert all(parts[one.key] >= parts[b.key] for b in claims if one.weight > b.weight)


BOUNDED = st.lists(
    st.tuples(WEIGHTS, st.integers(0, 50), st.one_of(st.none(), st.integers(0, 80))),
    min_size=1,
    max_size=10,
)


@settings(max_examples=300)
@given(total=st.integers(0, 600).map(D), drawn=BOUNDED)
def test_bounds_hold_or_the_split_is_refused_with_a_reason(total, drawn):
    claims = [
        Claim(key=f"m{n}", weight=w, low=D(low), high=None if more is None else D(low + more))
        for n, (w, low, more) in enumerate(drawn)
    ]
    most = sum(c.low if not c.weight else total if c.high is None else c.high for c in claims)
    if not sum(c.low for c in claims) <= total <= most:
        with pytest.raises(Invalid, match="bounds"):
            split(total, claims)
        return

    found = split(total, claims)

    assert sum(found.parts.values()) == total
    for claim in claims:
        assert claim.low <= found.parts[claim.key]
        assert claim.high is None or found.parts[claim.key] <= claim.high


def a_claim(key: str = "a", weight: str = "1", **bounds: str) -> Claim:
    return Claim(key=key, weight=D(weight), **{name: D(value) for name, value in bounds.items()})


@pytest.mark.parametrize(
    ("total", "claims", "code"),
    [
        ("100", [], "nobody_to_share"),
        ("100.5", [a_claim()], "finer_than_scale"),
        ("100", [a_claim(), a_claim()], "claim_twice"),
        ("100", [a_claim(weight="-1")], "bad_claim"),
        ("100", [a_claim(weight="0")], "highs_below_total"),
        ("100", [a_claim(low="60", high="50")], "bounds_crossed"),
        ("100", [a_claim(low="60.2", high="60.8"), a_claim("b")], "bounds_between_units"),
        ("100", [a_claim(low="60"), a_claim("b", low="60")], "lows_above_total"),
        ("100", [a_claim(high="30"), a_claim("b", high="30")], "highs_below_total"),
        ("-100", [a_claim(high="30"), a_claim("b")], "bounds_on_negative"),
        ("NaN", [a_claim()], "not_a_finite_number"),
        ("100", [a_claim(weight="Infinity")], "not_a_finite_number"),
    ],
)
def test_what_cannot_be_split_is_refused_with_the_reason(total, claims, code):
    with pytest.raises(Invalid) as refused:
        split(D(total), claims)

    assert refused.value.code == code
    assert refused.value.message.zh


def test_what_a_bound_takes_goes_to_the_others_in_proportion():
    found = split(D(1000), [a_claim("a", "5", high="300"), a_claim("b", "3"), a_claim("c", "2")])

    assert found.parts == {"a": D(300), "b": D(420), "c": D(280)}
    assert found.held == ("a",)


def test_a_floor_is_paid_for_by_the_others_in_proportion():
    found = split(D(100), [a_claim("a", "0", low="10"), a_claim("b", "2"), a_claim("c", "1")])

    assert found.parts == {"a": D(10), "b": D(60), "c": D(30)}


def test_nothing_split_is_nothing_for_everybody_and_a_negative_total_mirrors_the_positive():
    assert set(split(D(0), claims_of([D(1), D(2)])).parts.values()) == {D(0)}
    assert split(D(-10), claims_of([D(1), D(2)])).parts == {"m0": D(-3), "m1": D(-7)}


def test_money_is_split_to_what_its_currency_has():
    assert (places_for(unit="CNY", scale=4), places_for(unit="JPY", scale=2)) == (2, 0)
    assert places_for(unit="hours", scale=1, agg="sum") == 1


def test_newcomers_and_the_weak_count_at_half_the_median_of_the_others():
    found = by_history({"li": D(300), "wang": D(100), "zhao": D(20), "new": None, "idle": D(0)})

    assert found.floor == D(50)
    assert found.raised == ("idle", "new", "zhao")
    assert found.weights["li"] == 300


@pytest.mark.parametrize(
    ("reached", "code"),
    [({"a": None}, "no_history"), ({"a": D(0)}, "no_history"), ({"a": D(-1)}, "negative_history")],
)
def test_a_history_that_says_nothing_is_refused(reached, code):
    with pytest.raises(Invalid) as refused:
        by_history(reached)

    assert refused.value.code == code


def test_who_is_there_half_the_time_carries_half():
    weights = by_capacity({"full": (D(1), D(60)), "half": (D("0.5"), D(60))})
    parts = split(D(90), [Claim(key=k, weight=w) for k, w in weights.items()]).parts

    assert parts == {"full": D(60), "half": D(30)}
    assert equally(["a"]) == {"a": D(1)}
