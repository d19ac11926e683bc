"""Which column of a file is which column of a table, and in which row the names stand."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pyarrow as pa

from mingji.engine.model import Column, Table
from mingji.engine.unit_words import split_header, unit_of
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


class Misshapen(Protocol):
    """A line that does not fit the header, with its cells as far as they can be told apart."""

    @property
    def row(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def reason(self) -> str: ...


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
    def since_1904(self) -> bool: ...
    @property
    def batches(self) -> Callable[[], Iterator[pa.RecordBatch]]: ...
    @property
    def misshapen(self) -> Iterable[Misshapen]: ...
    @property
    def header(self) -> int: ...
    @property
    def joined(self) -> bool: ...
    @property
    def head(self) -> tuple[tuple[int, tuple[str, ...]], ...]: ...
    @property
    def under(self) -> Callable[[int], Any]: ...
    @property
    def sheet(self) -> str: ...
    @property
    def alike(self) -> tuple[str, ...]: ...
    @property
    def unread(self) -> tuple[str, ...]: ...
    @property
    def others(self) -> Callable[[], Iterator[Any]]: ...
    @property
    def asks(self) -> bool: ...
    @property
    def called(self) -> Mapping[str, str]: ...
    @property
    def broken(self) -> bool: ...
    @property
    def pointed(self) -> frozenset[str]: ...
    @property
    def rounded(self) -> frozenset[str]: ...
    @property
    def told(self) -> tuple[Finding, ...]: ...


#: Blanks beside a Chinese character part no words: 姓 名, and a header broken into two lines.
_WITHIN = re.compile(r"(?<=[\u3400-\u9fff()（）])\s+|\s+(?=[\u3400-\u9fff()（）])")
_BROKEN = re.compile(r"(?<=[\u3400-\u9fff()（）])\s*\n\s*|\s*\n\s*(?=[\u3400-\u9fff()（）])")


def headed(table: Table, reading: Reading) -> Reading:
    """The reading with its header where the table's column names stand.

    People put titles and dates above the names: of the first rows, the one that holds most names
    is the header. The row that a file starts with stays it unless another holds more. Two rows
    are one header where together they hold more names than either (线索 over 数量, 金额), or
    where the second only names units. Of a workbook the sheet counts that holds most names.
    """
    every = [(_best(table, each), each) for each in (reading, *reading.others())]
    best, chosen = max(every, key=lambda each: each[0].held)
    moved: Reading = chosen if best.row == chosen.header else chosen.under(best.row)
    alike = tuple(each.sheet for held, each in every if held.held == best.held and each != chosen)
    moved = replace(moved, alike=alike) if alike else moved  # type: ignore[type-var]
    return _under_both(moved, best.names) if best.joined else moved


def _under_both(reading: Reading, names: tuple[str, ...]) -> Reading:
    """The reading under names that two rows make together, as many as its rows have cells."""
    width = len(reading.columns)
    columns = _filled(names[:width], width)
    pairs = list(zip(columns, reading.columns, strict=True))
    pointed, rounded = (
        frozenset(name for name, lower in pairs if lower in known)
        for known in (reading.pointed, reading.rounded)
    )
    both: Reading = replace(  # type: ignore[type-var]
        reading, columns=columns, pointed=pointed, rounded=rounded, joined=True
    )
    return both


@dataclass(frozen=True, slots=True)
class _Header:
    """Names found in the row `row`, or in it and the one above: how many the table knows."""

    held: int
    row: int
    names: tuple[str, ...]
    joined: bool = False


def _best(table: Table, reading: Reading) -> _Header:
    known = _known(table)
    rows = [each for each in reading.head if each[0] > reading.header]
    best = _Header(_held(known, reading.columns), reading.header, reading.columns)
    for number, cells in rows:
        if _held(known, cells) > best.held:
            best = _Header(_held(known, cells), number, cells)
    above = (reading.header, reading.columns)
    for number, cells in rows:
        names = _joined(known, above[1], cells)
        held = _held(known, names)
        is_units = above[0] == best.row and not best.joined and _only_units(cells)
        if held > best.held or (is_units and held == best.held):
            best = _Header(held, number, names, joined=True)
        above = (number, cells)
    return best


def _only_units(cells: tuple[str, ...]) -> bool:
    named = [cell.strip("()（） ") for cell in cells if cell]
    return bool(named) and all(unit_of(cell) for cell in named)


def _joined(
    known: list[set[str]], above: tuple[str, ...], below: tuple[str, ...]
) -> tuple[str, ...]:
    """Two rows as one: the upper name reaches over the blanks to its right, as merged cells do."""
    width = max(len(above), len(below))
    uppers, lowers = _filled(above, width), _filled(below, width)
    every = {name for names in known for name in names}
    names: list[str] = []
    group = ""
    for upper, lower in zip(uppers, lowers, strict=True):
        group = upper or (group if lower else "")
        unit = unit_of(lower.strip("()（） ")) if lower else None
        whole = f"{group}（{lower.strip('()（） ')}）" if unit else f"{group} {lower}".strip()
        alone = lower if lowers.count(lower) == 1 else ""
        ways = (whole, group + lower, *(f"{group}{mark}{lower}" for mark in "/-_·"), alone)
        names.append(next((way for way in ways if way and _folded(way) in every), whole))
    return tuple(names)


def _filled(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _known(table: Table) -> list[set[str]]:
    return [{_folded(name) for name in _names(column)} for column in table.columns.values()]


def _held(known: list[set[str]], cells: Iterable[str]) -> int:
    """How many columns of the table are named, with or without a unit behind the name."""
    folded = {_folded(way) for cell in cells for way in (cell, split_header(cell)[0])}
    return sum(1 for names in known if names & folded)


def places(table: Table, reading: Reading) -> dict[str, int]:
    """Which column of the file each column of the table is, by its name or one of its headers.

    A unit behind the name (金额（万元）) is no part of it. Columns to be excluded have no place.

    Raises:
        Invalid: Naming each column that is missing or stands twice, with those the file has.
    """
    found: dict[str, int] = {}
    findings: list[Finding] = []
    whole = [_folded(header) for header in reading.columns]
    bare = [_folded(split_header(header)[0]) for header in reading.columns]
    for column in table.columns.values():
        if column.exclude:
            continue
        wanted = [_folded(name) for name in _names(column)]
        matches = [place for place, header in enumerate(whole) if header in wanted]
        matches = matches or [place for place, header in enumerate(bare) if header in wanted]
        if len(matches) == 1:
            found[column.name] = matches[0]
        if len(matches) == 1 or (column.optional and not matches):
            continue
        findings.append(
            _ambiguous(column, matches, reading) if matches else _unplaced(column, reading)
        )
    if findings:
        message = Text(
            f"{reading.file} 与表 {table.name} 的定义不符：{findings[0].message.zh}",
            f"{reading.file} does not fit table {table.name}: {findings[0].message.en}",
        )
        raise Invalid(message, code="columns", findings=tuple(findings))
    return found


def headers_of(table: Table, headers: Iterable[str]) -> dict[str, str]:
    """For each column of the table the first of some headers under which it would be read."""
    folded: dict[str, str] = {}
    for header in headers:
        for spelt in (header, split_header(header)[0]):
            folded.setdefault(_folded(spelt), header)
    found: dict[str, str] = {}
    for column in table.columns.values():
        called = [folded[n] for n in map(_folded, _names(column)) if n in folded]
        if called:
            found[column.name] = called[0]
    return found


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, *column.headers)


def holds_names(table: Table, cells: Iterable[str]) -> bool:
    """Whether any of these cells names a column of the table."""
    return _held(_known(table), cells) > 0


def is_named(column: Column, header: str) -> bool:
    """Whether the definitions name the column just so, with the unit in its name."""
    return _folded(header) in {_folded(name) for name in _names(column)}


def _folded(name: str) -> str:
    return _WITHIN.sub("", " ".join(plain_letters(name).split())).casefold()


def plain_letters(text: str) -> str:
    """A text without what nobody sees in it: width of letters, marks without width.

    >>> plain_letters("Ｗang\u200b\ufeff")
    'Wang'
    """
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(each for each in narrow if unicodedata.category(each) != "Cf")


def one_line(header: str) -> str:
    """A header as it is shown: what a cell breaks into lines stands in one."""
    return " ".join(_BROKEN.sub("", header).split())


def _place(column: Column, reading: Reading) -> Place:
    """Where a column should stand, by the name that people give it."""
    called = column.headers[0] if column.headers else column.name
    path = f"row {reading.header}, column {called}"
    return Place(reading.file, reading.header, None, path)


def _ambiguous(column: Column, matches: list[int], reading: Reading) -> Finding:
    label = column.label
    zh = "、".join(f"第 {at + 1} 列“{one_line(reading.columns[at])}”" for at in matches)
    en = ", ".join(f"column {at + 1} “{one_line(reading.columns[at])}”" for at in matches)
    return Finding(
        "repeated_column",
        "error",
        Text(
            f"有几列都可以是“{label.zh}”：{zh}", f"more than one column may be “{label.en}”: {en}"
        ),
        Text(
            "在文件里改掉不要的那一列的列名，或在定义的 header 里只写要的那一个",
            "rename those that are not meant in the file, or name only the right one as header "
            "in the definitions",
        ),
        _place(column, reading),
    )


def _unplaced(column: Column, reading: Reading) -> Finding:
    label, row = column.label, reading.header
    named = [one_line(header) for header in reading.columns if header]
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
        _place(column, reading),
    )
