"""Two periods beside each other: how far a value has moved, and why."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.explanation import Node
from mingji.rules.numbers import exact, rounded, shown
from mingji.rules.text import Text

_PLACES = 4


def moved_unit(unit: str) -> str:
    """What a change is told in: percentage points of a ratio, else a share of what it was."""
    return "pp" if unit == "ratio" else "ratio"


@exact
def moved(unit: str, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """How far a value has moved, in `moved_unit(unit)`; None where that cannot be said.

    A share of what it was needs something above zero to be a share of.
    """
    if now is None or before is None:
        return None
    if unit == "ratio":
        return rounded((now - before) * 100, _PLACES)
    return rounded((now - before) / before, _PLACES) if before > 0 else None


def change(now: Node, before: Node) -> Node:
    """The change between two periods as a node over both."""
    last, first = (
        each.value if isinstance(each.value, Decimal) else None for each in (now, before)
    )
    value = moved(now.unit, last, first)
    told, base, result = shown(last), shown(first), shown(value)
    if value is None:
        formula = Text(
            "两个期间都要有数据，而且前一个大于 0，才能相比",
            "both periods need data, and the earlier one must be above 0, to be compared",
        )
    elif now.unit == "ratio":
        formula = Text(
            f"（{told} − {base}）× 100 = {result} 个百分点",
            f"({told} − {base}) × 100 = {result} percentage points",
        )
    else:
        formula = Text(
            f"（{told} − {base}）÷ {base} = {result}", f"({told} − {base}) ÷ {base} = {result}"
        )
    return Node(
        key="change",
        label=Text("与所比期间相比的变化", "Change against the compared period"),
        value=value,
        rule="metric.change",
        formula=formula,
        unit=moved_unit(now.unit),
        inputs=(now, before),
        rounding="0.0001 half_up" if value is not None else "",
        flags=() if value is not None else ("no_data",),
    )
