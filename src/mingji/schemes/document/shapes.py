"""What the fields of the rules' types may hold, read once from their annotations."""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mingji.rules.text import Text

Kind = Literal["text", "word", "number", "whole", "truth", "choice", "list", "record", "method"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a value: its kind, and what belongs to that kind.

    `choices` of a choice, `of` the shape of a list's members, `record` the class of a record,
    `methods` the classes to choose from by `method:`. `optional` values may be left empty.
    """

    kind: Kind
    optional: bool = False
    choices: tuple[str, ...] = ()
    of: Shape | None = None
    record: type[Any] | None = None
    methods: tuple[type[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field of a record: its shape, whether it must be given, and its default."""

    shape: Shape
    required: bool
    default: object = None


_SIMPLE: dict[object, Kind] = {
    str: "word",
    Decimal: "number",
    int: "whole",
    bool: "truth",
    Text: "text",
}


_KNOWN: dict[type[Any], dict[str, FieldShape]] = {}


def fields_of(record: type[Any]) -> dict[str, FieldShape]:
    """The fields of a record by name, in their order. `method` of a scoring method is not one."""
    if record not in _KNOWN:
        _KNOWN[record] = _fields(record)
    return _KNOWN[record]


def _fields(record: type[Any]) -> dict[str, FieldShape]:
    hints = get_type_hints(record)
    return {
        field.name: FieldShape(
            shape=shape_of(hints[field.name]),
            required=field.default is dataclasses.MISSING,
            default=None if field.default is dataclasses.MISSING else field.default,
        )
        for field in dataclasses.fields(record)
        if field.name != "method"
    }


def shape_of(hint: Any) -> Shape:
    """The shape that an annotation describes."""
    if hint in _SIMPLE:
        return Shape(_SIMPLE[hint])
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Shape("choice", choices=arguments)
    if origin is tuple:
        return Shape("list", of=shape_of(arguments[0]))
    if origin in (Union, types.UnionType):
        return _union(arguments)
    return Shape("record", record=hint)


def method_id(method: type[Any]) -> str:
    """The id by which scheme files name a scoring method.

    >>> from mingji.rules.methods import METHODS
    >>> method_id(METHODS["ratio"])
    'ratio'
    """
    return str(next(each.default for each in dataclasses.fields(method) if each.name == "method"))


def _union(arguments: tuple[Any, ...]) -> Shape:
    members = tuple(each for each in arguments if each is not type(None))
    optional = len(members) < len(arguments)
    if len(members) == 1:
        return dataclasses.replace(shape_of(members[0]), optional=optional)
    return Shape("method", optional=optional, methods=members)
