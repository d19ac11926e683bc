"""Cells that are safe to open in a spreadsheet. No Django in here: the command line uses it too."""

from __future__ import annotations

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula; negative numbers stay numbers.

    >>> safe_cell("=1+1"), safe_cell("-12.5"), safe_cell("-cmd")
    ("'=1+1", '-12.5', "'-cmd")
    """
    is_number = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) and not is_number else text
