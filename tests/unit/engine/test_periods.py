"""Every day lies in exactly one period of a grain, and the period knows its days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.engine.periods import GRAINS, Fiscal, Grain, grain_of
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


@pytest.mark.parametrize("name", ["2026Q5", "2026-13", "Q3", "", "2026-W54", "26"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        grain_of(name)
