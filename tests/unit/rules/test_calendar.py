"""Periods as they are written, and those that no calendar has."""

from __future__ import annotations

import pytest

from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid


@pytest.mark.parametrize("text", ["0000Q1", "0000", "0001-01", "1899H2", "3000Q1", "9999-12"])
def test_a_year_at_the_ends_of_the_calendar_is_refused_where_it_is_read(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Period.parse(text)

    assert refusal.value.code == "bad_period"
    assert "1900" in refusal.value.message.en


@pytest.mark.parametrize("text", ["1900Q1", "2999Q4", "2999-12", "1900"])
def test_the_first_and_the_last_year_have_a_period_before_and_after(text: str) -> None:
    period = Period.parse(text)

    assert period.previous.end < period.start <= period.end < period.next.start
