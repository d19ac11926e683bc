"""Commission by bands without cliffs (marginal tiers, scoring.md §7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.codec import as_text, from_text
from mingji.rules.coefficients import CommissionTier
from mingji.rules.explanation import Node, Rule
from mingji.rules.methods.given import refuse
from mingji.rules.money import Money
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded, shown
from mingji.rules.payout import Payout, payout


@exact
def marginal_tiers(amount: Money, tiers: Sequence[CommissionTier]) -> Payout:
    """Commission by bands: each rate applies to the part inside its band, so there is no cliff.

    A negative amount (a credit note) takes back commission at the lowest rate.

    >>> bands = [CommissionTier(low=Decimal(0), high=Decimal(1000), rate=Decimal(5)),
    ...          CommissionTier(low=Decimal(1000), rate=Decimal(10))]
    >>> marginal_tiers(Money(Decimal("1000.50"), "CNY"), bands).money.amount
    Decimal('50.05')

    Raises:
        Invalid: the bands do not start at 0 or leave a gap or an overlap.
    """
    ordered = sorted(tiers, key=lambda tier: tier.low)
    check_tiers(ordered)
    inside = _inside(amount.amount, ordered)
    words = " + ".join(f"{shown(part)} × {shown(rate)} %" for part, rate in inside) or "0"
    told = {"tiers": as_text(tuple(ordered))}
    return payout(_commission(inside), amount, "settle.marginal_tiers", words, told)


def check_tiers(tiers: Sequence[CommissionTier]) -> None:
    """Refuse commission bands with a gap or an overlap (they are given lowest first).

    Raises:
        Invalid: names the two bands.
    """
    edge: Decimal | None = ZERO
    for tier in tiers:
        if edge != tier.low:
            end = "∞" if edge is None else shown(edge)
            raise refuse(
                "tiers_not_contiguous",
                f"提成区间在 {end} 和 {shown(tier.low)} 之间有空档或重叠；让它们首尾相接",
                f"the bands leave a gap or overlap between {end} and {shown(tier.low)}; "
                "let each begin where the last one ends",
            )
        edge = tier.high


def _inside(amount: Decimal, tiers: Sequence[CommissionTier]) -> list[tuple[Decimal, Decimal]]:
    """The part of the amount inside each band, with the band's rate."""
    parts = []
    for place, tier in enumerate(tiers):
        top = amount if tier.high is None else min(amount, tier.high)
        part = top - tier.low
        if part > 0 or (place == 0 and part < 0):
            parts.append((part, tier.rate))
    return parts


def _commission(inside: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    return sum((part * rate / HUNDRED for part, rate in inside), ZERO)


def _again(node: Node, values: tuple[Decimal | str | None, ...]) -> Decimal:
    tiers = from_text(tuple[CommissionTier, ...], str(node.parameters["tiers"]))
    assert isinstance(values[0], Decimal)
    return rounded(_commission(_inside(values[0], tiers)))


RULES: Mapping[str, Rule] = {"settle.marginal_tiers": _again}
