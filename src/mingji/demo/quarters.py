"""Quarters, by their names, and the working days of the demo company's calendar."""

from __future__ import annotations

import datetime as dt
from functools import cache

from mingji.rules.calendar import Period

#: Public holidays in which an office stands still (first and last day).
HOLIDAYS = (
    (dt.date(2025, 10, 1), dt.date(2025, 10, 8)),
    (dt.date(2026, 1, 1), dt.date(2026, 1, 3)),
    (dt.date(2026, 2, 15), dt.date(2026, 2, 23)),
    (dt.date(2026, 4, 4), dt.date(2026, 4, 6)),
    (dt.date(2026, 5, 1), dt.date(2026, 5, 5)),
    (dt.date(2026, 10, 1), dt.date(2026, 10, 8)),
)


@cache
def quarter_of(day: dt.date) -> str:
    """The quarter of a day, written `2026Q3`."""
    return str(Period.of(day, "quarter"))


@cache
def first_day(quarter: str) -> dt.date:
    """The first day of a quarter."""
    return Period.parse(quarter).start


@cache
def following(quarter: str) -> str:
    """The quarter after."""
    return str(Period.parse(quarter).next)


@cache
def previous(quarter: str) -> str:
    """The quarter before."""
    return str(Period.parse(quarter).previous)


def quarters_between(first: str, last: str) -> tuple[str, ...]:
    """All quarters from the first to the last, both included."""
    found = [first]
    while found[-1] != last:
        found.append(following(found[-1]))
    return tuple(found)


@cache
def days_of(quarter: str) -> tuple[dt.date, ...]:
    """Every day of a quarter."""
    start, end = first_day(quarter), first_day(following(quarter))
    return tuple(start + dt.timedelta(days=n) for n in range((end - start).days))


@cache
def working_days(quarter: str) -> tuple[dt.date, ...]:
    """Monday to Friday without public holidays."""
    return tuple(day for day in days_of(quarter) if day.weekday() < 5 and not is_holiday(day))


def is_holiday(day: dt.date) -> bool:
    """Whether a public holiday falls on the day."""
    return any(first <= day <= last for first, last in HOLIDAYS)
