"""Intervals hold what they promise on series whose ways are known."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest

from mingji.analysis.backtest import Past, backtest

D = Decimal
WEEKS = 13


def series(seed: int, *, walk: float, noise: float, drift: float, periods: int = 8) -> Past:
    """Quarters that wander, with more in the later weeks; values up to week 6."""
    dice = random.Random(seed)
    level, values, by_then = math.log(300), [], []
    for _ in range(periods):
        level += drift + dice.gauss(0, walk)
        total = math.exp(level + dice.gauss(0, noise))
        weeks = [math.exp(1.2 * (k / WEEKS) ** 2 + dice.gauss(0, 0.25)) for k in range(WEEKS)]
        values.append(D(str(round(total, 2))))
        by_then.append(D(str(round(total * sum(weeks[:6]) / sum(weeks), 2))))
    return Past(values=tuple(values), by_then=tuple(by_then))


# The table of docs/explanation/forecast.md is made from the same series, four times as many.
WAYS = [
    ({"walk": 0.2, "noise": 0, "drift": 0}, ("0.70", "0.90"), ("0.70", "0.90")),
    ({"walk": 0, "noise": 0.1, "drift": 0}, ("0.80", "0.95"), ("0.80", "0.95")),
    ({"walk": 0.1, "noise": 0.1, "drift": 0.04}, ("0.74", "0.92"), ("0.76", "0.94")),
]


@pytest.mark.parametrize(("way", "before", "middle"), WAYS)
def test_eight_of_ten_periods_come_out_inside_the_interval(way, before, middle):
    pasts = [series(seed, **way) for seed in range(30)]

    at_start = backtest(pasts, scale="amount")
    half_way = backtest(pasts, scale="amount", elapsed=D(6) / WEEKS)

    assert at_start.cases == half_way.cases == 150
    assert D(before[0]) <= at_start.coverage <= D(before[1])
    assert D(middle[0]) <= half_way.coverage <= D(middle[1])
    assert half_way.error < at_start.error


def test_knowing_the_shape_beats_the_run_rate():
    pasts = [series(seed, walk=0.15, noise=0, drift=0) for seed in range(20)]

    half_way = backtest(pasts, scale="amount", elapsed=D(6) / WEEKS)
    run_rate = sorted(
        abs(by_then * WEEKS / 6 - value) / value
        for past in pasts
        for value, by_then in zip(past.values[3:], past.by_then[3:], strict=True)
    )

    assert half_way.error < run_rate[len(run_rate) // 2] / 2


def test_without_a_case_there_is_no_coverage():
    short = Past(values=(D(1), D(2), D(3)))

    assert backtest([short], scale="amount").coverage is None
    assert backtest([Past(values=(D(1),) * 9)], scale="amount", elapsed=D("0.5")).cases == 0
