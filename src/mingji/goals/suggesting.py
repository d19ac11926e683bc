"""What to propose as next period's target, from what was reached and agreed before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.numbers import HUNDRED, exact, rounded

# The places to which amounts of goals are stored.
_FINEST = 4


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
    target: Decimal, mark: Decimal | None, old_target: Decimal | None
) -> Decimal | None:
    """A threshold or stretch target as far from the target, in proportion, as it was before; as
    fine as the amounts that it comes from, so that a count stays whole. Where that would put it on
    the target itself, to four places.

    >>> kept_distance(Decimal(121), Decimal(80), Decimal(100))
    Decimal('97')
    >>> kept_distance(Decimal(1), Decimal(9), Decimal(10))
    Decimal('0.9000')
    """
    if mark is None or not old_target:
        return None
    moved = target * mark / old_target
    kept = rounded(moved, max(_places(each) for each in (target, mark, old_target)))
    return rounded(moved, _FINEST) if kept == target != moved else kept


def _places(value: Decimal) -> int:
    """How many digits a value has behind the point, trailing zeros aside."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "a finite number"
    return max(-exponent, 0)
