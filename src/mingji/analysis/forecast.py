"""Where a metric will stand at the end of a period, and the chance to reach a target.

A Bayesian pace model in closed form (`docs/explanation/forecast.md`): the past of the metric gives
a first belief, the period so far corrects it. No sampling, no floating point: the same figures
give the same forecast, digit by digit, on every machine.
"""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.analysis.belief import (
    FEWEST_OTHERS,
    Basis,
    Belief,
    Path,
    from_pace,
    from_past,
    together,
)
from mingji.analysis.scales import Scale, ScaleKind
from mingji.analysis.student import chance_below, quantile
from mingji.rules.errors import Invalid
from mingji.rules.explanation import plain
from mingji.rules.numbers import exact
from mingji.rules.text import Text

Direction = Literal["up", "down", "closer"]
DIGITS = 4  # significant digits of a forecast value; the interval is rounded outwards
LOW, MIDDLE, HIGH = Decimal("0.1"), Decimal("0.5"), Decimal("0.9")
_NEVER_SURE = Decimal("0.001")  # the least and, from 1, the most that a chance is said to be
_USUAL = {"amount": Decimal("0.15"), "share": Decimal("0.20"), "any": Decimal("0.15")}
_TAIL = Decimal("1e-20")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The value to be reached; `closer` means within `tolerance` of it, in the metric's unit."""

    target: Decimal
    direction: Direction = "up"
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far the running period is.

    `elapsed` is the share of it that has passed (0..1, both excluded), `so_far` the value up to
    now, `before` the values of past periods up to the same point, in the order of `past` and None
    where unknown. `adds_up` says that the metric is a sum that grows through the period; a ratio
    or a mean is not.
    """

    elapsed: Decimal
    so_far: Decimal
    before: tuple[Decimal | None, ...] = ()
    adds_up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The value to be expected: 80 of 100 lie from `low` to `high`, half below `median`.

    `chance` (0..1) is the chance to hit the target, None if no target was named. `basis` says whose
    past it stands on, `periods` and `others` how much of it; `note` says that in words. `freedom`
    are the degrees of freedom: the fewer, the wider.
    """

    median: Decimal
    low: Decimal
    high: Decimal
    chance: Decimal | None
    basis: Basis
    periods: int
    others: int
    scale: ScaleKind
    freedom: int
    note: Text


@dataclass(frozen=True, slots=True)
class TooLittle:
    """There is no honest forecast, and why."""

    reason: Text
    code: Literal["no_history", "all_zero"]
    periods: int


@exact
def forecast(
    past: Sequence[Decimal | None],
    *,
    scale: ScaleKind,
    aim: Aim | None = None,
    pace: Pace | None = None,
    others: Sequence[Sequence[Decimal | None]] = (),
    ahead: int = 1,
) -> Forecast | TooLittle:
    """The value of a metric at the end of a period.

    Args:
        past: the values of whole periods, oldest first, None where one is missing.
        scale: `amount` (not below zero), `share` (0 to 1) or `any` (see `scales.kind_for`).
        aim: the target whose chance is wanted.
        pace: where the period stands, if it runs already.
        others: the pasts of other members with the same metric, for a member with less than two
            periods, ending with the same period; fewer than three others are not used.
        ahead: how many periods after the last of `past` the wanted one lies.

    Raises:
        Invalid: a value does not fit the scale, or `aim`, `pace` or `ahead` make no sense.

    >>> six = [Decimal(value) for value in (200, 220, 210, 240, 230, 250)]
    >>> said = forecast(six, scale="amount", aim=Aim(target=Decimal(300)))
    >>> str(said.low), str(said.median), str(said.high), str(said.chance)
    ('216.2', '250.5', '290.3', '0.064')
    """
    _check(aim, pace, ahead)
    own = [value for value in past if value is not None]
    every = [*own, *(value for path in others for value in path if value is not None)]
    if pace is not None:
        every += [pace.so_far, *(value for value in pace.before if value is not None)]
    measure = Scale.fitting(scale, every)
    if every and not any(every):
        return TooLittle(_ALL_ZERO, "all_zero", len(own))
    usual = _usual(scale, every)
    paths = [_path(each, measure) for each in others]
    at = len(past) - 1 + ahead
    shifted = [
        _aligned(path, len(each), len(past)) for path, each in zip(paths, others, strict=True)
    ]
    found = from_past(_path(past, measure), shifted, usual=usual, at=at)
    if found is None:
        return TooLittle(_no_history(len(own)), "no_history", len(own))
    belief, basis = found
    floor = None
    if pace is not None:
        belief = together(belief, _so_far(past, pace, measure, usual))
        floor = measure.to(pace.so_far) if scale == "amount" and pace.adds_up else None
    count = sum(1 for path in paths if path) if basis == "pooled" else 0
    return _said(_Spread(belief, measure, floor), aim, basis, len(own), count)


@dataclass(frozen=True, slots=True)
class _Spread:
    """A belief read on the metric's own values; nothing lies below what is reached already."""

    belief: Belief
    scale: Scale
    floor: Decimal | None

    def _t(self, point: Decimal) -> Decimal:
        return (point - self.belief.middle) / self.belief.variance.sqrt()

    def _above(self, point: Decimal) -> Decimal:
        return chance_below(-self._t(point), self.belief.even_freedom)

    def above(self, value: Decimal) -> Decimal:
        """P(at least `value`)."""
        where = self.scale.covers(value)
        if where != "inside":
            return _ONE if where == "below" else Decimal(0)
        point = self.scale.to(value)
        if self.floor is None:
            return self._above(point)
        if point <= self.floor:
            return _ONE
        rest = self._above(self.floor)
        return self._above(point) / rest if rest > _TAIL else Decimal(0)

    def at(self, share: Decimal) -> Decimal:
        """The value that `share` of the cases stay below."""
        freedom, rest = self.belief.even_freedom, _ONE
        if self.floor is not None:
            rest = self._above(self.floor)
            if rest <= _TAIL:
                return self.scale.back(self.floor)
        t = -quantile((1 - share) * rest, freedom)
        return self.scale.back(self.belief.middle + t * self.belief.variance.sqrt())


