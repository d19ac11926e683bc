"""Periods by name: `2026`, `2026H1`, `2026Q3`, `2026-07`, `2026-W27`, and the days they hold.

A fiscal year that does not start in January is named after the calendar year in which it ends.
Months and ISO weeks are those of the calendar in every fiscal year.
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

Grain = Literal["week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "half", "year")
_FORMS: Mapping[Grain, re.Pattern[str]] = {
    "week": re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})Q([1-4])"),
    "half": re.compile(r"(\d{4})H([12])"),
    "year": re.compile(r"(\d{4})"),
}
_LETTERS: Mapping[Grain, str] = {"quarter": "Q", "half": "H"}
_MONTHS: Mapping[Grain, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A calendar whose year starts in a given month (1 = January).

    >>> Fiscal().name(dt.date(2026, 11, 22), "quarter")
    '2026Q4'
    >>> Fiscal(starts_in=4).name(dt.date(2026, 11, 22), "quarter")
    '2027Q3'
    >>> [str(day) for day in Fiscal(starts_in=4).days("2027Q3")]
    ['2026-10-01', '2026-12-31']
    """

    starts_in: int = 1

    def name(self, day: dt.date, grain: Grain) -> str:
        """The period of a grain that a day lies in."""
        if grain == "week":
            year, week, _ = day.isocalendar()
            return f"{year:04d}-W{week:02d}"
        if grain == "month":
            return f"{day:%Y-%m}"
        year = day.year + (1 if self.starts_in > 1 and day.month >= self.starts_in else 0)
        place = (day.month - self.starts_in) % 12 // _MONTHS[grain] + 1
        letter = _LETTERS.get(grain, "")
        return f"{year:04d}{letter}{place}" if letter else f"{year:04d}"

    def days(self, period: str) -> tuple[dt.date, dt.date]:
        """The first and the last day of a period.

        Raises:
            Invalid: If the name is not that of a period.
        """
        grain = grain_of(period)
        match = _FORMS[grain].fullmatch(period)
        assert match is not None
        year, place = int(match[1]), int(match[2]) if grain != "year" else 1
        if grain == "week":
            monday = dt.date.fromisocalendar(year, place, 1)
            return monday, monday + dt.timedelta(days=6)
        start = 1 if grain == "month" else self.starts_in
        base = year - (1 if start > 1 else 0)
        first = base * 12 + start - 1 + (place - 1) * _MONTHS[grain]
        return _first_of(first), _first_of(first + _MONTHS[grain]) - dt.timedelta(days=1)

    def table(self, first: dt.date, last: dt.date) -> pa.Table:
        """One row a day: `day` and the name of its period in every grain."""
        count = (last - first).days + 1
        days = [first + dt.timedelta(days=offset) for offset in range(count)]
        names = [pa.array([self.name(day, grain) for day in days]) for grain in GRAINS]
        return pa.table([pa.array(days, pa.date32()), *names], names=["day", *GRAINS])


CALENDAR_YEAR = Fiscal()


def grain_of(period: str) -> Grain:
    """The grain of a period's name.

    Raises:
        Invalid: If it is none.

    >>> grain_of("2026Q3"), grain_of("2026-07")
    ('quarter', 'month')
    """
    for grain in GRAINS:
        if _FORMS[grain].fullmatch(period):
            return grain
    message = Text(f"“{period}”不是期间", f"“{period}” is not a period")
    remedy = Text(
        "写成 2026、2026H1、2026Q3、2026-07 或 2026-W27",
        "write 2026, 2026H1, 2026Q3, 2026-07 or 2026-W27",
    )
    finding = Finding("period", "error", message, remedy, Place(path="period"))
    raise Invalid(message, code="period", findings=(finding,))


def _first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
