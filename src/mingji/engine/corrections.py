"""Corrections lie over the rows of batches and never change them.

A correction names a row by its key and says what is different: other values in some columns, a row
that does not count, a row that was missing. It stays in force whatever the source delivers later;
columns that it does not name follow the source. The statements run in the private local engine;
the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Literal

import duckdb

from mingji.engine.cells import sql_type
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Column, Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Kind = Literal["exclude", "change", "add"]
#: The rows as the batches have them, and those that a correction touches, before and after.
BASE, TOUCHED = "~base", "~corrected"
NUMBER = "_correction"
_KNOWN, _CHANGES, _ADDED, _NUMBERS = "~known", "~changes", "~added", "~numbers"
_MOST_DIGITS = 28


@dataclass(frozen=True, slots=True)
class Correction:
    """What is different about one row of a table.

    `key` holds the values of the table's key columns, in their order. `values` are the columns
    that a change sets, or all that are known of an added row; an empty text clears the cell.
    """

    number: int
    table: str
    kind: Kind
    key: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name under which rows of this correction stand among those of files."""
        return f"correction №{self.number}"


def check_correction(table: Table, correction: Correction) -> None:
    """Whether a table can take a correction.

    Raises:
        Invalid: the table has no key, a column is unknown or part of the key, a value is none of
            its column's type, or nothing would be different. Each finding names its column.
    """
    findings = list(_faults(table, correction))
    if findings:
        raise Invalid(findings[0].message, code="correction", findings=tuple(findings))


def _faults(table: Table, correction: Correction) -> Iterable[Finding]:
    name = table.label
    if not table.key:
        yield _fault(
            "no_key",
            "",
            Text(
                f"{name.zh} 没有主键，不能逐行更正",
                f"{name.en} has no key, so no single row of it can be corrected",
            ),
            Text("在定义里给这张表写 key", "give the table a key in the definitions"),
        )
        return
    for column, text in zip(table.key, correction.key, strict=False):
        yield from _misfit(table.columns[column], text, required=True)
    if len(correction.key) != len(table.key):
        listed = ", ".join(table.key)
        yield _fault(
            "no_row",
            table.key[0],
            Text("没有写明是哪一行", "it does not say which row"),
            Text(f"写出主键：{listed}", f"give its key: {listed}"),
        )
    if correction.kind == "change" and not correction.values:
        yield _fault(
            "no_change",
            "",
            Text("没有任何一列要改", "no column would be different"),
            Text("至少改一列的值", "change the value of at least one column"),
        )
    for column, text in correction.values.items():
        if column not in table.columns or column in table.key:
            yield _fault(
                "no_column",
                column,
                Text(f"不能更正“{column}”这一列", f"column “{column}” cannot be corrected"),
                Text("选主键以外的一列", "choose a column that is not part of the key"),
            )
        else:
            spec = table.columns[column]
            yield from _misfit(spec, text, required=spec.required or column == table.time)


def _misfit(column: Column, text: str, *, required: bool) -> Iterable[Finding]:
    label = column.label
    if not text:
        if required:
            yield _fault(
                "missing",
                column.name,
                Text(f"“{label.zh}”不能为空", f"{label.en} cannot be empty"),
                Text("补上这个值", "fill it in"),
            )
        return
    if not _fits(column, text):
        how = _FORMS[column.type]
        yield _fault(
            "misfit",
            column.name,
            Text(f"“{label.zh}”不能是“{text}”", f"{label.en} cannot be “{text}”"),
            how,
        )


_FORMS: Mapping[str, Text] = {
    "text": Text("写成文字", "write a text"),
    "integer": Text("写成整数，例如 12", "write a whole number such as 12"),
    "decimal": Text("写成 1234.5 这样的数字", "write a number such as 1234.5"),
    "boolean": Text("写 true 或 false", "write true or false"),
    "date": Text("写成 2026-07-01", "write 2026-07-01"),
    "timestamp": Text("写成 2026-07-01 09:30", "write 2026-07-01 09:30"),
}


def _fits(column: Column, text: str) -> bool:
    try:
        return _CHECKS[column.type](text, column.scale)
    except (ValueError, InvalidOperation):
        return False


def _fits_scale(number: Decimal, scale: int) -> bool:
    if not number.is_finite():
        return False
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent <= scale and number.adjusted() < _MOST_DIGITS - scale


_CHECKS: Mapping[str, Callable[[str, int], bool]] = {
    "text": lambda _text, _scale: True,
    "integer": lambda text, _scale: str(int(text)) == text,
    "decimal": lambda text, scale: _fits_scale(Decimal(text), scale),
    "boolean": lambda text, _scale: text in ("true", "false"),
    "date": lambda text, _scale: dt.date.fromisoformat(text).isoformat() == text,
    "timestamp": lambda text, _scale: bool(dt.datetime.fromisoformat(text)),
}


def _fault(code: str, column: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=column))


