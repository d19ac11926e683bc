"""What the past says about the figure of a period, and what the period so far adds to it.

Everything here is on the scale of the metric (`scales`). A belief is a Student t distribution; its
spread is measured by the errors that the same rule would have made in the past, shrunk towards what
is usual where there is little past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.analysis.student import even
from mingji.rules.numbers import exact

Basis = Literal["own", "pooled"]
FEWEST_OTHERS = 3
_HALF = Decimal("0.5")
_ONE = Decimal(1)
# What is assumed before anything was seen, and how many observations it weighs.
_DRIFT_WEIGHT = 4  # no growth, four changes from period to period
_SPREAD_WEIGHT = 2  # the usual spread, two errors
_PACE_WEIGHT = 2  # the usual spread of the pace, two periods
_BETWEEN = _HALF  # spread between members
_UNKNOWN_SHAPE = 4  # an even pace is only a guess: twice as wide
_AHEAD = Decimal("0.25")  # each further period adds α² = ½² of the variance

Path = tuple[tuple[int, Decimal], ...]  # (position of the period, value on the scale)


@dataclass(frozen=True, slots=True)
class Belief:
    """A Student t distribution on the metric's scale: middle, squared spread, certainty of it."""

    middle: Decimal
    variance: Decimal
    freedom: Decimal

    @property
    def even_freedom(self) -> int:
        """The degrees of freedom as the closed form needs them."""
        return even(self.freedom)


@exact
def carried(path: Path, at: int) -> Decimal:
    """Where the past leads at position `at`: each value carried on by the drift, then weighted.

    A value counts half as much for each period that it lies further back. The drift is the mean
    change from period to period, shrunk towards none as if four changes of nought had been seen.

    >>> carried(((0, Decimal(10)),), 1), carried(((0, Decimal(0)), (1, Decimal(15))), 2)
    (Decimal('10'), Decimal('14'))
    """
    (first, start), (last, end) = path[0], path[-1]
    drift = Decimal(0)
    if last > first:
        changes = len(path) - 1
        drift = (end - start) / (last - first) * changes / (changes + _DRIFT_WEIGHT)
    weights = [_HALF ** (last - position) for position, _ in path]
    brought = [value + drift * (at - position) for position, value in path]
    return sum((w * b for w, b in zip(weights, brought, strict=True)), Decimal(0)) / sum(weights)


@exact
def squared_errors(path: Path) -> list[Decimal]:
    """The squared errors of `carried`, had it been asked before each period but the first."""
    return [
        (value - carried(path[:index], position)) ** 2
        for index, (position, value) in enumerate(path)
        if index
    ]


def _shrunk(squares: Sequence[Decimal], usual: Decimal, weight: int) -> Decimal:
    return (weight * usual + sum(squares)) / (weight + len(squares))


@exact
def from_past(
    own: Path, others: Sequence[Path], *, usual: Decimal, at: int
) -> tuple[Belief, Basis] | None:
    """What whole periods say about the one at position `at`, after the last of them.

    `usual` is the squared spread taken as usual on this scale. With two own periods or more the
    past of the member decides; with fewer, at least three others with the same metric are needed;
    without them there is nothing to say.
    """
    pool = [path for path in others if path]
    pool = pool if len(pool) >= FEWEST_OTHERS else []
    seen = [square for path in pool for square in squared_errors(path)]
    usual = _shrunk(seen, usual, _SPREAD_WEIGHT)
    last = max((path[-1][0] for path in ([own] if own else pool)), default=at - 1)
    further = 1 + _AHEAD * (at - 1 - last)
    if len(own) > 1:
        errors = squared_errors(own)
        spread = _shrunk(errors, usual, _SPREAD_WEIGHT) * further
        freedom = Decimal(_SPREAD_WEIGHT + len(errors))
        return Belief(carried(own, at), spread, freedom), "own"
    return (_pooled(own, pool, usual * further, at), "pooled") if pool else None


def _pooled(own: Path, pool: Sequence[Path], within: Decimal, at: int) -> Belief:
    """Where the others stand, drawn towards the one own value if there is one."""
    levels = [carried(path, at) for path in pool]
    count = len(levels)
    centre = sum(levels, Decimal(0)) / count
    apart = [(level - centre) ** 2 for level in levels]
    between = (_SPREAD_WEIGHT * _BETWEEN**2 + sum(apart)) / (_SPREAD_WEIGHT + count - 1)
    trust = between / (between + within) if own else Decimal(0)
    middle = centre + trust * (own[-1][1] - centre) if own else centre
    unsure = between * (1 - trust) + (1 - trust) ** 2 * between / count
    return Belief(middle, within + unsure, Decimal(_SPREAD_WEIGHT + count - 1))


@exact
def from_pace(
    now: Decimal, steps: Sequence[Decimal], *, even_step: Decimal, usual: Decimal, elapsed: Decimal
) -> Belief:
    """What the value so far says about the whole period.

    `now` is the value so far and `steps` what past periods added from this point to their end, all
    on the scale (for an amount: minus the logarithm of the share reached by now). With fewer than
    two such periods an even pace stands in as one more, with twice the spread.
    """
    known = len(steps) > 1
    used = list(steps) if known else [*steps, even_step]
    loose = usual * (1 - elapsed) / elapsed * (1 if known else _UNKNOWN_SHAPE)
    middle = sum(used, Decimal(0)) / len(used)
    apart = sum(((step - middle) ** 2 for step in used), Decimal(0))
    spread = (_PACE_WEIGHT * loose + apart) / (_PACE_WEIGHT + len(used) - 1)
    return Belief(now + middle, spread * (1 + _ONE / len(used)), Decimal(_PACE_WEIGHT + len(steps)))


@exact
def together(past: Belief, pace: Belief) -> Belief:
    """Both at once, each by its precision (Bayes); freedom after Welch and Satterthwaite."""
    variance = 1 / (1 / past.variance + 1 / pace.variance)
    first, second = variance / past.variance, variance / pace.variance
    return Belief(
        middle=first * past.middle + second * pace.middle,
        variance=variance,
        freedom=1 / (first**2 / past.freedom + second**2 / pace.freedom),
    )
