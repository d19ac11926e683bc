"""The geometry of trends and of spreads over people; templates in `components/` draw it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from mingji.kit.charts import Scale
from mingji.kit.numbers import show
from mingji.rules.calendar import Period
from mingji.rules.text import Text

_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend: its value and target, None where there is none.

    `so_far` says how much of a period has passed that has not ended (`so_far`, below).
    """

    label: Text
    value: Decimal | None
    target: Decimal | None = None
    href: str = ""
    so_far: Text | None = None


def so_far(period: Period, today: date) -> Text | None:
    """How far a period has run; None if it has ended, or has not begun.

    >>> so_far(Period.parse("2026Q4"), date(2026, 11, 20)).en
    'so far: day 51 of 92'
    """
    if not period.start <= today <= period.end:
        return None
    passed, whole = (today - period.start).days + 1, (period.end - period.start).days + 1
    return Text(f"进行中：第 {passed} 天，共 {whole} 天", f"so far: day {passed} of {whole}")


@dataclass(frozen=True, slots=True)
class Line:
    """A straight piece between two places, in percent of width and height.

    `running`: it leads to a period that has not ended, whose value may still move.
    """

    x1: Decimal
    y1: Decimal
    x2: Decimal
    y2: Decimal
    running: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A period drawn: where its value and target stand; `named` if its label is written below."""

    point: Point
    x: Decimal
    y: Decimal | None
    aim: Decimal | None
    named: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in percent and its value."""

    at: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through values by period, with a dashed line through the targets.

    `so_far` says how far the last period has run, if it has not ended.
    """

    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    aims: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    unit: str
    caption: Text
    targets: bool
    so_far: Text | None = None


def trend(points: Sequence[Point], *, unit: str = "", caption: Text = _NOTHING) -> Trend:
    """Values by period. A missing value leaves a gap; at most six periods are named below."""
    known = [v for point in points for v in (point.value, point.target) if v is not None]
    ticks = nice_ticks(min(known, default=Decimal(0)), max(known, default=Decimal(1)))
    down = Scale(ticks[0], ticks[-1], Decimal(84), Decimal(12))
    across = Scale(Decimal(0), Decimal(max(len(points) - 1, 1)), Decimal(17), Decimal(92))
    every = -(-len(points) // 6)
    places = tuple(
        Place(
            point=point,
            x=across.at(Decimal(index)),
            y=None if point.value is None else down.at(point.value),
            aim=None if point.target is None else down.at(point.target),
            named=(len(points) - 1 - index) % every == 0,
        )
        for index, point in enumerate(points)
    )
    return Trend(
        places=places,
        lines=tuple(
            replace(line, running=any(place.x == line.x2 for place in places if place.point.so_far))
            for line in _lines([(place.x, place.y) for place in places])
        ),
        aims=_lines([(place.x, place.aim) for place in places]),
        ticks=tuple(Tick(down.at(tick), tick) for tick in ticks),
        unit=unit,
        caption=caption,
        targets=any(point.target is not None for point in points),
        so_far=next((point.so_far for point in points if point.so_far), None),
    )


def _lines(spots: Sequence[tuple[Decimal, Decimal | None]]) -> tuple[Line, ...]:
    return tuple(
        Line(x1, y1, x2, y2)
        for (x1, y1), (x2, y2) in pairwise(spots)
        if y1 is not None and y2 is not None
    )


def nice_ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Three to five round marks that hold all values; from zero unless that flattens the line.

    >>> [int(tick) for tick in nice_ticks(Decimal(3), Decimal(118))]
    [0, 50, 100, 150]
    """
    if low >= 0 and low * 2 < high:
        low = Decimal(0)
    span = (high - low) or abs(high) or Decimal(1)
    power = Decimal(1).scaleb((span / 3).adjusted())
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= span / 3)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [Decimal(mark) * step for mark in range(int(first), int(last) + 1)]


@dataclass(frozen=True, slots=True)
class Dot:
    """One member of a spread: the place across in percent, the height in pixels."""

    label: str
    value: Decimal
    x: Decimal
    y: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """A dot for each value over one axis; `height` in pixels, `axis` where the line stands."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    median: Tick | None
    height: int
    axis: int
    unit: str
    words: Text


def spread(
    values: Sequence[tuple[str, Decimal]],
    *,
    unit: str = "",
    mine: str = "",
    caption: Text = _NOTHING,
) -> Spread:
    """Dots at their values, stacked where they would lie on each other, and the median.

    `values` are (name, value); the dot named `mine` stands out.
    """
    ordered = sorted(values, key=lambda pair: (pair[1], pair[0]))
    known = [value for _, value in ordered]
    ticks = nice_ticks(known[0], known[-1]) if known else [Decimal(0), Decimal(1)]
    scale = Scale(ticks[0], ticks[-1], Decimal(4), Decimal(96))
    levels = _stacked([scale.at(value) for value in known])
    axis = 14 * (max(levels, default=0) + 1) + 10
    middle = _median(known)
    return Spread(
        dots=tuple(
            Dot(name, value, scale.at(value), axis - 10 - 14 * level, bool(mine) and name == mine)
            for (name, value), level in zip(ordered, levels, strict=True)
        ),
        ticks=tuple(Tick(scale.at(tick), tick) for tick in ticks),
        median=None if middle is None else Tick(scale.at(middle), middle),
        height=axis + 24,
        axis=axis,
        unit=unit,
        words=_spread_words(caption, known, middle, unit),
    )


def _stacked(places: Sequence[Decimal]) -> list[int]:
    """How high each dot lies: on the lowest level whose last dot is far enough to the left."""
    apart = Decimal("3.4")
    last: list[Decimal] = []
    levels = []
    for place in places:
        level = next((i for i, left in enumerate(last) if place - left >= apart), len(last))
        last[level : level + 1] = [place]
        levels.append(level)
    return levels


def _median(ordered: Sequence[Decimal]) -> Decimal | None:
    if not ordered:
        return None
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _spread_words(
    caption: Text, ordered: Sequence[Decimal], middle: Decimal | None, unit: str
) -> Text:
    if not ordered:
        return caption
    shown = {
        locale: [show(value, unit, locale) for value in (ordered[0], middle, ordered[-1])]
        for locale in ("zh", "en")
    }
    zh, en = shown["zh"], shown["en"]
    return Text(
        f"{caption.zh}：共 {len(ordered)} 个，最低 {zh[0]}，中位数 {zh[1]}，最高 {zh[2]}",
        f"{caption.en}: {len(ordered)} values, lowest {en[0]}, median {en[1]}, highest {en[2]}",
    )
