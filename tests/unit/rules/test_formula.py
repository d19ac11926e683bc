"""The formula language computes exactly, and holds nothing that could do harm."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.formula import parse

D = Decimal
KNOWN = {"actual": D(85), "target": D(100), "weight": D(20)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("actual / target * weight", "17"),
        ("min(actual, 80) - max(1, 2, 3)", "77"),
        ("-actual + +1", "-84"),
        ("100 if 0.8 <= actual/target < 0.9 else 0", "100"),
        ("1 if not (actual > 90 or target == 0) and weight != 1 else 0", "1"),
        ("actual > 80", "1"),
        ("（actual－5）×2", "160"),
        ("10 if actual ≥ 85 else 0", "10"),
        ("0.1234567890123456789", "0.1234567890123456789"),
    ],
)
def test_a_formula_is_computed_in_decimals(text: str, value: str) -> None:
    assert parse(text).value(KNOWN) == D(value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('ls')",
        "actual.__class__",
        "actual[0]",
        "lambda: 1",
        "[x for x in actual]",
        "(y := 1)",
        "2 ** 9",
        "actual // 2",
        "abs(actual)",
        "max(*actual)",
        "max()",
        "min(actual, key=1)",
        "'text'",
        "True",
        "1e9",
        "1j",
        "f'{actual}'",
        "actual; target",
        "actual +",
        "",
        "目标",
        "9" * 40,
        "1 + " * 150 + "1",
        "(" * 60 + "1" + ")" * 60 + " if " * 3,
        "-" * 60 + "1",
        "a" * 501,
    ],
)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)

    assert refusal.value.code == "formula_refused"
    assert refusal.value.message.zh


def test_an_unknown_name_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(Invalid) as refusal:
        parse("actual / goal", frozenset(("actual", "target")))

    assert "goal" in refusal.value.message.en
    assert "target" in refusal.value.message.zh


def test_dividing_by_zero_is_refused_and_says_what_was_zero() -> None:
    with pytest.raises(Invalid) as refusal:
        parse("actual / (target - 100)").value(KNOWN)

    assert "target - 100" in refusal.value.message.en


def test_a_test_guards_a_division() -> None:
    guarded = parse("actual / target if target != 0 else 0")

    assert guarded.value({"actual": D(1), "target": D(0)}) == 0
