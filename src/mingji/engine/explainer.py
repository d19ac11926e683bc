"""Makes the node of a metric in one slice, and of everything below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from mingji.engine.counting import Keys
from mingji.engine.facts import Facts
from mingji.engine.meanings import At, Meanings, Value, days_of, span
from mingji.engine.model import EXACT_ENOUGH, Metric
from mingji.engine.observation import Observation
from mingji.engine.values import ends, published, rounded
from mingji.engine.wording import formula_of, label_of, parameters_of
from mingji.rules.explanation import Node, Source


@dataclass(frozen=True, slots=True)
class Book:
    """What every slice is explained from; `files` are those of each table."""

    meanings: Meanings
    facts: Facts
    files: Mapping[str, tuple[str, ...]]


class Explainer:
    """The values and reasons of one slice."""

    def __init__(self, book: Book, keys: Keys) -> None:
        self.book, self.keys = book, keys
        self.definitions = book.meanings.definitions
        question = book.facts.question
        self.named = MappingProxyType(dict(zip(question.by, keys, strict=True)))
        self.own = keys[book.facts.place] if book.facts.place >= 0 else ""
        self.exact: dict[At, tuple[Value, tuple[str, ...]]] = {}
        self.counts: dict[At, int] = {}
        self.address = question.address(self.named)

    def observation(self, metric: Metric) -> Observation:
        """The published value of a metric with its reasons."""
        at = At(metric.id, self.own)
        value = self._value(at)[0]
        given = None if value is None else published(value, metric)
        changed = value is not None and not ends(value, metric.scale)
        node = self._node(at, metric.id, given, metric.scale if changed else None)
        return Observation(metric.id, self.named, given, metric.unit, self._rows(at), node)

    def is_empty(self, metric: Metric) -> bool:
        """Whether not one row says anything about a metric here."""
        at = At(metric.id, self.own)
        return self._value(at)[0] is None and not self._rows(at)

    def _value(self, at: At) -> tuple[Value, tuple[str, ...]]:
        """The exact value of a metric, and the codes of what a reader should know."""
        if at not in self.exact:
            self.exact[at] = self._worked_out(at)
        return self.exact[at]

    def _worked_out(self, at: At) -> tuple[Value, tuple[str, ...]]:
        metric = self.definitions.metric(at.metric)
        if metric.type == "simple":
            counted = self.book.facts.of(at, self.keys)
            return counted.value(metric), counted.flags(metric)
        values = [self._value(part)[0] for part in self.book.meanings.parts(at)]
        return self.book.meanings.combined(metric, values)

    def _rows(self, at: At) -> int:
        """How many source rows counted: of a quotient, those of the side it is judged by."""
        if at not in self.counts:
            self.counts[at] = self._counted(at)
        return self.counts[at]

    def _counted(self, at: At) -> int:
        metric = self.definitions.metric(at.metric)
        parts = self.book.meanings.parts(at)
        if metric.type == "simple":
            return self.book.facts.of(at, self.keys).rows
        if metric.type == "derived":
            return max(map(self._rows, parts))
        if metric.denominator:
            return self._rows(at._replace(metric=metric.denominator))
        return self._rows(parts[0])

    def _input(self, at: At, key: str) -> Node:
        """A value as others are made from it: exact, as far as digits can say it."""
        metric, value = self.definitions.metric(at.metric), self._value(at)[0]
        if value is None:
            return self._node(at, key, None, None)
        for places in range(metric.places, EXACT_ENOUGH + 1):
            if ends(value, places):
                return self._node(at, key, rounded(value, places), None)
        return self._node(at, key, rounded(value, EXACT_ENOUGH), EXACT_ENOUGH)

    def _node(self, at: At, key: str, value: Decimal | None, places: int | None) -> Node:
        metric = self.definitions.metric(at.metric)
        simple = metric.type == "simple"
        parts = self.book.meanings.parts(at)
        children = tuple(self._input(part, _apart(part, at, n)) for n, part in enumerate(parts))
        return Node(
            key=key,
            label=label_of(metric, at, self.own),
            value=value,
            rule=f"metric.{metric.agg if simple else metric.type}",
            formula=formula_of(metric, value, children, self._rows(at), self.definitions),
            unit=metric.unit,
            parameters=MappingProxyType(parameters_of(metric)),
            inputs=children,
            sources=(self._source(at, metric),) if simple and at.when is not None else (),
            rounding="" if places is None else f"{Decimal(1).scaleb(-places):f} half_up",
            flags=self._value(at)[1],
        )

    def _source(self, at: At, metric: Metric) -> Source:
        question = self.book.facts.question
        table = self.definitions.table(metric.table)
        parts = [part for part in (metric.filter, question.where) if part]
        return Source(
            kind="rows",
            label=table.label,
            ref=f"{metric.id}{self._address(at)}",
            filter=" and ".join(f"({part})" if len(parts) > 1 else part for part in parts),
            rows=self._rows(at),
            origin=self.book.files[table.name],
        )

    def _address(self, at: At) -> str:
        dropped = self.book.facts.dropped(at)
        if at.when == self.own and not dropped:
            return self.address
        metric = self.definitions.metric(at.metric)
        if at.when and self.definitions.table(metric.table).typed:
            question = self.book.facts.question
            return question.address({**self.named, question.time: at.when}, dropped)
        days = ""
        if at.when and at.when != self.own:
            days = span(*days_of(at.when, self.book.meanings.fiscal))
        return self.book.facts.question.address(self.named, dropped, days)


def _apart(part: At, above: At, place: int) -> str:
    """The key of a part, unlike that of a part of the same metric on other days."""
    if place == 0 or (part.when, part.whole) == (above.when, above.whole):
        return part.metric
    return f"{part.metric}@{part.whole or part.when or 'none'}"
