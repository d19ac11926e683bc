"""Periods (期间): months, quarters, halves, years; what they are called and where they end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mingji.rules.errors import Invalid
from mingji.rules.text import Text

PeriodKind = Literal["month", "quarter", "half", "year"]
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_SHAPES: tuple[tuple[PeriodKind, str], ...] = (
    ("month", r"(\d{4})-?(0[1-9]|1[0-2])"),
    ("quarter", r"(\d{4})-?Q([1-4])"),
    ("half", r"(\d{4})-?H([12])"),
    ("year", r"(\d{4})()"),
)
# Beyond these a date is a slip, and the calendar of the computer comes to an end.
_YEARS = range(1900, 3000)
_NUMERALS = "一二三四"
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar period: the `number`th of its kind in `year` (1 for a whole year)."""

    year: int
    kind: PeriodKind
    number: int = 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-07`, `2026Q3`, `2026H2` or `2026`.

        >>> Period.parse("2026q3").end
        datetime.date(2026, 9, 30)

        Raises:
            Invalid: it is written otherwise, or its year is none of 1900 to 2999.
        """
        word = text.strip().upper()
        for kind, shape in _SHAPES:
            if (match := re.fullmatch(shape, word)) and int(match[1]) in _YEARS:
                return cls(int(match[1]), kind, int(match[2] or 1))
        raise Invalid(
            Text(
                zh=f"看不懂期间“{text}”；写成 2026-07、2026Q3、2026H2 或 2026，"
                "年份在 1900 到 2999 之间",
                en=f"“{text}” is no period; write 2026-07, 2026Q3, 2026H2 or 2026, a year "
                "from 1900 to 2999",
            ),
            code="bad_period",
        )

    @classmethod
    def of(cls, day: date, kind: PeriodKind) -> Period:
        """The period of that kind that holds a day.

        >>> str(Period.of(date(2026, 11, 22), "half"))
        '2026H2'
        """
        return cls(day.year, kind, (day.month - 1) // _MONTHS[kind] + 1)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return self.next.start - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many calendar days it has."""
        return (self.end - self.start).days + 1

    @property
    def next(self) -> Period:
        """The period after this one."""
        return self._shifted(1)

    @property
    def previous(self) -> Period:
        """The period before this one.

        >>> str(Period.parse("2026-01").previous)
        '2025-12'
        """
        return self._shifted(-1)

    def _shifted(self, by: int) -> Period:
        each_year = 12 // _MONTHS[self.kind]
        place = self.year * each_year + self.number - 1 + by
        return Period(place // each_year, self.kind, place % each_year + 1)

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.start <= day <= self.end

    @property
    def label(self) -> Text:
        """What it is called.

        >>> Period.parse("2026Q3").label
        Text(zh='2026年第三季度', en='Q3 2026')
        """
        year, number = self.year, self.number
        return {
            "month": Text(f"{year}年{number}月", f"{_SHORT[(number - 1) % 12]} {year}"),
            "quarter": Text(f"{year}年第{_NUMERALS[(number - 1) % 4]}季度", f"Q{number} {year}"),
            "half": Text(f"{year}年{'上下'[(number - 1) % 2]}半年", f"H{number} {year}"),
            "year": Text(f"{year}年", str(year)),
        }[self.kind]

    def __str__(self) -> str:
        mark = {"month": f"-{self.number:02}", "quarter": f"Q{self.number}"}
        mark |= {"half": f"H{self.number}", "year": ""}
        return f"{self.year:04}{mark[self.kind]}"
