"""Facts and results as stored text: written once, read without loss, compared byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from mingji.rules.explanation import as_data, from_data, plain, source_data, source_from
from mingji.rules.facts import ItemFacts, MemberFacts, Part, TeamFacts
from mingji.rules.numbers import rounded
from mingji.rules.results import FormResult
from mingji.rules.text import Text

_PART = ("value", "weight", "target", "baseline")
_MEMBER = ("member", "name", "level", "family", "team")


def member_data(facts: MemberFacts) -> dict[str, Any]:
    """The frozen facts of a member as JSON-ready data: the post, presence, and facts by item."""
    return {
        **{name: getattr(facts, name) for name in _MEMBER},
        "presence": plain(facts.presence),
        "items": {item: _item_data(given) for item, given in facts.items.items()},
    }


def member_from(data: Mapping[str, Any]) -> MemberFacts:
    """The facts that `member_data` wrote."""
    return MemberFacts(
        **{name: data[name] for name in _MEMBER},
        presence=Decimal(data["presence"]),
        items={item: _item_from(given) for item, given in data["items"].items()},
    )


def team_data(facts: TeamFacts) -> dict[str, Any]:
    """The frozen facts of a team's own items as JSON-ready data."""
    return {
        "team": facts.team,
        "name": facts.name,
        "items": {item: _item_data(given) for item, given in facts.items.items()},
    }


def team_from(data: Mapping[str, Any]) -> TeamFacts:
    """The facts that `team_data` wrote."""
    return TeamFacts(
        team=data["team"],
        name=data["name"],
        items={item: _item_from(given) for item, given in data["items"].items()},
    )


def result_text(result: FormResult) -> str:
    """A result as canonical JSON: same facts and scheme, same bytes."""
    data = {
        "member": result.member,
        "individual": _decimal(result.individual),
        "team": _decimal(result.team),
        "bonus": plain(result.bonus),
        "total": _decimal(result.total),
        "grade": result.grade,
        "grade_set_by": result.grade_set_by,
        "flags": list(result.flags),
        "tree": as_data(result.node),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def listed(total: Decimal | None) -> Decimal | None:
    """A total as lists keep it: six places, half up. The result itself keeps every digit."""
    return None if total is None else rounded(total, 6)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _item_data(facts: ItemFacts) -> dict[str, Any]:
    """Only what these facts say."""
    data: dict[str, Any] = {}
    for field in fields(ItemFacts):
        given = getattr(facts, field.name)
        if isinstance(given, Decimal):
            data[field.name] = {"decimal": plain(given)}
        elif isinstance(given, str) and given:
            data[field.name] = given
    if facts.overrides:
        data["overrides"] = dict(facts.overrides)
    if facts.node:
        data["node"] = as_data(facts.node)
    if facts.parts:
        data["parts"] = [_part_data(part) for part in facts.parts]
    if facts.sources:
        data["sources"] = [source_data(source) for source in facts.sources]
    return data


def _part_data(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"key": part.key}
    for name in _PART:
        if (value := getattr(part, name)) is not None:
            data[name] = plain(value)
    if part.label:
        data["label"] = [part.label.zh, part.label.en]
    if part.node:
        data["node"] = as_data(part.node)
    return data


def _part_from(data: Mapping[str, Any]) -> Part:
    numbers = {name: Decimal(data[name]) for name in _PART if name in data}
    return Part(
        key=data["key"],
        value=numbers.get("value"),
        weight=numbers.get("weight"),
        target=numbers.get("target"),
        baseline=numbers.get("baseline"),
        label=Text(*data["label"]) if "label" in data else None,
        node=from_data(data["node"]) if "node" in data else None,
    )


def _item_from(data: Mapping[str, Any]) -> ItemFacts:
    read: dict[str, Any] = {}
    for name, given in data.items():
        if name == "node":
            read[name] = from_data(given)
        elif name == "parts":
            read[name] = tuple(_part_from(part) for part in given)
        elif name == "sources":
            read[name] = tuple(source_from(source) for source in given)
        elif name == "overrides":
            read[name] = dict(given)
        else:
            read[name] = Decimal(given["decimal"]) if isinstance(given, dict) else given
    return ItemFacts(**read)
