"""The geometry of a path over time: what was reached by which day, against what was expected.

`components/path.html` draws it as SVG; the same values stand in its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from mingji.kit.charts import Scale
from mingji.kit.charts_series import Line, Tick, nice_ticks
from mingji.rules.text import Text

# So many days are named below the chart at most.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Level:
    """A line across the whole chart: a target, a threshold, a stretch target. `look` draws it."""

    name: Text
    value: Decimal
    look: str


@dataclass(frozen=True, slots=True)
class DrawnLevel:
    """A level and the height at which it stands, in percent."""

    level: Level
    y: Decimal


@dataclass(frozen=True, slots=True)
class Spot:
    """A value that was reached by a day, and where it stands, in percent."""

    day: date
    value: Decimal
    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class PathRow:
    """A row of the table: a day, what was reached by then, and what was expected; None: nothing."""

    day: date
    value: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True)
class PathChart:
    """A line through what was reached, a dashed one through what was expected, and levels."""

    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    expected: tuple[Line, ...]
    levels: tuple[DrawnLevel, ...]
    ticks: tuple[Tick, ...]
    days: tuple[tuple[Decimal, date], ...]
    rows: tuple[PathRow, ...]
    unit: str
    caption: Text


def path(
    actual: Sequence[tuple[date, Decimal | None]],
    expected: Sequence[tuple[date, Decimal]],
    levels: Iterable[Level] = (),
    *,
    start: date,
    end: date,
    unit: str = "",
    caption: Text,
) -> PathChart:
    """What was reached by which day, from `start` to `end`; both rows in the order of days.

    A day on which the value is None leaves a gap in the line.
    """
    drawn = tuple(levels)
    known = [value for _, value in actual if value is not None]
    every = [*known, *(value for _, value in expected), *(level.value for level in drawn)]
    ticks = nice_ticks(min(every, default=Decimal(0)), max(every, default=Decimal(1)))
    down = Scale(ticks[0], ticks[-1], Decimal(84), Decimal(10))
    across = _Across(start, Scale(Decimal(0), Decimal(max((end - start).days, 1)), *_PLACES))
    places = [(across.at(day), None if v is None else down.at(v)) for day, v in actual]
    return PathChart(
        spots=tuple(
            Spot(day, value, x, y)
            for (day, value), (x, y) in zip(actual, places, strict=True)
            if value is not None and y is not None
        ),
        lines=tuple(_pieces(places)),
        expected=tuple(_pieces([(across.at(day), down.at(v)) for day, v in expected])),
        levels=tuple(DrawnLevel(level, down.at(level.value)) for level in drawn),
        ticks=tuple(Tick(down.at(tick), tick) for tick in ticks),
        days=tuple((across.at(day), day) for day in _named(start, end)),
        rows=_rows(actual, expected),
        unit=unit,
        caption=caption,
    )


_PLACES = (Decimal(15), Decimal(97))


@dataclass(frozen=True, slots=True)
class _Across:
    """From days to places."""

    start: date
    scale: Scale

    def at(self, day: date) -> Decimal:
        return self.scale.at(Decimal((day - self.start).days))


def _pieces(places: Sequence[tuple[Decimal, Decimal | None]]) -> Iterator[Line]:
    for (x1, y1), (x2, y2) in pairwise(places):
        if y1 is not None and y2 is not None:
            yield Line(x1, y1, x2, y2)


def _named(start: date, end: date) -> list[date]:
    """Days in even steps from the first to the last."""
    whole = (end - start).days
    steps = min(NAMED - 1, max(whole, 1))
    return [date.fromordinal(start.toordinal() + whole * n // steps) for n in range(steps + 1)]


def _rows(
    actual: Sequence[tuple[date, Decimal | None]], expected: Sequence[tuple[date, Decimal]]
) -> tuple[PathRow, ...]:
    reached, due = dict(actual), dict(expected)
    return tuple(PathRow(day, reached.get(day), due.get(day)) for day in sorted({*reached, *due}))
