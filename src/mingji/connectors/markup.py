"""Tables of web pages and of XML spreadsheets, which some systems export under the name `.xls`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from mingji.connectors.survey import survey
from mingji.connectors.workbooks import Row, Sheet, packed

_NUMBER = re.compile(r"[-+(¥￥$€£]*\d[\d,. ]*[%)万亿元]*")
_MOST_SPAN = 1000


class _Tables(HTMLParser):
    """Gathers the cells of every table; both `tr`/`td` and XML spreadsheets' `row`/`cell`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self._rows: list[list[str | None]] | None = None
        self._cell: list[str] | None = None
        self._spans: tuple[int, int] = (1, 1)
        self._below: dict[tuple[int, int], str | None] = {}
        self._place = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self._rows = []
            self.tables.append(self._rows)
            self._below = {}
        elif tag in ("tr", "row") and self._rows is not None:
            self._begin_row(_whole(told.get("ss:index"), 0))
        elif tag in ("td", "th", "cell") and self._rows:
            self._end_cell()
            self._begin_cell(told)
        elif tag in ("br", "p") and self._cell:
            self._cell.append(" ")

    def _begin_row(self, index: int) -> None:
        assert self._rows is not None
        self._end_cell()
        self._rows += [[] for _ in range(min(index - len(self._rows) - 1, _MOST_SPAN))]
        self._rows.append([])
        self._place = 0

    def _begin_cell(self, told: dict[str, str | None]) -> None:
        index = _whole(told.get("ss:index"), 0)
        self._place = index - 1 if index else self._place
        down = _whole(told.get("rowspan"), 1) + _whole(told.get("ss:mergedown"), 0)
        across = _whole(told.get("colspan"), 1) + _whole(told.get("ss:mergeacross"), 0)
        self._cell, self._spans = [], (down, across)

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell", "tr", "row", "table"):
            self._end_cell()
        if tag in ("tr", "row", "table") and self._rows:
            self._fill_to(_MOST_SPAN * 10)
        if tag == "table":
            self._rows = None

    def _end_cell(self) -> None:
        if self._cell is None or not self._rows:
            return
        text = " ".join("".join(self._cell).split()) or None
        self._cell = None
        self._fill_to(self._place)
        (down, across), row = self._spans, len(self._rows) - 1
        place = len(self._rows[-1])
        self._rows[-1] += [text, *[None] * (across - 1)]
        self._place = len(self._rows[-1])
        repeated = None if text is None or _NUMBER.fullmatch(text) else text
        for below in range(1, down):
            for beside in range(across):
                self._below[row + below, place + beside] = None if beside else repeated

    def _fill_to(self, place: int) -> None:
        """Puts what cells of earlier rows reach down with before the next cell."""
        assert self._rows
        row, number = self._rows[-1], len(self._rows) - 1
        while (number, len(row)) in self._below or len(row) < min(place, self._place):
            row.append(self._below.get((number, len(row))))


def _whole(text: str | None, otherwise: int) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdecimal() else otherwise


def tables(path: Path) -> Iterator[Sheet]:
    """The tables of a page that hold anything, the largest first, their words as cells.

    Raises:
        Invalid: If the encoding is not known.
    """
    parser = _Tables()
    parser.feed(path.read_text(encoding=survey(path).encoding, errors="replace"))
    parser.close()
    for number, grid in sorted(enumerate(parser.tables, 1), key=lambda each: -len(each[1])):
        width = max(map(len, grid), default=0)
        head, batches = packed(_numbered(grid, width))
        if head:
            yield Sheet(f"table {number}", head, batches)


def _numbered(grid: list[list[str | None]], width: int) -> Iterator[Row]:
    """The rows that hold anything, all as wide, each with its number at the end."""
    for number, row in enumerate(grid, start=1):
        if any(cell is not None for cell in row):
            yield (*row, *[None] * (width - len(row)), str(number))
