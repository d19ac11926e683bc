"""What scoring gives back: points, totals and grades, each with its explanation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.explanation import Node

ItemState = Literal["scored", "redistributed", "zero", "blocked", "not_counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """An item's points. `raw` is the method's score, `points` what it brings to its dimension.

    `effective_weight` is the weight after missing items gave theirs away. `state`: scored, or
    missing and therefore redistributed (its own points None), zero, or blocked; or not_counted,
    because the member's row gives it no weight.
    """

    item: str
    dimension: str
    weight: Decimal
    effective_weight: Decimal
    raw: Decimal | None
    points: Decimal | None
    state: ItemState
    node: Node
    is_bonus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionResult:
    """A dimension: `score` is the sum of its items' points, `points` what it brings to the total.

    Under weighted_by_dimension the score is out of 100 and points are score·weight/100; under the
    other aggregations both are the same. None when nothing in it has data.
    """

    dimension: str
    weight: Decimal
    effective_weight: Decimal
    score: Decimal | None
    points: Decimal | None
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class FormResult:
    """A member's result. Totals are None when nothing could be scored or a missing item blocks.

    `individual` is before the team enters, `bonus` what lies outside the 100, `unadjusted` the
    total before a rater's adjustment, `total` the final one. `grade_set_by`: score, red_line,
    calibration, appeal, or empty without a grade. `payout_closed` comes from a red line. `node` is
    the root of the explanation (the grade; its child `total` is the score).
    """

    member: str
    individual: Decimal | None
    team: Decimal | None
    bonus: Decimal
    unadjusted: Decimal | None
    total: Decimal | None
    grade: str | None
    grade_set_by: Literal["", "score", "quota", "red_line", "calibration", "appeal"]
    payout_closed: bool
    dimensions: tuple[DimensionResult, ...]
    items: tuple[ItemResult, ...]
    flags: tuple[str, ...]
    node: Node
