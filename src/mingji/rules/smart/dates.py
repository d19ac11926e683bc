"""The dates that a title names: 9月30日, 三季度, Q4, 年底, by September, 2026-12-31."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "t(?:ember)?", "ober", "ember", "ember")
_NAMES = "|".join(f"{s}(?:{rest})?" for s, rest in zip(_MONTHS, _LONG, strict=True))
_YEAR = r"(?P<year>20[0-9]{2})"
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_COMPARED = re.compile(
    r"(?:较|比|相比|对比|同比|高于|低于|优于|vs\.?|versus|than|over|from|"
    r"against|compared (?:to|with))[ ]?$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A date or a stretch of days that a title names."""

    words: str
    first: date
    last: date
    start: int
    end: int
    compared: bool  # it is what something is compared with, not a deadline


def dates(text: str, year: int) -> tuple[Named, ...]:
    """The dates in a folded text; one without a year lies in `year`.

    >>> [(d.words, str(d.last)) for d in dates("9月30日前上线，年底复盘", 2026)]
    [('9月30日', '2026-09-30'), ('年底', '2026-12-31')]
    """
    found: list[Named] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other.end and other.start < end for other in found):
                continue
            named = match.groupdict()
            said = named.get("year") or named.get("late")
            days = reader(match, int(said) if said else year)
            if days:
                lead = match[0].partition(" ")[0]
                before = text[max(0, start - 14) : start]
                compared = _COMPARED.search(before) or _COMPARED.fullmatch(lead)
                found.append(Named(match[0].strip(), *days, start, end, compared is not None))
    return tuple(sorted(found, key=lambda each: each.start))


Days = tuple[date, date] | None


def _day(match: re.Match[str], year: int) -> Days:
    try:
        day = date(year, _number_of(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return day, day


def _month(match: re.Match[str], year: int) -> Days:
    number = _number_of(match["month"])
    return _months(year, number, 1) if 1 <= number <= 12 else None


def _number_of(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1


def _quarter(match: re.Match[str], year: int) -> Days:
    return _months(year, 3 * _NUMERALS[match["quarter"]] - 2, 3)


def _half(match: re.Match[str], year: int) -> Days:
    second = match["half"] in ("下", "2", "second")
    return _months(year, 7 if second else 1, 6)


def _year(_: re.Match[str], year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


def _year_end(_: re.Match[str], year: int) -> Days:
    return date(year, 12, 1), date(year, 12, 31)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    after = first + count
    end = date(year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return date(year, first, 1), end


_ZH_YEAR = rf"(?:{_YEAR}年)?"
_EN_YEAR = rf"(?:,? {_YEAR})?"
_MONTH_NAME = rf"(?P<month>{_NAMES})"
_MONTH_SIGN = r"(?<![0-9])(?P<month>1?[0-9])月"
_DAY = r"(?P<day>[0-3]?[0-9])"
_IN_MONTH = r"(?:by|in|before|until|during|end of|of|since|from)"
_LATE_YEAR = _YEAR.replace("year", "late")
_WRITTEN: tuple[tuple[str, Callable[[re.Match[str], int], Days]], ...] = (
    (rf"(?<![0-9]){_YEAR}[-/.](?P<month>[01]?[0-9])[-/.]{_DAY}(?![0-9])", _day),
    (rf"{_ZH_YEAR}{_MONTH_SIGN}{_DAY}[日号]", _day),
    (rf"(?<![a-z]){_MONTH_NAME}\.? {_DAY}(?:[snrt][tdh])?{_EN_YEAR}(?![0-9a-z%])", _day),
    (rf"(?<![a-z0-9]){_DAY} {_MONTH_NAME}{_EN_YEAR}(?![0-9a-z])", _day),
    (rf"{_ZH_YEAR}{_MONTH_SIGN}(?:份|底|末|初|中旬)?(?!活)", _month),
    (rf"(?<![a-z]){_IN_MONTH} {_MONTH_NAME}{_EN_YEAR}(?![a-z])", _month),
    (rf"(?:{_YEAR}[年-]? ?)?(?<![a-z])q(?P<quarter>[1-4])(?![0-9a-z])(?: {_LATE_YEAR})?", _quarter),
    (rf"{_ZH_YEAR}(?:第)?(?P<quarter>[一二三四1-4])季度?", _quarter),
    (rf"{_ZH_YEAR}(?P<half>[上下])半年", _half),
    (rf"(?:{_YEAR}年?)?(?<![a-z])h(?P<half>[12])(?![0-9a-z])", _half),
    (r"(?<![a-z])(?:the )?(?P<half>first|second) half(?: of the year)?", _half),
    (rf"(?:{_YEAR})?年[底末](?!盘点)", _year_end),
    (r"(?<![a-z])(?:by |the )*(?:end of the year|year[- ]?end)(?![a-z])", _year_end),
    (rf"(?<![0-9]){_YEAR}(?:财年|年度|年)", _year),
    (rf"(?<![a-z])(?:by|in|of|than|over|from|fy|vs) ?{_YEAR}(?![0-9])", _year),
)
_READERS = tuple((re.compile(pattern), reader) for pattern, reader in _WRITTEN)
