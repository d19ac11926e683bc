"""What an OpenDocument workbook (`.ods`) holds that its reader does not tell.

The reader gives a formula that failed as blank or as zero and says nothing of hidden rows and
columns. So the content is read through once, a row at a time.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from mingji.connectors.seen import Seen, Unpacked

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
#: LibreOffice says of a cell that it is an error; older programs only show it.
_ERROR = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SHOWN = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3}")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_UNSEEN = ("collapse", "filter")
#: No sheet has more columns, and no repeated row that holds anything is worth more places.
_WIDEST, _MOST_REPEATED = 16_384, 65_536


def looked_through(archive: zipfile.ZipFile) -> Unpacked:
    """Reads the content of an open workbook and answers what its reader will not say.

    Raises:
        ElementTree.ParseError: If the content is damaged.
        ValueError: If a count in it is no number.
    """
    sheets: dict[str, Seen] = {}
    with archive.open("content.xml") as stream:
        seen, row, place = Seen(), 0, 0
        for event, element in ElementTree.iterparse(stream, ("start", "end")):  # noqa: S314
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    seen, row, place = Seen(), 0, 0
                    sheets[element.get(f"{_TABLE}name", "")] = seen
            elif element.tag == f"{_TABLE}table-column":
                place += _column(seen, element, place)
            elif element.tag == f"{_TABLE}table-row":
                row += _row(seen, element, row)
                element.clear()
    return Unpacked(sheets)


def _column(seen: Seen, element: ElementTree.Element, place: int) -> int:
    repeated = _repeated(element, "columns")
    if element.get(f"{_TABLE}visibility") in _UNSEEN:
        seen.hidden_columns.update(range(place, min(place + repeated, _WIDEST)))
    return repeated


def _row(seen: Seen, element: ElementTree.Element, row: int) -> int:
    repeated = _repeated(element, "rows")
    rows = range(row, row + min(repeated, _MOST_REPEATED))
    if element.get(f"{_TABLE}visibility") in _UNSEEN:
        seen.hidden += [each + 1 for each in rows]
    for places, shown in _failed(element):
        seen.formulas.update({(each, place): shown for each in rows for place in places})
    return repeated


def _failed(row: ElementTree.Element) -> Iterator[tuple[range, str]]:
    """The places of formulas without a result, with what stands there."""
    place = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = min(_repeated(cell, "columns"), _WIDEST)
        if shown := _fault(cell):
            yield range(place, place + repeated), shown
        place += repeated


def _fault(cell: ElementTree.Element) -> str:
    formula = cell.get(f"{_TABLE}formula", "")
    if not formula and cell.get(_ERROR) != "error":
        return ""
    shown = "".join("".join(each.itertext()) for each in cell.findall(_TEXT)).strip()
    if _SHOWN.fullmatch(shown):
        return shown
    if cell.get(_ERROR) == "error":
        return "#VALUE!"
    unsolved = not shown and cell.get(f"{_OFFICE}value-type") is None
    return f"={formula.partition('=')[2]}" if unsolved else ""


def _repeated(element: ElementTree.Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))
