"""A forecast opens into the past it stands on, the target and the chance."""

from __future__ import annotations

from decimal import Decimal

from mingji.analysis.explained import explained
from mingji.analysis.forecast import Aim, forecast
from mingji.rules.explanation import Node, to_json
from mingji.rules.text import Text

D = Decimal
PAST = (D(200), D(220), D(210))


def test_the_tree_names_interval_past_target_and_chance():
    aim = Aim(target=D(230))
    said = forecast(PAST, scale="amount", aim=aim)
    nodes = [Node(key=f"2026Q{n}", label=Text.same(f"Q{n}"), value=v) for n, v in enumerate(PAST)]

    tree = explained(said, nodes, unit="count", aim=aim)

    assert tree.value == said.median
    assert str(said.low) in tree.formula.zh
    assert tree.find("past/2026Q1").value == 220
    assert tree.find("chance").value == said.chance
    assert tree.find("chance/target").value == 230
    assert to_json(tree) == to_json(explained(said, nodes, unit="count", aim=aim))


def test_a_borrowed_past_is_flagged():
    said = forecast([], scale="amount", others=[PAST, PAST, PAST[:1]])

    tree = explained(said, (), unit="count")

    assert tree.flags == ("pooled",)
    assert tree.find("chance") is None
