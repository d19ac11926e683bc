"""What a binary workbook (`.xlsb`) holds that its reader does not tell ([MS-XLSB]).

The reader gives cells whose formula failed as blank and says nothing of hidden rows and columns.
So the records of each sheet are read through once.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping

from mingji.connectors.seen import SHOWN, Seen, Unpacked

_ROW, _ERROR, _FAILED, _COLUMNS = 0, 3, 11, 60
_SETTINGS, _SHEET = 153, 156
_HIDDEN_ROW, _HIDDEN_COLUMN, _FROM_1904 = 0x10, 0x01, 0x01
#: No sheet has more columns.
_WIDEST = 16_384
#: The number of a record, and its length, come in parts of seven bits.
_SEVEN, _MORE = 0x7F, 0x80


def looked_through(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> Unpacked:
    """Reads the records of a binary workbook and answers what its reader will not say.

    Args:
        archive: The workbook.
        parts: The part of each relation of the workbook.

    Raises:
        IndexError: If a record is cut.
        struct.error: If it is cut in the middle of a number.
    """
    sheets: dict[str, Seen] = {}
    since_1904, names = False, set(archive.namelist())
    for kind, data in _records(archive.read("xl/workbook.bin")):
        if kind == _SETTINGS:
            since_1904 = bool(data[0] & _FROM_1904)
        elif kind == _SHEET:
            relation, at = _text(data, 8)
            name, _ = _text(data, at)
            if parts.get(relation) in names:
                sheets[name] = _sheet(archive.read(parts[relation]))
    return Unpacked(sheets, since_1904)


def _text(data: bytes, at: int) -> tuple[str, int]:
    """The text at a place, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _sheet(stream: bytes) -> Seen:
    seen, row = Seen(), 0
    for kind, data in _records(stream):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if data[11] & _HIDDEN_ROW:
                seen.hidden.append(row + 1)
        elif kind in (_ERROR, _FAILED):
            place, code = struct.unpack_from("<I4xB", data)
            seen.formulas[row, place] = SHOWN.get(code, "#VALUE!")
        elif kind == _COLUMNS:
            first, last, flags = struct.unpack_from("<II8xB", data)
            if flags & _HIDDEN_COLUMN:
                seen.hidden_columns.update(range(first, min(last + 1, _WIDEST)))
    return seen


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stream):
        kind, at = _count(stream, at, 2)
        length, at = _count(stream, at, 4)
        if at + length > len(stream):
            raise struct.error
        yield kind, stream[at : at + length]
        at += length


def _count(stream: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number in parts of seven bits, the lowest first, and where it ends."""
    number = 0
    for turn in range(longest):
        part = stream[at + turn]
        number |= (part & _SEVEN) << 7 * turn
        if not part & _MORE:
            break
    return number, at + turn + 1
