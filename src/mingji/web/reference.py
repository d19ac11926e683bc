"""The OpenAPI description in the language of the reader, and laid out as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from mingji.rules.text import Text

_SECTIONS = {
    "people": Text("人员与团队", "People and teams"),
    "metrics": Text("指标", "Metrics"),
    "definitions": Text("指标定义", "Definitions"),
    "sources": Text("数据来源", "Sources"),
    "corrections": Text("异议、更正与录入值", "Disputes, corrections, typed-in values"),
    "goals": Text("目标", "Goals"),
    "appraisals": Text("绩效考核", "Appraisals"),
}
_KINDS = {
    "string": Text("文字", "text"),
    "integer": Text("整数", "whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "object": Text("对象", "object"),
    "null": Text("null", "null"),
    "date": Text("日期，如 2026-11-20", "date such as 2026-11-20"),
    "date-time": Text("时刻（ISO 8601）", "instant (ISO 8601)"),
    "decimal": Text("十进制数（字符串）", "decimal, as a string"),
}
# Patterns of decimals, of however many digits: ^-?[0-9]+(\.[0-9]+)?$
_DECIMAL = re.compile(r"\^(?:-\?)?\[0-9\](?:\+|\{1,\d+\})\(\\\.\[0-9\](?:\+|\{1,\d+\})\)\?\$")


@dataclass(frozen=True, slots=True)
class Field:
    """A value that is sent or answered. `place` is path, query or body; empty in an answer.

    `shape` names the object that it is or holds, if it does; `kind` says what it is in words.
    """

    name: str
    place: str
    kind: Text
    shape: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for or done."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    inputs: tuple[Field, ...]
    status: str
    answer: str
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one part of the product."""

    key: str
    name: Text
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that travels in answers or bodies."""

    name: str
    words: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    words: str
    sections: tuple[Section, ...]
    shapes: tuple[Shape, ...]


def translated(part: Any) -> Any:
    """A copy of the description whose summaries and descriptions are in the reader's language."""
    if isinstance(part, Mapping):
        return {
            name: _said(value)
            if name in ("summary", "description") and isinstance(value, str)
            else translated(value)
            for name, value in part.items()
        }
    return [translated(each) for each in part] if isinstance(part, list) else part


def reference(document: Mapping[str, Any]) -> Reference:
    """The description (`translated` before) as sections of operations, and the shapes they use."""
    operations = list(_operations(document))
    return Reference(
        words=document["info"]["description"],
        sections=tuple(
            Section(key, name, tuple(each for tag, each in operations if tag == key))
            for key, name in _SECTIONS.items()
        ),
        shapes=tuple(
            Shape(name, schema.get("description", ""), tuple(_fields(schema, "")))
            for name, schema in sorted(document["components"]["schemas"].items())
        ),
    )


def _said(words: str) -> str:
    return gettext(" ".join(words.split()))


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield told["tags"][0], _operation(document, path, method, told)


def _operation(
    document: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]
) -> Operation:
    done = next(status for status in told["responses"] if int(status) < 300)
    answer = _schema(told["responses"][done])
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        words=told.get("description", ""),
        inputs=tuple(_inputs(document, told)),
        status=str(done),
        answer=_shape(answer) if answer else "",
        refusals=tuple(str(each) for each in sorted(map(int, told["responses"])) if each >= 400),
    )


def _inputs(document: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Field]:
    for each in told["parameters"]:
        yield _field(each["name"], each["in"], each["schema"], required=each["required"])
    body = _schema(told.get("requestBody", {}))
    if body:
        shapes = document["components"]["schemas"]
        yield from _fields(shapes[_shape(body)], "body")


def _schema(part: Mapping[str, Any]) -> Mapping[str, Any]:
    content = part.get("content", {}).values()
    return next((each["schema"] for each in content), {})


def _fields(schema: Mapping[str, Any], place: str) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        yield _field(name, place, each, required=name in needed)


def _field(name: str, place: str, schema: Mapping[str, Any], *, required: bool) -> Field:
    words = schema.get("description", "")
    return Field(name, place, _kind(schema), _shape(schema), required, words)


def _shape(schema: Mapping[str, Any]) -> str:
    """The name of the object that a value is or holds."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inner = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    inner += [schema[key] for key in ("items", "additionalProperties") if schema.get(key)]
    return next(filter(None, (_shape(each) for each in inner if isinstance(each, Mapping))), "")


def _kind(schema: Mapping[str, Any]) -> Text:
    if "$ref" in schema:
        return Text.same(_shape(schema))
    if "anyOf" in schema:
        kinds = [_kind(each) for each in schema["anyOf"] if each.get("const") != ""]
        return Text(" 或 ".join(each.zh for each in kinds), " or ".join(each.en for each in kinds))
    if schema.get("type") == "array":
        inner = _kind(schema["items"])
        return Text(f"{inner.zh} 的列表", f"list of {inner.en}")
    if "enum" in schema:
        return Text.same(" · ".join(each or "“”" for each in schema["enum"]))
    if _DECIMAL.fullmatch(schema.get("pattern", "")):
        return _KINDS["decimal"]
    return _ranged(_KINDS[schema.get("format", schema.get("type", "object"))], schema)


def _ranged(kind: Text, schema: Mapping[str, Any]) -> Text:
    """With the bounds of a number, where they are of a size that somebody would reach."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is None or high > 10**9:
        return kind
    return Text(f"{kind.zh}，{low}–{high}", f"{kind.en}, {low}–{high}")
