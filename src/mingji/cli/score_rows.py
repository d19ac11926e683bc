"""Results of scoring as rows for tables and CSV, and as data for JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mingji.rules.explanation import Node, as_data, plain
from mingji.rules.facts import MemberFacts
from mingji.rules.numbers import shown
from mingji.rules.results import FormResult

MEMBER_COLUMNS = (
    "member",
    "name",
    "team",
    "level",
    "family",
    "total",
    "grade",
    "individual",
    "team_score",
    "bonus",
)
ITEM_COLUMNS = (
    "member",
    "dimension",
    "item",
    "actual",
    "target",
    "weight",
    "effective_weight",
    "raw",
    "points",
    "state",
    "flags",
)


def member_row(facts: MemberFacts, result: FormResult, exact: bool) -> dict[str, str]:
    """A member's line; figures exact, or to four places at most for reading."""
    return {
        "member": facts.member,
        "name": facts.name,
        "team": facts.team,
        "level": facts.level,
        "family": facts.family,
        "total": _cell(result.total, exact),
        "grade": result.grade or "",
        "individual": _cell(result.individual, exact),
        "team_score": _cell(result.team, exact),
        "bonus": _cell(result.bonus, exact),
        "flags": " ".join(result.flags),
        **{each.dimension: _cell(each.points, exact) for each in result.dimensions},
    }


def item_rows(facts: MemberFacts, result: FormResult, exact: bool) -> list[dict[str, str]]:
    """A line for each item of a member's form."""
    return [
        {
            "member": facts.member,
            "dimension": item.dimension,
            "item": item.item,
            "actual": _fact(item.node, "actual", exact) or _fact(item.node, "choice", exact),
            "target": _fact(item.node, "target", exact),
            "weight": _cell(item.weight, exact),
            "effective_weight": _cell(item.effective_weight, exact),
            "raw": _cell(item.raw, exact),
            "points": _cell(item.points, exact),
            "state": item.state,
            "flags": " ".join(_flags(item.node)),
        }
        for item in result.items
    ]


def member_data(facts: MemberFacts, result: FormResult, *, explain: bool) -> dict[str, Any]:
    """A member's result for JSON: every number as the exact digits in a string."""
    data: dict[str, Any] = {
        "member": facts.member,
        "name": facts.name,
        "team": facts.team,
        "level": facts.level,
        "family": facts.family,
        "total": _digits(result.total),
        "grade": result.grade,
        "grade_set_by": result.grade_set_by,
        "individual": _digits(result.individual),
        "team_score": _digits(result.team),
        "bonus": _digits(result.bonus),
        "unadjusted": _digits(result.unadjusted),
        "payout_closed": result.payout_closed,
        "flags": list(result.flags),
        "dimensions": [
            {
                "dimension": each.dimension,
                "weight": _digits(each.weight),
                "effective_weight": _digits(each.effective_weight),
                "score": _digits(each.score),
                "points": _digits(each.points),
            }
            for each in result.dimensions
        ],
        "items": [
            {
                "item": each.item,
                "dimension": each.dimension,
                "weight": _digits(each.weight),
                "effective_weight": _digits(each.effective_weight),
                "raw": _digits(each.raw),
                "points": _digits(each.points),
                "state": each.state,
                "is_bonus": each.is_bonus,
                "flags": _flags(each.node),
            }
            for each in result.items
        ],
    }
    return data | ({"explanation": as_data(result.node)} if explain else {})


def team_data(team: str, node: Node, *, explain: bool) -> dict[str, Any]:
    """A team's score for JSON."""
    score = node.value if isinstance(node.value, Decimal) else None
    data: dict[str, Any] = {"team": team, "score": _digits(score), "flags": _flags(node)}
    return data | ({"explanation": as_data(node)} if explain else {})


def _flags(node: Node) -> list[str]:
    return list(dict.fromkeys(flag for each in node.walk() for flag in each.flags))


def _fact(item: Node, key: str, exact: bool) -> str:
    """A fact behind an item's points, wherever its method put it in the explanation."""
    found = next((each for each in item.walk() if each.key == key), None)
    value = found.value if found else None
    return value if isinstance(value, str) else _cell(value, exact)


def _cell(value: Decimal | None, exact: bool) -> str:
    if value is None:
        return ""
    return plain(value) if exact else shown(value)


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
