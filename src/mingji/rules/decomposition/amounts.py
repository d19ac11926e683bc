"""Amounts of targets in words: a rate in percent, a change of it in percentage points."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.decomposition.terms import PERCENT
from mingji.rules.numbers import HUNDRED, exact, shown
from mingji.rules.text import Text

_SHARE = "ratio"


@exact
def amount(value: Decimal | None, unit: str) -> Text:
    """A target as people say it.

    >>> amount(Decimal("0.055"), "ratio").en, amount(Decimal("2222.5"), "count").en
    ('5.5%', '2,222.5')
    """
    if value is None or unit not in (_SHARE, *PERCENT):
        return Text.same(_grouped(value))
    return Text.same(f"{shown(value * HUNDRED if unit == _SHARE else value)}%")


@exact
def step(value: Decimal, unit: str) -> Text:
    """By how much a target is off or moves, without its sign.

    >>> step(Decimal("-0.03"), "ratio").en, step(Decimal(-40), "count").en
    ('3 percentage points', '40')
    """
    off = abs(value)
    if unit not in (_SHARE, *PERCENT):
        return Text.same(_grouped(off))
    points = shown(off * HUNDRED if unit == _SHARE else off)
    return Text(f"{points} 个百分点", f"{points} percentage points")


def _grouped(value: Decimal | None) -> str:
    """The digits that `shown` gives, thousands apart."""
    digits = shown(value)
    return digits if value is None else f"{Decimal(digits):,f}"
