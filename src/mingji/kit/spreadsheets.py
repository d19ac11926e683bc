"""Cells that are safe to open in a spreadsheet. No Django in here: the command line uses it too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO

# What a double holds exactly, so that a number in a workbook stays the one it was.
_DIGITS = 15
# The same table gives the same bytes, whenever it is written.
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula; negative numbers stay numbers.

    >>> safe_cell("=1+1"), safe_cell("-12.5"), safe_cell("-cmd")
    ("'=1+1", '-12.5', "'-cmd")
    """
    is_number = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) and not is_number else text


def write_table(file: IO[bytes], name: str, lines: Iterable[Sequence[str | Decimal | int]]) -> None:
    """A table as an Excel workbook, row by row; the first line is its head.

    Numbers are numbers as far as Excel holds all their digits, else text; nothing is a formula.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": _ALWAYS})
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell, None if number else bold)
                elif len(Decimal(cell).normalize().as_tuple().digits) <= _DIGITS:
                    sheet.write_number(number, place, float(cell))
                else:
                    sheet.write_string(number, place, format(Decimal(cell), "f"))
