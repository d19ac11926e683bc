"""What is known about a member or a team when a form is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from mingji.rules.explanation import Node, Source
from mingji.rules.text import Text

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several facts behind an item: a key result, milestone, event, or a rater's answer.

    `key` names it (for ratings: the group, `manager`, `peer` …). `value` is the current value, the
    number of events, the share done (0..1) or the rating. `weight` is its share among the parts;
    for an event, its own points. `days_late` belongs to milestones. `node` says where the value
    comes from.
    """

    key: str
    value: Decimal | None = None
    weight: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    days_late: int = 0
    label: Text | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What is known for one item. Everything may be absent; `actual` None is "no data", never 0.

    `second` is the second measure of a matrix. `choice` is the level or case that a rater picked.
    `target` … `threshold` win over the item's own, `weight` over the form's (0: the item does not
    apply to this member). `overrides` sets any
    parameter of the item or of its method for this row, written as in the scheme file. `node` is
    the explanation of the actual where a metric made it; `sources` where a typed one came from.
    """

    actual: Decimal | None = None
    second: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    stretch: Decimal | None = None
    threshold: Decimal | None = None
    weight: Decimal | None = None
    choice: str = ""
    parts: tuple[Part, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    node: Node | None = None
    sources: tuple[Source, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """A member in one period: who, where, and the facts by item id.

    `presence` is the share of the period in the post (0..1). `adjustment` is a rater's change in
    points with its `adjustment_reason`. `red_lines` are the ids of red lines crossed.
    `manual_total` is the total under aggregation `manual`, with `manual_reason`.
    """

    member: str
    name: str = ""
    level: str = ""
    family: str = ""
    team: str = ""
    items: Mapping[str, ItemFacts] = field(default_factory=dict)
    presence: Decimal = Decimal(1)
    adjustment: Decimal = Decimal(0)
    adjustment_reason: str = ""
    difficulty_factor: Decimal = Decimal(1)
    red_lines: tuple[str, ...] = ()
    manual_total: Decimal | None = None
    manual_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team in one period: the facts of the team's own items, or its score when already known."""

    team: str
    name: str = ""
    items: Mapping[str, ItemFacts] = field(default_factory=dict)
    score: Decimal | None = None
