"""Promises of goals in spreadsheets: what is written is read again, whatever it says."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingji.goals.sheets import Known, Line, csv_lines, mean, read_sheet, write_workbook
from mingji.goals.sheets.cells import guarded, unguarded
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms

# Chinese, what begins a formula, quotes, separators, and what looks like a number or like nothing.
ALPHABET = "目标成交率，；。=+-@'\"|;,%(1.0aN/é🎯 "
ODD = ["=cmd|'/C calc'!A0", "'=1", "''-x", "-", "无", "n/a", "NULL", "1e5", "007"]
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.sampled_from(ALPHABET), max_size=20).map(str.strip),
)
TITLES = TEXTS.filter(bool)
LONG = st.lists(TITLES, max_size=3).map("\n".join)
AMOUNTS = st.none() | st.decimals(min_value=Decimal(-(10**15)), max_value=Decimal(10**15), places=4)
WEIGHTS = st.none() | st.decimals(min_value=0, max_value=100, places=2)
DAYS = st.none() | st.dates()
STEPS = st.builds(
    MilestoneTerms,
    title=TITLES,
    weight=st.decimals(min_value=0, max_value=100, places=2),
    due=DAYS,
)
SCORING = st.dictionaries(st.sampled_from(["cap", "floor"]), TEXTS, max_size=2)


@st.composite
def a_goal(draw: st.DrawFn, number: int) -> tuple[GoalTerms, str]:
    """A goal, and the unit of its amounts."""
    kind = draw(st.sampled_from(["kpi", "objective", "key_result"]))
    measure = "metric"
    if kind != "objective":
        measure = draw(st.sampled_from(["metric", "manual", "milestones", "yes_no"]))
    metric = draw(st.sampled_from(["mql_count", "budget_use_rate"])) if measure == "metric" else ""
    rate = metric == "budget_use_rate" and kind != "objective"
    terms = GoalTerms(
        key=f"goal-{number}",
        kind=kind,
        objective="goal-0" if kind == "key_result" else "",
        title=draw(TITLES),
        description=draw(LONG),
        metric=metric,
        measure=measure,
        unit="次" if measure == "manual" else "",
        baseline=draw(AMOUNTS),
        threshold=draw(AMOUNTS),
        target=draw(AMOUNTS),
        stretch=draw(AMOUNTS),
        weight=draw(WEIGHTS),
        commitment=draw(st.sampled_from(["committed", "stretch"])),
        due=draw(DAYS),
        theme=draw(st.sampled_from(["", "growth"])),
        milestones=tuple(draw(st.lists(STEPS, max_size=3))),
        scoring=draw(SCORING),
        support=draw(TEXTS),
        support_due=draw(DAYS),
    )
    return terms, "ratio" if rate else ""


@st.composite
def some_goals(draw: st.DrawFn) -> list[tuple[GoalTerms, str]]:
    return [draw(a_goal(number)) for number in range(draw(st.integers(1, 4)))]


def read_again(path: Path) -> tuple[GoalTerms, ...]:
    known = Known(members={"CC020": ("CC020",)}, items={}, themes={"growth": "growth"})
    found = mean(read_sheet(path), known)
    assert found.faults == ()
    return found.goals["CC020"]


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(max_examples=60)
@given(goals=some_goals())
def test_a_sheet_says_the_goals_that_it_was_written_from(kind, locale, goals):
    lines = [Line(terms=terms, member="CC020", unit=unit) for terms, unit in goals]

    with TemporaryDirectory() as folder:
        path = Path(folder) / f"goals.{kind}"
        with path.open("wb") as file:
            if kind == "csv":
                file.writelines(each.encode() for each in csv_lines(lines, locale, progress=False))
            else:
                write_workbook(file, lines, locale, progress=False)

        assert read_again(path) == tuple(terms for terms, _ in goals)


@given(goals=some_goals())
def test_no_cell_of_a_sheet_begins_a_formula(goals):
    lines = [Line(terms=terms, member="CC020", unit=unit, owner="=x") for terms, unit in goals]

    written = "".join(csv_lines(lines, "zh", progress=False)).removeprefix("\ufeff")

    for row in csv.reader(StringIO(written)):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell.strip("-%").replace(".", "", 1).isdecimal()


@given(text=TEXTS)
def test_what_keeps_a_cell_harmless_comes_off_again(text):
    assert unguarded(guarded(text)) == text
