"""Sheets of a workbook as the text a person sees, without a binary float's dust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from mingji.connectors.reading import refused
from mingji.connectors.unpacking import Seen, Unpacked, damaged, unpacked
from mingji.rules.text import Text

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
#: How an archive begins.
ZIPPED = b"PK\x03\x04"
#: What stands in a workbook that only opens with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: A row of a sheet: its cells as text, then its row number.
Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that hold anything, and how many cells of merged ones were filled.

    `pointed` are the places of columns with fractions that are real numbers, no text: in these a
    point is the decimal mark; `hidden` are the numbers of rows that nobody sees, `since_1904` says
    that bare numbers are days from 1904 on.
    """

    name: str
    rows: list[Row]
    filled: int = 0
    pointed: frozenset[int] = frozenset()
    hidden: tuple[int, ...] = ()
    since_1904: bool = False


def sheets(path: Path, name: str = "") -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything, those that people see first.

    Blank rows are left out, and rows keep the numbers that the spreadsheet shows.

    Raises:
        Invalid: If it is no workbook, is damaged, wants a password, would take too much memory, or
            the named sheet is missing.
    """
    inside = unpacked(path) if is_zipped(path) else Unpacked({})
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
        hidden = {each.name for each in book.sheets_metadata if _is_hidden(each.visible)}
        names = [name] if name else sorted(book.sheet_names, key=lambda each: each in hidden)
        for each in names:
            seen = inside.sheets.get(each, Seen())
            sheet = _sheet(book.get_sheet_by_name(each), seen, since_1904=inside.since_1904)
            if sheet.rows:
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


def is_zipped(path: Path) -> bool:
    """Whether a file is an archive, as workbooks are since 2007."""
    with path.open("rb") as stream:
        return stream.read(len(ZIPPED)) == ZIPPED


def _is_hidden(visible: SheetVisibleEnum) -> bool:
    return bool(visible != SheetVisibleEnum.Visible)


def _sheet(sheet: CalamineSheet, seen: Seen, *, since_1904: bool) -> Sheet:
    cells = sheet.to_python(skip_empty_area=False)
    grid = [[cell_text(cell) for cell in row] for row in cells]
    for (row, place), text in seen.formulas.items():
        if row < len(grid) and place < len(grid[row]):
            grid[row][place] = text
    filled = 0
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom < len(grid) and isinstance(cells[top][left], str | dt.date):
            filled += _fill_down(grid, top, bottom, left)
    pointed = {
        place
        for row in cells
        for place, cell in enumerate(row)
        if isinstance(cell, float) and not cell.is_integer()
    }
    hidden = tuple(row for row in seen.hidden if row <= len(grid) and any(grid[row - 1]))
    return Sheet(sheet.name, numbered(grid), filled, frozenset(pointed), hidden, since_1904)


def _fill_down(grid: list[list[str | None]], top: int, bottom: int, left: int) -> int:
    """Repeats words and days of a merged cell in its rows; a number belongs to one row only."""
    value, count = grid[top][left], 0
    for row in range(top + 1, bottom + 1):
        if value is not None and grid[row][left] is None:
            grid[row][left] = value
            count += 1
    return count


def numbered(grid: list[list[str | None]]) -> list[Row]:
    """The rows of a grid that hold anything, each with its number at the end."""
    return [
        (*row, str(number))
        for number, row in enumerate(grid, start=1)
        if any(cell is not None for cell in row)
    ]


def cell_text(cell: Cell) -> str | None:
    """One cell as text: dates as ISO, numbers to the 15 digits that Excel shows, blanks as None.

    >>> cell_text(0.1 + 0.2), cell_text(1052.0), cell_text(1e21), cell_text("")
    ('0.3', '1052', '1000000000000000000000', None)
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell) or None
