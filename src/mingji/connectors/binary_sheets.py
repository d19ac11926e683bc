"""What a workbook of Excel 97 to 2003 holds that its reader does not tell ([MS-XLS]).

The reader gives cells whose formula failed as blank and says nothing of hidden rows and columns.
So the records of its stream are read through once; they are small, and files cannot hold more than
65,536 rows a sheet.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from mingji.connectors.compound import Broken, stream_of
from mingji.connectors.seen import SHOWN, Seen, Unpacked
from mingji.connectors.unpacking import damaged

_FORMULA, _EOF, _DATEMODE, _CODEPAGE, _COLUMNS = 0x0006, 0x000A, 0x0022, 0x0042, 0x007D
_SHEET, _ERROR, _ROW, _BEGIN = 0x0085, 0x0205, 0x0208, 0x0809
_BIFF8 = 0x0600
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_FAILED, _BLANK = 2, 3
#: What stands for a formula whose result was never stored.
_UNSOLVED = "="


def looked_through(path: Path) -> Unpacked:
    """Reads the records of an old workbook and answers what its reader will not say.

    Raises:
        Invalid: If it is damaged.
    """
    try:
        stream = stream_of(path.read_bytes(), ("Workbook", "Book"))
        return _workbook(stream)
    except (Broken, struct.error, LookupError) as error:
        raise damaged(path) from error


def _workbook(stream: bytes) -> Unpacked:
    wide, since_1904, encoding = True, False, "cp1252"
    sheets: dict[str, Seen] = {}
    for kind, data in _records(stream, 0):
        if kind == _BEGIN:
            wide = struct.unpack_from("<H", data)[0] >= _BIFF8
        elif kind == _CODEPAGE and not wide:
            encoding = f"cp{struct.unpack_from('<H', data)[0]}"
        elif kind == _DATEMODE:
            since_1904 = bool(data[0])
        elif kind == _SHEET:
            at, length = struct.unpack_from("<IxxB", data)
            sheets[_name(data[7:], length, encoding, wide=wide)] = _sheet(stream, at)
    return Unpacked(sheets, since_1904)


def _name(data: bytes, length: int, encoding: str, *, wide: bool) -> str:
    if not wide:
        return data[:length].decode(encoding, "replace")
    if data[0] & 1:
        return data[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return data[1 : 1 + length].decode("latin-1")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place on, up to the end of its part (a sheet, or what is of all)."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheet(stream: bytes, at: int) -> Seen:
    seen, blank, solved = Seen(), list[tuple[int, int]](), False
    for kind, data in _records(stream, at):
        if kind == _ERROR and data[7]:
            row, place = struct.unpack_from("<HH", data)
            seen.formulas[row, place] = SHOWN.get(data[6], "#VALUE!")
        elif kind == _FORMULA:
            row, place, how, code, mark = struct.unpack_from("<HHxxBxBxxxH", data)
            unsolved = mark == 0xFFFF and how == _BLANK
            solved = solved or not unsolved
            if unsolved:
                blank.append((row, place))
            elif mark == 0xFFFF and how == _FAILED:
                seen.formulas[row, place] = SHOWN.get(code, "#VALUE!")
        elif kind == _ROW and data[12] & _HIDDEN_ROW:
            seen.hidden.append(struct.unpack_from("<H", data)[0] + 1)
        elif kind == _COLUMNS and data[8] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<HH", data)
            seen.hidden_columns.update(range(first, last + 1))
    if not solved:
        # A blank result is one; where no formula has any other, none was ever computed.
        seen.formulas.update(dict.fromkeys(blank, _UNSOLVED))
    return seen
