"""What amounts in many currencies and their rates must satisfy."""

from __future__ import annotations

from collections.abc import Iterable

from mingji.engine.complaints import known, note
from mingji.engine.document import Notes
from mingji.engine.model import Column, Definitions, Rates, Table
from mingji.rules.text import Text

_KINDS = {"currency": "text", "rate": "decimal", "day": "date", "period": "text"}


def check_rates(definitions: Definitions, notes: Notes) -> None:
    """Notes columns and tables of rates that are not there, or not of the kind that is needed."""
    for table in definitions.tables.values():
        for column in table.columns.values():
            if column.currency:
                _check_amount(table, column, definitions, notes)
    rates = definitions.rates
    if rates is None:
        return
    if bool(rates.day) == bool(rates.period):
        _complain(
            notes,
            "rates",
            Text("rates 要写 day 或 period，只写一个", "rates need either day or period"),
            Text("day: 生效日期列；period: 期间列", "day: valid from; period: its period"),
        )
    if _there(notes, "table", rates.table, definitions.tables):
        _check_columns(rates, definitions.tables[rates.table], notes)


def _check_columns(rates: Rates, table: Table, notes: Notes) -> None:
    for word, kind in _KINDS.items():
        name = getattr(rates, word)
        if name and _there(notes, word, name, table.columns):
            _check_kind(table, name, kind, word, notes)


def _there(notes: Notes, word: str, name: str, names: Iterable[str]) -> bool:
    if name in names:
        return True
    listed = sorted(names)
    _complain(
        notes,
        f"rates.{word}",
        Text(f"{word}: 没有“{name}”", f"{word}: there is no “{name}”"),
        Text(f"可用：{'、'.join(listed)}", f"use one of: {', '.join(listed)}"),
    )
    return False


def _check_kind(table: Table, name: str, kind: str, word: str, notes: Notes) -> None:
    if table.columns[name].type == kind:
        return
    _complain(
        notes,
        f"rates.{word}",
        Text(f"“{name}”的类型应是 {kind}", f"“{name}” must be of type {kind}"),
        Text(f"把这一列写成 type: {kind}", f"give the column the type {kind}"),
    )


def _check_amount(table: Table, column: Column, definitions: Definitions, notes: Notes) -> None:
    word = f"columns.{column.name}.currency"
    if not known(notes, table, word, column.currency, table.columns):
        return
    if column.type == "decimal" and table.columns[column.currency].type == "text":
        if definitions.rates is None:
            note(
                notes,
                table,
                word,
                Text("多币种金额需要汇率", "amounts in several currencies need rates"),
                Text("写上 rates: …（见参考）", "add rates: … (see the reference)"),
                "rates",
            )
        return
    note(
        notes,
        table,
        word,
        Text(
            "金额列要是 decimal，货币列要是 text",
            "the amount must be a decimal, its currency a text",
        ),
        Text("改正列的 type", "correct the type of the column"),
        "rates",
    )


def _complain(notes: Notes, path: str, message: Text, remedy: Text) -> None:
    notes.add(notes.nearest(path), message, remedy, code="rates")
