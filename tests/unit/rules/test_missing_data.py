"""No data is not zero: weights go to the others, and what does not apply does not count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mingji.rules.facts import MemberFacts
from mingji.rules.form import form_for
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


def test_weighted_total_redistributes_over_the_whole_form() -> None:
    scheme = a_scheme(
        aggregation="weighted_total",
        dimensions=(
            a_dimension("results", 70, an_item("won", 40), an_item("rate", 30)),
            a_dimension("process", 30, an_item("visits", 30)),
        ),
    )

    whole = result_of(scheme, a_member())
    half = result_of(scheme, a_member(items={"won": reached(90)}))

    assert whole.total == D("36") + D("24") + D("21")
    assert half.items[0].effective_weight == D(100)
    assert half.total == D("90.00")


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
