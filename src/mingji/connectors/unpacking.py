"""What a zipped workbook holds that its reader does not tell, looked up before it is opened.

The reader gives formulas that failed as blank cells, takes memory for every cell up to the last
one in use, and unpacks whatever it is handed. So the parts are read through once, in pieces.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from mingji.connectors import open_sheets, packed_sheets
from mingji.connectors.reading import refused
from mingji.connectors.seen import Seen, Unpacked
from mingji.rules.text import Text

_PIECE = 4 * 2**20
#: A cell is seldom longer.
_CELL = 4096
#: No part may need more memory than this when it is unpacked.
_MOST_BYTES = 2**30
_MOST_CELLS = 25_000_000
#: Packed data never grows more than so many times.
_GROWTH = 1032
_PLACED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})\d+"[^>]*(?<!/)>')
_ROW_OF = re.compile(rb'\br="[A-Z]{1,3}(\d+)"')
_FAILED = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
_UNSOLVED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_FROM_TO = re.compile(rb'\b(min|max)="(\d+)"')
#: No sheet has more columns.
_WIDEST = 16_384
_AT = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def unpacked(path: Path) -> Unpacked:
    """Reads through a zipped workbook and answers what its reader will not say.

    Raises:
        Invalid: If it is damaged, is no workbook, or would take too much memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(path, archive)
            return _looked_through(path, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError) as error:
        raise damaged(path) from error
    except (ElementTree.ParseError, RuntimeError, LookupError, struct.error) as error:
        raise damaged(path) from error


def _refuse_bombs(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > _MOST_BYTES:
        raise _too_large(path)
    for part in parts:
        # A size that is stated may be a lie: only reading to the end tells.
        if part.file_size < part.compress_size * _GROWTH > _MOST_BYTES // 100:
            with archive.open(part) as stream:
                while stream.read(_PIECE):
                    pass


def _looked_through(path: Path, archive: zipfile.ZipFile) -> Unpacked:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        if "content.xml" in names:
            return open_sheets.looked_through(archive)
        if "xl/workbook.bin" in names:
            return packed_sheets.looked_through(archive, _parts(archive, "workbook.bin"))
        raise _no_workbook(path)
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - size is bounded
    parts = _parts(archive)
    found: dict[str, Seen] = {}
    since_1904 = False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            since_1904 = element.get("date1904", "0") in ("1", "true")
        if tag == "sheet" and parts.get(element.get(_RELATION, "")) in names:
            part = parts[element.get(_RELATION, "")]
            found[element.get("name", "")] = _sheet(path, archive, part)
    return Unpacked(found, since_1904)


def _parts(archive: zipfile.ZipFile, book: str = "workbook.xml") -> dict[str, str]:
    """The part of each relation of the workbook."""
    listed = ElementTree.fromstring(archive.read(f"xl/_rels/{book}.rels"))  # noqa: S314
    folder = PurePosixPath("xl")
    return {each.get("Id", ""): str(folder / each.get("Target", "")).lstrip("/") for each in listed}


def _sheet(path: Path, archive: zipfile.ZipFile, part: str) -> Seen:
    seen, last, width, cells = Seen(), 0, 0, 0
    for piece in _pieces(archive, part):
        places = _PLACED.findall(piece)
        cells += len(places)
        width = max([width, *map(_place, set(places))])
        filled = max(piece.rfind(mark) for mark in (b"v>", b"is>"))
        rows = _ROW_OF.findall(piece, max(0, filled - _CELL), filled)
        last = max(last, int(rows[-1])) if rows else last
        if cells > _MOST_CELLS or last * (width + 1) > _MOST_CELLS:
            raise _too_large(path, f"{letters(width)}{last}")
        _note(piece, seen)
    return seen


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            rest += piece
            end = rest.rfind(b"row>") + 4
            if end > 4:
                yield rest[:end]
                rest = rest[end:]
    yield rest


def _note(piece: bytes, seen: Seen) -> None:
    if b't="e"' in piece:
        for attributes, value in _FAILED.findall(piece):
            _put(seen, attributes, value)
    if b"<f" in piece or b":f" in piece:
        for attributes, formula in _UNSOLVED.findall(piece):
            _put(seen, attributes, b"=" + formula)
    if b"hidden" in piece:
        seen.hidden += [int(row) for row in _HIDDEN.findall(piece)]
        for columns in _HIDDEN_COLUMNS.findall(piece):
            span = {name: int(number) for name, number in _FROM_TO.findall(columns)}
            last = min(span.get(b"max", 0), _WIDEST)
            seen.hidden_columns.update(range(span.get(b"min", 1) - 1, last))


def _put(seen: Seen, attributes: bytes, text: bytes) -> None:
    at = _AT.search(attributes)
    if at:
        row, place = int(at[2]) - 1, _place(at[1])
        seen.formulas[row, place] = text.decode(errors="replace")


def _place(letters: bytes) -> int:
    """The place of a column, from 0.

    >>> _place(b"A"), _place(b"XFD")
    (0, 16383)
    """
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def letters(place: int) -> str:
    """The name of a column.

    >>> letters(0), letters(16383)
    ('A', 'XFD')
    """
    name, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(65 + letter) + name
    return name


def damaged(path: Path) -> Exception:
    """The failure that says that a workbook cannot be read."""
    return refused(
        path,
        Text(
            "读不出工作簿：文件损坏了、只传了一半，或根本不是工作簿",
            "no workbook can be read from it: it is damaged, only half of it, or none at all",
        ),
        Text("在 Excel 里打开并另存一份，或重新导出", "open and save it in Excel, or export again"),
    )


def _no_workbook(path: Path) -> Exception:
    return refused(
        path,
        Text("这是一个压缩包，里面没有工作簿", "it is an archive without a workbook in it"),
        Text("解压后给出里面的文件", "unpack it and give the file inside"),
    )


def _too_large(path: Path, corner: str = "") -> Exception:
    at = Text(f"（用到了 {corner}）", f" (cells are in use up to {corner})") if corner else None
    return refused(
        path,
        Text(
            f"工作簿展开后太大{at.zh if at else ''}，读不了",
            f"the workbook is too large when it is unpacked{at.en if at else ''}",
        ),
        Text(
            "删掉数据以外的单元格，或另存为 CSV",
            "remove the cells outside the data, or save it as CSV",
        ),
    )
