"""Every day lies in exactly one period of a grain, and the period knows its days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.engine.periods import GRAINS, PATTERNS, Fiscal, Grain, Pattern, grain_of
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2150, 12, 31))


@given(DAYS, st.sampled_from(GRAINS), st.integers(1, 12))
def test_a_day_lies_within_the_period_it_is_named_for(
    day: dt.date, grain: Grain, start: int
) -> None:
    fiscal = Fiscal(start)
    name = fiscal.name(day, grain)

    first, last = fiscal.days(name)

    assert first <= day <= last
    assert grain_of(name) == grain
    assert fiscal.name(first, grain) == fiscal.name(last, grain) == name
    assert fiscal.name(last + dt.timedelta(days=1), grain) != name


@given(DAYS, st.sampled_from(("month", "quarter", "half", "year")))
def test_the_calendar_year_names_periods_as_the_rules_do(day: dt.date, grain: Grain) -> None:
    period = Period.of(day, grain)  # type: ignore[arg-type]

    assert Fiscal().name(day, grain) == str(period)
    assert Fiscal().days(str(period)) == (period.start, period.end)


def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends() -> None:
    assert Fiscal(4).name(dt.date(2026, 3, 31), "quarter") == "2026Q4"
    assert Fiscal(4).name(dt.date(2026, 4, 1), "year") == "2027"


@pytest.mark.parametrize(
    "name", ["2026Q5", "2026-13", "Q3", "", "2026-W54", "26", "2026-02-30", "2025-W53"]
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        grain_of(name)


@given(DAYS, st.sampled_from(GRAINS), st.integers(1, 12), st.sampled_from(PATTERNS))
def test_periods_follow_one_another_without_gap(
    day: dt.date, grain: Grain, start: int, pattern: Pattern
) -> None:
    fiscal = Fiscal(start, pattern)
    name = fiscal.name(day, grain)
    later = fiscal.shifted(name, 1)

    assert fiscal.days(name)[0] <= day <= fiscal.days(name)[1]
    assert fiscal.days(later)[0] == fiscal.days(name)[1] + dt.timedelta(days=1)
    assert fiscal.shifted(later, -1) == name
    assert fiscal.shifted(name, 7) == fiscal.shifted(fiscal.shifted(name, 3), 4)
    assert fiscal.name(fiscal.days(name)[0], grain) == name


@given(DAYS, st.integers(1, 12), st.sampled_from(PATTERNS[1:]))
def test_months_of_whole_weeks_make_up_quarters_of_thirteen(
    day: dt.date, start: int, pattern: Pattern
) -> None:
    fiscal = Fiscal(start, pattern)
    year = fiscal.name(day, "year")
    weeks = {
        grain: [
            ((last - first).days + 1) // 7
            for first, last in map(fiscal.days, fiscal.between(*fiscal.days(year), grain))
        ]
        for grain in ("month", "quarter", "year")
    }

    assert weeks["quarter"][:3] == [13, 13, 13]
    assert weeks["month"][:3] == [int(each) for each in pattern.split("-")]
    assert len(weeks["month"]) == 12
    assert sum(weeks["month"]) == sum(weeks["quarter"]) == weeks["year"][0] in (52, 53)


def test_a_year_of_whole_weeks_starts_on_the_nearest_monday() -> None:
    fiscal = Fiscal(4, "4-4-5")

    # 1 April 2026 is a Wednesday.
    assert [str(day) for day in fiscal.days("2026-04")] == ["2026-03-30", "2026-04-26"]
    assert [str(day) for day in fiscal.days("2027Q1")] == ["2026-03-30", "2026-06-28"]
    assert fiscal.name(dt.date(2026, 3, 29), "year") == "2026"


def test_the_same_period_a_year_before() -> None:
    fiscal = Fiscal()

    assert fiscal.year_before("2026Q3") == "2025Q3"
    assert fiscal.year_before("2026-03-01") == "2025-03-01"
    assert fiscal.year_before("2024-02-29") is None
    assert fiscal.year_before("2026-W53") is None
