"""Parameters of an item or its method that a row of the table sets for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mingji.rules.assess import overridden
from mingji.rules.codec import override
from mingji.rules.errors import Invalid
from mingji.rules.explanation import plain
from mingji.rules.method_checks import check_method
from mingji.rules.methods import METHODS
from mingji.rules.range_checks import check_item_ranges
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.document.complaints import nearest, unknown_method
from mingji.schemes.document.shapes import Kind, fields_of
from mingji.schemes.facts.columns import PARAMETERS
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row

_NOTHING: Mapping[str, str] = MappingProxyType({})


def with_method(item: Item, rows: Sequence[Row], report: Report) -> Item:
    """The item under the method that a row names instead of the scheme's."""
    for row in rows:
        method = row.get("method")
        if method in METHODS:
            return replace(item, scoring=METHODS[method]())
        if method:
            fault = unknown_method(method, METHODS)
            report.add(fault.code, fault.message, fault.remedy, row=row.number, column="method")
    return item


def overrides(item: Item, rows: Sequence[Row], report: Report) -> Mapping[str, str]:
    """The parameters that the rows of an item set, as text, checked against their types."""
    found: dict[str, str] = {}
    for row in rows:
        if row.get("method") in METHODS:
            found["method"] = row.get("method")
        for name in PARAMETERS & row.cells.keys():
            text = _parameter(item, name, row, report)
            if found.setdefault(name, text) != text:
                report.add(
                    "rows_disagree",
                    Text(
                        zh=f"同一考核项的几行里 {name} 不一致：{found[name]}、{text}",
                        en=f"the rows of one item disagree about {name}: {found[name]}, {text}",
                    ),
                    Text(zh="改成一致，或只写在一行", en="write it once, or alike"),
                    row=row.number,
                    column=name,
                )
    return MappingProxyType(dict(sorted(found.items()))) if found else _NOTHING


def check_settings(
    item: Item, settings: Mapping[str, str], rows: Sequence[Row], report: Report
) -> None:
    """Refuse settings of a row that the scheme itself would be refused for (a cap below 0 …).

    Its target belongs to the member and is looked at when it is scored.
    """
    try:
        changed = overridden(item, settings)
    except Invalid:
        return  # told with its cell already
    for found in (*check_method(changed, "scoring"), *check_item_ranges(changed, "")):
        if found.severity == "error" and found.code != "target_not_positive":
            name = next((each for each in settings if found.place.path.endswith(f".{each}")), "")
            row = next((each for each in rows if each.get(name)), rows[0])
            report.add(found.code, found.message, found.remedy, row=row.number, column=name)


def _parameter(item: Item, name: str, row: Row, report: Report) -> str:
    """A parameter's text, checked against the method (or the item) that it belongs to."""
    settings = item.scoring if name in fields_of(type(item.scoring)) else item
    known = fields_of(type(settings))
    text = row.get(name)
    if name not in known:
        _not_a_parameter(item, name, row, report)
        return text
    kind: Kind = known[name].shape.kind
    if kind in ("number", "whole"):
        value = report.number(row, name, percent_points=name in ("tolerance", "target_growth"))
        return plain(value) if value is not None else ""
    try:
        override(settings, name, text)
    except Invalid as refusal:
        report.add(
            refusal.code,
            refusal.message,
            Text(
                zh=f"可选：{'、'.join(known[name].shape.choices)}",
                en=f"choose one of: {', '.join(known[name].shape.choices)}",
            )
            if known[name].shape.choices
            else Text(zh="列表写成 JSON", en="write lists as JSON"),
            row=row.number,
            column=name,
        )
    return text


def _not_a_parameter(item: Item, name: str, row: Row, report: Report) -> None:
    method, fields = item.scoring.method, list(fields_of(type(item.scoring)))
    close = nearest(name, fields)
    listed = ", ".join(fields) or "—"
    report.add(
        "unknown_parameter",
        Text(
            zh=f"考核项 {item.id} 的计分方法 {method} 没有参数 {name}",
            en=f"the method {method} of the item {item.id} has no parameter {name}",
        ),
        Text(
            zh=f"清空这一格，或改用：{close or listed}",
            en=f"clear this cell, or use: {close or listed}",
        ),
        row=row.number,
        column=name,
    )
