"""How well the forecast would have done on periods that are over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from mingji.analysis.forecast import Forecast, Pace, forecast
from mingji.analysis.scales import ScaleKind
from mingji.rules.numbers import exact, rounded

_LEAST = 3  # periods that must lie before the one that is forecast
_NO_PACE: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The values of one metric by period, oldest first, and those up to a point of each period."""

    values: tuple[Decimal, ...]
    by_then: tuple[Decimal | None, ...] = _NO_PACE


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """What came of asking for periods that are over: each only from what lay before it.

    `inside` of `cases` lay in the interval of 80 %, `coverage` is that share (0..1, two places);
    `error` is the median of the relative errors of the median (0..1, three places). Both None
    without a case.
    """

    cases: int
    inside: int
    coverage: Decimal | None
    error: Decimal | None


@exact
def backtest(
    pasts: Iterable[Past],
    *,
    scale: ScaleKind,
    elapsed: Decimal | None = None,
    adds_up: bool = True,
    least: int = _LEAST,
) -> BackTest:
    """Forecast each period from those before it and see where it came out.

    Without `elapsed` the forecast is made before the period starts; with it, at that share of the
    period, from `by_then`. The first `least` periods of each past are only learnt from.

    >>> steady = Past(values=tuple(Decimal(v) for v in (100, 104, 99, 103, 101)))
    >>> backtest([steady], scale="amount")
    BackTest(cases=2, inside=2, coverage=Decimal('1.00'), error=Decimal('0.021'))
    """
    inside, errors = 0, []
    for past in pasts:
        for said, came in _asked(past, scale, elapsed, adds_up, least):
            inside += said.low <= came <= said.high
            errors.append(abs(said.median - came) / abs(came) if came else abs(said.median))
    cases = len(errors)
    return BackTest(
        cases=cases,
        inside=inside,
        coverage=rounded(Decimal(inside) / cases) if cases else None,
        error=rounded(median(errors), 3) if cases else None,
    )


def _asked(
    past: Past, scale: ScaleKind, elapsed: Decimal | None, adds_up: bool, least: int
) -> Iterator[tuple[Forecast, Decimal]]:
    for index in range(least, len(past.values)):
        pace = None
        if elapsed is not None:
            so_far = _at(past.by_then, index)
            if so_far is None:
                continue
            pace = Pace(
                elapsed=elapsed, so_far=so_far, before=past.by_then[:index], adds_up=adds_up
            )
        said = forecast(past.values[:index], scale=scale, pace=pace)
        if isinstance(said, Forecast):
            yield said, past.values[index]


def _at(values: Sequence[Decimal | None], index: int) -> Decimal | None:
    return values[index] if index < len(values) else None
