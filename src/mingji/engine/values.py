"""The last step of every value: exact fractions, rounded half-up once, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from mingji.engine.formulas import evaluate
from mingji.engine.model import EXACT_ENOUGH, Definitions, Metric
from mingji.rules.explanation import Node, Parameter, Source, plain
from mingji.rules.text import Text

_COUNTS = ("count", "count_distinct")
#: Places told in words; the value itself has more.
_TOLD = 8

_WORDS: Mapping[str, Text] = {
    "sum": Text("合计", "sum"),
    "count": Text("行数", "number of rows"),
    "count_distinct": Text("不重复个数", "number of different values"),
    "min": Text("最小值", "smallest"),
    "max": Text("最大值", "largest"),
    "average": Text("平均值", "mean"),
    "median": Text("中位数", "median"),
    "percentile": Text("百分位数", "percentile"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What the engine found for a simple metric in a slice.

    `slice_rows` are the rows there, whatever they are; `rows` those that pass the metric's filter;
    `cells` those of them that hold a value; `whole` the aggregate (of an average: the sum).
    """

    slice_rows: int = 0
    rows: int = 0
    cells: int = 0
    whole: Fraction | None = None

    def value(self, metric: Metric) -> Fraction | None:
        """The exact value; None where there is nothing to say it from.

        No row at all is no data; rows of which none passes the filter make a sum or count of 0.
        """
        if self.slice_rows == 0:
            return None
        if metric.agg in _COUNTS or (metric.agg == "sum" and self.rows == 0):
            return self.whole or Fraction(0)
        if self.whole is None or self.cells == 0:
            return None
        return self.whole / self.cells if metric.agg == "average" else self.whole

    def flags(self, metric: Metric) -> tuple[str, ...]:
        """Codes of what a reader should know: `no_data`, `values_missing`."""
        if self.value(metric) is None:
            return ("no_data",)
        return ("values_missing",) if self.cells < self.rows else ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """How the sources of a slice are told: its address, the condition, the files of a table."""

    address: str
    where: str
    files: Mapping[str, tuple[str, ...]]


def interpolated(points: list[tuple[Fraction, int, int]], share: Fraction) -> Fraction:
    """The value at a share of ordered values, linear between the two nearest (Excel's PERCENTILE).

    The median is the share ½: the mean of the middle two.

    Args:
        points: (value, how many values up to and including it, how many in all), in order.
        share: Between 0 and 1.

    >>> interpolated([(Fraction(3), 2, 4), (Fraction(8), 3, 4)], Fraction(1, 2))
    Fraction(11, 2)
    """
    place = (points[0][2] - 1) * share
    low = place.numerator // place.denominator
    below = next(value for value, upto, _ in points if upto > low)
    above = next((value for value, upto, _ in points if upto > low + 1), below)
    return below + (above - below) * (place - low)


def rounded(value: Fraction, scale: int) -> Decimal:
    """A fraction to so many decimal places, half away from zero, without any step between.

    >>> rounded(Fraction(1, 8), 2), rounded(Fraction(-1, 8), 2), rounded(Fraction(2, 3), 4)
    (Decimal('0.13'), Decimal('-0.13'), Decimal('0.6667'))
    """
    above, below = abs(value.numerator) * 10**scale, value.denominator
    whole = (2 * above + below) // (2 * below)
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}E-{scale}")


def published(value: Fraction, metric: Metric) -> Decimal:
    """The value of a metric as it is given out: rounded once, without idle zeros."""
    if _ends(value, metric.places):
        return rounded(value, metric.places)
    return trimmed(rounded(value, metric.scale), metric.places)


def _ends(value: Fraction, places: int) -> bool:
    """Whether so many decimal places say a fraction exactly."""
    return value.denominator == 1 or not value.numerator * 10**places % value.denominator


def trimmed(value: Decimal, places: int) -> Decimal:
    """A decimal without the zeros that stand beyond so many places.

    >>> trimmed(Decimal("0.62500000"), 4), trimmed(Decimal("0.66666667"), 4)
    (Decimal('0.6250'), Decimal('0.66666667'))
    """
    whole, point, fraction = plain(value).partition(".")
    kept = fraction[:places] + fraction[places:].rstrip("0")
    return Decimal(f"{whole}{point if kept else ''}{kept}")


