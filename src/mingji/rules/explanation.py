"""Every computed value is a node that opens into its reasons (`docs/explanation/scoring.md` §8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from mingji.rules.text import Text

SourceKind = Literal["rows", "typed", "correction", "rating", "agreement", "scheme", "period"]
Parameter = Decimal | str | bool | None
_NOTHING: Mapping[str, Parameter] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a leaf value came from.

    `ref` is an address that the product can open: for `rows` it is the metric component and the
    slice (see `mingji.engine.lineage`), for `rating` the review, for `agreement` the goal.
    `filter` is the row condition in words of the definition, `rows` how many rows counted,
    `origin` the files or systems they came from, `by` who typed or signed, `approved_by` the second
    person where one is needed, `at` an ISO instant.
    """

    kind: SourceKind
    label: Text
    ref: str = ""
    filter: str = ""
    rows: int | None = None
    origin: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and why it is what it is.

    `key` is unique among its siblings; a path such as `results/won_value/actual` finds a node.
    `rule` names the rule that made the value (`method.ratio`, `metric.sum`, `given` for a leaf),
    `formula` says it in words with the numbers in place, `parameters` are what the rule was told,
    `inputs` what it was made from, `sources` where a leaf came from. `value` None is "no data".
    `rounding` is empty or says how the value was rounded (`0.01 half_up`). `flags` are stable
    codes such as `missing_redistributed` or `capped`.
    """

    key: str
    label: Text
    value: Decimal | str | None
    rule: str = "given"
    formula: Text = Text("", "")
    unit: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: _NOTHING)
    inputs: tuple[Node, ...] = ()
    sources: tuple[Source, ...] = ()
    rounding: str = ""
    flags: tuple[str, ...] = ()

    def find(self, path: str) -> Node | None:
        """The node below this one at `path` (keys joined by `/`); the empty path is itself."""
        node: Node = self
        for key in filter(None, path.split("/")):
            below = next((child for child in node.inputs if child.key == key), None)
            if below is None:
                return None
            node = below
        return node

    def walk(self) -> Iterator[Node]:
        """This node and every one below it, parents first."""
        ahead = [self]
        while ahead:
            node = ahead.pop()
            yield node
            ahead.extend(reversed(node.inputs))

    def keyed(self, key: str) -> Node:
        """The same node under another key: a cheap `dataclasses.replace`, called for every item."""
        if self.key == key:
            return self
        return Node(
            key,
            self.label,
            self.value,
            self.rule,
            self.formula,
            self.unit,
            self.parameters,
            self.inputs,
            self.sources,
            self.rounding,
            self.flags,
        )


Value = Decimal | str | None
# How a value is computed again from its node and the values of its inputs (see `recompute`).
Rule = Callable[[Node, tuple[Value, ...]], Value]


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, never `-0`, digits kept.

    >>> plain(Decimal("1E+2")), plain(Decimal("18.40")), plain(Decimal("-0.00"))
    ('100', '18.40', '0.00')
    """
    return format(value if value else abs(value), "f")


def to_json(node: Node) -> str:
    """The canonical JSON of a tree: sorted keys, decimals as strings, same tree, same bytes."""
    return json.dumps(as_data(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_data(node: Node) -> dict[str, Any]:
    """The tree as JSON-ready data without empty parts; `from_data` reads it back without loss."""
    data: dict[str, Any] = {
        "key": node.key,
        "label": _text(node.label),
        "value": plain(node.value) if isinstance(node.value, Decimal) else node.value,
        "rule": node.rule,
    }
    if isinstance(node.value, str):
        data["is_text"] = True
    if node.formula.zh or node.formula.en:
        data["formula"] = _text(node.formula)
    if node.unit:
        data["unit"] = node.unit
    if node.parameters:
        data["parameters"] = {name: _parameter(given) for name, given in node.parameters.items()}
    if node.inputs:
        data["inputs"] = [as_data(child) for child in node.inputs]
    if node.sources:
        data["sources"] = [source_data(source) for source in node.sources]
    if node.rounding:
        data["rounding"] = node.rounding
    if node.flags:
        data["flags"] = list(node.flags)
    return data


def from_data(data: Mapping[str, Any]) -> Node:
    """The tree that `as_data` wrote."""
    raw = data["value"]
    value = raw if raw is None or data.get("is_text") else Decimal(raw)
    return Node(
        key=data["key"],
        label=Text(**data["label"]),
        value=value,
        rule=data["rule"],
        formula=Text(**data.get("formula", {"zh": "", "en": ""})),
        unit=data.get("unit", ""),
        parameters=MappingProxyType(
            {
                name: Decimal(given["decimal"]) if isinstance(given, dict) else given
                for name, given in data.get("parameters", {}).items()
            }
        ),
        inputs=tuple(from_data(child) for child in data.get("inputs", ())),
        sources=tuple(source_from(source) for source in data.get("sources", ())),
        rounding=data.get("rounding", ""),
        flags=tuple(data.get("flags", ())),
    )


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _parameter(given: Parameter) -> object:
    return {"decimal": plain(given)} if isinstance(given, Decimal) else given


def source_data(source: Source) -> dict[str, Any]:
    """A source as JSON-ready data without its empty parts; `source_from` reads it back."""
    data: dict[str, Any] = {"kind": source.kind, "label": _text(source.label)}
    for name in ("ref", "filter", "rows", "by", "at", "approved_by"):
        given = getattr(source, name)
        if given not in ("", None):
            data[name] = given
    if source.origin:
        data["origin"] = list(source.origin)
    return data


def source_from(data: Mapping[str, Any]) -> Source:
    """The source that `source_data` wrote."""
    origin = tuple(data.get("origin", ()))
    return Source(**{**data, "label": Text(**data["label"]), "origin": origin})