def lay_over(
    connection: duckdb.DuckDBPyConnection, table: Table, corrections: Sequence[Correction]
) -> None:
    """Makes the view of a table: the rows of `<table>~base` as the corrections leave them.

    Beside it `<table>~corrected` holds the touched rows, once as they were and once as they are,
    with the number of each correction that touches them.
    """
    ordered = sorted(corrections, key=lambda each: each.number)
    for each in ordered:
        check_correction(table, each)
    _write_added(connection, table, ordered)
    _write_changes(connection, table, ordered)
    _write_numbers(connection, table, ordered)
    name, key = table.name, ", ".join(f'"{each}"' for each in table.key)
    listed = ", ".join([*(f'"{each}"' for each in table.columns), ROW, FILE, BATCH])
    connection.execute(
        f'CREATE VIEW "{name}{_KNOWN}" AS SELECT {listed} FROM "{name}{BASE}" UNION ALL '
        f'SELECT {listed} FROM "{name}{_ADDED}" ANTI JOIN "{name}{BASE}" USING ({key})'
    )
    cells = [
        f'k."{each}"'
        if each in table.key
        else f'CASE WHEN c."!{each}" THEN c."{each}" ELSE k."{each}" END AS "{each}"'
        for each in table.columns
    ]
    told = f"CASE WHEN c.told IS NULL THEN k.{FILE} ELSE k.{FILE} || c.told END AS {FILE}"
    connection.execute(
        f'CREATE VIEW "{name}" AS SELECT {", ".join(cells)}, k.{ROW}, {told}, k.{BATCH} '
        f'FROM "{name}{_KNOWN}" AS k LEFT JOIN "{name}{_CHANGES}" AS c USING ({key}) '
        "WHERE c.excluded IS NOT TRUE"
    )
    connection.execute(
        f'CREATE VIEW "{name}{TOUCHED}" AS SELECT x.*, n.{NUMBER} FROM ('
        f'SELECT {listed} FROM "{name}{_KNOWN}" UNION ALL SELECT {listed} FROM "{name}") AS x '
        f'JOIN "{name}{_NUMBERS}" AS n USING ({key})'
    )


def _write_added(
    connection: duckdb.DuckDBPyConnection, table: Table, corrections: Iterable[Correction]
) -> None:
    columns = [f'"{each.name}" {sql_type(each)}' for each in table.columns.values()]
    system = [f"{ROW} BIGINT", f"{FILE} VARCHAR", f"{BATCH} VARCHAR"]
    connection.execute(f'CREATE TABLE "{table.name}{_ADDED}" ({", ".join([*columns, *system])})')
    rows: dict[tuple[str, ...], list[object]] = {}
    for each in corrections:
        if each.kind == "add":
            given = {**dict(zip(table.key, each.key, strict=True)), **each.values}
            cells = [given.get(column) or None for column in table.columns]
            rows[each.key] = [*cells, each.number, each.file, f"correction-{each.number:08}"]
    _insert(connection, f"{table.name}{_ADDED}", rows.values())


def _write_changes(
    connection: duckdb.DuckDBPyConnection, table: Table, corrections: Iterable[Correction]
) -> None:
    """One line for each row that is changed or excluded; where corrections meet, the later wins."""
    free = [each for each in table.columns.values() if each.name not in table.key]
    parts = [f'"{name}" {sql_type(table.columns[name])}' for name in table.key]
    for column in free:
        parts += [f'"{column.name}" {sql_type(column)}', f'"!{column.name}" BOOLEAN']
    parts += ["excluded BOOLEAN", "told VARCHAR"]
    connection.execute(f'CREATE TABLE "{table.name}{_CHANGES}" ({", ".join(parts)})')
    values: dict[tuple[str, ...], dict[str, str]] = {}
    told: dict[tuple[str, ...], list[str]] = {}
    excluded: dict[tuple[str, ...], bool] = {}
    for each in corrections:
        if each.kind != "add":
            values.setdefault(each.key, {}).update(each.values)
            told.setdefault(each.key, []).append(f" · {each.file}")
            excluded[each.key] = each.kind == "exclude"
    rows = [
        [
            *key,
            *(cell for c in free for cell in (given.get(c.name) or None, c.name in given)),
            excluded[key],
            "".join(told[key]),
        ]
        for key, given in values.items()
    ]
    _insert(connection, f"{table.name}{_CHANGES}", rows)


def _write_numbers(
    connection: duckdb.DuckDBPyConnection, table: Table, corrections: Iterable[Correction]
) -> None:
    key = [f'"{name}" {sql_type(table.columns[name])}' for name in table.key]
    connection.execute(
        f'CREATE TABLE "{table.name}{_NUMBERS}" ({", ".join([*key, f"{NUMBER} BIGINT"])})'
    )
    rows = [[*each.key, each.number] for each in corrections]
    _insert(connection, f"{table.name}{_NUMBERS}", rows)


def _insert(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Sequence[object]]
) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', list(row))


def touched_table(table: Table) -> Table:
    """The table of the rows that corrections touch, to be asked like the table itself."""
    return replace(table, name=f"{table.name}{TOUCHED}")
