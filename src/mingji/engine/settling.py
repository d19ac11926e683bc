"""The last reading of metrics: units and decimal places that follow from what they are made of."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from mingji.engine.document import Notes
from mingji.engine.model import Definitions, Metric
from mingji.engine.shapes import Conversion, Cumulative, Growth, Lagged, Survey
from mingji.engine.units import (
    RATIO,
    Clash,
    Unit,
    count_words,
    fits,
    formula_unit,
    is_money_or_time,
)
from mingji.rules.text import Text

#: The scale of a metric that takes that of its input.
OF_INPUT = -1
_REMEDY = Text("换算成同一单位，或改正 unit", "convert to one unit, or correct unit")


def settle(definitions: Definitions, notes: Notes) -> Definitions:
    """The same definitions with every unit and scale filled in; units that do not fit are noted."""
    settler = _Settler(definitions, notes)
    metrics = {name: settler.settled(name) for name in definitions.metrics}
    return replace(definitions, metrics=MappingProxyType(metrics))


class _Settler:
    def __init__(self, definitions: Definitions, notes: Notes) -> None:
        self.definitions, self.notes = definitions, notes
        every = (*definitions.metrics.values(), *definitions.parts.values())
        self.counts = count_words(every)
        self.done: dict[str, Metric] = {}

    def settled(self, name: str) -> Metric:
        if name not in self.done:
            metric = self.definitions.metric(name)
            inputs = {below: self.settled(below) for below in metric.inputs}
            self.done[name] = self._settled(metric, inputs)
        return self.done[name]

    def _settled(self, metric: Metric, inputs: dict[str, Metric]) -> Metric:
        scale = metric.scale
        if scale == OF_INPUT:
            scale = inputs[metric.inputs[0]].scale
        try:
            derived = self._derived(metric, inputs)
        except Clash as clash:
            self._complain(metric, clash.left, clash.right)
            return replace(metric, scale=scale)
        declared = Unit.read(metric.unit)
        if declared is None:
            return replace(metric, unit=self._text(metric, derived, inputs), scale=scale)
        if derived is not None and not fits(declared, derived, self.counts):
            self._complain(metric, metric.unit, derived.text(self.counts))
        return replace(metric, scale=scale)

    def _text(self, metric: Metric, derived: Unit | None, inputs: dict[str, Metric]) -> str:
        """The unit of a metric that says none: in the words of its input, if it is the same."""
        if derived is None or metric.type == "simple":
            return ""
        given = inputs[metric.inputs[0]].unit
        return given if derived == Unit.read(given) else derived.text(self.counts)

    def _complain(self, metric: Metric, left: str, right: str) -> None:
        self.notes.add(
            self.notes.nearest(f"metrics.{metric.id}.unit"),
            Text(f"单位不相容：{left} 与 {right}", f"units do not fit: {left} and {right}"),
            _REMEDY,
            code="unit",
        )

    def _derived(self, metric: Metric, inputs: dict[str, Metric]) -> Unit | None:
        """The unit that follows from the definition; None if it is not known."""
        units = {name: self._unit(below) for name, below in inputs.items()}
        if metric.type == "derived":
            return formula_unit(metric.formula, units, self.counts)
        if metric.shape is None:
            simple = metric.type == "simple"
            return self._counted(metric) if simple else self._quotient(metric, units)
        return self._shaped(metric, inputs, units)

    def _shaped(
        self, metric: Metric, inputs: dict[str, Metric], units: dict[str, Unit | None]
    ) -> Unit | None:
        first = metric.inputs[0]
        match metric.shape:
            case Survey(method="nps"):
                return Unit({"points": 1})
            case Survey() | Conversion() | Growth(rate=True):
                return RATIO
            case Growth() if inputs[first].unit == "ratio":
                return Unit({"pp": 1})
            case Growth() | Cumulative() | Lagged():
                return units[first]
        return self._quotient(metric, units)

    def _quotient(self, metric: Metric, units: dict[str, Unit | None]) -> Unit | None:
        above, below = (
            (metric.numerator, metric.denominator)
            if metric.denominator
            else (metric.inputs[0], metric.inputs[-1])
        )
        one, other = units[above], units[below]
        if one is None or other is None:
            return None
        if metric.type == "share" and one.bare(self.counts) != other.bare(self.counts):
            raise Clash(one.text(self.counts), other.text(self.counts))
        return one.times(other, -1)

    def _unit(self, metric: Metric) -> Unit | None:
        if not metric.unit and metric.agg in ("count", "count_distinct"):
            return Unit({"count": 1})
        return Unit.read(metric.unit)

    def _counted(self, metric: Metric) -> Unit | None:
        if metric.agg in ("count", "count_distinct"):
            declared = Unit.read(metric.unit)
            if declared is not None and is_money_or_time(declared):
                raise Clash(metric.unit, "count")
            return declared
        table = self.definitions.table(metric.table)
        column = table.columns.get(metric.expression)
        return Unit.read(column.unit) if column else None
