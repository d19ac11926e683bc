"""Methods that start from a base and step up or down: base ± steps, own best."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.ratio import Direction
from mingji.rules.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyTier:
    """Targets up to `below` percent under the baseline may earn at most `cap` points upwards.

    `below` left out is the tier for all that lies further down.
    """

    __pydantic_config__ = STRICT
    cap: Decimal
    below: Decimal | None = None


DIFFICULTY_TIERS = (
    DifficultyTier(below=Decimal(0), cap=Decimal(6)),
    DifficultyTier(below=Decimal(20), cap=Decimal(5)),
    DifficultyTier(below=Decimal(50), cap=Decimal(4)),
    DifficultyTier(cap=Decimal(3)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseStep:
    """基准分±步长法: `base` ± `unit` points for every full `step` away from the reference.

    `measure` percent: the distance is in percent of the reference; value: in the item's own unit
    (works with a reference of 0); given: the actual already is the change in percent.
    `cap_up` and `cap_down` bound the points either side. With `target_difficulty_cap` the upward
    cap is read from `difficulty_tiers` by how far the target lies below the baseline.
    """

    __pydantic_config__ = STRICT
    method: Literal["base_step"] = "base_step"
    base: Decimal = Decimal(30)
    step: Decimal = Decimal(3)
    unit: Decimal = Decimal(1)
    cap_up: Decimal = Decimal(6)
    cap_down: Decimal = Decimal(6)
    direction: Direction = "up"
    reference: Literal["target", "baseline"] = "target"
    measure: Literal["percent", "value", "given"] = "percent"
    target_difficulty_cap: bool = False
    difficulty_tiers: tuple[DifficultyTier, ...] = DIFFICULTY_TIERS


@dataclass(frozen=True, slots=True, kw_only=True)
class BestHistory:
    """历史最佳法: `base` at the member's own best (the baseline), ± `unit` per full `step` percent.

    The score stays between `floor` and `cap`.
    """

    __pydantic_config__ = STRICT
    method: Literal["best_history"] = "best_history"
    base: Decimal = Decimal(25)
    step: Decimal = Decimal(1)
    unit: Decimal = Decimal(1)
    cap: Decimal = Decimal(30)
    floor: Decimal = Decimal(0)
    direction: Direction = "up"
