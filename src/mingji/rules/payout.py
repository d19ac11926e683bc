"""An amount of money with the explanation that comes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.explanation import Node, Parameter
from mingji.rules.money import Money
from mingji.rules.numbers import rounded
from mingji.rules.text import Text

AMOUNT = Text("金额", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """An amount with its explanation."""

    money: Money
    node: Node


def payout(
    amount: Decimal, like: Money, rule: str, words: str, told: Mapping[str, Parameter]
) -> Payout:
    """An amount to the cent, made by a rule from a base of the same currency."""
    value = rounded(amount, 2)
    node = Node(
        key="amount",
        label=AMOUNT,
        value=value,
        rule=rule,
        formula=Text.same(words),
        unit=like.currency,
        parameters=dict(told),
        inputs=(Node("base", Text("基数", "base"), like.amount, unit=like.currency),),
        rounding="0.01 half_up",
    )
    return Payout(money=Money(value, like.currency), node=node)
