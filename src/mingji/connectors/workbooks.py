"""Sheets of a workbook as the text a person sees, without a binary float's dust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from mingji.connectors.binary_sheets import looked_through
from mingji.connectors.reading import HEAD, ROW, refused
from mingji.connectors.seen import Seen, Unpacked
from mingji.connectors.unpacking import damaged, unpacked
from mingji.rules.text import Text

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
#: How an archive begins.
ZIPPED = b"PK\x03\x04"
#: How a workbook begins that is older.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Numbers from here on have more digits than a spreadsheet keeps.
_KEPT = 1e15
#: Rows are put into columns in pieces.
_PIECE = 16_384
#: What stands in a workbook that only opens with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: A row of a sheet: its cells as text, then its row number.
Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that hold anything, and how many cells of merged ones were filled.

    `head` are the first rows, `batches` all of them, in columns of text named `0`, `1`, … and
    their row numbers (`_row`). `pointed` are the places of columns with fractions that are real
    numbers, no text: in these a point is the decimal mark; `rounded` are those with numbers of more
    digits than a spreadsheet keeps; `hidden` are the numbers of rows that
    nobody sees, `hidden_columns` the places of columns, `since_1904` says that bare numbers are
    days from 1904 on.
    """

    name: str
    head: tuple[Row, ...]
    batches: tuple[pa.RecordBatch, ...]
    filled: int = 0
    pointed: frozenset[int] = frozenset()
    rounded: frozenset[int] = frozenset()
    hidden: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    since_1904: bool = False


def sheets(path: Path, name: str = "") -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything, those that people see first.

    Blank rows are left out, and rows keep the numbers that the spreadsheet shows.

    Raises:
        Invalid: If it is no workbook, is damaged, wants a password, would take too much memory, or
            the named sheet is missing.
    """
    with path.open("rb") as stream:
        start = stream.read(len(COMPOUND))
    inside = unpacked(path) if start.startswith(ZIPPED) else Unpacked({})
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
        if start == COMPOUND:
            inside = looked_through(path)
        hidden = {each.name for each in book.sheets_metadata if _is_hidden(each.visible)}
        names = [name] if name else sorted(book.sheet_names, key=lambda each: each in hidden)
        for each in names:
            seen = inside.sheets.get(each, Seen())
            sheet = _sheet(book.get_sheet_by_name(each), seen, since_1904=inside.since_1904)
            if sheet.head:
                yield sheet
    except CalamineError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: CalamineError) -> Exception:
    if isinstance(error, WorksheetNotFound):
        return refused(path, Text("没有这张工作表", "there is no such sheet"))
    if isinstance(error, PasswordError) or _ENCRYPTED in path.read_bytes():
        return refused(
            path,
            Text("工作簿设了打开密码", "the workbook is protected by a password"),
            Text("在 Excel 里去掉密码后另存", "save it in Excel without the password"),
        )
    return damaged(path)


def _is_hidden(visible: SheetVisibleEnum) -> bool:
    return bool(visible != SheetVisibleEnum.Visible)


def _sheet(sheet: CalamineSheet, seen: Seen, *, since_1904: bool) -> Sheet:
    rows = _Rows(sheet, seen)
    head, batches = packed(rows.numbered())
    return Sheet(
        sheet.name,
        head,
        batches,
        rows.filled,
        frozenset(rows.pointed),
        frozenset(rows.rounded),
        tuple(rows.hidden),
        tuple(sorted(seen.hidden_columns & rows.used)),
        since_1904,
    )


class _Rows:
    """The rows of a sheet one after the other, so that no more than a piece is held as objects."""

    def __init__(self, sheet: CalamineSheet, seen: Seen) -> None:
        self._sheet = sheet
        self._failed: dict[int, list[tuple[int, str]]] = {}
        for (row, place), text in seen.formulas.items():
            self._failed.setdefault(row, []).append((place, text))
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            self._merged.setdefault(top, []).append((left, bottom))
        self._unseen, self._reach = set(seen.hidden), dict[int, tuple[str | None, int]]()
        self.filled = 0
        self.pointed, self.rounded, self.used = set[int](), set[int](), set[int]()
        self.hidden = list[int]()

    def numbered(self) -> Iterator[Row]:
        """The rows that hold anything, each with its number at the end."""
        left = self._sheet.start[1] if self._sheet.start else 0
        for row, beside in enumerate(self._sheet.iter_rows()):
            # The reader leaves out the blank columns before the first that is used.
            cells = [*[""] * left, *beside] if left else beside
            self._look_at_numbers(cells)
            texts = [cell_text(cell) for cell in cells]
            for place, text in self._failed.get(row, ()):
                if place < len(texts):
                    texts[place] = text
            self._fill(row, cells, texts)
            filled = [place for place, text in enumerate(texts) if text is not None]
            if not filled:
                continue
            self.used.update(filled)
            if row + 1 in self._unseen:
                self.hidden.append(row + 1)
            yield (*texts, str(row + 1))

    def _look_at_numbers(self, cells: list[Cell]) -> None:
        for place, cell in enumerate(cells):
            if type(cell) is float and not cell.is_integer():
                self.pointed.add(place)
            elif isinstance(cell, int | float) and abs(cell) >= _KEPT:
                self.rounded.add(place)

    def _fill(self, row: int, cells: list[Cell], texts: list[str | None]) -> None:
        """Repeats words and days of a merged cell in its rows; a number belongs to one row only."""
        for left, (value, bottom) in list(self._reach.items()):
            if row > bottom:
                del self._reach[left]
            elif value is not None and texts[left] is None:
                texts[left] = value
                self.filled += 1
        for left, bottom in self._merged.get(row, ()):
            if left < len(cells) and isinstance(cells[left], str | dt.date):
                self._reach[left] = (texts[left], bottom)


def packed(rows: Iterable[Row]) -> tuple[tuple[Row, ...], tuple[pa.RecordBatch, ...]]:
    """The first rows, and all of them in columns; each has its number as its last cell."""
    head: list[Row] = []
    batches = []
    piece: list[Row] = []
    for row in rows:
        if len(head) < HEAD:
            head.append(row)
        piece.append(row)
        if len(piece) == _PIECE:
            batches.append(_in_columns(piece))
            piece = []
    if piece:
        batches.append(_in_columns(piece))
    return tuple(head), tuple(batches)


def _in_columns(rows: list[Row]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    columns[-1] = columns[-1].cast(pa.int64())
    return pa.RecordBatch.from_arrays(columns, [*map(str, range(len(columns) - 1)), ROW])


def cell_text(cell: Cell) -> str | None:
    """One cell as text: dates as ISO, numbers to the 15 digits that Excel shows, blanks as None.

    >>> cell_text(0.1 + 0.2), cell_text(1052.0), cell_text(1e21), cell_text("")
    ('0.3', '1052', '1000000000000000000000', None)
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        text = format(cell, ".15g")
        return format(Decimal(text), "f") if "e" in text else text
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell) or None
