"""How a number, an amount of money or a day is written for a reader of Chinese or English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from mingji.rules.text import Text

NO_DATA = Text(zh="无数据", en="No data")
SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
UNITS = {
    "count": Text("", ""),
    "coefficient": Text("", ""),
    "day": Text("天", "days"),
    "hour": Text("小时", "hours"),
    "minute": Text("分钟", "minutes"),
    "month": Text("个月", "months"),
    "point": Text("分", "pts"),
    "pp": Text("个百分点", "pp"),
    "times": Text("倍", "×"),
    "person": Text("人", "people"),
}
_ALIASES = {
    "days": "day",
    "hours": "hour",
    "months": "month",
    "points": "point",
    "分": "point",
    "percentage_point": "pp",
    "percent": "%",
    "people": "person",
}
_WAN, _YI = Decimal(10_000), Decimal(100_000_000)
_THOUSAND, _MILLION, _BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
_DECIMALS = {"count": 1, "day": 1, "hour": 1, "minute": 1, "month": 1}
_CENTS_BELOW = Decimal(100)
# (from, divisor, decimals, word), largest first
_SCALES = {
    "zh": ((_YI, _YI, 2, "亿"), (_WAN, _WAN, 1, "万")),
    "en": (
        (_BILLION, _BILLION, 2, "B"),
        (_MILLION, _MILLION, 2, "M"),
        (_WAN, _THOUSAND, 1, "K"),
    ),
}
_EMPTY_DECIMALS = re.compile(r"\.0+(?!\d)")
_WEEKDAYS = "一二三四五六日"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A number ready to be read: the short figure, its unit, and the exact figure if it differs."""

    text: str
    unit: str
    exact: str = ""

    def __str__(self) -> str:
        """Figure and unit in one string: `¥128.4 万`, `12.3%`, `18 days`."""
        if not self.unit:
            return self.text
        tight = self.unit in ("%", "×")
        return f"{self.text}{'' if tight else ' '}{self.unit}"


def show(
    value: Decimal | int | None, unit: str = "", locale: str = "en", *, signed: bool = False
) -> Shown:
    """A value in its unit as people of that language write it; None is "no data".

    `ratio` is a fraction shown in percent (0.1234 is 12.3%), `%` is a percentage already, `pp` are
    percentage points; a currency code is money, shortened from ten thousand on with the exact
    figure kept. Other values keep their digits, at most two after the point, rounded half up.

    >>> str(show(Decimal("1284000"), "CNY", "zh")), str(show(Decimal("1284000"), "CNY", "en"))
    ('¥128.4 万', '¥1.28M')
    >>> str(show(Decimal("0.1234"), "ratio", "en")), show(Decimal("0.1234"), "ratio").exact
    ('12.3%', '12.34%')
    """
    language = "zh" if locale.lower().startswith("zh") else "en"
    if value is None:
        return Shown(NO_DATA.in_(language), "")
    number, unit = Decimal(value), _ALIASES.get(unit, unit)
    if unit in SIGNS:
        return _money(number, unit, language, signed)
    if unit in ("ratio", "%"):
        return _percent(number * 100 if unit == "ratio" else number, signed)
    if unit == "count" and number == number.to_integral_value():
        number = number.to_integral_value()
    short = _digits(number, _DECIMALS.get(unit, 2))
    word = UNITS[unit].in_(language) if unit in UNITS else unit
    return Shown(_signed(short, signed), word, _exact(number, short, word))


def mark(value: Decimal, unit: str, locale: str) -> str:
    """A round number beside an axis: zeros behind the point say nothing there.

    >>> mark(Decimal("30000000"), "CNY", "zh"), mark(Decimal("1500000"), "CNY", "en")
    ('¥3,000 万', '¥1.50M')
    """
    return _EMPTY_DECIMALS.sub("", str(show(value, unit, locale)))


def _money(value: Decimal, currency: str, language: str, signed: bool) -> Shown:
    sign = SIGNS[currency]
    whole = value == value.to_integral_value()
    to_the_cent = _fixed(value, 0 if whole else 2)
    exact = _with_sign(written(to_the_cent), sign)
    for least, divisor, places, word in _SCALES[language]:
        if abs(value) >= least:
            short = _signed(_fixed(value / divisor, places), signed, sign)
            beside = language == "zh"
            return Shown(short if beside else short + word, word if beside else "", exact)
    at_a_glance = _fixed(value, 0) if abs(value) >= _CENTS_BELOW else to_the_cent
    return Shown(_signed(at_a_glance, signed, sign), "", exact if at_a_glance != value else "")


def _percent(value: Decimal, signed: bool) -> Shown:
    short = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Shown(_signed(short, signed), "%", _exact(value.normalize(), short, "%"))


def _exact(value: Decimal, short: Decimal, unit: str) -> str:
    return "" if value == short else str(Shown(written(value), unit))


def _fixed(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _digits(value: Decimal, places: int) -> Decimal:
    exponent = value.as_tuple().exponent
    longer = isinstance(exponent, int) and -exponent > places
    return _fixed(value, places) if longer else value


def written(value: Decimal) -> str:
    """All digits of a number: thousands apart, a true minus sign, never `-0`."""
    return f"{value if value else abs(value):,f}".replace("-", "−")


def _with_sign(digits: str, sign: str) -> str:
    return f"−{sign}{digits[1:]}" if digits.startswith("−") else f"{sign}{digits}"


def _signed(value: Decimal, signed: bool, sign: str = "") -> str:
    plus = "+" if signed and value > 0 else ""
    return plus + _with_sign(written(value), sign)


def day(on: date, locale: str, *, year: bool = False) -> str:
    """A day: `11月22日 周日` (with `year`: `2026年11月22日 周日`) or `22 Nov 2026`."""
    if locale.lower().startswith("zh"):
        head = f"{on.year}年" if year else ""
        return f"{head}{on.month}月{on.day}日 周{_WEEKDAYS[on.weekday()]}"
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def short_day(on: date, locale: str) -> str:
    """A day without weekday and year, where there is no room: `11月22日`, `22 Nov`."""
    if locale.lower().startswith("zh"):
        return f"{on.month}月{on.day}日"
    return f"{on.day} {_MONTHS[on.month - 1]}"


def moment(at: datetime, locale: str) -> str:
    """An instant in the installation's time zone: `2026年11月22日 14:03`, `22 Nov 2026, 14:03`."""
    here = timezone.localtime(at) if timezone.is_aware(at) else at
    if locale.lower().startswith("zh"):
        return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
    return f"{day(here.date(), 'en')}, {here:%H:%M}"


def whole(text: str, otherwise: int, *, digits: int = 9) -> int:
    """The whole number that was typed or linked to, of so many digits at most.

    >>> whole("42", 0), whole("4.2", 0), whole("1234567890", 0), whole("123456", -1, digits=5)
    (42, 0, 0, -1)
    """
    return int(text) if text.isdecimal() and len(text) <= digits else otherwise
