"""Settings of a scheme as flat parameters of an explanation, and back again without loss."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from mingji.rules.errors import Invalid
from mingji.rules.explanation import Parameter, plain
from mingji.rules.methods import METHODS
from mingji.rules.text import Text

Settings = TypeVar("Settings")
# By identity and not by equality: 1.2 equals 1.20, but each is shown as it was written. Keeping
# the settings keeps their identity from being given away.
_KNOWN_PARAMETERS: dict[int, tuple[object, Mapping[str, Parameter]]] = {}
_KEPT_AT_MOST = 2048


def as_parameters(settings: object) -> Mapping[str, Parameter]:
    """The settings of a method, a table … as parameters: numbers and words as they are, the rest
    as JSON.

    >>> from mingji.rules.methods.events import Bonus
    >>> as_parameters(Bonus(cap=Decimal(3)))["cap"]
    Decimal('3')
    """
    known = _KNOWN_PARAMETERS.get(id(settings))
    if known and known[0] is settings:
        return known[1]
    told = {
        field.name: _parameter(getattr(settings, field.name))
        for field in fields(settings)  # type: ignore[arg-type]
        if field.name != "method"
    }
    if len(_KNOWN_PARAMETERS) >= _KEPT_AT_MOST:
        _KNOWN_PARAMETERS.clear()
    _KNOWN_PARAMETERS[id(settings)] = settings, MappingProxyType(told)
    return _KNOWN_PARAMETERS[id(settings)][1]


def from_parameters(cls: type[Settings], parameters: Mapping[str, Parameter]) -> Settings:
    """The settings that `as_parameters` wrote."""
    hints = _hints(cls)
    given = {name: _read(hints[name], value) for name, value in parameters.items() if name in hints}
    return cls(**given)


def as_text(value: object) -> str:
    """A compound value (bands, levels, a table) as canonical JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(shape: type[Settings], text: str) -> Settings:
    """The compound value that `as_text` wrote."""
    read: Settings = _read(shape, text)
    return read


def override(settings: Settings, name: str, text: str) -> Settings:
    """The same settings with one parameter read from text, as written in a scheme file.

    Compound parameters are written as JSON.

    Raises:
        Invalid: the text does not fit the parameter.
    """
    hint = _hints(type(settings))[name]
    try:
        return replace(settings, **{name: _read(hint, text)})  # type: ignore[type-var]
    except (ValueError, TypeError, KeyError, InvalidOperation) as error:
        raise Invalid(
            Text(
                zh=f"参数 {name} 的值“{text}”不合要求；按方案文件里的写法填写",
                en=f"the value “{text}” does not fit the parameter {name}; "
                "write it as in a scheme file",
            ),
            code="bad_parameter",
        ) from error


def parameter_names(settings: object) -> tuple[str, ...]:
    """The parameters that a row may override."""
    return tuple(f.name for f in fields(settings) if f.name != "method")  # type: ignore[arg-type]


def _parameter(value: object) -> Parameter:
    if value is None or isinstance(value, Decimal | str | bool):
        return value
    return Decimal(value) if isinstance(value, int) else as_text(value)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _read(hint: Any, value: Any) -> Any:
    """A parameter of that type; compound ones come as JSON."""
    compound = get_origin(hint) is tuple or is_dataclass(hint)
    if compound and isinstance(value, str):
        value = json.loads(value, parse_float=Decimal, parse_int=Decimal)
    return _build(hint, value)


def _build(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(hint), value)
    if origin is tuple:
        return tuple(_build(get_args(hint)[0], each) for each in value)
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(value)
        return value
    if is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{name: _build(hints[name], each) for name, each in value.items()})  # type: ignore[operator]
    return _simple(hint, value)


def _build_union(choices: tuple[Any, ...], value: Any) -> Any:
    if value is None or (value == "" and type(None) in choices):
        return None
    if isinstance(value, Mapping):
        return _build(METHODS[value["method"]], value)
    return _build(next(each for each in choices if each is not type(None)), value)


def _simple(hint: Any, value: Any) -> Any:
    if hint is bool:
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        return value if isinstance(value, bool) else words[str(value).lower()]
    if hint is Decimal:
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(value)
        return number
    return hint(value)


_KNOWN_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(cls: Any) -> dict[str, Any]:
    if cls not in _KNOWN_HINTS:
        _KNOWN_HINTS[cls] = get_type_hints(cls)
    return _KNOWN_HINTS[cls]
