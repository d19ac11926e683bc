"""How a goal stands, and which values cannot be agreed to. Worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.goals.health import health, reasons
from mingji.goals.targets import Targets, findings
from mingji.rules.explanation import Node
from mingji.rules.text import Text

HALF = Decimal("0.5")


def _stands(value: str | None, target: str | None, direction: str = "up", adds_up: bool = True):
    return health(
        None if value is None else Decimal(value),
        None if target is None else Decimal(target),
        direction=direction,
        adds_up=adds_up,
        elapsed=HALF,
    )


@pytest.mark.parametrize(
    ("value", "target", "direction", "adds_up", "attainment", "status"),
    [
        ("47.5", "100", "up", True, "95.00", "on_track"),
        ("47.49", "100", "up", True, "94.98", "at_risk"),
        ("40", "100", "up", True, "80.00", "at_risk"),
        ("39.99", "100", "up", True, "79.98", "off_track"),
        ("0", "100", "up", True, "0.00", "off_track"),
        ("-5", "100", "up", True, "-10.00", "off_track"),
        ("0.2", "0.25", "up", False, "80.00", "at_risk"),
        ("80", "60", "down", False, "75.00", "off_track"),
        ("40", "60", "down", False, "150.00", "on_track"),
        ("0", "60", "down", False, "200.00", "on_track"),
        ("1", "60", "down", False, "200.00", "on_track"),
        ("1.1", "1", "closer", False, "90.00", "at_risk"),
        ("0.96", "1", "closer", False, "96.00", "on_track"),
    ],
)
def test_attainment_is_the_value_over_what_was_due(
    value, target, direction, adds_up, attainment, status
):
    found = _stands(value, target, direction, adds_up)

    assert (str(found.attainment), found.status) == (attainment, status)


@pytest.mark.parametrize(("value", "target"), [(None, "100"), ("5", None), ("5", "0"), ("5", "-1")])
def test_without_data_or_with_nothing_to_divide_by_there_is_no_status(value, target):
    found = _stands(value, target)

    assert (found.attainment, found.status) == (None, "no_data")


def test_the_reasons_carry_the_same_figure_and_every_part_of_it():
    tree = reasons(
        Node("current", Text.same("MQL"), Decimal(40)),
        Node("target", Text.same("target"), Decimal(100)),
        direction="up",
        adds_up=True,
        elapsed=HALF,
    )

    assert tree.value == _stands("40", "100").attainment
    assert tree.find("expected").value == 50
    assert tree.find("expected/target").value == 100
    assert tree.find("expected/elapsed").value == HALF
    assert tree.formula.en == "current 40 ÷ expected 50 × 100 = 80"


@pytest.mark.parametrize(
    ("given", "method", "direction", "code"),
    [
        ({"target": 0}, "ratio", "up", "ratio_target_not_positive"),
        ({"target": 0}, "anchors", "up", None),
        ({"target": 5, "baseline": 5}, "anchors", "up", "baseline_is_target"),
        ({"target": 5, "threshold": 6}, "ratio", "up", "threshold_beyond_target"),
        ({"target": 5, "threshold": 6}, "ratio", "down", None),
        ({"target": 5, "stretch": 6}, "ratio", "down", "stretch_below_target"),
        ({"target": 5, "threshold": 6, "stretch": 4}, "deviation", "closer", None),
        ({"target": 5, "weight": 101}, "ratio", "up", "weight_out_of_range"),
        ({}, "ratio", "up", "target_missing"),
    ],
)
def test_values_that_cannot_be_followed_are_named_with_their_field(given, method, direction, code):
    targets = Targets(**{name: Decimal(value) for name, value in given.items()})

    found = findings(targets, method=method, direction=direction)

    assert [each.code for each in found] == ([code] if code else [])
    assert all(each.remedy.zh and each.remedy.en and each.place.path for each in found)
