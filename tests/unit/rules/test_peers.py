"""Same inputs, one right answer: the cases that other products get wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.coefficients import CommissionTier
from mingji.rules.commission import marginal_tiers
from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.form import form_for
from mingji.rules.methods.events import Okr
from mingji.rules.methods.rated import MultiRater, RaterGroup
from mingji.rules.money import Money
from mingji.rules.numbers import rounded
from mingji.rules.points import score_item
from mingji.rules.progress import clipped, progress
from mingji.rules.scoring import score
from unit.rules.forms import a_dimension, a_member, a_scheme, an_item

D = Decimal


@pytest.mark.parametrize(
    ("baseline", "target", "value", "way", "points"),
    [
        ("80", "50", "90", "-0.3333", "0"),
        ("100", "200", "40", "-0.6000", "0"),
        ("100", "200", "100", "0.0000", "0"),
        ("80", "50", "65", "0.5000", "0.5"),
        ("100", "200", "250", "1.5000", "1"),
    ],
)
def test_progress_knows_the_direction_and_only_the_score_is_clipped(
    baseline: str, target: str, value: str, way: str, points: str
) -> None:
    share = progress(D(value), baseline=D(baseline), target=D(target))

    assert str(rounded(share, 4)) == way
    assert clipped(share) == D(points)


def test_a_start_that_equals_the_target_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        progress(D(5), baseline=D(5), target=D(5))

    assert refusal.value.code == "baseline_equals_target"


def test_a_key_result_whose_start_equals_its_target_is_refused_with_the_item_named() -> None:
    part = Part(key="kr", value=D(5), baseline=D(5), target=D(5))

    with pytest.raises(Invalid) as refusal:
        score_item(an_item("okr", 100, scoring=Okr()), ItemFacts(parts=(part,)))

    assert "okr" in refusal.value.message.en


def test_goal_five_self_five_and_no_feedback_yet_is_not_three_and_a_third() -> None:
    groups = tuple(RaterGroup(id=g, weight=D(50)) for g in ("self", "peer"))
    method = MultiRater(groups=groups, scale=D(5))
    scheme = a_scheme(
        dimensions=(
            a_dimension("all", 100, an_item("goal", 50), an_item("rated", 50, scoring=method)),
        )
    )
    items = {
        "goal": ItemFacts(actual=D(5), target=D(5)),
        "rated": ItemFacts(parts=(Part(key="self", value=D(5)),)),
    }

    result = score(form_for(scheme), a_member(items=items))

    assert result.total == D(100)
    assert "rater_group_left_out" in result.flags


def test_commission_has_no_gap_at_the_edge_of_a_band() -> None:
    bands = [
        CommissionTier(low=D(0), high=D(1000), rate=D(5)),
        CommissionTier(low=D(1000), rate=D(10)),
    ]

    paid = [
        str(marginal_tiers(Money(D(amount), "CNY"), bands).money.amount)
        for amount in ("1000", "1000.50", "-200")
    ]

    assert paid == ["50.00", "50.05", "-10.00"]


@pytest.mark.parametrize("percent", ["29", "57", "58"])
def test_whole_percentages_stay_what_they_are(percent: str) -> None:
    facts = ItemFacts(actual=D(percent), target=D(100))

    assert str(score_item(an_item("x", 100), facts).points) == f"{percent}.00"
