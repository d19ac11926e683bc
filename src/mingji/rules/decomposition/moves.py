"""By how much a target has to move: each move is a node that opens into what it is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.decomposition.amounts import amount
from mingji.rules.decomposition.terms import PERCENT
from mingji.rules.explanation import Node, Rule, Value
from mingji.rules.numbers import HUNDRED, exact, shown
from mingji.rules.text import Text

_ONE = Decimal(1)


@exact
def missing(made: Node, target: Node) -> Node:
    """What is still to be reached: target above minus what is combined."""
    label = _change(Text("还差", "still missing"), target.unit)
    return _node("missing", label, "goals.missing", (target, made))


@exact
def in_percent(made: Node, target: Node) -> Node:
    """What is missing, in percent of what is combined."""
    label = Text("需要变动的百分比", "percent to move by")
    return _node("percent", label, "goals.percent", (missing(made, target), made), unit="%")


@exact
def alone(made: Node, target: Node, share: Decimal) -> Node:
    """By how much one child moves when the others stay and `share` of its move arrives above."""
    label = _change(Text("单独变动", "one alone"), made.unit)
    gap = missing(made, target)
    return _node("alone", label, "goals.alone", (gap,), told={"share": share}, unit=made.unit)


@exact
def factor(now: Node, made: Node, target: Node, *, inverse: bool = False) -> Node:
    """By how much a factor of the whole moves, the others staying; `inverse`: it divides."""
    then = (made, target) if inverse else (target, made)
    label = Text(f"需要的{now.label.zh}", f"{now.label.en} needed")
    needed = _node("needed", label, "goals.needed", (now, *then), unit=now.unit)
    label = _change(Text(f"{now.label.zh}的变动", f"change of {now.label.en}"), now.unit)
    return _node("move", label, "goals.move", (needed, now), unit=now.unit)


@exact
def moved(node: Node) -> Decimal:
    """The value of a move, which is always known: ways are named only where all numbers are."""
    assert isinstance(node.value, Decimal)
    return node.value


def _node(
    key: str,
    label: Text,
    rule: str,
    inputs: tuple[Node, ...],
    *,
    told: Mapping[str, Decimal] | None = None,
    unit: str = "",
) -> Node:
    unit = unit or inputs[0].unit
    bare = Node(key, label, None, rule, unit=unit, parameters=told or {}, inputs=inputs)
    value = RULES[rule](bare, tuple(each.value for each in inputs))
    words = _FORMULAS[rule](bare)
    return Node(key, label, value, rule, words, unit, told or {}, inputs)


def _change(label: Text, unit: str) -> Text:
    """What a change is called: that of a rate is in points, not in percent of it."""
    if unit not in ("ratio", *PERCENT):
        return label
    return Text(f"{label.zh}（百分点）", f"{label.en} (percentage points)")


def _known(values: Sequence[Value]) -> tuple[Decimal, ...]:
    return tuple(each for each in values if isinstance(each, Decimal))


def _minus(_: Node, values: Sequence[Value]) -> Value:
    first, second = _known(values)
    return first - second


def _needed(_: Node, values: Sequence[Value]) -> Value:
    now, to, of = _known(values)
    return now * to / of


def _percent(_: Node, values: Sequence[Value]) -> Value:
    part, whole = _known(values)
    return part / whole * HUNDRED


def _alone(node: Node, values: Sequence[Value]) -> Value:
    (gap,) = _known(values)
    return gap / _share(node)


def _share(node: Node) -> Decimal:
    share = node.parameters["share"]
    assert isinstance(share, Decimal)
    return share


RULES: Mapping[str, Rule] = {
    "goals.missing": _minus,
    "goals.move": _minus,
    "goals.needed": _needed,
    "goals.percent": _percent,
    "goals.alone": _alone,
}


def _minus_words(node: Node) -> Text:
    first, second = map(_said, node.inputs)
    return Text.same(f"{first} − {second}")


def _needed_words(node: Node) -> Text:
    now, to, of = map(_said, node.inputs)
    return Text.same(f"{now} × {to} ÷ {of}")


def _percent_words(node: Node) -> Text:
    part, whole = map(_said, node.inputs)
    return Text.same(f"{part} ÷ {whole} × 100")


def _alone_words(node: Node) -> Text:
    times = "" if _share(node) == _ONE else f" ÷ {shown(_share(node))}"
    return Text.same(f"{_said(node.inputs[0])}{times}")


def _said(node: Node) -> str:
    assert isinstance(node.value, Decimal)
    return amount(node.value, node.unit).en


_FORMULAS = {
    "goals.missing": _minus_words,
    "goals.move": _minus_words,
    "goals.needed": _needed_words,
    "goals.percent": _percent_words,
    "goals.alone": _alone_words,
}
