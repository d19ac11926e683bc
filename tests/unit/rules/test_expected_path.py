"""What was to be reached by now, where a period does not bring the same every day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.progress import END_LOADED, expected_by, seasonal

D = Decimal
START, END = date(2026, 7, 1), date(2026, 8, 31)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), "0.5"), (END_LOADED, "0.25"), (seasonal([D(30), D(10)]), "0.75")],
)
def test_half_time_expects_what_the_path_says(shape, expected):
    assert expected_by(date(2026, 7, 31), START, END, shape) == D(expected)


def test_a_path_without_work_at_its_start_or_end_is_followed():
    shape = seasonal([D(0), D(5), D(0)])

    assert expected_by(START, START, END, shape) == 0
    assert expected_by(END, START, END, shape) == 1


@pytest.mark.parametrize("shares", [[], [D(0), D(0)], [D(-1), D(3)]])
def test_seasons_that_say_nothing_are_refused(shares):
    with pytest.raises(Invalid) as refused:
        seasonal(shares)

    assert refused.value.code == "bad_seasons"
