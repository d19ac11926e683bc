"""The rows of a facts file, whatever its format, as text cells under known column names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingji.connectors.files import ROW, Misshapen, open_file
from mingji.connectors.workbooks import cell_text
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text
from mingji.schemes.facts.columns import Header, read_header
from mingji.schemes.facts.layout import MergedCells, headed, merged_cells


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its number in the file and its cells that are not empty."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell under a known column name; empty when it is."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A facts file as it stands: which columns, which rows, and what was noticed on the way."""

    file: str
    header: Header
    rows: tuple[Row, ...]


def read_rows(path: Path) -> Table:
    """All rows of a CSV, TSV, Excel or Parquet file.

    Raises:
        Invalid: the file cannot be read, a needed column is missing, or a line has more or fewer
            cells than the header.
    """
    opened = headed(open_file(path))
    reading = opened.reading
    header = read_header(opened.columns, reading.file, opened.row, opened.findings)
    merged = merged_cells(path) if reading.spreadsheet else MergedCells({})
    rows = tuple(_rows(reading.batches(), header, merged))
    if reading.misshapen:
        raise _misshapen(reading.file, reading.misshapen)
    return Table(reading.file, header, rows)


def _rows(batches: Iterator[Any], header: Header, merged: MergedCells) -> Iterator[Row]:
    for batch in batches:
        numbers = batch.column(ROW).to_pylist()
        columns = [
            (place, name, batch.column(place).to_pylist())
            for place, name in enumerate(header.names)
            if name
        ]
        for index, number in enumerate(numbers):
            cells = {
                name: merged.shared(number, place, name, _text(values[index]))
                for place, name, values in columns
            }
            if kept := {name: cell for name, cell in cells.items() if cell}:
                yield Row(number, kept)


def _text(cell: Any) -> str:
    """Parquet holds typed cells; a number becomes the digits that a person would write."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return (cell_text(cell) or "").strip() if cell is not None else ""


def _misshapen(file: str, lines: list[Misshapen]) -> Invalid:
    findings = tuple(
        Finding(
            "misshapen_row",
            "error",
            Text(
                zh=f"这一行有 {line.cells} 格，表头有 {line.expected} 列：{line.text[:60]}",
                en=f"this row has {line.cells} cells, the header {line.expected}: {line.text[:60]}",
            ),
            Text(
                zh="含逗号的内容用双引号括起来（数字 1,234 也一样）",
                en="put double quotes round what contains a comma (a number such as 1,234 too)",
            ),
            Place(file=file, path=f"row {line.row}"),
        )
        for line in lines
    )
    return Invalid(
        Text(
            zh=f"{file} 有 {len(findings)} 行的格数与表头不符",
            en=f"{len(findings)} rows of {file} do not fit its header",
        ),
        code="misshapen_rows",
        findings=findings,
    )
