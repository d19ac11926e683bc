"""A tree of YAML nodes → the rules' own types, with every fault found in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import yaml

from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text
from mingji.schemes.document import complaints
from mingji.schemes.document.complaints import Complaint
from mingji.schemes.document.shapes import Shape, fields_of, method_id
from mingji.schemes.document.yaml_text import (
    Entry,
    entries,
    is_anchor_shelf,
    is_null,
    line_of,
    misplaced_merge,
)

NUMBER = re.compile(r"[-+]?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})", re.ASCII)
_NUMBER_AT_ALL = re.compile(r"[-+]?\d*\.?\d+([eE][-+]?\d+)?", re.ASCII)
_TRUTHS = {"true": True, "false": False}
UNUSABLE: Final = object()
_KINDS = {
    yaml.MappingNode: Text(zh="一组“键: 值”", en="a group of “key: value”"),
    yaml.SequenceNode: Text(zh="一个列表", en="a list"),
    yaml.ScalarNode: Text(zh="一个值", en="a single value"),
}


@dataclass(slots=True)
class Decoder:
    """Reads one document; `findings` and `places` fill while it reads.

    `places` maps the path of each value (`dimensions[0].items[2].weight`) to its line and column.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def decode(self, shape: Shape, node: yaml.Node, path: str = "") -> Any:
        """The value of a node, or `UNUSABLE` when a finding says why not."""
        self.places.setdefault(path, line_of(node))
        if is_null(node):
            return None if shape.optional else self._complain(complaints.empty(), node, path)
        readers = {"list": self._list, "record": self._record_of, "method": self._method}
        if reader := readers.get(shape.kind):
            return reader(shape, node, path)
        if shape.kind == "text" and isinstance(node, yaml.MappingNode):
            return self._record(Text, node, path)
        if not isinstance(node, yaml.ScalarNode):
            return self._wrong_kind(yaml.ScalarNode, node, path)
        return self._scalar(shape, node, path)

    def _scalar(self, shape: Shape, node: yaml.ScalarNode, path: str) -> Any:
        text = str(node.value).strip()
        if shape.kind == "text":
            return Text.same(text)
        if shape.kind == "word":
            return text
        if shape.kind == "choice":
            known = shape.choices
            fault = None if text in known else complaints.not_a_choice(text, known)
            return self._complain(fault, node, path) if fault else text
        if shape.kind == "truth":
            truth = _TRUTHS.get(text.lower())
            return (
                self._complain(complaints.not_a_truth(text), node, path) if truth is None else truth
            )
        return self._number(shape, text, node, path)

    def _number(self, shape: Shape, text: str, node: yaml.Node, path: str) -> Any:
        if not NUMBER.fullmatch(text):
            too_long = _NUMBER_AT_ALL.fullmatch(text)
            make = complaints.number_out_of_range if too_long else complaints.not_a_number
            return self._complain(make(text), node, path)
        if shape.kind == "number":
            return Decimal(text)
        whole = Decimal(text)
        if whole != whole.to_integral_value():
            return self._complain(complaints.not_whole(text), node, path)
        return int(whole)

    def _list(self, shape: Shape, node: yaml.Node, path: str) -> Any:
        assert shape.of
        if not isinstance(node, yaml.SequenceNode):
            return self._wrong_kind(yaml.SequenceNode, node, path)
        members = [
            self.decode(shape.of, member, f"{path}[{index}]")
            for index, member in enumerate(node.value)
        ]
        return UNUSABLE if any(each is UNUSABLE for each in members) else tuple(members)

    def _record_of(self, shape: Shape, node: yaml.Node, path: str) -> Any:
        assert shape.record
        return self._record(shape.record, node, path)

    def _record(self, record: type[Any], node: yaml.Node, path: str) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self._wrong_kind(yaml.MappingNode, node, path)
        return self._fill(record, self._entries(node, path), node, path)

    def _method(self, shape: Shape, node: yaml.Node, path: str) -> Any:
        known = {method_id(each): each for each in shape.methods}
        given: dict[str, Entry] = {}
        named: yaml.Node = node
        if isinstance(node, yaml.MappingNode):
            given = self._entries(node, path)
            if "method" not in given:
                return self._complain(
                    complaints.missing_key("method", Text(zh="计分方法", en="the scoring")),
                    node,
                    path,
                )
            named = given.pop("method").value
        if not isinstance(named, yaml.ScalarNode):
            return self._wrong_kind(yaml.ScalarNode, named, path)
        method = known.get(str(named.value))
        if method is None:
            return self._complain(complaints.unknown_method(str(named.value), known), named, path)
        return self._fill(method, given, node, path)

    def _fill(self, record: type[Any], given: dict[str, Entry], node: yaml.Node, path: str) -> Any:
        fields, of, values = fields_of(record), _called(record, path), {}
        for key, entry in given.items():
            below = f"{path}.{key}" if path else key
            self.places[below] = line_of(entry.key_node)
            if key in fields:
                values[key] = self.decode(fields[key].shape, entry.value, below)
            elif path or not is_anchor_shelf(key):
                self._complain(complaints.unknown_key(key, fields, of), entry.key_node, below)
        for key, wanted in fields.items():
            if wanted.required and key not in given:
                self._complain(complaints.missing_key(key, of), node, path)
                values[key] = UNUSABLE
        return UNUSABLE if any(each is UNUSABLE for each in values.values()) else record(**values)

    def _entries(self, node: yaml.MappingNode, path: str) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        if (wrong := misplaced_merge(node)) is not None:
            self._wrong_kind(yaml.MappingNode, wrong, f"{path}.<<".lstrip("."))
        for entry in entries(node):
            if entry.key in found:
                first = line_of(found[entry.key].key_node)[0]
                fault = complaints.duplicate_key(entry.key, first)
                self._complain(fault, entry.key_node, f"{path}.{entry.key}".lstrip("."))
                continue
            found[entry.key] = entry
        return found

    def _wrong_kind(self, wanted: type[yaml.Node], node: yaml.Node, path: str) -> object:
        fault = complaints.wrong_kind(_KINDS[wanted], _KINDS[type(node)])
        return self._complain(fault, node, path)

    def _complain(self, fault: Complaint, node: yaml.Node, path: str) -> object:
        line, column = line_of(node)
        place = Place(file=self.file, line=line, column=column, path=path)
        self.findings.append(Finding(fault.code, "error", fault.message, fault.remedy, place))
        return UNUSABLE


def _called(record: type[Any], path: str) -> Text:
    """How a message names the thing that a key is missing from."""
    if record is Text:
        return Text(zh=f"双语文字 {path} ", en=f"the bilingual text {path}")
    if not path:
        return Text(zh="方案", en="the scheme")
    if "method" in record.__dataclass_fields__:
        name = method_id(record)
        return Text(zh=f"计分方法 {name} ", en=f"the scoring method {name}")
    return Text(zh=f"{path} ", en=path)
