"""The JSON schema of scheme files, made from the same types that read them."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from decimal import Decimal
from typing import Any

from mingji.rules.explanation import plain
from mingji.rules.scheme import Scheme
from mingji.schemes.document.shapes import FieldShape, Shape, fields_of, method_id

_TEXT = {
    "description": "A text in both languages, or one that is alike in both.",
    "anyOf": [
        {"type": ["string", "number"]},
        {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "required": ["zh", "en"],
            "additionalProperties": False,
        },
    ],
}


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a scheme file, for completion in editors."""
    definitions: dict[str, Any] = {"Text": _TEXT}
    root = _record(Scheme, definitions)
    root["patternProperties"] = {"^x-": {"description": "Pieces to be used elsewhere by *name."}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mingji performance scheme",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it is committed in docs/reference/scheme.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _record(record: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    fields = fields_of(record)
    said = _described(record)
    return {
        "type": "object",
        "description": said,
        "properties": {
            name: _property(name, shape, said, definitions) for name, shape in fields.items()
        },
        "required": [name for name, shape in fields.items() if shape.required],
        "additionalProperties": False,
    }


def _method(method: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    made = _record(method, definitions)
    return {
        **made,
        "properties": {"method": {"const": method_id(method)}, **made["properties"]},
        "required": ["method", *made["required"]],
    }


def _property(
    name: str, field: FieldShape, said: str, definitions: dict[str, Any]
) -> dict[str, Any]:
    made = _shape(field.shape, definitions)
    told = " ".join(sentence for sentence in _sentences(said) if f"`{name}`" in sentence)
    default = field.default
    if isinstance(default, Decimal):
        # Written as text: a schema is JSON, and its readers would make it a binary float.
        made["default"] = plain(default)
    elif isinstance(default, bool | int) or (isinstance(default, str) and default):
        made["default"] = default
    return {**made, "description": told} if told else made


def _shape(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    if shape.kind == "text":
        return {"$ref": "#/$defs/Text"}
    if shape.kind == "list":
        assert shape.of
        return {"type": "array", "items": _shape(shape.of, definitions)}
    if shape.kind == "method":
        by_name = {"enum": [method_id(each) for each in shape.methods]}
        return {"anyOf": [by_name, *(_reference(each, definitions) for each in shape.methods)]}
    if shape.kind == "record":
        assert shape.record
        return _reference(shape.record, definitions)
    return _scalar(shape)


def _scalar(shape: Shape) -> dict[str, Any]:
    """A single value; quotes round a figure change nothing, since all is read as text first."""
    simple: dict[str, dict[str, Any]] = {
        "word": {"type": ["string", "number"]},
        "number": {"type": ["number", "string"], "pattern": r"^\s*[-+]?(\d+(\.\d+)?|\.\d+)\s*$"},
        "whole": {"type": ["integer", "string"], "pattern": r"^\s*[-+]?\d+(\.0+)?\s*$"},
        "truth": {"type": ["boolean", "string"], "pattern": "^([Tt]rue|TRUE|[Ff]alse|FALSE)$"},
        "choice": {"enum": list(shape.choices)},
    }
    made = simple[shape.kind]
    if not shape.optional:
        return made
    if "enum" in made:
        return {"enum": [*made["enum"], None]}
    return {**made, "type": [*made["type"], "null"]}


def _reference(record: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    name = record.__name__
    if name not in definitions:
        definitions[name] = {}
        is_method = any(each.name == "method" for each in dataclasses.fields(record))
        definitions[name] = (_method if is_method else _record)(record, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _described(record: type[Any]) -> str:
    return re.sub(r"\s+", " ", inspect.getdoc(record) or "").strip()


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.;]) (?=[A-Z`])", text)
