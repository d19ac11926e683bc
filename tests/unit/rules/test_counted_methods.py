"""Methods that count parts: key results, milestones, events."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods.events import Bonus, Deduct, Lateness, Milestone, Okr
from mingji.rules.points import score_item
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from unit.rules.forms import an_item_by

D = Decimal


def test_three_key_results_of_a_third_each_give_exactly_seventy_hundredths() -> None:
    third = D(1) / D(3)
    parts = tuple(
        Part(key=f"kr{n}", value=D(v), weight=third) for n, v in enumerate(("0.7", "1.0", "0.4"))
    )

    result = score_item(an_item_by(Okr(), "1"), ItemFacts(parts=parts))

    assert str(result.points) == "0.70"


def test_key_results_are_clipped_one_by_one_and_the_wrong_way_counts_nothing() -> None:
    parts = (
        Part(key="cpl", value=D(90), baseline=D(80), target=D(50)),
        Part(key="mql", value=D(250), baseline=D(100), target=D(200)),
    )

    result = score_item(an_item_by(Okr()), ItemFacts(parts=parts))

    assert str(result.points) == "50.00"


def test_a_key_result_without_data_gives_its_weight_to_the_others_and_is_flagged() -> None:
    parts = (Part(key="a", value=D("0.8")), Part(key="b", value=None))

    result = score_item(an_item_by(Okr()), ItemFacts(parts=parts))

    assert str(result.points) == "80.00"
    assert "part_missing_redistributed" in result.node.flags


def test_a_late_milestone_counts_less_and_a_very_late_one_nothing() -> None:
    method = Milestone(lateness=(Lateness(days=7, factor=D("0.8")),))
    parts = (
        Part(key="plan", value=D(1), weight=D("0.5")),
        Part(key="launch", value=D(1), weight=D("0.3"), days_late=3),
        Part(key="report", value=D(1), weight=D("0.2"), days_late=8),
    )

    result = score_item(an_item_by(method, "10"), ItemFacts(parts=parts))

    assert str(result.points) == "7.40"


def test_nothing_recorded_is_no_bonus_but_no_data_for_a_deduction_that_is_not_counted() -> None:
    bonus = score_item(an_item_by(Bonus()), ItemFacts())
    deduct = score_item(an_item_by(Deduct(), "10"), ItemFacts())
    counted = score_item(
        Item(id="x", name=Text.same("x"), scoring=Deduct(), weight=D(10), source="events"),
        ItemFacts(),
    )

    assert (bonus.points, deduct.points, counted.points) == (D("0.00"), None, D("10.00"))
