"""Student's t distribution in decimals, so that every machine gives the same digits.

With an even number of degrees of freedom the distribution is algebraic (Abramowitz and Stegun,
*Handbook of Mathematical Functions*, 26.7.4): no series to break off, no floating point.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from mingji.rules.numbers import exact

HALF = Decimal("0.5")
_ONE = Decimal(1)
_STEPS = 60  # halvings: more than 15 significant digits of a quantile
FEWEST, MOST = 2, 40


def even(freedom: Decimal) -> int:
    """Degrees of freedom rounded down to an even number, from 2 to 40: wider, never narrower.

    >>> even(Decimal("7.9")), even(Decimal(1)), even(Decimal(900))
    (6, 2, 40)
    """
    return min(max(FEWEST, int(freedom) // 2 * 2), MOST)


@exact
def chance_below(t: Decimal, freedom: int) -> Decimal:
    """P(T ≤ t) for an even number of degrees of freedom.

    >>> round(chance_below(Decimal("1.533"), 4), 4), chance_below(Decimal(0), 6)
    (Decimal('0.9000'), Decimal('0.5'))
    """
    cosine = freedom / (freedom + t * t)
    term = total = _ONE
    for step in range(1, freedom // 2):
        term *= cosine * (2 * step - 1) / (2 * step)
        total += term
    within = abs(t) / (freedom + t * t).sqrt() * total
    return HALF + (within / 2 if t > 0 else -within / 2)


@lru_cache(maxsize=1 << 10)
@exact
def quantile(share: Decimal, freedom: int) -> Decimal:
    """The t below which `share` (0..1, both excluded) of the distribution lies.

    >>> round(quantile(Decimal("0.9"), 4), 3), round(quantile(Decimal("0.1"), 10), 3)
    (Decimal('1.533'), Decimal('-1.372'))
    """
    if share < HALF:
        return -quantile(1 - share, freedom)
    low, high = Decimal(0), _ONE
    while chance_below(high, freedom) < share:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if chance_below(middle, freedom) < share else (low, middle)
    return (low + high) / 2
