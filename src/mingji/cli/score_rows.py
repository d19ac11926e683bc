"""Results of scoring as rows for tables and CSV, and as data for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mingji.rules.explain_text import flag_words
from mingji.rules.explanation import Node, as_data, plain
from mingji.rules.facts import MemberFacts
from mingji.rules.numbers import shown
from mingji.rules.results import DimensionResult, FormResult, ItemResult
from mingji.rules.text import Text

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


HEADINGS: dict[str, Text] = {
    "member": Text("成员", "member"),
    "name": Text("姓名", "name"),
    "team": Text("团队", "team"),
    "level": Text("层级", "level"),
    "family": Text("岗位序列", "family"),
    "total": Text("得分", "score"),
    "grade": Text("绩效等级", "grade"),
    "individual": Text("个人得分", "individual"),
    "team_score": Text("团队得分", "team score"),
    "bonus": Text("加分", "bonus"),
    "dimension": Text("维度", "dimension"),
    "item": Text("考核项", "item"),
    "actual": Text("实际值", "actual"),
    "target": Text("目标值", "target"),
    "weight": Text("权重", "weight"),
    "effective_weight": Text("生效权重", "weight in force"),
    "raw": Text("方法得分", "by method"),
    "points": Text("得分", "points"),
    "state": Text("状态", "state"),
    "flags": Text("提示", "flags"),
}
STATES: dict[str, Text] = {
    "scored": Text("已计分", "scored"),
    "redistributed": Text("权重已分摊", "redistributed"),
    "zero": Text("按 0 分计", "counts 0"),
    "blocked": Text("待补数据", "blocked"),
    "not_counted": Text("不适用", "does not apply"),
}


def for_reading(
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str],
    names: Mapping[str, Text],
    locale: str,
) -> tuple[list[dict[str, str]], list[str]]:
    """The rows under headings in the reader's language, without columns that say nothing.

    `names` are the names of the dimensions by id.
    """
    headings = {**HEADINGS, **names}
    kept = [name for name in columns if any(row.get(name, "") not in ("", "0") for row in rows)]
    words = {name: headings[name].in_(locale) for name in kept}
    for name, word in words.items():
        if list(words.values()).count(word) > 1:
            words[name] = f"{word} ({name})"
    return [
        {words[name]: _in_words(name, row.get(name, ""), locale) for name in kept} for row in rows
    ], list(words.values())


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
        "dimensions": [_dimension_data(each) for each in result.dimensions],
        "items": [_item_data(each) for each in result.items],
    }
    return data | ({"explanation": as_data(result.node)} if explain else {})


def _dimension_data(dimension: DimensionResult) -> dict[str, Any]:
    return {
        "dimension": dimension.dimension,
        "weight": _digits(dimension.weight),
        "effective_weight": _digits(dimension.effective_weight),
        "score": _digits(dimension.score),
        "points": _digits(dimension.points),
    }


def _item_data(item: ItemResult) -> dict[str, Any]:
    return {
        "item": item.item,
        "dimension": item.dimension,
        "weight": _digits(item.weight),
        "effective_weight": _digits(item.effective_weight),
        "raw": _digits(item.raw),
        "points": _digits(item.points),
        "state": item.state,
        "is_bonus": item.is_bonus,
        "flags": _flags(item.node),
    }


def team_data(team: str, node: Node, *, explain: bool) -> dict[str, Any]:
    """A team's score for JSON."""
    score = node.value if isinstance(node.value, Decimal) else None
    data: dict[str, Any] = {"team": team, "score": _digits(score), "flags": _flags(node)}
    return data | ({"explanation": as_data(node)} if explain else {})


def _in_words(column: str, cell: str, locale: str) -> str:
    if column == "flags":
        return "; ".join(flag_words(flag).in_(locale) for flag in cell.split())
    return STATES[cell].in_(locale) if column == "state" else cell


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
