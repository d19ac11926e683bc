"""Sheets of a workbook as the text a person sees, without a binary float's dust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
#: A row of a sheet: its cells as text, then its row number.
Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that hold anything, and how many cells of merged ones were filled.

    `pointed` are the places of columns with fractions that are real numbers, no text: in these a
    point is the decimal mark.
    """

    name: str
    rows: list[Row]
    filled: int = 0
    pointed: frozenset[int] = frozenset()


def sheets(path: Path, name: str = "") -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything, those that people see first.

    Blank rows are left out, and rows keep the numbers that the spreadsheet shows.

    Raises:
        ValueError: If it is not a workbook, or the named sheet is missing.
    """
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
        hidden = {each.name for each in book.sheets_metadata if _is_hidden(each.visible)}
        names = [name] if name else sorted(book.sheet_names, key=lambda each: each in hidden)
        for each in names:
            sheet = _sheet(book.get_sheet_by_name(each))
            if sheet.rows:
                yield sheet
    except CalamineError as error:
        raise ValueError(str(error)) from error


def _is_hidden(visible: SheetVisibleEnum) -> bool:
    return bool(visible != SheetVisibleEnum.Visible)


def _sheet(sheet: CalamineSheet) -> Sheet:
    cells = sheet.to_python(skip_empty_area=False)
    grid = [[cell_text(cell) for cell in row] for row in cells]
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
    return Sheet(sheet.name, numbered(grid), filled, frozenset(pointed))


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
