"""How targets are combined: each way is a node that opens into the targets, and a rule for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.decomposition.terms import (
    PERCENT,
    Child,
    Direction,
    Mode,
    Parent,
    Side,
    Stage,
)
from mingji.rules.explanation import Node, Rule, Value
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.text import Text

_ONE = Decimal(1)
_WORST: Mapping[Direction, str] = {"up": "min", "down": "max", "closer": "farthest"}
SIDES: Mapping[Side, Text] = {
    "numerator": Text("分子合计", "sum of numerators"),
    "denominator": Text("分母合计", "sum of denominators"),
}
_NAMES = {
    "sum": Text("下级目标合计", "sum of the targets below"),
    "weighted_mean": Text("下级目标加权平均", "weighted mean of the targets below"),
    "min": Text("下级目标中最小的", "smallest target below"),
    "max": Text("下级目标中最大的", "largest target below"),
    "farthest": Text("离目标最远的下级目标", "target below that is farthest off"),
}


@exact
def combined(
    parent: Parent, children: Sequence[Child], mode: Mode, stages: Sequence[Stage]
) -> Node:
    """The combined value of children that can all be counted; None where a part is missing."""
    if mode == "shared_funnel":
        return _funnel(parent, children, stages)
    if mode == "ratio_of_sums":
        return _quotient(children, parent.unit)
    rule = _WORST[parent.direction] if mode == "same" else mode
    told = {"target": parent.target} if rule == "farthest" else {}
    return _node("combined", _NAMES[rule], f"goals.{rule}", _targets(children), parent.unit, told)


def _funnel(parent: Parent, children: Sequence[Child], stages: Sequence[Stage]) -> Node:
    inputs = tuple(
        _stage(stage, [child for child in children if child.stage == stage.key]) for stage in stages
    )
    label = Text("各环节相乘", "stages multiplied")
    return _node("combined", label, "goals.product", inputs, parent.unit, {})


def _stage(stage: Stage, children: Sequence[Child]) -> Node:
    told = {"per": HUNDRED if stage.unit in PERCENT else _ONE}
    if stage.mode == "ratio_of_sums":
        made = _quotient(children, stage.unit)
        return _node(stage.key, stage.name, made.rule, made.inputs, stage.unit, told)
    rule = f"goals.{stage.mode}"
    return _node(stage.key, stage.name, rule, _targets(children), stage.unit, told)


def _quotient(children: Sequence[Child], unit: str) -> Node:
    above = _side(children, "numerator")
    below = _side(children, "denominator")
    inputs = (
        _node("numerators", SIDES["numerator"], "goals.sum", above, _unit_of(above), {}),
        _node("denominators", SIDES["denominator"], "goals.sum", below, _unit_of(below), {}),
    )
    label = Text("合计相除", "ratio of the sums")
    told = {"per": HUNDRED} if unit in PERCENT else {}
    return _node("combined", label, "goals.quotient", inputs, unit, told)


def _side(children: Sequence[Child], side: Side) -> tuple[Node, ...]:
    """What children bring to one side of a fraction; those that carry only the other are left."""
    return tuple(
        _leaf(child, child.above if side == "numerator" else child.below, _own_unit(child))
        for child in children
        if child.side in ("", side)
    )


def _own_unit(child: Child) -> str:
    return child.unit if child.side else ""


def _unit_of(leaves: Sequence[Node]) -> str:
    return leaves[0].unit if leaves else ""


def _targets(children: Sequence[Child]) -> tuple[Node, ...]:
    return tuple(_leaf(child, child.target, child.unit) for child in children)


def _leaf(child: Child, value: Decimal | None, unit: str) -> Node:
    told = {"share": child.share}
    if child.weight is not None:
        told["weight"] = child.weight
    return Node(key=child.key, label=child.name, value=value, unit=unit, parameters=told)


def _node(
    key: str,
    label: Text,
    rule: str,
    inputs: tuple[Node, ...],
    unit: str,
    told: Mapping[str, Decimal | None],
) -> Node:
    bare = Node(key, label, None, rule, unit=unit, parameters=told, inputs=inputs)
    value = RULES[rule](bare, tuple(each.value for each in inputs))
    flags = ("no_data",) if value is None else ()
    words = _FORMULAS[rule](bare)
    return Node(key, label, value, rule, words, unit, told, inputs, flags=flags)


def _known(node: Node, values: Sequence[Value]) -> list[tuple[Node, Decimal]] | None:
    """Every input with its value; None when one is missing or there is none."""
    pairs = [
        (child, value)
        for child, value in zip(node.inputs, values, strict=True)
        if isinstance(value, Decimal)
    ]
    return pairs if pairs and len(pairs) == len(node.inputs) else None


def _told(node: Node, name: str) -> Decimal:
    value = node.parameters.get(name, _ONE)
    return value if isinstance(value, Decimal) else _ONE


def _sum(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    if pairs is None:
        return None
    return sum((value * _told(child, "share") for child, value in pairs), ZERO)


def _mean(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    if pairs is None:
        return None
    weights = [_told(child, "weight") * _told(child, "share") for child, _ in pairs]
    above = sum((v * w for (_, v), w in zip(pairs, weights, strict=True)), ZERO)
    return above / sum(weights, ZERO)


def _divided(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    if pairs is None or not pairs[1][1]:
        return None
    return pairs[0][1] / pairs[1][1] * _told(node, "per")


def _product(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    if pairs is None:
        return None
    value = _ONE
    for child, factor in pairs:
        value = value * factor / _told(child, "per")
    return value


def _least(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    return min(value for _, value in pairs) if pairs else None


def _most(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    return max(value for _, value in pairs) if pairs else None


def _farthest(node: Node, values: Sequence[Value]) -> Value:
    pairs = _known(node, values)
    if pairs is None or not isinstance(node.parameters["target"], Decimal):
        return None
    target = node.parameters["target"]
    return max((value for _, value in pairs), key=lambda value: (abs(value - target), value))


def _difference(_: Node, values: Sequence[Value]) -> Value:
    made, target = values
    if not isinstance(made, Decimal) or not isinstance(target, Decimal):
        return None
    return made - target


RULES: Mapping[str, Rule] = {
    "goals.sum": _sum,
    "goals.weighted_mean": _mean,
    "goals.quotient": _divided,
    "goals.product": _product,
    "goals.min": _least,
    "goals.max": _most,
    "goals.farthest": _farthest,
    "goals.difference": _difference,
}


def _sum_words(node: Node) -> Text:
    return Text.same(" + ".join(_times(each, "share") for each in node.inputs) or "—")


def _mean_words(node: Node) -> Text:
    above = " + ".join(_times(each, "weight", "share") for each in node.inputs)
    weights = sum((_told(each, "weight") * _told(each, "share") for each in node.inputs), ZERO)
    return Text.same(f"({above}) ÷ {shown(weights)}" if above else "—")


def _quotient_words(node: Node) -> Text:
    above, below = (_shown(each) for each in node.inputs)
    times = f" × {shown(_told(node, 'per'))}" if _told(node, "per") != _ONE else ""
    return Text.same(f"{above} ÷ {below}{times}")


def _product_words(node: Node) -> Text:
    parts = (
        f"{_shown(each)}%" if _told(each, "per") != _ONE else _shown(each) for each in node.inputs
    )
    return Text.same(" × ".join(parts) or "—")


def _list_words(node: Node) -> Text:
    values = [_shown(each) for each in node.inputs]
    return Text("、".join(values) or "—", ", ".join(values) or "—")


def _times(node: Node, *names: str) -> str:
    factors = [shown(_told(node, name)) for name in names if _told(node, name) != _ONE]
    return " × ".join((_shown(node), *factors))


def _shown(node: Node) -> str:
    return node.value if isinstance(node.value, str) else shown(node.value)


_FORMULAS = {
    "goals.sum": _sum_words,
    "goals.weighted_mean": _mean_words,
    "goals.quotient": _quotient_words,
    "goals.product": _product_words,
    "goals.min": _list_words,
    "goals.max": _list_words,
    "goals.farthest": _list_words,
}
