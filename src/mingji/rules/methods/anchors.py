"""Methods that draw straight lines between agreed values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.bands import Measure
from mingji.rules.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """At `value` the item earns `points`."""

    __pydantic_config__ = STRICT
    value: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """锚点线性插值法: linear between anchors, flat beyond the best one.

    Beyond the worst anchor (the one with the fewest points): 0, or flat, as `below` says.
    `measure` as in `BandMethod`.
    """

    __pydantic_config__ = STRICT
    method: Literal["anchors"] = "anchors"
    anchors: tuple[Anchor, ...] = ()
    below: Literal["zero", "flat"] = "zero"
    measure: Measure = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class TieredTarget:
    """门槛/目标/挑战: the threshold, target and stretch values earn these scores, linear between.

    Lower-is-better works by setting a threshold above the target above the stretch value.
    Scores are out of 100: at 110 the item earns 110 % of its weight.
    """

    __pydantic_config__ = STRICT
    method: Literal["tiered_target"] = "tiered_target"
    threshold_score: Decimal = Decimal(60)
    target_score: Decimal = Decimal(80)
    stretch_score: Decimal = Decimal(110)
    below: Literal["zero", "flat"] = "zero"
