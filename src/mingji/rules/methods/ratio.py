"""Methods that compare the actual with the target: ratio, met or not, efficacy, deviation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.strict import STRICT

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """比率法: attainment times weight.

    `direction` up: A/B·W. Down: `form` inverse B/A·W, complement (2 − A/B)·W. `cap` and `floor`
    are shares of the weight: a cap of 1.2 pays at most 120 % of it.
    """

    __pydantic_config__ = STRICT
    method: Literal["ratio"] = "ratio"
    direction: Direction = "up"
    form: Literal["inverse", "complement"] = "inverse"
    cap: Decimal | None = None
    floor: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """非此即彼法: met earns the whole weight, otherwise nothing.

    Met means the choice is yes, or the actual reaches the target (`down`: does not exceed it);
    without a target any actual but 0 is met.
    """

    __pydantic_config__ = STRICT
    method: Literal["binary"] = "binary"
    direction: Direction = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficacy:
    """功效系数法: `base` + `span`·(A − unacceptable)/(satisfactory − unacceptable).

    The two values may stand here; otherwise the threshold is the unacceptable value and the
    target the satisfactory one. `cap` and `floor` bound the score (points out of 100).
    """

    __pydantic_config__ = STRICT
    method: Literal["efficacy"] = "efficacy"
    unacceptable: Decimal | None = None
    satisfactory: Decimal | None = None
    base: Decimal = Decimal(60)
    span: Decimal = Decimal(40)
    cap: Decimal | None = None
    floor: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """偏差率法: full points inside the tolerance, then `unit` points less for each point outside.

    `tolerance` is in percent of the target (`measure` percent) or in the item's own unit
    (`measure` value); either side counts alike. Never below `floor`.
    """

    __pydantic_config__ = STRICT
    method: Literal["deviation"] = "deviation"
    tolerance: Decimal = Decimal(0)
    unit: Decimal = Decimal(1)
    measure: Literal["percent", "value"] = "percent"
    floor: Decimal = Decimal(0)
