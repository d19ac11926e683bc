"""The scale on which a metric varies evenly: a logarithm, a logit, or its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

ScaleKind = Literal["amount", "share", "any"]
_ONE = Decimal(1)
# A share of exactly 0 or 1 is taken as seen in 200 cases: 0 as 0.25 %, 1 as 99.75 %.
_CASES = Decimal(200)
_EDGE = Decimal("0.5")
_SHARES = ("ratio", "%")


def kind_for(values: Iterable[Decimal | None], unit: str = "") -> ScaleKind:
    """The scale for these values: below zero `any`, a ratio from 0 to 1 `share`, else `amount`.

    A growth rate or an ROI may be between 0 and 1 by chance: whoever knows, names `any` instead.

    >>> kind_for([Decimal("0.2"), Decimal("0.35")], "ratio"), kind_for([Decimal(-3), Decimal(8)])
    ('share', 'any')
    """
    known = [value for value in values if value is not None]
    if any(value < 0 for value in known):
        return "any"
    return "share" if unit in _SHARES and all(value <= 1 for value in known) else "amount"


@dataclass(frozen=True, slots=True)
class Scale:
    """A way there and back between a metric's values and the scale on which it is forecast.

    `shift` is added to an amount before its logarithm: 0, or half of the smallest amount above
    zero where zeros occur.
    """

    kind: ScaleKind
    shift: Decimal = Decimal(0)

    @classmethod
    def fitting(cls, kind: ScaleKind, values: Iterable[Decimal | None]) -> Scale:
        """The scale for these values.

        Raises:
            Invalid: an amount is below zero, or a share is not from 0 to 1.
        """
        known = [value for value in values if value is not None]
        for value in known:
            if (kind != "any" and value < 0) or (kind == "share" and value > 1):
                raise _outside(kind, value)
        above = [value for value in known if value > 0]
        if kind == "amount" and above and len(above) < len(known):
            return cls(kind, min(above) / 2)
        return cls(kind)

    @exact
    def to(self, value: Decimal) -> Decimal:
        """The value on this scale; it lies inside (see `covers`).

        >>> Scale("any").to(Decimal(7)), round(Scale("share").to(Decimal("0.5")), 6)
        (Decimal('7'), Decimal('0.000000'))
        """
        if self.kind == "any":
            return value
        if self.kind == "amount":
            return (value + self.shift).ln()
        inside = (value * (_CASES - 1) + _EDGE) / _CASES
        return (inside / (1 - inside)).ln()

    @exact
    def back(self, point: Decimal) -> Decimal:
        """The value at a point of this scale, inside the metric's own bounds."""
        if self.kind == "any":
            return point
        if self.kind == "amount":
            return max(point.exp() - self.shift, Decimal(0))
        inside = 1 / (1 + (-point).exp())
        return min(max((inside * _CASES - _EDGE) / (_CASES - 1), Decimal(0)), _ONE)

    def covers(self, value: Decimal) -> Literal["below", "inside", "above"]:
        """Whether a value can be reached at all, or lies below or above everything possible."""
        if self.kind == "any":
            return "inside"
        if value < 0 or (value == 0 and self.kind == "amount" and not self.shift):
            return "below"
        return "above" if self.kind == "share" and value > 1 else "inside"


def _outside(kind: ScaleKind, value: Decimal) -> Invalid:
    v = shown(value)
    if kind == "share":
        return Invalid(
            Text(
                zh=f"{v} 不是 0 到 1 之间的占比；百分数写成小数，或把尺度改成 any",
                en=f"{v} is no share from 0 to 1; write percent as a fraction, or use scale any",
            ),
            code="not_a_share",
        )
    return Invalid(
        Text(
            zh=f"{v} 小于 0，不能按只增不减的数量预测；把尺度改成 any",
            en=f"{v} is below 0 and cannot be forecast as an amount; use the scale any",
        ),
        code="negative_amount",
    )
