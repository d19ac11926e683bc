"""What the rows of a sheet of goals mean, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mingji.goals.queries.items import MeasuredItem
from mingji.goals.scoring import read_line
from mingji.goals.sheets.reading import HEADERS, Row
from mingji.rules.agreed_scoring import highest_share
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

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
    """The goals that a sheet sets, by member code, and what keeps it from being taken over."""

    goals: Mapping[str, tuple[GoalTerms, ...]]
    faults: tuple[Finding, ...]
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def mean(rows: Sequence[Row], known: Known) -> Meant:
    """Understand all rows; `rows` of the answer says in which row each goal stands."""
    goals: dict[str, dict[str, GoalTerms]] = {}
    places: dict[str, dict[str, int]] = {}
    faults: list[Finding] = []
    for row in rows:
        member, item, wrong = _who_and_what(row, known)
        values, unread = _values(row, item)
        scoring, misread = _scoring(row, item)
        unread += misread
        faults += [*wrong, *unread]
        if member is None or item is None or wrong or unread:
            continue
        own = goals.setdefault(member, {})
        if item.id in own:
            faults.append(_twice(row, places[member][item.id]))
            continue
        places.setdefault(member, {})[item.id] = row.number
        own[item.id] = GoalTerms(
            key=item.id,
            metric=item.metric,
            theme=known.themes.get(row.cells["theme"], ""),
            support=row.cells["support"],
            target=values["target"],
            baseline=values["baseline"],
            threshold=values["threshold"],
            stretch=values["stretch"],
            weight=values["weight"],
            scoring=scoring,
        )
    return Meant({who: tuple(own.values()) for who, own in goals.items()}, tuple(faults), places)


def _who_and_what(row: Row, known: Known) -> tuple[str | None, MeasuredItem | None, list[Finding]]:
    wrong: list[Finding] = []
    codes = known.members.get(row.cells["member"], ())
    if len(codes) != 1:
        wrong.append(_nobody(row) if not codes else _several(row, codes))
        return None, None, wrong
    items = known.items.get(codes[0], {})
    item = next((each for each in items.values() if _names(each, row.cells["item"])), None)
    if item is None:
        wrong.append(_no_item(row, items))
    theme = row.cells["theme"]
    if theme and theme not in known.themes:
        wrong.append(_no_theme(row, known))
    return codes[0], item, wrong


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
    """The method and settings that a row agrees; blank for the scheme's own."""
    if item is None or item.scored is None or not row.cells["scoring"]:
        return {}, []
    most = highest_share(item.scored)
    try:
        said = read_line(row.cells["scoring"], unit=item.unit, direction=item.direction, most=most)
    except Invalid as error:
        remedy = error.findings[0].remedy
        return {}, [_fault(row, "scoring", error.code, error.message, remedy)]
    return said, []


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
