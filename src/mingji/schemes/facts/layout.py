"""Where the table stands in a sheet: under which titles its header is, and what cells share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from mingji.connectors.files import Reading
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text
from mingji.schemes.facts.columns import known_column

# Who and what a row is about: a merged cell says it for every row that it covers.
_SHARED = frozenset(("member", "name", "team", "level", "family", "item"))


@dataclass(frozen=True, slots=True)
class Headed:
    """A file read from its header on: the column names, and the row in which they end.

    `findings` says so when something stands above the header.
    """

    reading: Reading
    columns: tuple[str, ...]
    row: int
    findings: tuple[Finding, ...] = ()


def headed(reading: Reading) -> Headed:
    """Find the header among the first rows: in one row, or in two under merged headings.

    Without one that names member, item and actual it is the row that names most of them, so that
    the complaint speaks of what the person takes for the header.
    """
    candidates = list(_candidates(reading))
    chosen = next((each for each in candidates if _is_complete(each[1])), None)
    if chosen is None:
        chosen = max(candidates, key=lambda each: len(_known(each[1])))
    row, columns, first = chosen
    above = (_titles(reading, first),) if first > reading.header else ()
    moved = reading if row == reading.header else reading.under(row)
    return Headed(moved, columns, row, above)


def _titles(reading: Reading, first: int) -> Finding:
    title = next(filter(None, reading.columns), "")
    message = Text(
        zh=f"列名在第 {first} 行，上面的“{title}”等没有读",
        en=f"the column names stand in row {first}; “{title}” and what else stands above "
        "is not read",
    )
    place = Place(file=reading.file, path=f"row {first}")
    return Finding("header_found", "info", message, Text("", ""), place)


def _candidates(reading: Reading) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """The row, its names, and the first row of the header: single rows first, then two as one."""
    rows = reading.head or ((reading.header, reading.columns),)
    upper: tuple[int, tuple[str, ...]] = (0, ())
    for row, cells in rows:
        # Merged headings stand in both of their rows.
        shared = any(a == b and known_column(a) for a, b in zip(upper[1], cells, strict=False))
        yield row, cells, upper[0] if shared and upper[0] == row - 1 else row
        upper = row, cells
    for (first, above), (second, below) in pairwise(rows):
        if second == first + 1 and len(above) == len(below):
            both = zip(above, below, strict=True)
            names = tuple(low if known_column(low) else high for high, low in both)
            yield second, names, first


def _known(cells: Sequence[str]) -> set[str]:
    return {name for cell in cells if (name := known_column(cell))}


def _is_complete(cells: Sequence[str]) -> bool:
    names = _known(cells)
    return bool(names & {"member", "name"} and "item" in names and names & {"actual", "choice"})


@dataclass(slots=True)
class MergedCells:
    """The merged cells of a workbook, given out row by row from the top."""

    ranges: Mapping[tuple[int, int], int]
    values: dict[tuple[int, int], str] = field(default_factory=dict)

    def shared(self, row: int, place: int, name: str, cell: str) -> str:
        """The cell, or what the merged cell over it says about who or what the row is."""
        top = self.ranges.get((row, place))
        if top is None or name not in _SHARED:
            return cell
        if cell:
            self.values[top, place] = cell
        return cell or self.values.get((top, place), "")


def merged_cells(path: Path) -> MergedCells:
    """The cells of the sheet that `open_file` reads which are merged over several rows."""
    found: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, _) in _ranges(path):
        for row in range(top, bottom + 1) if bottom > top else ():
            found[row + 1, left] = top + 1
    return MergedCells(found)


def _ranges(path: Path) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                return sheet.merged_cell_ranges or ()
    except CalamineError:
        return ()  # whatever is wrong with the workbook was told when it was opened
    return ()
