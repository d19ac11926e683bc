"""Small schemes and facts that tests of the rules share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.methods import Method
from mingji.rules.methods.events import Bonus
from mingji.rules.scheme import BlendRule, Dimension, Item, Scheme
from mingji.rules.text import Text

D = Decimal


def an_item(name: str, weight: str | int, **more: Any) -> Item:
    return Item(id=name, name=Text.same(name), weight=D(weight), **more)


def a_dimension(name: str, weight: str | int, *items: Item) -> Dimension:
    return Dimension(id=name, name=Text.same(name), weight=D(weight), items=items)


def a_scheme(**changes: Any) -> Scheme:
    """Results 70 (won 60, rate 40, bonus outside) and process 30 (visits 100); no team blend."""
    scheme = Scheme(
        id="small",
        name=Text("小方案", "small"),
        dimensions=(
            a_dimension(
                "results",
                70,
                an_item("won", 60),
                an_item("rate", 40),
                an_item("extra", 0, scoring=Bonus(points_each=D(2))),
            ),
            a_dimension("process", 30, an_item("visits", 100)),
        ),
        blend=BlendRule(mode="none"),
    )
    return replace(scheme, **changes)


def reached(percent: str | int) -> ItemFacts:
    """An actual that reaches this percent of its target."""
    return ItemFacts(actual=D(percent), target=D(100))


def a_member(name: str = "lin", **changes: Any) -> MemberFacts:
    """90 % on won, 80 % on rate, 70 % on visits: 60.2 + 21 = 81.2 … unless items are changed."""
    items = {"won": reached(90), "rate": reached(80), "visits": reached(70)}
    return replace(MemberFacts(member=name, items=items), **changes)


def an_item_by(scoring: Method, weight: str = "100") -> Item:
    return Item(id="it", name=Text("考核项", "item"), scoring=scoring, weight=D(weight))
