"""What the rows of a sheet of goals mean, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from mingji.goals.naming import Served
from mingji.goals.queries.items import MeasuredItem, item_of
from mingji.goals.scoring import read_line
from mingji.goals.sheets.cells import WORDS, code_of, day_of, scoring_of, steps_of
from mingji.goals.sheets.reading import HEADERS, Row
from mingji.goals.sheets.serving import SHAPE, serves_of
from mingji.rules.agreed_scoring import highest_share
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

_LONGEST = {
    "item": 60,
    "objective": 60,
    "title": 200,
    "description": 2000,
    "unit": 20,
    "support": 500,
}
_SHAPES: Mapping[str, Text] = {
    "milestones": Text("每行写：标题; 权重; 日期", "write on each line: title; weight; date"),
    "serves": SHAPE,
}
_AMOUNTS = ("target", "baseline", "threshold", "stretch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the words of a sheet may name.

    `members` are those whose goals the reader may set, by code and by name in both languages (a
    name that several bear lists all their codes). `items` are the measured items of each member's
    form. `themes` are known by code and by name.
    """

    members: Mapping[str, tuple[str, ...]]
    items: Mapping[str, Mapping[str, MeasuredItem]]
    themes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """The goals that a sheet sets, by member code, and what keeps it from being taken over.

    `left` counts the rows of whole teams, whose goals no sheet sets. `serves` are the goals that
    theirs are said to serve, by member and key."""

    goals: Mapping[str, tuple[GoalTerms, ...]]
    faults: tuple[Finding, ...]
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left: int = 0
    serves: Mapping[str, Mapping[str, tuple[Served, ...]]] = field(default_factory=dict)


def mean(rows: Sequence[Row], known: Known) -> Meant:
    """Understand all rows; `rows` of the answer says in which row each goal stands."""
    goals: dict[str, dict[str, GoalTerms]] = {}
    places: dict[str, dict[str, int]] = {}
    serves: dict[str, dict[str, tuple[Served, ...]]] = {}
    faults: list[Finding] = []
    read = [row for row in rows if not row.of_a_team]
    for row in read:
        member, wrong = _who(row, known)
        if member is None:
            faults += wrong
            continue
        goal, wrong = _what(row, known, known.items.get(member, {}))
        served = serves_of(row.cells["serves"])
        wrong += [_misread(row, "serves")] if served is None else []
        faults += wrong
        if wrong:
            continue
        own = goals.setdefault(member, {})
        if goal.key in own:
            faults.append(_twice(row, places[member][goal.key]))
            continue
        places.setdefault(member, {})[goal.key] = row.number
        own[goal.key] = goal
        if served:
            serves.setdefault(member, {})[goal.key] = served
    found = {who: tuple(own.values()) for who, own in goals.items()}
    return Meant(found, tuple(faults), places, len(rows) - len(read), serves)


def _who(row: Row, known: Known) -> tuple[str | None, list[Finding]]:
    codes = known.members.get(row.cells["member"], ())
    if len(codes) != 1:
        return None, [_several(row, codes) if codes else _nobody(row)]
    return codes[0], []


def _what(
    row: Row, known: Known, items: Mapping[str, MeasuredItem]
) -> tuple[GoalTerms, list[Finding]]:
    """The goal of a row. One that stands on no form is named by its own key."""
    given, wrong = _texts(row)
    goal = GoalTerms(key=row.cells["item"], metric=row.cells["metric_id"], **given)
    item: MeasuredItem | None = None
    if goal.kind == "kpi":
        item = next((each for each in items.values() if _names(each, goal.key)), None)
        if item is not None:
            goal = replace(goal, key=item.id, metric=goal.metric or item.metric)
    named = bool(goal.key) and len(goal.key) <= _LONGEST["item"]
    beside = goal.kind != "kpi" or bool(goal.metric or goal.title)
    if item is None and not (beside and named):
        wrong.append(_no_item(row, items))
    theme = row.cells["theme"]
    if theme and theme not in known.themes:
        wrong.append(_no_theme(row, known))
    measured = item or item_of(goal, {})
    values, unread = _values(row, measured)
    scoring, misread = _scoring(row, measured)
    more: dict[str, Any] = {**values, "theme": known.themes.get(theme, ""), "scoring": scoring}
    return replace(goal, **more), [*wrong, *unread, *misread]


def _texts(row: Row) -> tuple[dict[str, Any], list[Finding]]:
    """Everything but the amounts, the item and the theme."""
    given: dict[str, Any] = {}
    wrong: list[Finding] = []
    for name, words in WORDS.items():
        code = code_of(name, row.cells[name]) if row.cells[name] else next(iter(words))
        given[name] = code
        if code is None:
            wrong.append(_no_word(row, name))
    for name in ("due", "support_due"):
        given[name] = day_of(row.cells[name])
        if row.cells[name] and given[name] is None:
            wrong.append(_no_day(row, name))
    given["milestones"] = steps_of(row.cells["milestones"])
    wrong += [_misread(row, "milestones")] if given["milestones"] is None else []
    for name in ("objective", "title", "description", "unit", "support"):
        given[name] = row.cells[name]
        if len(given[name]) > _LONGEST[name]:
            wrong.append(_too_long(row, name))
    return given, wrong


