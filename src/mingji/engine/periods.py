"""Periods by name: `2026`, `2026H1`, `2026Q3`, `2026-07`, `2026-W27`, `2026-07-01`, and their days.

A fiscal year that does not start in January is named after the calendar year in which it ends.
ISO weeks are those of the calendar in every fiscal year, and so are months, except where the
calendar makes them of whole weeks (4-4-5).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Grain = Literal["day", "week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "half", "year")
_FORMS: Mapping[Grain, re.Pattern[str]] = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "week": re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})Q([1-4])"),
    "half": re.compile(r"(\d{4})H([12])"),
    "year": re.compile(r"(\d{4})()"),
}
_LETTERS: Mapping[Grain, str] = {"quarter": "Q", "half": "H", "year": ""}
_MONTHS: Mapping[Grain, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_WEEK = dt.timedelta(days=7)
#: How many weeks the months of a quarter have.
Pattern = Literal["", "4-4-5", "4-5-4", "5-4-4"]
PATTERNS: tuple[Pattern, ...] = ("", "4-4-5", "4-5-4", "5-4-4")


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A calendar whose year starts in a given month (1 = January).

    With a `pattern` its months are made of whole weeks: the year starts on the Monday nearest to
    the first day of that month, and a 53rd week belongs to its last month.

    >>> Fiscal().name(dt.date(2026, 11, 22), "quarter")
    '2026Q4'
    >>> Fiscal(starts_in=4).name(dt.date(2026, 11, 22), "quarter")
    '2027Q3'
    >>> [str(day) for day in Fiscal(starts_in=4).days("2027Q3")]
    ['2026-10-01', '2026-12-31']
    >>> [str(day) for day in Fiscal(pattern="4-4-5").days("2026-01")]
    ['2025-12-29', '2026-01-25']
    """

    starts_in: int = 1
    pattern: Pattern = ""

    def name(self, day: dt.date, grain: Grain) -> str:
        """The period of a grain that a day lies in."""
        if grain == "day":
            return day.isoformat()
        if grain == "week":
            year, week, _ = day.isocalendar()
            return f"{year:04d}-W{week:02d}"
        return self._named(self._month(day), grain)

    def days(self, period: str) -> tuple[dt.date, dt.date]:
        """The first and the last day of a period.

        Raises:
            Invalid: If the name is not that of a period.
        """
        grain = grain_of(period)
        if grain == "day":
            day = dt.date.fromisoformat(period)
            return day, day
        if grain == "week":
            monday = _monday(period)
            return monday, monday + dt.timedelta(days=6)
        first = self._index(period, grain)
        return self._starts(first), self._starts(first + _MONTHS[grain]) - dt.timedelta(days=1)

    def shifted(self, period: str, by: int) -> str:
        """The period of the same grain so many places later (earlier, if negative).

        >>> Fiscal(starts_in=4).shifted("2027Q1", -1), Fiscal().shifted("2026-W01", -1)
        ('2026Q4', '2025-W52')
        """
        grain = grain_of(period)
        if grain == "day":
            return (dt.date.fromisoformat(period) + dt.timedelta(days=by)).isoformat()
        if grain == "week":
            return self.name(_monday(period) + by * _WEEK, "week")
        return self._named(self._index(period, grain) + by * _MONTHS[grain], grain)

    def year_before(self, period: str) -> str | None:
        """The same period a year before; None where that year has none of this name.

        >>> Fiscal().year_before("2026Q3"), Fiscal().year_before("2020-W53")
        ('2025Q3', None)
        """
        earlier = f"{int(period[:4]) - 1:04d}{period[4:]}"
        return earlier if is_period(earlier) else None

    def between(self, first: dt.date, last: dt.date, grain: Grain) -> list[str]:
        """The periods of a grain that hold a day from first to last."""
        found = [self.name(first, grain)]
        while self.days(found[-1])[1] < last:
            found.append(self.shifted(found[-1], 1))
        return found

    def table(self, first: dt.date, last: dt.date) -> pa.Table:
        """One row a day: `day` and the name of its period in every grain."""
        count = (last - first).days + 1
        days = [first + dt.timedelta(days=offset) for offset in range(count)]
        names = [pa.array([self.name(day, grain) for day in days]) for grain in GRAINS[1:]]
        return pa.table([pa.array(days, pa.date32()), *names], names=list(GRAINS))

    def _month(self, day: dt.date) -> int:
        """The month of a day, counted from the year 0; it may be called so by its place only."""
        if not self.pattern:
            return day.year * 12 + day.month - 1
        first = next(
            year * 12 + self.starts_in - 1
            for year in (day.year + 1, day.year, day.year - 1)
            if self._starts(year * 12 + self.starts_in - 1) <= day
        )
        return max(month for month in range(first, first + 12) if self._starts(month) <= day)

    def _starts(self, month: int) -> dt.date:
        """The first day of a month."""
        if not self.pattern:
            return _first_of(month)
        place = (month - self.starts_in + 1) % 12
        new_year = _first_of(month - place)
        monday = new_year + dt.timedelta(days=3)
        monday -= dt.timedelta(days=monday.weekday())
        quarter = [int(weeks) for weeks in self.pattern.split("-")]
        return monday + (place // 3 * sum(quarter) + sum(quarter[: place % 3])) * _WEEK

    def _named(self, month: int, grain: Grain) -> str:
        """The period that a month lies in."""
        if grain == "month":
            return f"{month // 12:04d}-{month % 12 + 1:02d}"
        place = (month - self.starts_in + 1) % 12
        year = (month - place) // 12 + (1 if self.starts_in > 1 else 0)
        letter = _LETTERS[grain]
        return f"{year:04d}{letter}{place // _MONTHS[grain] + 1 if letter else ''}"

    def _index(self, period: str, grain: Grain) -> int:
        """The first month of a period, counted from the year 0."""
        match = _FORMS[grain].fullmatch(period)
        assert match is not None
        year, place = int(match[1]), int(match[2] or 1)
        if grain == "month":
            return year * 12 + place - 1
        start = (year - (1 if self.starts_in > 1 else 0)) * 12 + self.starts_in - 1
        return start + (place - 1) * _MONTHS[grain]


CALENDAR_YEAR = Fiscal()


def is_period(name: str) -> bool:
    """Whether a name is that of a period that exists."""
    return _grain(name) is not None


def grain_of(period: str) -> Grain:
    """The grain of a period's name.

    Raises:
        Invalid: If it is none.

    >>> grain_of("2026Q3"), grain_of("2026-07"), grain_of("2026-07-01")
    ('quarter', 'month', 'day')
    """
    grain = _grain(period)
    if grain is not None:
        return grain
    message = Text(f"“{period}”不是期间", f"“{period}” is not a period")
    remedy = Text(
        "写成 2026、2026H1、2026Q3、2026-07、2026-W27 或 2026-07-01",
        "write 2026, 2026H1, 2026Q3, 2026-07, 2026-W27 or 2026-07-01",
    )
    finding = Finding("period", "error", message, remedy, Place(path="period"))
    raise Invalid(message, code="period", findings=(finding,))


def _grain(name: str) -> Grain | None:
    grain = next((grain for grain in GRAINS if _FORMS[grain].fullmatch(name)), None)
    try:
        if grain == "day":
            dt.date.fromisoformat(name)
        elif grain == "week":
            _monday(name)
        elif grain:
            dt.date(int(name[:4]), 1, 1)
    except ValueError:
        return None
    return grain


def _monday(week: str) -> dt.date:
    return dt.date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def _first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
