"""Agreed scoring as people type it, and as it is kept: a method with settings of a scheme file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from mingji.goals.scoring.settings import Setting, asked, defaults
from mingji.kit.words import RULES
from mingji.rules.agreed_scoring import AGREEABLE
from mingji.rules.codec import as_text, from_text
from mingji.rules.errors import Invalid
from mingji.rules.explanation import plain
from mingji.rules.findings import Finding, Place
from mingji.rules.methods import METHODS
from mingji.rules.methods.anchors import Anchor
from mingji.rules.methods.bands import Band, LinearBand
from mingji.rules.numbers import HUNDRED, exact, shown
from mingji.rules.text import Text
from mingji.schemes.facts.figures import Unreadable, figure

_TABLES: dict[str, Any] = {
    "anchors": tuple[Anchor, ...],
    "bands": tuple[Band, ...],
    "lines": tuple[LinearBand, ...],
}
# Methods whose points are agreed in percent of the weight; the others count points of the form.
_OF_HUNDRED = frozenset(AGREEABLE) - {"ratio", "binary", "deviation", "deduct"}
_RANGE = re.compile(r"\s*(?:\.\.|…|~|—|至|到)\s*")
_ENDS = re.compile(r"[;；\n]")
_NUMBERS = frozenset(("share", "number", "step"))


class _Unread(Exception):
    def __init__(self, message: Text, remedy: Text) -> None:
        super().__init__(message.en)
        self.message, self.remedy = message, remedy


def read(
    method: str, given: Mapping[str, str], *, unit: str = "", direction: str = "up"
) -> dict[str, str]:
    """The scoring of a goal from the settings as they were typed; without a method none.

    >>> read("ratio", {"cap": "110"})
    {'method': 'ratio', 'out_of': '', 'direction': 'up', 'cap': '1.1'}

    Raises:
        Invalid: what cannot be read; places name the settings.
    """
    if not method:
        return {}
    kept = {"method": method, "out_of": "100" if method in _OF_HUNDRED else ""}
    known = {field.name for field in fields(METHODS[method])} if method in METHODS else set()
    better = "down" if direction == "down" else "up"
    if "direction" in known:
        kept["direction"] = better
    if method == "band":
        kept["closed"] = "high" if better == "down" else "low"
    wrong = []
    for setting in asked(method, direction):
        try:
            kept[setting.name] = _kept(setting, given.get(setting.name, ""), given, unit)
        except _Unread as fault:
            place = Place(path=setting.name)
            wrong.append(Finding("unreadable", "error", fault.message, fault.remedy, place))
    if wrong:
        raise Invalid(wrong[0].message, code="unreadable", findings=tuple(wrong))
    return kept


def typed(scoring: Mapping[str, str], unit: str = "") -> dict[str, str]:
    """The settings of an agreed scoring as a form shows them.

    >>> typed({"method": "ratio", "direction": "up", "cap": "1.1"})
    {'cap': '110'}
    """
    settings = asked(scoring.get("method", ""), scoring.get("direction", "down"))
    given = [each for each in settings if each.name in scoring]
    return {each.name: _shown(each, scoring[each.name], scoring, unit) for each in given}


def one_line(scoring: Mapping[str, str], unit: str = "") -> str:
    """An agreed scoring in one cell of a sheet; `read_line` reads it back.

    >>> one_line({"method": "ratio", "direction": "up", "cap": "1.1"})
    'ratio: cap = 110'
    """
    if not scoring:
        return ""
    method, kinds = scoring.get("method", ""), {s.name: s.kind for s in asked(scoring["method"])}
    parts = [
        value.replace("\n", "; ") if kinds.get(name) in _TABLES else f"{name} = {value}"
        for name, value in typed(scoring, unit).items()
    ]
    return f"{method}: {'; '.join(parts)}" if parts else method


def read_line(
    text: str, *, unit: str = "", direction: str = "up", most: Decimal | None = None
) -> dict[str, str]:
    """The scoring that one cell says: `ratio`, `ratio: cap = 110`, `anchors: 60 = 0; 100 = 100`.

    The method by its id or name; settings that are not named are those that a form starts with.

    >>> read_line("锚点插值法：60=0；100=100")["anchors"]
    '[{"points":"0","value":"60"},{"points":"100","value":"100"}]'

    Raises:
        Invalid: no such method or setting, or a value that cannot be read.
    """
    named, _colon, rest = text.replace("：", ":").partition(":")
    method = _method(named.strip())
    if not method:
        return {}
    settings = asked(method, direction)
    given = defaults(method, direction, most)
    table = next((each for each in settings if each.kind in _TABLES), None)
    lines = []
    for piece in filter(None, (each.strip() for each in _ENDS.split(rest))):
        name, _equals, value = piece.replace("＝", "=").partition("=")
        found = next((each for each in settings if _is_called(each, name.strip())), None)
        if found is not None:
            given[found.name] = value.strip()
        elif table is not None:
            lines.append(piece)
        else:
            raise _refused(_no_setting(name.strip(), settings))
    if table is not None and lines:
        given[table.name] = "\n".join(lines)
    return read(method, given, unit=unit, direction=direction)


def _method(named: str) -> str:
    if not named:
        return ""
    folded = named.casefold()
    for method in AGREEABLE:
        words = RULES[f"method.{method}"]
        if folded in (method, words.zh.casefold(), words.en.casefold()):
            return method
    listed = "、".join(f"{each}（{RULES[f'method.{each}'].zh}）" for each in AGREEABLE)
    raise _refused(
        _Unread(
            Text(f"没有计分方法“{named}”", f"there is no scoring method “{named}”"),
            Text(f"可以写：{listed}", f"write one of: {', '.join(AGREEABLE)}"),
        )
    )


def _is_called(setting: Setting, name: str) -> bool:
    folded = name.casefold()
    return folded in (setting.name, setting.label.zh.casefold(), setting.label.en.casefold())


@exact
def _kept(setting: Setting, text: str, given: Mapping[str, str], unit: str) -> str:
    text = text.strip()
    if setting.kind == "choice":
        return _choice(setting, text)
    if setting.kind == "formula":
        if not text:
            raise _empty(setting)
        return text
    factor = _factor(setting, given, unit)
    if setting.kind in _TABLES:
        rows = [each.strip() for each in _ENDS.split(unicodedata.normalize("NFKC", text))]
        return as_text(tuple(_row(setting, row, factor) for row in rows if row))
    value = _number(text, setting)
    if value < 0:
        raise _Unread(
            Text(f"“{setting.label.zh}”不能是负数", f"“{setting.label.en}” cannot be negative"),
            Text("填 0 或正数", "write 0 or more"),
        )
    return plain(value / factor)


def _choice(setting: Setting, text: str) -> str:
    for code, words in setting.choices:
        if text.casefold() in (code, words.zh.casefold(), words.en.casefold()):
            return code
    listed = ", ".join(code for code, _ in setting.choices)
    raise _Unread(
        Text(f"“{setting.label.zh}”不能是“{text}”", f"“{setting.label.en}” cannot be “{text}”"),
        Text(f"可以写：{listed}", f"write one of: {listed}"),
    )


def _factor(setting: Setting, given: Mapping[str, str], unit: str) -> Decimal:
    """How many times larger a value is typed than kept."""
    if setting.kind == "share":
        return HUNDRED
    in_unit = setting.kind in (*_TABLES, "step") and given.get("measure") in ("actual", "value")
    return HUNDRED if in_unit and unit == "ratio" else Decimal(1)


def _row(setting: Setting, row: str, factor: Decimal) -> Any:
    span, equals, points = row.partition("=")
    if not equals:
        raise _Unread(Text(f"看不懂“{row}”", f"“{row}” cannot be read"), setting.advice)
    if setting.kind == "anchors":
        return Anchor(value=_number(span, setting) / factor, points=_number(points, setting))
    low, high = _ends(span, setting)
    low, high = (None if each is None else each / factor for each in (low, high))
    if setting.kind == "bands":
        return Band(low=low, high=high, points=_number(points, setting))
    first, last = _ends(points, setting)
    if low is None or high is None or first is None or last is None:
        raise _Unread(Text(f"“{row}”少了一端", f"“{row}” lacks an end"), setting.advice)
    return LinearBand(low=low, high=high, bottom=first, top=last)


def _ends(text: str, setting: Setting) -> tuple[Decimal | None, Decimal | None]:
    parts = _RANGE.split(text.strip())
    if len(parts) != 2:
        raise _Unread(Text(f"看不懂“{text}”", f"“{text}” cannot be read"), setting.advice)
    low, high = (None if not each else _number(each, setting) for each in parts)
    return low, high


def _number(text: str, setting: Setting) -> Decimal:
    if not text.strip():
        raise _empty(setting)
    found = figure(text.strip(), percent_points=True)
    if isinstance(found, Unreadable):
        raise _Unread(found.message, found.remedy)
    return found.value


def _shown(setting: Setting, kept: str, scoring: Mapping[str, str], unit: str) -> str:
    if setting.kind in ("choice", "formula"):
        return kept
    factor = _factor(setting, scoring, unit)
    if setting.kind in _NUMBERS:
        return shown(Decimal(kept) * factor)
    return "\n".join(_lines(from_text(_TABLES[setting.kind], kept), factor))


def _lines(rows: Any, factor: Decimal) -> Iterator[str]:
    def end(value: Decimal | None) -> str:
        return "" if value is None else shown(value * factor)

    for row in rows:
        match row:
            case Anchor():
                yield f"{end(row.value)} = {shown(row.points)}"
            case Band():
                yield f"{end(row.low)}..{end(row.high)} = {shown(row.points)}"
            case LinearBand():
                span = f"{end(row.low)}..{end(row.high)}"
                yield f"{span} = {shown(row.bottom)}..{shown(row.top)}"


def _empty(setting: Setting) -> _Unread:
    return _Unread(
        Text(f"没有填“{setting.label.zh}”", f"“{setting.label.en}” is empty"),
        setting.advice if setting.advice.zh else Text("填一个数", "write a number"),
    )


def _no_setting(name: str, settings: tuple[Setting, ...]) -> _Unread:
    listed = ", ".join(each.name for each in settings) or "–"
    return _Unread(
        Text(f"这种计分方法没有“{name}”", f"this method has no “{name}”"),
        Text(f"可以写：{listed}", f"it has: {listed}"),
    )


def _refused(fault: _Unread) -> Invalid:
    place = Place(path="scoring")
    found = Finding("unreadable", "error", fault.message, fault.remedy, place)
    return Invalid(fault.message, code="unreadable", findings=(found,))
