"""What to propose as next period's target, from what was reached and agreed before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.numbers import HUNDRED, exact, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of the period before: the value reached, and what had been agreed.

    The threshold and the stretch target only lend their distance from the target. While the period
    is `running`, its value is only what was reached so far.
    """

    value: Decimal | None = None
    target: Decimal | None = None
    threshold: Decimal | None = None
    stretch: Decimal | None = None
    running: bool = False


@exact
def suggested(before: Before, *, growth: Decimal, adds_up: bool, places: int = 0) -> Decimal | None:
    """A target for the next period: `growth` percent above what was reached.

    Only what adds up (counts, money) grows; a rate or a cost keeps the target it had. Without a
    value, and while the period before still runs, the last target grows; without either there is
    nothing to propose.

    >>> suggested(Before(value=Decimal(100)), growth=Decimal(8), adds_up=True)
    Decimal('108')
    >>> suggested(Before(value=Decimal("0.31"), target=Decimal("0.35")),
    ...           growth=Decimal(8), adds_up=False, places=4)
    Decimal('0.35')
    """
    known = before.target is not None
    if not adds_up:
        return before.target if known else before.value
    base = before.target if before.value is None or (before.running and known) else before.value
    return None if base is None else rounded(base * (HUNDRED + growth) / HUNDRED, places)


@exact
def kept_distance(
    target: Decimal, mark: Decimal | None, old_target: Decimal | None, places: int = 4
) -> Decimal | None:
    """A threshold or stretch target as far from the target, in proportion, as it was before.

    >>> kept_distance(Decimal(120), Decimal(80), Decimal(100))
    Decimal('96.0000')
    """
    if mark is None or not old_target:
        return None
    return rounded(target * mark / old_target, places)
