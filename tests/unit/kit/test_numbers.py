"""Numbers, money and days as people of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.kit.numbers import NO_DATA, day, moment, show, written

D = Decimal


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("1284000", "CNY", "¥128.4 万", "¥1.28M"),
        ("128400", "CNY", "¥12.8 万", "¥128.4K"),
        ("99.5", "CNY", "¥99.50", "¥99.50"),
        ("2630.84", "CNY", "¥2,631", "¥2,631"),
        ("9999", "CNY", "¥9,999", "¥9,999"),
        ("312000000", "CNY", "¥3.12 亿", "¥312.00M"),
        ("-45200", "CNY", "−¥4.5 万", "−¥45.2K"),
        ("850.0000", "CNY", "¥850", "¥850"),
        ("4200", "USD", "US$4,200", "US$4,200"),
        ("0.1234", "ratio", "12.3%", "12.3%"),
        ("0", "ratio", "0.0%", "0.0%"),
        ("91.75", "%", "91.8%", "91.8%"),
        ("-3.2", "pp", "−3.2 个百分点", "−3.2 pp"),
        ("18", "day", "18 天", "18 days"),
        ("3.5", "hour", "3.5 小时", "3.5 hours"),
        ("18.40", "point", "18.40 分", "18.40 pts"),
        ("82.500000", "points", "82.50 分", "82.50 pts"),
        ("12408", "count", "12,408", "12,408"),
        ("1.2", "times", "1.2 倍", "1.2×"),
        ("1E+3", "count", "1,000", "1,000"),
        ("-0.00", "", "0.00", "0.00"),
        ("7", "widgets", "7 widgets", "7 widgets"),
    ],
)
def test_a_value_reads_as_people_write_it(value: str, unit: str, zh: str, en: str) -> None:
    assert str(show(D(value), unit, "zh-hans")) == zh
    assert str(show(D(value), unit, "en")) == en


def test_a_shortened_amount_keeps_its_exact_figure() -> None:
    shown = show(D("1284350.5"), "CNY", "zh-hans")

    assert (shown.text, shown.unit, shown.exact) == ("¥128.4", "万", "¥1,284,350.50")


def test_a_number_shown_whole_has_no_second_figure() -> None:
    assert show(D("18.40"), "point", "en").exact == ""
    assert show(D("0.123"), "ratio", "en").exact == ""


def test_a_rounded_percentage_keeps_its_exact_figure() -> None:
    assert show(D("0.12345"), "ratio", "en").exact == "12.345%"


def test_nothing_is_no_data_and_not_zero() -> None:
    assert str(show(None, "CNY", "zh-hans")) == NO_DATA.zh
    assert str(show(None, "CNY", "en")) == NO_DATA.en


def test_a_change_carries_its_sign() -> None:
    assert str(show(D(3), "point", "en", signed=True)) == "+3 pts"
    assert str(show(D(-3), "point", "en", signed=True)) == "−3 pts"
    assert str(show(D(0), "point", "en", signed=True)) == "0 pts"
    assert str(show(D(45200), "CNY", "en", signed=True)) == "+¥45.2K"


def test_a_day_names_the_weekday_in_chinese_and_the_year_in_english() -> None:
    on = date(2026, 11, 22)

    assert day(on, "zh-hans") == "11月22日 周日"
    assert day(on, "zh-hans", year=True) == "2026年11月22日 周日"
    assert day(on, "en") == "22 Nov 2026"


def test_a_moment_has_hours_and_minutes() -> None:
    at = datetime(2026, 11, 22, 14, 3)  # noqa: DTZ001 (without a zone it is shown as it stands)

    assert moment(at, "zh-hans") == "2026年11月22日 14:03"
    assert moment(at, "en") == "22 Nov 2026, 14:03"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_all_digits_can_be_read_back(value: Decimal) -> None:
    assert D(written(value).replace(",", "").replace("−", "-")) == value


@given(
    st.decimals(places=2, min_value=-(10**10), max_value=10**10),
    st.sampled_from(["CNY", "ratio", "%", "point", "day", ""]),
    st.sampled_from(["zh-hans", "en"]),
)
def test_a_negative_number_never_loses_its_sign(value: Decimal, unit: str, locale: str) -> None:
    shown = show(value, unit, locale)
    digits = [character for character in shown.text if character.isdigit()]

    assert ("−" in shown.text) == (value < 0 and any(digit != "0" for digit in digits))
