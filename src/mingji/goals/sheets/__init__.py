"""Goals in spreadsheets: what a row means, and everything that is wrong with it. Pure."""

from __future__ import annotations

from mingji.goals.sheets.meaning import Known, Meant, mean
from mingji.goals.sheets.reading import HEADERS, Row, read_sheet

__all__ = ["HEADERS", "Known", "Meant", "Row", "mean", "read_sheet"]