def _names(item: MeasuredItem, word: str) -> bool:
    folded = word.casefold()
    return folded in (item.id.casefold(), item.name.zh.casefold(), item.name.en.casefold())


def _values(row: Row, item: MeasuredItem | None) -> tuple[dict[str, Decimal | None], list[Finding]]:
    """The numbers of a row. A rate is written in percent, with or without the sign."""
    values: dict[str, Decimal | None] = {}
    wrong: list[Finding] = []
    for name in (*_AMOUNTS, "weight"):
        cell = row.cells[name]
        if not cell:
            values[name] = None
            continue
        rate = item is not None and item.unit == "ratio" and name != "weight"
        points = name == "weight" or rate
        read = figure(cell, percent_points=points, unit=item.unit if item else "")
        if isinstance(read, Unreadable):
            wrong.append(_fault(row, name, "unreadable", read.message, read.remedy))
            continue
        values[name] = read.value.scaleb(-2) if rate else read.value
    return values, wrong


def _scoring(row: Row, item: MeasuredItem | None) -> tuple[dict[str, str], list[Finding]]:
    """The method and settings that a row agrees; blank for the scheme's own.

    As people type it (`ratio: cap = 110`), or with every digit as an export writes it.
    """
    cell = row.cells["scoring"]
    exported = scoring_of(cell)
    if exported is not None:
        return exported, []
    most = highest_share(item.scored) if item and item.scored else None
    unit, direction = (item.unit, item.direction) if item else ("", "up")
    try:
        return read_line(cell, unit=unit, direction=direction, most=most), []
    except Invalid as error:
        remedy = error.findings[0].remedy
        return {}, [_fault(row, "scoring", error.code, error.message, remedy)]


def _nobody(row: Row) -> Finding:
    said = row.cells["member"]
    return _fault(
        row,
        "member",
        "unknown_member",
        Text(f"没有成员“{said}”，或不在你的下级里", f"“{said}” is nobody who reports to you"),
        Text("写工号，或下级的姓名", "write the code or name of somebody who reports to you"),
    )


def _several(row: Row, codes: Sequence[str]) -> Finding:
    said, listed = row.cells["member"], "、".join(codes)
    return _fault(
        row,
        "member",
        "ambiguous_member",
        Text(f"有 {len(codes)} 位“{said}”", f"{len(codes)} people are called “{said}”"),
        Text(f"写工号：{listed}", f"write the code: {', '.join(codes)}"),
    )


def _no_item(row: Row, items: Mapping[str, MeasuredItem]) -> Finding:
    said = row.cells["item"]
    return _fault(
        row,
        "item",
        "unknown_item",
        Text(f"这位成员的考核表里没有“{said}”", f"the member's form has no item “{said}”"),
        Text(
            f"可以写：{'、'.join(each.name.zh for each in items.values()) or '无'}",
            f"write one of: {', '.join(each.name.en for each in items.values()) or 'none'}",
        ),
    )


def _no_theme(row: Row, known: Known) -> Finding:
    said, listed = row.cells["theme"], ", ".join(sorted(set(known.themes.values())))
    return _fault(
        row,
        "theme",
        "unknown_theme",
        Text(f"没有战略主题“{said}”", f"there is no strategy theme “{said}”"),
        Text(f"可以写：{listed or '无'}", f"write one of: {listed or 'none'}"),
    )


def _no_word(row: Row, column: str) -> Finding:
    said, words = row.cells[column], WORDS[column].values()
    return _fault(
        row,
        column,
        "unknown_word",
        Text(f"看不懂“{said}”", f"“{said}” is not understood"),
        Text(
            f"可以写：{'、'.join(each.zh for each in words)}",
            f"write one of: {', '.join(each.en for each in words)}",
        ),
    )


def _no_day(row: Row, column: str) -> Finding:
    said = row.cells[column]
    return _fault(
        row,
        column,
        "no_day",
        Text(f"“{said}”不是日期", f"“{said}” is not a date"),
        Text("写成 2026-12-31", "write it as 2026-12-31"),
    )


def _misread(row: Row, column: str) -> Finding:
    said = row.cells[column]
    return _fault(
        row,
        column,
        "unreadable",
        Text(f"看不懂“{said}”", f"“{said}” is not understood"),
        _SHAPES[column],
    )


def _too_long(row: Row, column: str) -> Finding:
    most = _LONGEST[column]
    return _fault(
        row,
        column,
        "too_long",
        Text(f"“{HEADERS[column][1]}”太长", f"{HEADERS[column][0]} is too long"),
        Text(f"最多 {most} 个字符", f"{most} characters at most"),
    )


def _twice(row: Row, first: int) -> Finding:
    return _fault(
        row,
        "item",
        "goal_twice",
        Text(f"这位成员的这一项在第 {first} 行已经写过", f"row {first} sets this goal already"),
        Text("留下一行", "keep one of the two"),
    )


def _fault(row: Row, column: str, code: str, message: Text, remedy: Text) -> Finding:
    place = Place(line=row.number, path=f"row {row.number}, column {HEADERS[column][1]}")
    return Finding(code, "error", message, remedy, place)
