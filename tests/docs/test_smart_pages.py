"""The pages about the SMART check and the forecast say what the code does."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

from mingji.analysis.forecast import Aim, Forecast, Pace, forecast
from mingji.rules.numbers import rounded
from mingji.rules.smart.check import check
from unit.rules.smart.goals_as_written import TODAY, Row, draft_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs/explanation"
ENDINGS = ("md", "zh.md")
SIX = [Decimal(value) for value in (200, 220, 210, 240, 230, 250)]


def codes() -> set[str]:
    """The first argument of every `note(…)` in the SMART check."""
    return {
        node.args[0].value
        for path in (ROOT / "src/mingji/rules/smart").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "note"
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_page_of_the_check_names_every_finding_and_no_other(ending):
    page = (DOCS / f"smart.{ending}").read_text("utf-8")

    named = set(re.findall(r"`([a-z]+_[a-z_]+|sandbagging|fantasy|hard)`", page))

    assert named == codes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_figures_of_the_check_are_those_of_the_page(ending):
    page = (DOCS / f"smart.{ending}").read_text("utf-8")

    outlook = draft_of(Row("提升MQL到300", "", "mql", "300")).outlook
    low = check(draft_of(Row("MQL 达到 250", "", "mql", "250")), today=TODAY)[2].sentence.zh

    chance = f"{rounded(outlook.chance * 100, 0)} %"
    for figure in (outlook.median, outlook.low, outlook.high, chance):
        assert str(figure) in page
    assert "253.3333" in low
    assert "253.33" in page


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_figures_of_the_forecast_are_those_of_the_page(ending):
    page = (DOCS / f"forecast.{ending}").read_text("utf-8")
    pace = Pace(
        elapsed=Decimal(6) / 13,
        so_far=Decimal(90),
        before=tuple(value * Decimal("0.32") for value in SIX),
    )
    others = [[Decimal(value) for value in past] for past in ((90, 100), (120,), (80, 95, 90))]
    told = [
        forecast([Decimal(10), Decimal(14)], scale="any"),
        forecast(SIX, scale="amount"),
        forecast(SIX, scale="amount", pace=pace),
        forecast([], scale="amount", others=others),
    ]

    for said in told:
        assert isinstance(said, Forecast)
        assert {str(said.median), str(said.low), str(said.high)} <= set(
            re.findall(r"\d+\.\d+", page)
        )
    chances = [
        rounded(forecast(SIX, scale="amount", aim=Aim(target=Decimal(target))).chance * 100, 0)
        for target in (230, 250, 260, 280, 300)
    ]
    assert " | ".join(f"{chance} %" for chance in chances) in page
