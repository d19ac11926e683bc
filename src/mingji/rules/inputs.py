"""From the facts about an item to what its method is given, with a node for every fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Parameter, Source, SourceKind
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods.events import Bonus, Deduct
from mingji.rules.methods.given import NAMES, Given
from mingji.rules.methods.rated import MultiRater
from mingji.rules.methods.tables import Rank
from mingji.rules.numbers import checked, shown
from mingji.rules.raters import GROUP_NAMES, USUAL_MINIMUM, group_means
from mingji.rules.scheme import Item
from mingji.rules.text import Text

AGREED = ("target", "baseline", "stretch", "threshold")
_FROM: dict[SourceKind, tuple[Source, ...]] = {
    "scheme": (Source("scheme", Text("绩效方案", "performance scheme")),),
    "agreement": (Source("agreement", Text("目标确认书", "goal agreement")),),
}


def given_from(item: Item, facts: ItemFacts, weight: Decimal) -> tuple[Given, dict[str, Node]]:
    """The facts as the method sees them, and a node for each.

    Raises:
        Invalid: a figure cannot be reckoned with.
    """
    nodes = {"weight": _leaf("weight", weight, "scheme")}
    values = _agreed(item, facts, nodes)
    _grow_target(item, values, nodes)
    values["actual"], nodes["actual"] = actual_of(item, facts)
    values["second"] = facts.second
    if facts.second is not None:
        nodes["second"] = _leaf("second", facts.second, "typed")
    if facts.choice:
        sources = _sources(facts, "rating")
        nodes["choice"] = Node("choice", NAMES["choice"], facts.choice, sources=sources)
    for name, value in values.items():
        if value is not None:
            checked(value, NAMES[name])
    parts = _parts(item, facts)
    if isinstance(item.scoring, Rank) and parts:
        values["actual"], nodes["actual"] = _ranked(item.scoring, nodes["actual"], parts)
        parts = ()
    elif values["actual"] is None and not parts and _counts_nothing(item):
        values["actual"] = Decimal(0)
        nodes["actual"] = replace(nodes["actual"], value=Decimal(0), flags=("no_events",))
    if parts:
        nodes |= {node.key: node for node in _part_nodes(parts)}
    return Given(**values, weight=weight, choice=facts.choice, parts=parts), nodes


def _agreed(item: Item, facts: ItemFacts, nodes: dict[str, Node]) -> dict[str, Decimal | None]:
    """What was agreed with the member, or else what the scheme says for everybody."""
    values: dict[str, Decimal | None] = {}
    for name in AGREED:
        kind: SourceKind = "agreement"
        value = getattr(facts, name)
        if value is None:
            kind, value = "scheme", getattr(item, name)
        values[name] = value
        if value is not None:
            nodes[name] = _leaf(name, value, kind, item.unit)
    return values


def actual_of(item: Item, facts: ItemFacts) -> tuple[Decimal | None, Node]:
    """The actual value and where it came from: a metric's explanation, or someone who typed it.

    Raises:
        Invalid: both are given and they differ.
    """
    if facts.node is None:
        sources = _sources(facts, "typed")
        label = NAMES["actual"]
        return facts.actual, Node("actual", label, facts.actual, unit=item.unit, sources=sources)
    measured = facts.node.value if isinstance(facts.node.value, Decimal) else None
    if facts.actual is not None and facts.actual != measured:
        raise Invalid(
            Text(
                zh=f"实际值 {shown(facts.actual)} 和它的计算说明 {shown(measured)} "
                "不一致；重新取数",
                en=f"the actual {shown(facts.actual)} differs from its explanation "
                f"{shown(measured)}; fetch it again",
            ),
            code="actual_disagrees",
        )
    return measured, facts.node.keyed("actual")


def _grow_target(item: Item, values: dict[str, Decimal | None], nodes: dict[str, Node]) -> None:
    """A target that nobody named may come from last period's actual, which is the baseline."""
    baseline = values["baseline"]
    if item.target_from != "previous_period" or values["target"] is not None or baseline is None:
        return
    grown = baseline * (1 + item.target_growth / 100)
    if grown <= 0:
        return  # nothing to grow from: no target, rather than one that cannot be divided by
    b, g = shown(baseline), shown(item.target_growth)
    values["target"] = grown
    nodes["target"] = Node(
        key="target",
        label=NAMES["target"],
        value=grown,
        rule="target.grown",
        formula=Text(f"上期实际值 {b} ×（1 + {g} %）", f"last period's actual {b} × (1 + {g} %)"),
        unit=item.unit,
        parameters={"growth": item.target_growth},
        inputs=(nodes["baseline"],),
    )


def _parts(item: Item, facts: ItemFacts) -> tuple[Part, ...]:
    for part in facts.parts:
        for value in (part.value, part.weight, part.target, part.baseline):
            checked(value, Text(f"“{part.key}”的数值", f"a figure of “{part.key}”"))
    if not isinstance(item.scoring, MultiRater):
        return facts.parts
    minimum = USUAL_MINIMUM if item.scoring.minimum is None else item.scoring.minimum
    means = group_means(facts.parts, scale=item.scoring.scale, minimum=minimum)
    return tuple(
        Part(key=each.group, value=each.mean, label=GROUP_NAMES.get(each.group)) for each in means
    )


def _counts_nothing(item: Item) -> bool:
    """Whether nothing recorded means that nothing happened, rather than that nobody looked."""
    return isinstance(item.scoring, Bonus) or (
        isinstance(item.scoring, Deduct) and item.source == "events"
    )


def _ranked(method: Rank, own: Node, parts: tuple[Part, ...]) -> tuple[Decimal | None, Node]:
    """The rank among others, whose values stay theirs: only how many are better is kept."""
    if not isinstance(own.value, Decimal):
        return None, own
    others = [part.value for part in parts if part.value is not None]
    better, tied = method.standing(own.value, others)
    rank = better + 1 + (Decimal(tied) / 2 if method.ties == "mean" else Decimal(0))
    node = Node(
        key="actual",
        label=Text("名次", "rank"),
        value=rank,
        rule="rank.among",
        formula=Text(f"{better} 人更好，{tied} 人并列", f"{better} are better, {tied} tied"),
        parameters={"better": Decimal(better), "tied": Decimal(tied), "ties": method.ties},
        inputs=(own.keyed("own"),),
    )
    return rank, node


def _part_nodes(parts: tuple[Part, ...]) -> Iterator[Node]:
    for number, part in enumerate(parts, start=1):
        parameters: dict[str, Parameter] = {"key": part.key}
        for name in ("weight", "target", "baseline"):
            if (value := getattr(part, name)) is not None:
                parameters[name] = value
        if part.days_late:
            parameters["days_late"] = Decimal(part.days_late)
        flags = () if part.value is not None else ("no_data",)
        label = part.label or Text.same(part.key)
        yield Node(
            key=f"part{number}",
            label=label,
            value=part.value,
            rule="part",
            parameters=parameters,
            inputs=(part.node,) if part.node else (),
            flags=flags,
        )


def _leaf(name: str, value: Decimal | None, kind: SourceKind, unit: str = "") -> Node:
    return Node(key=name, label=NAMES[name], value=value, unit=unit, sources=_FROM.get(kind, ()))


def _sources(facts: ItemFacts, kind: SourceKind) -> tuple[Source, ...]:
    if facts.sources or not facts.reason:
        return facts.sources
    return (Source(kind=kind, label=Text.same(facts.reason)),)
