"""A forecast as a node that opens into the past it was made from."""

from __future__ import annotations

from collections.abc import Sequence

from mingji.analysis.forecast import Aim, Forecast
from mingji.rules.explanation import Node
from mingji.rules.numbers import shown
from mingji.rules.text import Text


def explained(said: Forecast, past: Sequence[Node], *, unit: str, aim: Aim | None = None) -> Node:
    """The median with its interval in words; `past` are the values of whole periods, each a node.

    With a target and its chance, those stand as a second input.

    >>> from decimal import Decimal
    >>> from mingji.analysis.forecast import forecast
    >>> said = forecast([Decimal(200), Decimal(220), Decimal(210)], scale="amount")
    >>> explained(said, (), unit="count").formula.en
    'from its own 3 periods; 8 times in 10 from 178.6 to 256.5'
    """
    low, high = shown(said.low), shown(said.high)
    values = Node(
        key="past",
        label=Text("过去的期间", "past periods"),
        value=None,
        inputs=tuple(past),
    )
    return Node(
        key="forecast",
        label=Text("期末预测", "forecast for the end of the period"),
        value=said.median,
        rule="forecast.pace",
        formula=Text(
            f"{said.note.zh}；八成把握在 {low} 到 {high} 之间",
            f"{said.note.en}; 8 times in 10 from {low} to {high}",
        ),
        unit=unit,
        parameters={
            "low": said.low,
            "high": said.high,
            "scale": said.scale,
            "freedom": str(said.freedom),
        },
        inputs=(values, *_chance(said, aim, unit)),
        flags=("pooled",) if said.basis == "pooled" else (),
    )


def _chance(said: Forecast, aim: Aim | None, unit: str) -> tuple[Node, ...]:
    if aim is None or said.chance is None:
        return ()
    target = Node(key="target", label=Text("目标值", "target"), value=aim.target, unit=unit)
    return (
        Node(
            key="chance",
            label=Text("达到的机会", "chance to hit the target"),
            value=said.chance,
            rule=f"forecast.chance.{aim.direction}",
            formula=_IN_WORDS[aim.direction],
            unit="ratio",
            parameters={"tolerance": aim.tolerance},
            inputs=(target,),
        ),
    )


_IN_WORDS = {
    "up": Text("预测不低于目标值的机会", "the chance that it ends at the target or above"),
    "down": Text("预测不高于目标值的机会", "the chance that it ends at the target or below"),
    "closer": Text("落在目标值容差之内的机会", "the chance that it ends within the tolerance"),
}
