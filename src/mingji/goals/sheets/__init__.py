"""Goals in spreadsheets: what a row means, and everything that is wrong with it. Pure."""

from __future__ import annotations

from mingji.goals.sheets.meaning import Known, Meant, mean
from mingji.goals.sheets.reading import HEADERS, Row, read_sheet
from mingji.goals.sheets.writing import Line, Progress, csv_lines, write_workbook

__all__ = [
    "HEADERS",
    "Known",
    "Line",
    "Meant",
    "Progress",
    "Row",
    "csv_lines",
    "mean",
    "read_sheet",
    "write_workbook",
]