def _said(spread: _Spread, aim: Aim | None, basis: Basis, periods: int, others: int) -> Forecast:
    return Forecast(
        median=_digits(spread.at(MIDDLE), decimal.ROUND_HALF_EVEN),
        low=_digits(spread.at(LOW), decimal.ROUND_FLOOR),
        high=_digits(spread.at(HIGH), decimal.ROUND_CEILING),
        chance=None if aim is None else _chance(spread, aim),
        basis=basis,
        periods=periods,
        others=others,
        scale=spread.scale.kind,
        freedom=spread.belief.even_freedom,
        note=_note(basis, periods, others),
    )


def _chance(spread: _Spread, aim: Aim) -> Decimal:
    if aim.direction == "up":
        hit = spread.above(aim.target)
        if hit == _ONE:
            return _ONE  # reached already, or nothing possible lies below
    elif aim.direction == "down":
        hit = 1 - spread.above(aim.target)
    else:
        hit = spread.above(aim.target - aim.tolerance) - spread.above(aim.target + aim.tolerance)
    return min(max(hit.quantize(_NEVER_SURE), _NEVER_SURE), 1 - _NEVER_SURE)


def _digits(value: Decimal, rounding: str) -> Decimal:
    if not value:
        return Decimal(0)
    step = Decimal(1).scaleb(value.adjusted() + 1 - DIGITS)
    return Decimal(plain(value.quantize(step, rounding=rounding)))


def _path(values: Sequence[Decimal | None], scale: Scale) -> Path:
    return tuple((i, scale.to(value)) for i, value in enumerate(values) if value is not None)


def _aligned(path: Path, length: int, own_length: int) -> Path:
    """The past of another, its last period at the position of one's own last."""
    return tuple((position + own_length - length, value) for position, value in path)


def _usual(kind: ScaleKind, values: Sequence[Decimal]) -> Decimal:
    """The squared spread that is usual: relative for amounts, in the unit itself for `any`."""
    spread = _USUAL[kind]
    if kind == "any" and values:
        spread *= sum((abs(value) for value in values), Decimal(0)) / len(values)
    return spread**2


def _so_far(past: Sequence[Decimal | None], pace: Pace, scale: Scale, usual: Decimal) -> Belief:
    steps = [
        scale.to(whole) - scale.to(part)
        for whole, part in zip(past, pace.before, strict=False)
        if whole is not None and part is not None
    ]
    even_step = Decimal(0)
    if pace.adds_up and scale.kind == "amount":
        even_step = -pace.elapsed.ln()
    elif pace.adds_up and scale.kind == "any":
        even_step = pace.so_far / pace.elapsed - pace.so_far
    return from_pace(
        scale.to(pace.so_far), steps, even_step=even_step, usual=usual, elapsed=pace.elapsed
    )


def _check(aim: Aim | None, pace: Pace | None, ahead: int) -> None:
    if ahead < 1 or (pace is not None and ahead != 1):
        raise Invalid(
            Text(
                zh=f"ahead 是 {ahead}；还没开始的期间至少是 1，正在进行的期间只能是 1",
                en=f"ahead is {ahead}; it is at least 1, and 1 for a period that runs already",
            ),
            code="bad_ahead",
        )
    if pace is not None and not 0 < pace.elapsed < 1:
        raise Invalid(
            Text(
                zh=f"期间已过去的部分是 {pace.elapsed}，应在 0 和 1 之间；已经结束的期间不用预测",
                en=f"the elapsed share is {pace.elapsed}; it lies between 0 and 1: a period that "
                "is over needs no forecast",
            ),
            code="bad_elapsed",
        )
    if aim is not None and aim.direction == "closer" and aim.tolerance <= 0:
        raise Invalid(
            Text(
                zh="“越接近越好”的目标值要有容差；写上可以偏多少",
                en="a target to come close to needs a tolerance; write how far off still counts",
            ),
            code="no_tolerance",
        )


_ALL_ZERO = Text(
    zh="历史值全是 0，看不出它怎么变化，所以没有预测",
    en="every value so far is 0, which says nothing about how it moves: no forecast",
)


def _no_history(periods: int) -> Text:
    return Text(
        zh=f"历史不足：只有 {periods} 个完整期间，至少要 2 个，或 {FEWEST_OTHERS} 位同事的同一指标",
        en=f"not enough history: {periods} whole periods; it takes 2, "
        f"or {FEWEST_OTHERS} others with the same metric",
    )


def _note(basis: Basis, periods: int, others: int) -> Text:
    if basis == "own":
        return Text(
            zh=f"依据它自己过去 {periods} 个期间",
            en=f"from its own {periods} periods",
        )
    return Text(
        zh=f"自己的历史只有 {periods} 个期间，借用了另外 {others} 位的同一指标，区间因此更宽",
        en=f"its own history is {periods} periods, so {others} others with the same metric stand "
        "in; the interval is wider for it",
    )
