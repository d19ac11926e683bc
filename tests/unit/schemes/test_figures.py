"""Figures are read as people type them, exactly, and never guessed at."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.schemes.facts.figures import Figure, Unreadable, figure, is_nothing


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.5", "1234.5"),
        ("-12", "-12"),
        ("−12", "-12"),
        ("+0.29", "0.29"),
        (".5", "0.5"),
        ("１２３．４", "123.4"),
        ("1，234", "1234"),
        ("¥1,052.75", "1052.75"),
        ("￥ 300元", "300"),
        ("12.5万", "125000"),
        ("1.2 亿元", "120000000"),
        ("92%", "0.92"),
        ("92.5％", "0.925"),
    ],
)
def test_a_figure_is_read_exactly(cell, value):
    read = figure(cell)

    assert isinstance(read, Figure)
    assert read.value == Decimal(value)


def test_percent_counts_in_points_where_the_unit_is_percent():
    assert figure("92%", percent_points=True) == Figure(Decimal(92), percent=True)


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "/", "N/A", "无", "无数据", "null"])
def test_what_says_nothing_is_no_data(cell):
    assert is_nothing(cell)


@pytest.mark.parametrize(
    "cell",
    ["1052,75", "1,23", "12,34,567", "1e5", "1.2E+05", "abc", "1 2", "5天", "0x10", "∞", "NaN"],
)
def test_what_could_mean_two_things_or_nothing_is_refused(cell):
    assert isinstance(figure(cell), Unreadable)


def test_wan_beside_a_unit_in_wan_is_refused():
    assert isinstance(figure("12.5万", unit="万元"), Unreadable)


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("560万次", "万次", "560"),
        ("12.5万元", "万元", "12.5"),
        ("30 天", "天", "30"),
        ("3次", "", "3"),
        ("1２家", "", "12"),
        ("3万次", "", "30000"),
    ],
)
def test_the_unit_behind_a_figure_is_read_over_where_it_can_mean_one_thing_only(
    cell: str, unit: str, value: str
) -> None:
    assert figure(cell, unit=unit) == Figure(Decimal(value))


def test_a_unit_that_is_not_that_of_the_item_is_refused() -> None:
    assert isinstance(figure("3周", unit="天"), Unreadable)
    assert isinstance(figure("3次", unit="天"), Unreadable)
    assert isinstance(figure("1830000元", unit="万元"), Unreadable)
    assert isinstance(figure("183万", unit="千元"), Unreadable)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1e9, max_value=1e9))
def test_every_plain_decimal_reads_back_as_itself(value):
    plain, grouped = figure(format(value, "f")), figure(format(value, ",f"))

    assert plain == grouped == Figure(value)


@pytest.mark.parametrize(
    "cell", ["2026-09-30", "2026/9/30", "2026年9月30日", "2026-09-30 00:00:00"]
)
def test_a_date_is_called_a_date(cell: str) -> None:
    read = figure(cell)

    assert isinstance(read, Unreadable)
    assert "日期" in read.message.zh
    assert "a date" in read.message.en
