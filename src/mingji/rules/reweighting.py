"""Weights brought to exactly 100: one is set, the others give or take in proportion."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import HUNDRED, ZERO, checked, exact, rounded, shown
from mingji.rules.splitting import Claim, split
from mingji.rules.text import Text

_PLACES = 2
# A goal keeps at least this much: with a weight of 0 it would be no goal of the agreement.
_LEAST = Decimal("0.01")


@exact
def mended(weights: Mapping[str, Decimal], locked: Collection[str] = ()) -> dict[str, Decimal]:
    """Weights scaled in proportion until they add up to exactly 100, to 2 places.

    Locked ones stay. Where those that may move are all 0, they share the rest equally.

    >>> mended({"a": Decimal(30), "b": Decimal(30), "c": Decimal(30)})
    {'a': Decimal('33.34'), 'b': Decimal('33.33'), 'c': Decimal('33.33')}
    >>> mended({"a": Decimal(50), "b": Decimal(20), "c": Decimal(10)}, locked=["a"])
    {'a': Decimal('50'), 'b': Decimal('33.33'), 'c': Decimal('16.67')}

    Raises:
        Invalid: a weight is unusable, or the locked ones leave too little or too much.
    """
    for key, weight in weights.items():
        _check(key, weight)
    moving = [key for key in weights if key not in locked]
    kept = sum((weights[key] for key in weights if key in locked), ZERO)
    rest = HUNDRED - kept
    if not moving and rest == 0 and weights:
        return dict(weights)
    if not moving or rest < _LEAST * len(moving):
        raise _impossible(kept, len(moving))
    idle = not any(weights[key] for key in moving)
    claims = [
        Claim(key=key, weight=Decimal(1) if idle else weights[key], low=_LEAST) for key in moving
    ]
    shared = split(rest, claims, places=_PLACES).parts
    return {key: shared.get(key, weight) for key, weight in weights.items()}


def with_weight(
    weights: Mapping[str, Decimal], key: str, weight: Decimal, locked: Collection[str] = ()
) -> dict[str, Decimal]:
    """Weights after one of them (given or new) was set; the others shrink or grow in proportion.

    Locked ones stay. The total is exactly 100.

    >>> with_weight({"a": Decimal(40), "b": Decimal(40), "c": Decimal(20)}, "a", Decimal(55))
    {'a': Decimal('55'), 'b': Decimal('30.00'), 'c': Decimal('15.00')}

    Raises:
        Invalid: the weight is locked or unusable, or the others cannot make up for it.
    """
    if key in locked:
        raise Invalid(
            Text(
                f"“{key}”的权重已锁定；先解锁，再修改",
                f"the weight of “{key}” is locked; unlock it to change it",
            ),
            code="weight_locked",
        )
    return mended({**weights, key: weight}, {*locked, key})


def _check(key: str, weight: Decimal) -> None:
    checked(weight, Text(f"“{key}”的权重", f"the weight of “{key}”"))
    if not 0 <= weight <= HUNDRED or weight != rounded(weight, _PLACES):
        raise Invalid(
            Text(
                f"“{key}”的权重是 {shown(weight)}；应在 0 到 100 之间，最多两位小数",
                f"the weight of “{key}” is {shown(weight)}; it lies between 0 and 100, "
                "with 2 places at most",
            ),
            code="bad_weight",
        )


def _impossible(kept: Decimal, moving: int) -> Invalid:
    if moving:
        zh = f"固定的权重合计 {shown(kept)}，其余 {moving} 项没有可分的权重；调低固定的权重"
        en = (
            f"the weights that stay add up to {shown(kept)} and leave nothing for the "
            f"{moving} others; lower them"
        )
    else:
        zh = f"固定的权重合计 {shown(kept)}，没有其他项可以补到 100；解锁一项"
        en = (
            f"the weights that stay add up to {shown(kept)} and nothing may move to make it 100; "
            "unlock one"
        )
    return Invalid(Text(zh, en), code="weights_stuck")