class Explainer:
    """Makes the node of a metric in one slice, and of everything below it."""

    def __init__(
        self, definitions: Definitions, counted: Mapping[str, Counted], lineage: Lineage
    ) -> None:
        self.definitions, self.counted, self.lineage = definitions, counted, lineage
        self.exact: dict[str, Fraction | None] = {}

    def value(self, metric: Metric) -> Fraction | None:
        """The exact value of a metric."""
        if metric.id not in self.exact:
            self.exact[metric.id] = self._value(metric)
        return self.exact[metric.id]

    def _value(self, metric: Metric) -> Fraction | None:
        if metric.type == "simple":
            return self.counted[metric.id].value(metric)
        inputs = {name: self.value(self.definitions.metrics[name]) for name in metric.inputs}
        if metric.type == "derived":
            return evaluate(metric.formula, inputs)
        above, below = inputs[metric.numerator], inputs[metric.denominator]
        return None if above is None or not below else above / below

    def rows(self, metric: Metric) -> int:
        """How many source rows counted: of a ratio, those of its denominator's side."""
        if metric.type == "simple":
            return self.counted[metric.id].rows
        if metric.type == "ratio":
            return self.rows(self.definitions.metrics[metric.denominator])
        return max(self.rows(self.definitions.metrics[name]) for name in metric.inputs)

    def is_empty(self, metric: Metric) -> bool:
        """Whether not one row says anything about a metric here."""
        return self.value(metric) is None and not self.rows(metric)

    def node(self, metric: Metric) -> Node:
        """The published value of a metric with its reasons."""
        value = self.value(metric)
        given = None if value is None else published(value, metric)
        changed = value is not None and not _ends(value, metric.scale)
        return self._node(metric, given, metric.scale if changed else None)

    def _input(self, metric: Metric) -> Node:
        """A value as others are made from it: exact, as far as digits can say it."""
        value = self.value(metric)
        if value is None:
            return self._node(metric, None, None)
        for places in range(metric.places, EXACT_ENOUGH + 1):
            if _ends(value, places):
                return self._node(metric, rounded(value, places), None)
        return self._node(metric, rounded(value, EXACT_ENOUGH), EXACT_ENOUGH)

    def _node(self, metric: Metric, value: Decimal | None, places: int | None) -> Node:
        simple = metric.type == "simple"
        children = tuple(self._input(self.definitions.metrics[name]) for name in metric.inputs)
        return Node(
            key=metric.id,
            label=metric.name,
            value=value,
            rule=f"metric.{metric.agg if simple else metric.type}",
            formula=self._formula(metric, value, children),
            unit=metric.unit,
            parameters=MappingProxyType(_parameters(metric)),
            inputs=children,
            sources=(self._source(metric),) if simple else (),
            rounding="" if places is None else f"{Decimal(1).scaleb(-places):f} half_up",
            flags=self._flags(metric),
        )

    def _flags(self, metric: Metric) -> tuple[str, ...]:
        if metric.type == "simple":
            return self.counted[metric.id].flags(metric)
        if self.value(metric) is not None:
            return ()
        inputs = [self.value(self.definitions.metrics[name]) for name in metric.inputs]
        return ("no_data",) if None in inputs else ("no_data", "zero_denominator")

    def _formula(self, metric: Metric, value: Decimal | None, children: tuple[Node, ...]) -> Text:
        told = {child.key: "–" if child.value is None else _told(child.value) for child in children}
        result = "–" if value is None else _told(value)
        if metric.type == "simple":
            return _simple_formula(metric, result, self.counted[metric.id].rows)
        if metric.type == "ratio":
            numbers = f"{told[metric.numerator]} ÷ {told[metric.denominator]}"
        else:
            numbers = metric.formula
            for name in sorted(told, key=len, reverse=True):
                numbers = numbers.replace(name, told[name])
        words = [self.definitions.metrics[name].name for name in metric.inputs]
        zh = metric.formula_text.zh or " ÷ ".join(word.zh for word in words)
        en = metric.formula_text.en or " ÷ ".join(word.en for word in words)
        if metric.type == "derived" and not metric.formula_text.en:
            zh = en = metric.formula
        return Text(f"{zh} = {numbers} = {result}", f"{en} = {numbers} = {result}")

    def _source(self, metric: Metric) -> Source:
        table = self.definitions.tables[metric.table]
        parts = [part for part in (metric.filter, self.lineage.where) if part]
        return Source(
            kind="rows",
            label=table.label,
            ref=f"{metric.id}{self.lineage.address}",
            filter=" and ".join(f"({part})" if len(parts) > 1 else part for part in parts),
            rows=self.counted[metric.id].rows,
            origin=self.lineage.files[table.name],
        )


def _simple_formula(metric: Metric, result: str, rows: int) -> Text:
    word = _WORDS[metric.agg or "sum"]
    zh = metric.formula_text.zh or f"{metric.expression} {word.zh}".strip()
    en = metric.formula_text.en or " of ".join(filter(None, (word.en, metric.expression)))
    if metric.agg == "count" and not metric.expression:
        return Text(f"{zh} = {result}", f"{en} = {result}")
    counted = "1 row" if rows == 1 else f"{rows} rows"
    return Text(f"{zh} = {result}（{rows} 行）", f"{en} = {result} ({counted})")


def _told(value: Decimal | str) -> str:
    """A value as words say it: no more digits than a person reads."""
    if isinstance(value, str):
        return value
    text = plain(value)
    if len(text.partition(".")[2]) <= _TOLD:
        return text
    return plain(trimmed(rounded(Fraction(value), _TOLD), 0))


def _parameters(metric: Metric) -> dict[str, Parameter]:
    told: dict[str, Parameter] = {"direction": metric.direction}
    for name in ("table", "expression", "filter", "time", "formula"):
        if getattr(metric, name):
            told[name] = getattr(metric, name)
    if metric.percentile is not None:
        told["percentile"] = metric.percentile
    return told
