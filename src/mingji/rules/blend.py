"""How the team's result enters the individual one (团队与个体平衡, scoring.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mingji.rules.codec import as_text
from mingji.rules.explanation import Node
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.scheme import BlendRule, TeamCoefficient
from mingji.rules.text import Text

TEAM = Text("团队得分", "team score")
BLENDED = Text("结合团队后得分", "score with the team")


@exact
def blended(rule: BlendRule, share: Decimal, individual: Node, team: Node | None) -> Node:
    """The individual score with the team's in it; `share` is the level's α.

    A team without a score leaves the individual one as it is, flagged.
    """
    if rule.mode in ("none", "ceiling") or not isinstance(individual.value, Decimal):
        return individual
    if team is None or not isinstance(team.value, Decimal):
        return replace(individual, flags=(*individual.flags, "no_team_score"))
    inputs = (individual.keyed("individual"), replace(team.keyed("team"), label=TEAM))
    if rule.mode == "weighted":
        return _weighted(share, inputs)
    return _multiplied(rule.coefficients, inputs)


def _weighted(share: Decimal, inputs: tuple[Node, Node]) -> Node:
    own, team = (_number(node) for node in inputs)
    a, o, b, t = shown(share), shown(own), shown(1 - share), shown(team)
    return Node(
        key="blended",
        label=BLENDED,
        value=share * own + (1 - share) * team,
        rule="blend.weighted",
        formula=Text(f"个人 {o} × {a} + 团队 {t} × {b}", f"individual {o} × {a} + team {t} × {b}"),
        parameters={"individual_share": share},
        inputs=inputs,
    )


def _multiplied(table: tuple[TeamCoefficient, ...], inputs: tuple[Node, Node]) -> Node:
    own, team = (_number(node) for node in inputs)
    coefficient = team_coefficient(team, table)
    o, c, t = shown(own), shown(coefficient), shown(team)
    return Node(
        key="blended",
        label=BLENDED,
        value=own * coefficient,
        rule="blend.coefficient",
        formula=Text(
            f"个人 {o} × 团队系数 {c}（团队 {t}）", f"individual {o} × team {c} (team scored {t})"
        ),
        parameters={"coefficients": as_text(table)},
        inputs=inputs,
    )


@exact
def team_coefficient(team: Decimal, table: Sequence[TeamCoefficient]) -> Decimal:
    """The coefficient of a team's score; without a table it is score/100.

    >>> team_coefficient(Decimal(90), ())
    Decimal('0.9')
    """
    if not table:
        return team / HUNDRED
    reached = [each for each in table if team >= each.at_least]
    lowest = min(table, key=lambda each: each.at_least)
    return max(reached, key=lambda each: each.at_least, default=lowest).coefficient


@exact
def mean_of_members(scores: Sequence[Decimal]) -> Node:
    """The team's score as the mean of its members'; it keeps the sum and the count, no names."""
    count, total = Decimal(len(scores)), sum(sorted(scores), ZERO)
    s, n = shown(total), shown(count)
    return Node(
        key="team",
        label=TEAM,
        value=total / count if scores else None,
        rule="team.mean",
        formula=Text(f"成员个人得分合计 {s} ÷ {n} 人", f"members' scores {s} ÷ {n} people"),
        parameters={"sum": total, "count": count},
        flags=() if scores else ("no_data",),
    )


def _number(node: Node) -> Decimal:
    assert isinstance(node.value, Decimal)
    return node.value
