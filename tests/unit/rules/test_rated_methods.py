"""Methods by which people rate: described cases, named levels, several raters."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods.rated import (
    Case,
    Described,
    MultiRater,
    RaterGroup,
)
from mingji.rules.methods.ratio import Ratio
from mingji.rules.points import score_item
from mingji.rules.text import Text
from unit.rules.forms import an_item_by

D = Decimal


def test_a_case_that_is_described_earns_its_points_or_those_of_its_own_method() -> None:
    method = Described(
        cases=(
            Case(id="supplier", name=Text("供应商延误", "slipped by supplier"), points=D(8)),
            Case(id="normal", name=Text("正常", "normal"), scored_by=Ratio()),
        )
    )

    slipped = score_item(an_item_by(method, "10"), ItemFacts(choice="slipped by supplier"))
    normal = score_item(
        an_item_by(method, "10"), ItemFacts(choice="normal", actual=D(92), target=D(100))
    )

    assert (str(slipped.points), str(normal.points)) == ("8.00", "9.20")


def test_groups_of_raters_weigh_in_and_a_small_group_is_left_out_without_a_trace() -> None:
    method = MultiRater(
        groups=tuple(
            RaterGroup(id=g, weight=D(w))
            for g, w in (("manager", 50), ("peer", 30), ("report", 20))
        )
    )
    peers = tuple(Part(key="peer", value=D(v)) for v in (80, 90, 70, 80))
    reports = tuple(Part(key="report", value=D(v)) for v in (10, 11, 13))

    result = score_item(
        an_item_by(method), ItemFacts(parts=(Part(key="manager", value=D(90)), *peers, *reports))
    )

    assert str(result.points) == "86.25"  # (90·50 + 80·30) ÷ 80
    assert "rater_group_left_out" in result.node.flags
    shown_values = {node.value for node in result.node.walk()}
    assert not shown_values & {D(10), D(11), D(13), D(70)}


def test_a_rating_above_the_scale_is_refused() -> None:
    method = MultiRater(groups=(RaterGroup(id="manager", weight=D(100)),), scale=D(5))

    with pytest.raises(Invalid) as refusal:
        score_item(an_item_by(method), ItemFacts(parts=(Part(key="manager", value=D("5.9")),)))

    assert refusal.value.code == "outside_scale"


def test_an_anonymity_minimum_below_three_is_refused() -> None:
    method = MultiRater(groups=(RaterGroup(id="peer", weight=D(100)),), minimum=2)

    with pytest.raises(Invalid) as refusal:
        score_item(an_item_by(method), ItemFacts(parts=(Part(key="peer", value=D(5)),)))

    assert refusal.value.code == "anonymity_minimum_too_low"
