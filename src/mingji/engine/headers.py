"""Which column of a file is which column of a table, and in which row the names stand."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import pyarrow as pa

from mingji.engine.model import Column, Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


class Misshapen(Protocol):
    """A line that has not as many cells as the header."""

    @property
    def row(self) -> int: ...
    @property
    def text(self) -> str: ...


class Reading(Protocol):
    """What the warehouse needs of an opened source (`connectors.files.open_file` gives one)."""

    @property
    def file(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def spreadsheet(self) -> bool: ...
    @property
    def batches(self) -> Callable[[], Iterator[pa.RecordBatch]]: ...
    @property
    def misshapen(self) -> Iterable[Misshapen]: ...
    @property
    def header(self) -> int: ...
    @property
    def head(self) -> tuple[tuple[int, tuple[str, ...]], ...]: ...
    @property
    def under(self) -> Callable[[int], Any]: ...
    @property
    def unread(self) -> tuple[str, ...]: ...


def headed(table: Table, reading: Reading) -> Reading:
    """The reading with its header where the table's column names stand.

    People put titles and dates above the names: of the first rows, the one that holds most names
    is the header. The row that a file starts with stays it unless another holds more.
    """
    known = [{_folded(name) for name in _names(column)} for column in table.columns.values()]

    def holds(cells: Iterable[str]) -> int:
        folded = {_folded(cell) for cell in cells}
        return sum(1 for names in known if names & folded)

    best, row = holds(reading.columns), reading.header
    for number, cells in reading.head:
        if number > reading.header and holds(cells) > best:
            best, row = holds(cells), number
    moved: Reading = reading if row == reading.header else reading.under(row)
    return moved


def places(table: Table, reading: Reading) -> dict[str, int]:
    """Which column of the file each column of the table is, by its name or one of its headers.

    Raises:
        Invalid: Naming each column that is missing or stands twice, with those the file has.
    """
    found: dict[str, int] = {}
    findings: list[Finding] = []
    headers = [_folded(header) for header in reading.columns]
    for column in table.columns.values():
        wanted = [_folded(name) for name in _names(column)]
        matches = [place for place, header in enumerate(headers) if header in wanted]
        if len(matches) == 1:
            found[column.name] = matches[0]
        if len(matches) == 1 or (column.optional and not matches):
            continue
        findings.append(_unplaced(column, matches, table, reading))
    if findings:
        message = Text(
            f"{reading.file} 与表 {table.name} 的定义不符：{findings[0].message.zh}",
            f"{reading.file} does not fit table {table.name}: {findings[0].message.en}",
        )
        raise Invalid(message, code="columns", findings=tuple(findings))
    return found


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, *column.headers)


def _folded(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _unplaced(column: Column, matches: list[int], table: Table, reading: Reading) -> Finding:
    label, row = column.label, reading.header
    place = Place(reading.file, row, None, f"tables.{table.name}.columns.{column.name}")
    if matches:
        return Finding(
            "repeated_column",
            "error",
            Text(f"列“{label.zh}”出现了多次", f"column “{label.en}” stands more than once"),
            Text("在文件里改掉重名的列", "rename one of them in the file"),
            place,
        )
    named = [header for header in reading.columns if header]
    near = difflib.get_close_matches(column.name, named, 3) or named or ["–"]
    return Finding(
        "missing_column",
        "error",
        Text(f"没有列“{label.zh}”", f"there is no column “{' / '.join(_names(column))}”"),
        Text(
            f"第 {row} 行的列名有：{'、'.join(near)}；在定义里用 header 写出文件中的列名",
            f"row {row} has the names: {', '.join(near)}; "
            "give the file's name as header in the definitions",
        ),
        place,
    )
