"""What metrics of every kind come to, reckoned row by row in fractions, for tests of the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

HEAD = "id,rep,channel,status,day,mql,amount,cur,score"
RATES = (("USD", dt.date(2023, 1, 1), "7.0123"), ("USD", dt.date(2024, 2, 29), "6.9"))
FROM, TO = dt.date(2020, 1, 1), dt.date(2028, 3, 1)


@dataclass(frozen=True)
class Lead:
    id: str
    rep: str
    channel: str
    status: str
    day: dt.date
    mql: dt.date | None
    amount: Decimal | None
    cur: str
    score: int | None

    @property
    def money(self) -> Fraction | None:
        """The amount in yuan at the newest rate that is not after the day."""
        if self.amount is None:
            return None
        if self.cur == "CNY":
            return Fraction(self.amount)
        known = [rate for cur, since, rate in RATES if cur == self.cur and since <= self.day]
        return Fraction(self.amount) * Fraction(known[-1]) if known else None


Rows = list[Lead]
Days = tuple[dt.date, dt.date]
Pick = Callable[[Lead], Any]
Value = Fraction | None


@dataclass(frozen=True)
class Calendar:
    """The days of every period, found by walking through the days."""

    starts_in: int
    pattern: str

    def label(self, day: dt.date, grain: str) -> str:
        if grain == "day":
            return day.isoformat()
        if grain == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        begun, place = self._place(day)
        year = begun + (1 if self.starts_in > 1 else 0)
        if grain == "month":
            month = self.starts_in - 1 + place
            return f"{begun + month // 12}-{month % 12 + 1:02d}"
        if grain == "quarter":
            return f"{year}Q{place // 3 + 1}"
        return f"{year}H{place // 6 + 1}" if grain == "half" else f"{year}"

    def _place(self, day: dt.date) -> tuple[int, int]:
        """The calendar year in which the fiscal year began, and the month's place in it, from 0."""
        if not self.pattern:
            place = (day.month - self.starts_in) % 12
            return (day.year if day.month >= self.starts_in else day.year - 1), place
        begun = max(y for y in range(day.year - 1, day.year + 2) if self._monday(y) <= day)
        week = (day - self._monday(begun)).days // 7
        quarter = min(week // 13, 3)
        left, place = week - 13 * quarter, 0
        for weeks in map(int, self.pattern.split("-")[:2]):
            if left < weeks:
                break
            left, place = left - weeks, place + 1
        return begun, quarter * 3 + place

    def _monday(self, year: int) -> dt.date:
        first = dt.date(year, self.starts_in, 1)
        near = (first + dt.timedelta(days=shift) for shift in range(-3, 4))
        return next(day for day in near if day.weekday() == 0)

    def periods(self, grain: str) -> dict[str, Days]:
        found: dict[str, Days] = {}
        for number in range((TO - FROM).days + 1):
            day = FROM + dt.timedelta(days=number)
            name = self.label(day, grain)
            found[name] = (found.get(name, (day, day))[0], day)
        return found


@dataclass(frozen=True)
class Ask:
    """One slice: the rows of its keys, its period, and all periods of the grain in their order."""

    rows: Rows
    all_channels: Rows
    days: Days
    name: str
    periods: Mapping[str, Days]
    calendar: Calendar

    def within(self, days: Days) -> Ask:
        return Ask(self.rows, self.all_channels, days, self.name, self.periods, self.calendar)

    def named(self, name: str) -> Ask | None:
        if name not in self.periods:
            return None
        days = self.periods[name]
        return Ask(self.rows, self.all_channels, days, name, self.periods, self.calendar)

    def back(self, count: int) -> Ask | None:
        names = list(self.periods)
        place = names.index(self.name) - count
        return self.named(names[place]) if place >= 0 else None


Reckon = Callable[[Ask], Value]


def between(rows: Rows, days: Days, of: Pick = lambda row: row.day) -> Rows:
    return [row for row in rows if of(row) is not None and days[0] <= of(row) <= days[1]]


def ranked(values: Iterable[int | Fraction], share: Fraction) -> Fraction:
    ordered = sorted(map(Fraction, values))
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


FILTERS: dict[str, Callable[[Lead], bool]] = {
    "": lambda row: True,
    "channel = 'ads'": lambda row: row.channel == "ads",
    "status <> 'Won' and score >= 5": lambda row: (
        row.status != "Won" and row.score is not None and row.score >= 5
    ),
    "score is null or score < 3": lambda row: row.score is None or row.score < 3,
    "amount > 70": lambda row: row.money is not None and row.money > 70,
    "days_between(day, mql) <= 30": lambda row: (
        row.mql is not None and (row.mql - row.day).days <= 30
    ),
    "not (channel in ('ads', 'mail'))": lambda row: row.channel not in ("", "ads", "mail"),
}
AGGREGATES: dict[str, tuple[dict[str, object], Pick, Callable[[list[Any]], Value]]] = {
    "count": ({"agg": "count"}, lambda row: row.id, lambda all_: Fraction(len(all_))),
    "answers": (
        {"agg": "count", "column": "score"},
        lambda row: row.score,
        lambda all_: Fraction(len(all_)),
    ),
    "reps": (
        {"agg": "count_distinct", "column": "rep"},
        lambda row: row.rep,
        lambda all_: Fraction(len(set(all_))),
    ),
    "sum": ({"agg": "sum", "column": "amount", "unit": "CNY"}, lambda row: row.money, sum),
    "twice": (
        {"agg": "sum", "expression": "2 * score - 1", "unit": "points"},
        lambda row: None if row.score is None else Fraction(2 * row.score - 1),
        sum,
    ),
    "smallest": ({"agg": "min", "column": "amount", "unit": "CNY"}, lambda row: row.money, min),
    "largest": ({"agg": "max", "column": "score", "unit": "points"}, lambda row: row.score, max),
    "mean": (
        {"agg": "average", "column": "amount", "unit": "CNY"},
        lambda row: row.money,
        lambda all_: sum(all_, Fraction(0)) / len(all_),
    ),
    "median": (
        {"agg": "median", "column": "score", "unit": "points"},
        lambda row: row.score,
        lambda all_: ranked(all_, Fraction(1, 2)),
    ),
    "ninth": (
        {"agg": "percentile", "percentile": 0.9, "column": "amount", "unit": "CNY"},
        lambda row: row.money,
        lambda all_: ranked(all_, Fraction(9, 10)),
    ),
}
MEASURED = {"sum": "CNY", "twice": "points"}
ADDITIVE = ("count", "answers", "reps", "sum", "twice")


def simple(kind: str, condition: str) -> tuple[dict[str, object], Reckon]:
    words, pick, fold = AGGREGATES[kind]

    def reckon(ask: Ask) -> Value:
        rows = between(ask.rows, ask.days)
        if not rows:
            return None
        passed = [row for row in rows if FILTERS[condition](row)]
        values = [value for row in passed if (value := pick(row)) is not None]
        if not values:
            nothing = kind in ADDITIVE and not (passed and kind in ("sum", "twice"))
            return Fraction(0) if nothing else None
        found = fold(values)
        return None if found is None else Fraction(found)

    filtered = {"filter": condition} if condition else {}
    return {"table": "leads", **words, **filtered}, reckon


def divided(above: Reckon, below: Reckon) -> Reckon:
    def reckon(ask: Ask) -> Value:
        one, other = above(ask), below(ask)
        return None if one is None or not other else one / other

    return reckon


def growth(of: Reckon, against: str, as_: str, *, points: bool) -> Reckon:
    def reckon(ask: Ask) -> Value:
        if against == "last_year":
            before = ask.named(f"{int(ask.name[:4]) - 1}{ask.name[4:]}")
        else:
            before = ask.back(1)
        now, then = of(ask), of(before) if before else None
        if now is None or then is None or (as_ == "rate" and then <= 0):
            return None
        if as_ == "rate":
            return (now - then) / then
        return (now - then) * (100 if points else 1)

    return reckon


def lagged(of: Reckon, count: int, unit: str) -> Reckon:
    def reckon(ask: Ask) -> Value:
        if unit == "periods":
            before = ask.back(count)
            return of(before) if before else None
        moved = dt.timedelta(days=count * (7 if unit == "weeks" else 1))
        return of(ask.within((ask.days[0] - moved, ask.days[1] - moved)))

    return reckon


def so_far(of: Reckon, words: Mapping[str, str]) -> Reckon:
    def reckon(ask: Ask) -> Value:
        first, last = FROM, ask.days[1]
        if grain := words.get("grain_to_date"):
            name = ask.calendar.label(ask.days[1], grain)
            first = ask.calendar.periods(grain)[name][0]
        elif window := words.get("window"):
            count, unit = int(window.split()[0]), window.split()[1]
            if unit == "periods":
                earlier = ask.back(count - 1)
                first = earlier.days[0] if earlier else FROM
            else:
                days = count * (7 if unit == "weeks" else 1)
                first = last - dt.timedelta(days=days - 1)
        return of(ask.within((first, last)))

    return reckon


def over_channels(of: Reckon) -> Reckon:
    def reckon(ask: Ask) -> Value:
        everything = Ask(
            ask.all_channels, ask.all_channels, ask.days, ask.name, ask.periods, ask.calendar
        )
        return divided(of, lambda _: of(everything))(ask)

    return reckon


def nps(fewest: int) -> Reckon:
    def reckon(ask: Ask) -> Value:
        given_ = [row.score for row in between(ask.rows, ask.days)]
        scores = [score for score in given_ if score is not None and 0 <= score <= 10]
        if len(scores) < max(fewest, 1):
            return None
        return Fraction(
            100 * (sum(s > 8 for s in scores) - sum(s < 7 for s in scores)), len(scores)
        )

    return reckon


def csat(least: int) -> Reckon:
    def reckon(ask: Ask) -> Value:
        scores = [row.score for row in between(ask.rows, ask.days) if row.score is not None]
        return Fraction(sum(s >= least for s in scores), len(scores)) if scores else None

    return reckon


def conversion(window: int | None, cohort: str) -> Reckon:
    def arrived(row: Lead) -> bool:
        if row.mql is None or row.mql < row.day:
            return False
        return window is None or (row.mql - row.day).days <= window

    def reckon(ask: Ask) -> Value:
        out = between(ask.rows, ask.days)
        if not out:
            return None
        if cohort == "entry":
            return Fraction(sum(map(arrived, out)), len(out))
        came = [row for row in between(ask.rows, ask.days, lambda row: row.mql) if arrived(row)]
        return Fraction(len(came), len(out))

    return reckon
