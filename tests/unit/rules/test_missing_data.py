"""No data is not zero: weights go to the others, and what does not apply does not count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.form import form_for
from mingji.rules.methods.events import Bonus
from mingji.rules.recompute import mismatches
from mingji.rules.results import FormResult
from mingji.rules.scheme import Scheme
from mingji.rules.scoring import score
from mingji.rules.waterfall import waterfall
from unit.rules.forms import a_dimension, a_member, a_scheme, an_item, reached

D = Decimal


def result_of(scheme: Scheme, facts: MemberFacts) -> FormResult:
    return score(form_for(scheme, facts.level, facts.family), facts)


def test_a_missing_item_gives_its_weight_to_the_others_of_its_dimension() -> None:
    facts = a_member(items={"won": reached(90), "visits": reached(70)})

    result = result_of(a_scheme(), facts)

    won, rate = result.items[:2]
    assert (won.effective_weight, str(won.points)) == (D(100), "90.00")
    assert (rate.points, rate.state) == (None, "redistributed")
    assert result.total == D("63") + D("21")
    assert {"missing_redistributed", "weight_redistributed"} <= set(result.flags)


def test_a_missing_dimension_gives_its_weight_to_the_other_dimensions() -> None:
    result = result_of(a_scheme(), a_member(items={"won": reached(90), "rate": reached(80)}))

    assert [each.effective_weight for each in result.dimensions] == [D(100), D(0)]
    assert result.total == D(86)


def test_missing_may_count_zero_or_block_when_the_scheme_says_so() -> None:
    facts = a_member(items={"won": reached(90), "visits": reached(70)})

    zero = result_of(a_scheme(missing="zero"), facts)
    blocked = result_of(a_scheme(missing="block"), facts)

    assert zero.total == D("54") * D("0.7") + D(21)
    assert zero.items[1].state == "zero"
    assert (blocked.total, blocked.grade) == (None, None)
    assert "blocked" in blocked.flags


def test_a_member_without_any_data_has_no_total_and_no_grade_and_is_still_there() -> None:
    result = result_of(a_scheme(), MemberFacts(member="nobody"))

    assert (result.total, result.grade) == (None, None)
    assert "no_data" in result.flags
    assert waterfall(result.node) == ()


ONE_FORM = (
    a_dimension("results", 70, an_item("won", 40), an_item("rate", 30)),
    a_dimension("process", 30, an_item("visits", 30)),
)


def test_weighted_total_redistributes_over_the_whole_form() -> None:
    scheme = a_scheme(aggregation="weighted_total", dimensions=ONE_FORM)

    whole = result_of(scheme, a_member())
    half = result_of(scheme, a_member(items={"won": reached(90)}))

    assert whole.total == D("36") + D("24") + D("21")
    assert half.items[0].effective_weight == D(100)
    assert half.total == D("90.00")


@pytest.mark.parametrize("aggregation", ["weighted_total", "sum"])
def test_over_the_whole_form_the_total_is_points_over_the_weights_present(aggregation: str) -> None:
    scheme = a_scheme(aggregation=aggregation, dimensions=ONE_FORM)

    result = result_of(scheme, a_member(items={"won": reached(90), "visits": reached(60)}))

    # by hand: (40 × 90 % + 30 × 60 %) ÷ (40 + 30) × 100 = 54 ÷ 70 × 100 = 77.142857…
    won, _, visits = result.items
    assert (str(won.points), str(visits.points)) == ("51.43", "25.71")
    assert result.total == D("77.14")
    assert won.effective_weight + visits.effective_weight == D(100)
    assert [each.effective_weight.quantize(D("0.01")) for each in result.dimensions] == [
        D("57.14"),
        D("42.86"),
    ]
    assert mismatches(result.node) == ()


def test_a_plain_sum_keeps_its_own_whole_when_an_item_has_no_data() -> None:
    dimensions = (
        a_dimension("results", 90, an_item("won", 60), an_item("rate", 30)),
        a_dimension("process", 30, an_item("visits", 30)),
    )
    scheme = a_scheme(aggregation="sum", dimensions=dimensions)

    result = result_of(scheme, a_member(items={"won": reached(90), "rate": reached(80)}))

    # by hand: (54 + 24) ÷ 90 of the 120 that the form is worth = 104
    assert result.total == D("104.00")
    assert [each.points for each in result.dimensions] == [D("104.00"), None]


@pytest.mark.parametrize("aggregation", ["weighted_total", "sum"])
def test_a_bonus_item_neither_gives_nor_takes_weight(aggregation: str) -> None:
    extra = an_item("extra", 10, scoring=Bonus(points_each=D(2)))
    dimensions = (a_dimension("results", 100, an_item("won", 60), an_item("rate", 40), extra),)
    scheme = a_scheme(aggregation=aggregation, dimensions=dimensions)
    awards = ItemFacts(actual=D(2))

    result = result_of(scheme, a_member(items={"won": reached(90), "extra": awards}))

    # by hand: 54 ÷ 60 × 100 = 90, and 2 awards × 2 outside the 100
    assert result.items[0].effective_weight == D(100)
    assert (result.individual, result.bonus, result.total) == (D("90.00"), D(4), D("94.00"))


@pytest.mark.parametrize("aggregation", ["weighted_total", "sum"])
def test_counting_no_data_as_zero_leaves_every_weight_where_it_is(aggregation: str) -> None:
    scheme = a_scheme(aggregation=aggregation, missing="zero", dimensions=ONE_FORM)

    result = result_of(scheme, a_member(items={"won": reached(90)}))

    assert [item.effective_weight for item in result.items] == [D(40), D(30), D(30)]
    assert result.total == D("36.00")


@pytest.mark.parametrize("missing", ["redistribute", "zero", "block"])
def test_an_item_to_which_the_row_gives_no_weight_does_not_count_under_any_rule(
    missing: str,
) -> None:
    items = {
        "won": replace(reached(90), weight=D(100)),
        "rate": replace(reached(10), weight=D(0)),
        "visits": reached(70),
    }

    result = result_of(a_scheme(missing=missing), a_member(items=items))

    assert (result.items[1].state, result.items[1].points) == ("not_counted", None)
    assert result.total == D(63) + D(21)
    assert mismatches(result.node) == ()


def test_a_dimension_of_which_nothing_applies_gives_its_weight_to_the_others() -> None:
    items = {**a_member().items, "visits": replace(reached(10), weight=D(0))}

    result = result_of(a_scheme(missing="zero"), a_member(items=items))

    assert [each.effective_weight for each in result.dimensions] == [D(100), D(0)]
    assert result.total == D(86)
