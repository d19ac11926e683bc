"""Sharing a bonus pool (奖金池) to the cent, and the pot that a result opens (scoring.md §7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.coefficients import PotTier
from mingji.rules.explanation import Node
from mingji.rules.methods.given import refuse
from mingji.rules.money import Money
from mingji.rules.numbers import ZERO, exact, rounded, shown
from mingji.rules.payout import AMOUNT, Payout
from mingji.rules.text import Text

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a member brings to a pool: a base (pay, points …) and a coefficient."""

    member: str
    base: Decimal
    coefficient: Decimal


@exact
def pool_share(pool: Money, claims: Sequence[Claim]) -> dict[str, Payout]:
    """A pool shared by base · coefficient, to the cent, adding up exactly.

    Shares are cut to the cent; the cents left over go to the largest remainders, ties to the
    smaller member id, so that the order of the claims changes nothing.

    >>> people = [Claim(member=m, base=Decimal(1), coefficient=Decimal(c))
    ...           for m, c in (("a", "1.5"), ("b", "1"), ("c", "1"), ("d", "0.8"))]
    >>> [str(p.money.amount) for p in pool_share(Money(Decimal(50000), "CNY"), people).values()]
    ['17441.86', '11627.91', '11627.91', '9302.32']

    Raises:
        Invalid: the pool is negative or finer than a cent, a claim is negative or given twice,
            or nobody has a claim on a pool that is not empty.
    """
    _check_pool(pool, claims)
    weights = {claim.member: claim.base * claim.coefficient for claim in claims}
    whole = sum((weights[member] for member in sorted(weights)), ZERO)
    exact_shares = {m: pool.amount * w / whole if whole else ZERO for m, w in weights.items()}
    cents = {m: int(share / _CENT) for m, share in exact_shares.items()}
    left = int(pool.amount / _CENT) - sum(cents.values())
    by_remainder = sorted(cents, key=lambda m: (cents[m] * _CENT - exact_shares[m], m))
    for member in by_remainder[:left]:
        cents[member] += 1
    return {
        claim.member: _share_of(pool, claim, whole, cents[claim.member] * _CENT) for claim in claims
    }


def _share_of(pool: Money, claim: Claim, whole: Decimal, amount: Decimal) -> Payout:
    b, c, p, w = (shown(n) for n in (claim.base, claim.coefficient, pool.amount, whole))
    node = Node(
        key=claim.member,
        label=AMOUNT,
        value=amount,
        rule="settle.pool_share",
        formula=Text.same(f"{p} × {b} × {c} ÷ {w}"),
        unit=pool.currency,
        parameters={
            "pool": pool.amount,
            "base": claim.base,
            "coefficient": claim.coefficient,
            "claims": whole,
        },
        rounding="0.01 largest_remainder",
    )
    return Payout(money=Money(amount, pool.currency), node=node)


def _check_pool(pool: Money, claims: Sequence[Claim]) -> None:
    if pool.amount < 0 or pool.amount != rounded(pool.amount, 2):
        raise refuse(
            "bad_pool",
            f"奖金池 {shown(pool.amount)} 应不小于 0，且精确到分",
            f"the pool {shown(pool.amount)} must not be negative nor finer than a cent",
        )
    members = [claim.member for claim in claims]
    if len(set(members)) < len(members) or any(c.base < 0 or c.coefficient < 0 for c in claims):
        raise refuse(
            "bad_claim",
            "分配名单里有重复的成员，或基数、系数为负；改正名单",
            "a member stands twice in the pool, or a base or coefficient is negative; "
            "mend the list",
        )
    if pool.amount and not any(claim.base * claim.coefficient for claim in claims):
        raise refuse(
            "nobody_to_share",
            "没有人可以分这个奖金池；检查基数和系数",
            "nobody has a claim on this pool; check bases and coefficients",
        )


@exact
def tiered_pot(result: Decimal, tiers: Sequence[PotTier], currency: str) -> Money:
    """The pot that a result opens: floor, standard or stretch; none below the lowest.

    >>> tiers = [PotTier(at_least=Decimal(a), amount=Decimal(m))
    ...          for a, m in ((80, 50000), (100, 80000), (120, 100000))]
    >>> tiered_pot(Decimal(105), tiers, "CNY").amount
    Decimal('80000')
    """
    reached = [tier for tier in tiers if result >= tier.at_least]
    best = max(reached, key=lambda tier: tier.at_least, default=None)
    return Money(best.amount if best else ZERO, currency)
