"""Methods that count events: deductions, bonus points, milestones, key results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.facts import Part
from mingji.rules.methods.given import Earned, Given, NoData, refuse
from mingji.rules.numbers import exact, shown
from mingji.rules.progress import clipped, progress
from mingji.rules.text import Text

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduct:
    """减分法: the weight less `points_each` for every event, never below `floor` or above W."""

    method: Literal["deduct"] = "deduct"
    points_each: Decimal = Decimal(1)
    floor: Decimal = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """The weight less the deductions (scoring.md §1).

        >>> three = Given(actual=Decimal(3), weight=Decimal(10))
        >>> Deduct(points_each=Decimal(2)).earn(three).score
        Decimal('4')
        """
        taken, words = _event_points(given, self.points_each)
        w = shown(given.weight)
        formula = Text(f"权重 {w} − {words.zh}", f"weight {w} − {words.en}")
        earned = Earned(
            score=given.weight - taken, formula=formula, used=("actual", "weight", "parts")
        )
        return earned.within(self.floor, given.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """加分法: `points_each` for every event, between `floor` and `cap`; outside the 100.

    A negative `floor` with negative points makes a deduction outside the 100.
    """

    method: Literal["bonus"] = "bonus"
    points_each: Decimal = Decimal(1)
    cap: Decimal = Decimal(5)
    floor: Decimal = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """Points for what lies outside the 100 (scoring.md §1).

        >>> Bonus(points_each=Decimal(2)).earn(Given(actual=Decimal(3))).score
        Decimal('5')
        """
        added, words = _event_points(given, self.points_each)
        earned = Earned(score=added, formula=words, used=("actual", "parts"))
        return earned.within(self.floor, self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """Up to `days` late, a milestone counts `factor` of its weight."""

    days: int
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """里程碑法: the weights of milestones done, each times its lateness factor.

    `lateness` lists the steps, gentlest first; later than the last step counts `too_late`.
    """

    method: Literal["milestone"] = "milestone"
    lateness: tuple[Lateness, ...] = ()
    too_late: Decimal = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """The weight times the share of milestones done, late ones counting less.

        >>> late = Milestone(lateness=(Lateness(days=7, factor=Decimal("0.8")),))
        >>> late.earn(Given(weight=Decimal(10), parts=(
        ...     Part(key="plan", value=Decimal(1), weight=Decimal("0.6")),
        ...     Part(key="launch", value=Decimal(1), weight=Decimal("0.4"), days_late=3)))).score
        Decimal('9.20')
        """
        share, words, flags = _weighted(given, self._done)
        w = shown(given.weight)
        formula = Text(f"权重 {w} ×（{words}）", f"weight {w} × ({words})")
        used = ("actual", "weight", "parts")
        return Earned(score=given.weight * share, formula=formula, used=used, flags=flags)

    def _done(self, part: Part) -> Decimal:
        return _share(part) * self._factor(part.days_late)

    def _factor(self, days_late: int) -> Decimal:
        if days_late <= 0:
            return _ONE
        return next(
            (step.factor for step in self.lateness if days_late <= step.days), self.too_late
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Okr:
    """OKR 打分: progress of each key result clipped to 0..1, weighted; the score is 0..1."""

    method: Literal["okr"] = "okr"

    @exact
    def earn(self, given: Given) -> Earned:
        """The weighted mean of key-result scores, each clipped to 0..1 (scoring.md §1).

        >>> scores = (Decimal("0.7"), Decimal("1.0"), Decimal("0.4"))
        >>> krs = tuple(Part(key=f"kr{n}", value=score) for n, score in enumerate(scores))
        >>> Okr().earn(Given(parts=krs)).score
        Decimal('0.7')
        """
        share, words, flags = _weighted(given, _key_result)
        formula = Text(f"关键结果加权：{words}", f"key results weighted: {words}")
        return Earned(score=share, formula=formula, used=("actual", "parts"), flags=flags)


def _key_result(part: Part) -> Decimal:
    if part.target is None:
        return _share(part)
    assert part.value is not None
    return clipped(progress(part.value, part.baseline or Decimal(0), part.target))


def _event_points(given: Given, points_each: Decimal) -> tuple[Decimal, Text]:
    """What the events are worth together: a count, or events with points of their own."""
    each = shown(points_each)
    if not given.parts:
        count = given.need("actual")
        times = shown(count)
        return count * points_each, Text(f"{times} 次 × {each} 分", f"{times} × {each} points")
    total = Decimal(0)
    for part in given.parts:
        number = _ONE if part.value is None else part.value
        total += number * (points_each if part.weight is None else part.weight)
    n = len(given.parts)
    return total, Text(f"{n} 项事件共 {shown(total)} 分", f"{n} events, {shown(total)} points")


def _weighted(
    given: Given, score_of: Callable[[Part], Decimal]
) -> tuple[Decimal, str, tuple[str, ...]]:
    """Σ weight · score over the parts with data; those without give their weight to the rest."""
    if not given.parts:
        share = _share(Part(key="actual", value=given.need("actual")))
        return share, shown(share), ()
    weights = _weights(given.parts)
    known = [
        (w, p) for w, p in zip(weights, given.parts, strict=True) if p.value is not None and w > 0
    ]
    if not known:
        raise NoData("parts")
    terms = [(weight, score_of(part)) for weight, part in known]
    whole = sum((weight for weight, _ in terms), Decimal(0))
    total = sum((weight * score for weight, score in terms), Decimal(0)) / whole
    words = " + ".join(f"{shown(score)} × {shown(weight / whole)}" for weight, score in terms)
    missing = any(part.value is None for part in given.parts)
    return total, words, ("part_missing_redistributed",) if missing else ()


def _weights(parts: tuple[Part, ...]) -> list[Decimal]:
    """The parts' weights: all equal when none is named, otherwise adding up to 1 (or 100)."""
    if all(part.weight is None for part in parts):
        return [_ONE] * len(parts)
    weights = [part.weight or Decimal(0) for part in parts]
    total = sum(weights, Decimal(0))
    near = any(abs(total - whole) <= whole / 1000 for whole in (1, 100))
    if near and min(weights) >= 0:
        return weights
    raise refuse(
        "part_weights_not_1",
        f"各部分的权重合计 {shown(total)}；改成合计 1（或 100），且不为负",
        f"the weights of the parts add up to {shown(total)}; make them add up to 1 (or 100), "
        "none negative",
    )


def _share(part: Part) -> Decimal:
    value = part.value
    if value is not None and 0 <= value <= 1:
        return value
    raise refuse(
        "outside_scale",
        f"“{part.key}”的得分是 {shown(value)}，应在 0 到 1 之间",
        f"“{part.key}” has the score {shown(value)}; it must lie between 0 and 1",
    )
