"""Methods that count events: deductions, bonus points, milestones, key results."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduct:
    """减分法: the weight less `points_each` for every event, never below `floor` or above W."""

    __pydantic_config__ = STRICT
    method: Literal["deduct"] = "deduct"
    points_each: Decimal = Decimal(1)
    floor: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """加分法: `points_each` for every event, between `floor` and `cap`; outside the 100.

    A negative `floor` with negative points makes a deduction outside the 100.
    """

    __pydantic_config__ = STRICT
    method: Literal["bonus"] = "bonus"
    points_each: Decimal = Decimal(1)
    cap: Decimal = Decimal(5)
    floor: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """Up to `days` late, a milestone counts `factor` of its weight."""

    __pydantic_config__ = STRICT
    days: int
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """里程碑法: the weights of milestones done, each times its lateness factor.

    `lateness` lists the steps, gentlest first; later than the last step counts `too_late`.
    """

    __pydantic_config__ = STRICT
    method: Literal["milestone"] = "milestone"
    lateness: tuple[Lateness, ...] = ()
    too_late: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Okr:
    """OKR 打分: progress of each key result clipped to 0..1, weighted; the score is 0..1."""

    __pydantic_config__ = STRICT
    method: Literal["okr"] = "okr"
