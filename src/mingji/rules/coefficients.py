"""What a score leads to, as data: grades, the year, coefficients and settlement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade: from `at_least` points on (left out for the lowest), with its coefficient.

    `below` may state the upper bound; it is then checked for gaps and overlaps.
    """

    id: str
    name: Text
    at_least: Decimal | None = None
    below: Decimal | None = None
    coefficient: Decimal = Decimal(1)


DEFAULT_GRADES = (
    Grade(
        id="S", name=Text("卓越", "Outstanding"), at_least=Decimal(95), coefficient=Decimal("1.5")
    ),
    Grade(id="A", name=Text("优秀", "Excellent"), at_least=Decimal(85), coefficient=Decimal("1.2")),
    Grade(id="B", name=Text("良好", "Good"), at_least=Decimal(70), coefficient=Decimal("1.0")),
    Grade(
        id="C", name=Text("待改进", "To improve"), at_least=Decimal(60), coefficient=Decimal("0.8")
    ),
    Grade(id="D", name=Text("未达标", "Below standard"), coefficient=Decimal(0)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRule:
    """The year's result: `quarters` percent from the quarters, `review` from the annual review.

    `quarter_weights` are percent of the quarters' part; empty means equal.
    """

    quarters: Decimal = Decimal(60)
    review: Decimal = Decimal(40)
    quarter_weights: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientWeight:
    """How much, in percent, one coefficient (company, department, person) counts."""

    id: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionTier:
    """The part of an amount above `low` up to `high` earns `rate` percent; no `high`: no end."""

    low: Decimal
    rate: Decimal
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritCell:
    """At this grade and pay position a raise is the budget times `factor`."""

    grade: str
    position: str
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PotTier:
    """From this result on the pot holds `amount` (in the scheme's currency)."""

    at_least: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What turns a result into money (§7). The form of multiplication is named, never implied.

    `weights` belong to weighted_coefficient, `pot` to tiered_pot, `tiers` to marginal_tiers,
    `merit_budget` (percent) and `merit` to merit_matrix. `gate` is the lowest grade that is paid.
    """

    rule: Literal["chain", "weighted_coefficient", "pool_share", "tiered_pot", "marginal_tiers"] = (
        "pool_share"
    )
    weights: tuple[CoefficientWeight, ...] = ()
    pot: tuple[PotTier, ...] = ()
    tiers: tuple[CommissionTier, ...] = ()
    gate: str = ""
    merit_budget: Decimal = Decimal(0)
    merit: tuple[MeritCell, ...] = ()
