"""Promises of totals, pools, the year and the explanation, over generated teams."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mingji.rules.calendar import Period
from mingji.rules.coefficients import DEFAULT_GRADES, CommissionTier
from mingji.rules.commission import marginal_tiers
from mingji.rules.explanation import from_data, to_json
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.grades import with_quota
from mingji.rules.methods.events import Bonus
from mingji.rules.money import Money
from mingji.rules.pool import Claim, pool_share
from mingji.rules.recompute import mismatches, recompute
from mingji.rules.scheme import (
    BlendRule,
    Dimension,
    DistributionGuidance,
    GradeShare,
    Item,
    Scheme,
)
from mingji.rules.scoring import score_all
from mingji.rules.text import Text
from mingji.rules.waterfall import waterfall
from mingji.rules.weights import redistributed
from mingji.rules.year import Post, prorated

D = Decimal
WORD = Text.same("word")
TINY = D("1e-20")


def an_item(name: str, weight: int) -> Item:
    return Item(id=name, name=WORD, weight=D(weight))


SCHEME = Scheme(
    id="s",
    name=WORD,
    dimensions=(
        Dimension(
            id="results",
            name=WORD,
            weight=D(50),
            items=(an_item("a", 40), an_item("b", 60), Item(id="x", name=WORD, scoring=Bonus())),
        ),
        Dimension(id="process", name=WORD, weight=D(30), items=(an_item("c", 100),)),
        Dimension(id="growth", name=WORD, weight=D(20), items=(an_item("d", 30), an_item("e", 70))),
    ),
    blend=BlendRule(),
)
percentages = st.one_of(st.none(), st.decimals(min_value="-20", max_value="150", places=2))


@st.composite
def members(draw: st.DrawFn) -> list[MemberFacts]:
    count = draw(st.integers(min_value=1, max_value=5))
    people = []
    for number in range(count):
        items = {name: ItemFacts(actual=draw(percentages), target=D(100)) for name in "abcde"}
        items["x"] = ItemFacts(actual=D(draw(st.integers(min_value=0, max_value=9))))
        level = draw(st.sampled_from(("specialist", "lead", "head")))
        people.append(MemberFacts(member=f"m{number}", team="t", level=level, items=items))
    return people


@given(
    weights=st.lists(st.integers(min_value=1, max_value=100), min_size=1, max_size=8),
    here=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_redistributed_weights_add_up_to_what_they_were(
    weights: list[int], here: list[bool]
) -> None:
    before = [D(weight) for weight in weights]
    present = here[: len(before)]

    after = redistributed(before, present)

    expected = sum(before, D(0)) if any(present) else D(0)
    assert abs(sum(after, D(0)) - expected) < TINY
    assert all(w == 0 for w, kept in zip(after, present, strict=True) if not kept)


@settings(max_examples=40)
@given(people=members())
def test_dimension_weights_add_up_to_100_whatever_is_missing(people: list[MemberFacts]) -> None:
    for result in score_all(SCHEME, people):
        if result.individual is not None:
            whole = sum((each.effective_weight for each in result.dimensions), D(0))
            assert abs(whole - 100) < TINY


@settings(max_examples=40)
@given(people=members())
def test_every_explanation_recomputes_to_its_root_and_survives_json(
    people: list[MemberFacts],
) -> None:
    for result in score_all(SCHEME, people):
        written = to_json(result.node)
        again = from_data(json.loads(written))
        assert to_json(again) == written
        assert recompute(again) == result.grade
        assert mismatches(again) == ()


@settings(max_examples=40)
@given(people=members(), order=st.permutations(range(5)))
def test_people_and_items_in_any_order_get_the_same_results(
    people: list[MemberFacts], order: list[int]
) -> None:
    turned = [
        replace(people[place], items=dict(reversed(list(people[place].items.items()))))
        for place in order
        if place < len(people)
    ]

    one = {result.member: to_json(result.node) for result in score_all(SCHEME, people)}
    other = {result.member: to_json(result.node) for result in score_all(SCHEME, turned)}

    assert one == other


@settings(max_examples=40)
@given(people=members())
def test_the_waterfall_always_ends_at_the_total(people: list[MemberFacts]) -> None:
    for result in score_all(SCHEME, people):
        steps = waterfall(result.node)
        if result.total is None:
            assert steps == ()
        else:
            assert abs(steps[-1].running - result.total) < TINY


@settings(max_examples=40)
@given(people=members(), more=st.decimals(min_value="0.01", max_value="30", places=2))
def test_doing_better_on_one_item_never_lowers_the_own_total(
    people: list[MemberFacts], more: Decimal
) -> None:
    first = people[0]
    a = first.items["a"]
    if a.actual is None:
        return
    better = replace(first, items={**first.items, "a": replace(a, actual=a.actual + more)})

    before = score_all(SCHEME, people)[0].total
    after = score_all(SCHEME, [better, *people[1:]])[0].total

    assert before is not None
    assert after is not None
    assert after >= before


cents = st.integers(min_value=0, max_value=10**9).map(lambda n: D(n) / 100)
claims = st.lists(
    st.tuples(st.integers(min_value=0, max_value=20000), st.integers(min_value=0, max_value=20)),
    min_size=1,
    max_size=30,
)


@given(pool=cents, given_claims=claims)
def test_a_pool_adds_up_to_the_cent_in_any_order(
    pool: Decimal, given_claims: list[tuple[int, int]]
) -> None:
    people = [
        Claim(member=f"m{n:02}", base=D(base) + 1, coefficient=D(tenths) / 10)
        for n, (base, tenths) in enumerate(given_claims)
    ]
    if not any(claim.coefficient for claim in people):
        return

    shares = pool_share(Money(pool, "CNY"), people)
    turned = pool_share(Money(pool, "CNY"), list(reversed(people)))

    assert sum((each.money.amount for each in shares.values()), D(0)) == pool
    assert {m: s.money for m, s in shares.items()} == {m: s.money for m, s in turned.items()}
    whole = sum((claim.base * claim.coefficient for claim in people), D(0))
    for claim in people:
        fair = pool * claim.base * claim.coefficient / whole
        assert abs(shares[claim.member].money.amount - fair) < D("0.0101")


@given(one=cents, other=cents)
def test_commission_rises_with_the_amount_and_has_no_cliff(one: Decimal, other: Decimal) -> None:
    bands = [
        CommissionTier(low=D(0), high=D(1000), rate=D(5)),
        CommissionTier(low=D(1000), high=D(50000), rate=D(8)),
        CommissionTier(low=D(50000), rate=D(10)),
    ]
    low, high = sorted((one, other))

    def paid(amount: Decimal) -> Decimal:
        return marginal_tiers(Money(amount, "CNY"), bands).money.amount

    assert paid(low) <= paid(high)
    assert paid(low + D("0.01")) - paid(low) <= D("0.01")


@given(
    cut=st.integers(min_value=0, max_value=91),
    score=st.decimals(min_value="0", max_value="120", places=2),
    later=st.decimals(min_value="0", max_value="120", places=2),
)
def test_splitting_a_period_in_two_and_prorating_loses_nothing(
    cut: int, score: Decimal, later: Decimal
) -> None:
    period = Period.parse("2026Q3")
    change = date(2026, 8, 15)
    posts = [
        Post(name=WORD, start=period.start, end=change, score=score),
        Post(name=WORD, start=change + timedelta(days=1), end=period.end, score=later),
    ]
    day = period.start + timedelta(days=cut)
    split = [
        piece
        for post in posts
        for piece in (replace(post, end=min(post.end, day)),
                      replace(post, start=max(post.start, day + timedelta(days=1))))
        if piece.start <= piece.end
    ]  # fmt: skip

    whole, parts = prorated(posts, period).value, prorated(split, period).value

    assert isinstance(whole, Decimal)
    assert isinstance(parts, Decimal)
    assert abs(whole - parts) < TINY


@given(
    totals=st.lists(
        st.integers(min_value=40, max_value=110).map(Decimal), min_size=10, max_size=40
    ),
    percent=st.integers(min_value=0, max_value=50),
)
def test_a_quota_holds_and_never_puts_a_lower_total_above_a_higher_one(
    totals: list[Decimal], percent: int
) -> None:
    people = {f"m{n}": total for n, total in enumerate(totals)}
    guidance = DistributionGuidance(
        mode="quota",
        minimum_pool=10,
        shares=(GradeShare(grades=("S",), at_most=D(percent)),),
    )

    grades = with_quota(people, DEFAULT_GRADES, guidance)

    assert sum(grade == "S" for grade in grades.values()) <= percent * len(totals) // 100
    ranked = sorted(people, key=lambda member: people[member], reverse=True)
    order = ["SABCD".index(grades[member]) for member in ranked]
    assert order == sorted(order)
    for one in people:
        assert {grades[m] for m in people if people[m] == people[one]} == {grades[one]}
