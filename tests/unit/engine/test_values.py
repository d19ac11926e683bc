"""The last step is exact: rounding, medians, no data against zero."""

from __future__ import annotations

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.engine.counting import Counted
from mingji.engine.model import Aggregate, Metric
from mingji.engine.values import interpolated, rounded
from mingji.rules.text import Text

MONEY = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


def points(values: list[Decimal]) -> list[tuple[Fraction, int, int]]:
    """What the ordered query returns for these values: equal ones counted together."""
    ordered = sorted(values)
    return [
        (Fraction(value), sum(1 for each in ordered if each <= value), len(ordered))
        for value in sorted(set(ordered))
    ]


@given(st.lists(MONEY, min_size=1, max_size=40))
def test_a_median_is_the_mean_of_the_middle_two(values: list[Decimal]) -> None:
    assert interpolated(points(values), Fraction(1, 2)) == statistics.median(map(Fraction, values))


@given(st.lists(MONEY, min_size=1, max_size=40))
def test_percentiles_run_from_the_smallest_to_the_largest(values: list[Decimal]) -> None:
    found = [interpolated(points(values), Fraction(step, 10)) for step in range(11)]

    assert found == sorted(found)
    assert (found[0], found[-1]) == (Fraction(min(values)), Fraction(max(values)))


def test_a_percentile_is_linear_between_the_nearest_as_in_excel() -> None:
    values = [Decimal(each) for each in (15, 20, 35, 40, 50)]

    assert interpolated(points(values), Fraction(2, 5)) == 29


@pytest.mark.parametrize(
    ("value", "scale", "published"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.675", 2, "2.68"), ("-0.001", 2, "0.00")],
)
def test_halves_round_away_from_zero_and_minus_zero_is_zero(
    value: str, scale: int, published: str
) -> None:
    assert str(rounded(Fraction(value), scale)) == published


@given(MONEY, st.integers(1, 10**6), st.integers(0, 6))
def test_rounding_is_never_off_by_more_than_half_a_place(
    money: Decimal, parts: int, scale: int
) -> None:
    exact = Fraction(money) / parts

    assert abs(Fraction(rounded(exact, scale)) - exact) * 2 <= Fraction(1, 10**scale)


@pytest.mark.parametrize(
    ("agg", "slice_rows", "rows", "cells", "whole", "value"),
    [
        ("sum", 0, 0, 0, None, None),
        ("sum", 3, 0, 0, None, 0),
        ("sum", 3, 2, 0, None, None),
        ("sum", 3, 2, 1, 7, 7),
        ("count", 0, 0, 0, None, None),
        ("count", 3, 0, 0, 0, 0),
        ("average", 3, 2, 2, 7, Fraction(7, 2)),
        ("average", 3, 0, 0, None, None),
        ("max", 3, 0, 0, None, None),
    ],
)
def test_no_rows_are_no_data_and_rows_that_fail_the_filter_are_zero(
    agg: Aggregate, slice_rows: int, rows: int, cells: int, whole: int | None, value: object
) -> None:
    metric = Metric("m", Text.same("m"), "simple", agg=agg)
    total = None if whole is None else Fraction(whole)

    assert Counted(slice_rows, rows, cells, total).value(metric) == value


def test_rows_without_a_value_are_flagged() -> None:
    metric = Metric("m", Text.same("m"), "simple", agg="sum")

    assert Counted(3, 2, 1, Fraction(7)).flags(metric) == ("values_missing",)
    assert Counted().flags(metric) == ("no_data",)
