"""The last step of every value: exact fractions, rounded half-up once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from mingji.engine.model import Metric
from mingji.rules.explanation import plain


def interpolated(points: list[tuple[Fraction, int, int]], share: Fraction) -> Fraction:
    """The value at a share of ordered values, linear between the two nearest (Excel's PERCENTILE).

    The median is the share ½: the mean of the middle two.

    Args:
        points: (value, how many values up to and including it, how many in all), in order.
        share: Between 0 and 1.

    >>> interpolated([(Fraction(3), 2, 4), (Fraction(8), 3, 4)], Fraction(1, 2))
    Fraction(11, 2)
    """
    place = (points[0][2] - 1) * share
    low = place.numerator // place.denominator
    below = next(value for value, upto, _ in points if upto > low)
    above = next((value for value, upto, _ in points if upto > low + 1), below)
    return below + (above - below) * (place - low)


def rounded(value: Fraction, scale: int) -> Decimal:
    """A fraction to so many decimal places, half away from zero, without any step between.

    >>> rounded(Fraction(1, 8), 2), rounded(Fraction(-1, 8), 2), rounded(Fraction(2, 3), 4)
    (Decimal('0.13'), Decimal('-0.13'), Decimal('0.6667'))
    """
    above, below = abs(value.numerator) * 10**scale, value.denominator
    whole = (2 * above + below) // (2 * below)
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}E-{scale}")


def published(value: Fraction, metric: Metric) -> Decimal:
    """The value of a metric as it is given out: rounded once, without idle zeros."""
    if ends(value, metric.places):
        return rounded(value, metric.places)
    return trimmed(rounded(value, metric.scale), metric.places)


def ends(value: Fraction, places: int) -> bool:
    """Whether so many decimal places say a fraction exactly."""
    return value.denominator == 1 or not value.numerator * 10**places % value.denominator


def trimmed(value: Decimal, places: int) -> Decimal:
    """A decimal without the zeros that stand beyond so many places.

    >>> trimmed(Decimal("0.62500000"), 4), trimmed(Decimal("0.66666667"), 4)
    (Decimal('0.6250'), Decimal('0.66666667'))
    """
    whole, point, fraction = plain(value).partition(".")
    kept = fraction[:places] + fraction[places:].rstrip("0")
    return Decimal(f"{whole}{point if kept else ''}{kept}")
