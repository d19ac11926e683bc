"""What each member of a team gets of its target, and from what. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact
from mingji.rules.splitting import Claim, by_capacity, by_history, equally
from mingji.rules.splitting import split as split_over
from mingji.rules.text import Text

Basis = Literal["equal", "history", "capacity", "weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a target is to be split: by what, over whom, with weights and bounds as typed.

    All keys are member codes; bounds are in the unit of the target.
    """

    basis: Basis = "equal"
    chosen: frozenset[str]
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    lows: Mapping[str, Decimal] = field(default_factory=dict)
    highs: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """What the part of a member can go by: the last value reached, and working days present."""

    code: str
    reached: Decimal | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a member gets, how that was reckoned, whether a bound decided, and whether too little
    history was raised to the floor."""

    amount: Decimal
    formula: Text
    held: bool
    raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The part of each member by code; they add up to `total` exactly."""

    total: Decimal
    parts: Mapping[str, Part]

    @property
    def written(self) -> str:
        """All parts in one line, by which what is saved is compared with what was looked at."""
        return ";".join(f"{code}={part.amount}" for code, part in sorted(self.parts.items()))


@exact
def divided(total: Decimal, strengths: Sequence[Strength], wish: Wish, places: int) -> Division:
    """The total over the members whom the wish names.

    >>> three = [Strength(code=code, reached=None, days=65) for code in ("li", "sun", "wang")]
    >>> divided(Decimal(100), three, Wish(chosen=frozenset({"li", "sun", "wang"})), 0).written
    'li=34;sun=33;wang=33'

    Raises:
        Invalid: nothing is left to split, nobody is named, a weight is missing, somebody would
            get nothing, or the bounds allow no split.
    """
    if total <= 0:
        raise Invalid(_NOTHING_LEFT, code="nothing_left")
    sharing = [each for each in strengths if each.code in wish.chosen]
    weights, raised = _weights(sharing, wish)
    claims = [
        Claim(
            key=each.code,
            weight=weights[each.code],
            low=wish.lows.get(each.code),
            high=wish.highs.get(each.code),
        )
        for each in sharing
    ]
    found = split_over(total, claims, places=places)
    if nothing := [code for code, amount in found.parts.items() if not amount]:
        raise _gets_nothing(nothing[0])
    formulas = {node.key: node.formula for node in found.node.inputs}
    return Division(
        total=total,
        parts={
            code: Part(
                amount=amount,
                formula=formulas[code],
                held=code in found.held,
                raised=code in raised,
            )
            for code, amount in found.parts.items()
        },
    )


def _weights(
    sharing: Sequence[Strength], wish: Wish
) -> tuple[Mapping[str, Decimal], Sequence[str]]:
    """The weight of each, and who counts at the floor of history."""
    match wish.basis:
        case "history" if sharing:
            found = by_history({each.code: each.reached for each in sharing})
            return found.weights, found.raised
        case "capacity":
            present = {each.code: (Decimal(1), Decimal(each.days)) for each in sharing}
            return by_capacity(present), ()
        case "weights":
            for each in sharing:
                if each.code not in wish.weights:
                    raise _no_weight(each.code)
            return wish.weights, ()
    return equally([each.code for each in sharing]), ()


def _no_weight(code: str) -> Invalid:
    return Invalid(
        Text(
            f"“{code}”还没有权重。给勾选的每个人填权重，或取消勾选。",
            f"“{code}” has no weight. Give everybody who is ticked a weight, or untick them.",
        ),
        code="weight_missing",
    )


def _gets_nothing(code: str) -> Invalid:
    return Invalid(
        Text(
            f"“{code}”分到 0，不能作目标值。取消勾选，或调整权重和下限。",
            f"“{code}” would get 0, which is no target. "
            "Untick them, or change the weight or the minimum.",
        ),
        code="part_of_nothing",
    )


_NOTHING_LEFT = Text(
    "已对齐的目标已经达到这个目标值，没有剩下可分摊的。要重新分摊，先改它们。",
    "The goals that serve it already reach this target; nothing is left to split. "
    "To split it anew, change those first.",
)
