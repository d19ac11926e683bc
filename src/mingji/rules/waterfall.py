"""From nothing to the total in steps: what each dimension, the team, bonus … added."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.explanation import Node
from mingji.rules.numbers import HUNDRED, ZERO, exact
from mingji.rules.text import Text

_ADDED_UP = frozenset(("total.sum",))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallStep:
    """One bar: what it is, how much it added (or took), and where the total stood afterwards.

    `most` is what it could have brought at full score, None where there is no such figure.
    """

    key: str
    label: Text
    delta: Decimal
    running: Decimal
    most: Decimal | None = None


@exact
def waterfall(root: Node) -> tuple[WaterfallStep, ...]:
    """The steps of a result, from the root of its explanation; the last `running` is the total.

    Empty when there is no total.
    """
    node = root
    while node.rule.startswith("grade."):
        node = node.inputs[0]
    if not isinstance(node.value, Decimal):
        return ()
    steps: list[WaterfallStep] = []
    running = ZERO
    for key, label, delta, most in _deltas(node):
        running += delta
        steps.append(WaterfallStep(key=key, label=label, delta=delta, running=running, most=most))
    return tuple(steps)


@exact
def item_steps(dimension: Node) -> tuple[WaterfallStep, ...]:
    """The steps inside a dimension: what each item brought to the total."""
    share = dimension.parameters.get("effective_weight")
    weighted = dimension.rule == "dimension.weighted" and isinstance(share, Decimal)
    factor = share / HUNDRED if weighted and isinstance(share, Decimal) else Decimal(1)
    steps: list[WaterfallStep] = []
    running = ZERO
    for item in dimension.inputs:
        if not isinstance(item.value, Decimal):
            continue
        delta = item.value * factor
        running += delta
        full = item.parameters.get("effective_weight")
        most = full * factor if isinstance(full, Decimal) else None
        steps.append(
            WaterfallStep(key=item.key, label=item.label, delta=delta, running=running, most=most)
        )
    return tuple(steps)


_Delta = tuple[str, Text, Decimal, Decimal | None]


def _deltas(node: Node) -> list[_Delta]:
    value = node.value
    if not isinstance(value, Decimal):
        return []
    if node.rule in _ADDED_UP:
        return [
            (child.key, child.label, child.value, _most(child))
            for child in node.inputs
            if isinstance(child.value, Decimal)
        ]
    before = node.inputs[0] if node.rule in _STEPS_ON else None
    if before is None or not isinstance(before.value, Decimal):
        return [(node.key, node.label, value, None)]
    return [*_deltas(before), (node.rule, _STEPS_ON[node.rule], value - before.value, None)]


_STEPS_ON: dict[str, Text] = {
    "total.difficulty": Text("难度系数", "difficulty factor"),
    "blend.weighted": Text("团队结果", "team result"),
    "blend.coefficient": Text("团队系数", "team coefficient"),
    "bonus.add": Text("加分", "bonus"),
    "adjustment.add": Text("评分人调整", "adjustment"),
    "round.total": Text("取整", "rounding"),
}


def _most(dimension: Node) -> Decimal | None:
    """The points a dimension brings at full score."""
    name = "effective_weight"
    most = dimension.parameters.get(name)
    return most if isinstance(most, Decimal) else None
