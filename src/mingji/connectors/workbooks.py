"""Cells of an Excel workbook as the text a person sees, without a binary float's dust."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def sheet_rows(path: Path, sheet: str = "") -> tuple[list[tuple[str | None, ...]], list[str]]:
    """The rows of a sheet as text, each ending in its row number, and the sheets not read.

    Without a name it is the first sheet with anything in it. Blank rows are left out, and rows
    keep the numbers that the spreadsheet shows.

    Raises:
        ValueError: If it is not a workbook, or the sheet is missing or empty.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [sheet] if sheet else book.sheet_names
        for name in names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [
                (*(cell_text(cell) for cell in row), str(number))
                for number, row in enumerate(cells, start=1)
                if any(cell != "" for cell in row)
            ]
            if rows:
                others = [] if sheet else book.sheet_names[book.sheet_names.index(name) + 1 :]
                return rows, [each for each in others if book.get_sheet_by_name(each).height]
    except CalamineError as error:
        raise ValueError(str(error)) from error
    raise ValueError(f"no rows in {', '.join(names)}")


def cell_text(cell: Cell) -> str | None:
    """One cell as text: dates as ISO, numbers to the 15 digits that Excel shows, blanks as None.

    >>> cell_text(0.1 + 0.2), cell_text(1052.0), cell_text(1e21), cell_text("")
    ('0.3', '1052', '1000000000000000000000', None)
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        number = Decimal(format(cell, ".15g"))
        return format(number, "f")
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell) or None
