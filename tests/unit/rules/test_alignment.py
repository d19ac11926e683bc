"""Goals that serve several others: no way round, no double count, nothing uncovered unseen."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from mingji.rules.alignment import (
    Limits,
    Link,
    Placed,
    coverage,
    cycle,
    double_counts,
    refuse_cycle,
)
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

D = Decimal


def chain(*keys: str) -> list[Link]:
    return [Link(child=one, parent=two) for one, two in pairwise(keys)]


def test_a_way_round_is_refused_with_its_names():
    names = {"a": Text("获客", "leads"), "b": Text("增长", "growth")}

    with pytest.raises(Invalid) as refused:
        refuse_cycle([*chain("x", "a"), *chain("a", "b", "c", "a")], names)

    assert refused.value.message.zh == "对齐绕成了一圈：获客 → 增长 → c → 获客；去掉其中一条"
    assert refused.value.message.en.startswith("the alignment goes round: leads → growth → c")


def test_several_parents_are_no_way_round():
    diamond = [*chain("a", "b", "d"), *chain("a", "c", "d")]

    assert cycle(diamond) == ()
    refuse_cycle(diamond, {})


def test_a_goal_that_serves_itself_is_a_way_round():
    assert cycle([Link(child="a", parent="a")]) == ("a", "a")


def test_a_hundred_thousand_goals_in_one_line_are_no_trouble():
    keys = [f"g{number}" for number in range(100_000)]
    line = chain(*keys)
    goals = [Placed(key=key, owner="li") for key in keys[:-1]]
    top = Placed(key=keys[-1], owner="wang", theme="growth")

    assert cycle(line) == ()
    assert len(cycle([*line, Link(child=keys[-1], parent=keys[0])])) == 100_001
    found = coverage(themes=["growth"], goals=[*goals, top], people=["li"], links=line)
    assert found.unaligned == ()


def test_shares_above_the_whole_are_named_per_metric():
    links = [
        Link(child="li", parent="a", share=D("0.7"), metric="mql"),
        Link(child="li", parent="b", share=D("0.5"), metric="mql"),
        Link(child="li", parent="c", share=D(1), metric="won"),
        Link(child="li", parent="d", share=D(1)),
    ]

    (found,) = double_counts(links, {"li": Text("小李的 MQL", "Li's MQLs")})

    assert found.code == "counted_twice"
    assert found.message.zh == "“小李的 MQL”一共被计入 120%：a 70%、b 50%"
    assert found.remedy.en == "take 20 points off these shares, 100 % at most"


def test_coverage_names_what_is_open_and_who_has_too_much_or_too_little():
    goals = [
        *(Placed(key=f"li{n}", owner="li", theme="growth") for n in range(4)),
        Placed(key="w1", owner="wang", weight=D(60)),
        Placed(key="w2", owner="wang", weight=D(41)),
        Placed(key="z1", owner="zhao", effort=D(101)),
        Placed(key="z2", owner="zhao"),
        Placed(key="z3", owner="zhao"),
    ]
    links = [Link(child="w1", parent="z1"), Link(child="z1", parent="li0")]

    found = coverage(
        themes=["growth", "brand"],
        goals=goals,
        people=["li", "wang", "zhao", "sun"],
        links=links,
        limits=Limits(most=3),
    )

    assert found.themes_without_goals == ("brand",)
    assert found.unaligned == ("w2", "z2", "z3")
    assert found.people_without_goals == ("sun",)
    assert {who: why.en for who, why in found.overloaded.items()} == {
        "li": "4 goals, above 3",
        "wang": "weights of 101 % together",
        "zhao": "an effort of 101 % together",
    }
    assert found.underloaded == ("wang",)
