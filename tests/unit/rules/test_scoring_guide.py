"""The scoring guide speaks of every method, in both languages, and its figures hold."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from mingji.rules.coefficients import Settlement, YearRule
from mingji.rules.explanation import Node
from mingji.rules.methods import METHODS
from mingji.rules.numbers import rounded
from mingji.rules.scheme import Aggregation, Missing
from mingji.rules.text import Text
from mingji.rules.year import annual

GUIDES = [
    Path(__file__).parents[3] / "docs" / "explanation" / name
    for name in ("scoring.md", "scoring.zh.md")
]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_guide_names_every_method_aggregation_and_settlement(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    settlements = get_args(get_type_hints(Settlement)["rule"])

    names = (*METHODS, *get_args(Aggregation), *get_args(Missing), *settlements)
    missing = [name for name in names if f"`{name}`" not in text]

    assert missing == []
    assert len(text.splitlines()) <= 250


def test_both_languages_carry_the_same_worked_figures() -> None:
    english, chinese = (guide.read_text(encoding="utf-8") for guide in GUIDES)

    for figure in (
        "18.40", "16.67", "16.00", "85.5", "2.75", "85.14", "0.70", "9.20", "81.2", "85.8",
        "71.78", "1.32", "1.08", "17 441.86", "9 302.32", "50.05", "−33.3 %", "−60 %",
    ):  # fmt: skip
        assert figure in english
        assert figure in chinese


def test_the_year_of_the_guide_holds() -> None:
    quarters = [Node(f"q{s}", Text.same("q"), Decimal(s)) for s in (80, 82, 84, 86)]

    year = annual(YearRule(), quarters, Node("review", Text.same("review"), Decimal(90)))

    assert isinstance(year.value, Decimal)
    assert rounded(year.value) == Decimal("85.80")
