"""Writes workbooks as Excel 97 did (`.xls`): just enough of them to put hard cells into one."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D}
ERRORS |= {"#NUM!": 0x24, "#N/A": 0x2A}
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Formula:
    """A formula with the result that was stored: an error such as `#REF!`, or nothing."""

    result: str = ""


Cell = str | int | float | dt.date | Formula | None
Rows = Sequence[Sequence[Cell]]


def write_xls(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    since_1904: bool = False,
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> Path:
    """Writes the sheets as a file; rows and columns to hide are counted from 0.

    A cell that reads `#REF!` or the like is an error that was pasted as a value.
    """
    bodies = [_sheet(rows, since_1904, hidden_rows, hidden_columns) for rows in sheets.values()]
    lead = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    lead += _record(0x0042, struct.pack("<H", 1200))
    lead += _record(0x0022, struct.pack("<H", since_1904))
    lead += b"".join(_record(0x00E0, struct.pack("<HH16x", 0, format_)) for format_ in (0, 14))
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name in sheets]
    at = len(lead) + sum(10 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        lead += _record(0x0085, struct.pack("<IBB", at, 0, 0) + name)
        at += len(body)
    path.write_bytes(_compound(lead + _record(0x000A, b"") + b"".join(bodies)))
    return path


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _sheet(
    rows: Rows, since_1904: bool, hidden_rows: Sequence[int], hidden_columns: Sequence[int]
) -> bytes:
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0))
    for place in hidden_columns:
        body += _record(0x007D, struct.pack("<HHHHHH", place, place, 0, 0, 1, 0))
    width = max(map(len, rows))
    body += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row in hidden_rows:
        body += _record(0x0208, struct.pack("<HHHHHHI", row, 0, width, 0, 0, 0, 0x20))
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            body += _cell(row, place, cell, since_1904)
    return body + _record(0x000A, b"")


def _cell(row: int, place: int, cell: Cell, since_1904: bool) -> bytes:
    at = struct.pack("<HH", row, place)
    match cell:
        case None:
            return b""
        case Formula(result):
            kind, code = (2, ERRORS[result]) if result else (3, 0)
            stored = struct.pack("<BBBBBBH", kind, 0, code, 0, 0, 0, 0xFFFF)
            return _record(
                0x0006, at + struct.pack("<H", 0) + stored + struct.pack("<HIH", 0, 0, 0)
            )
        case str() if cell in ERRORS:
            return _record(0x0205, at + struct.pack("<HBB", 0, ERRORS[cell], 1))
        case str():
            text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
            return _record(0x0204, at + struct.pack("<H", 0) + text)
        case dt.date():
            first = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
            return _record(0x0203, at + struct.pack("<Hd", 1, (cell - first).days))
    return _record(0x0203, at + struct.pack("<Hd", 0, cell))


def _compound(stream: bytes) -> bytes:
    """The stream `Workbook` in a compound file: header, tables of sectors, directory, content."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % _SECTOR)
    length = len(stream) // _SECTOR
    tables = 1
    while tables * 128 < tables + 1 + length:
        tables += 1
    chain = [_FAT] * tables + [_END]
    chain += [*range(tables + 2, tables + 1 + length), _END]
    chain += [_FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, _END, 0, _END, 0
    )
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    root = _entry("Root Entry", 5, 1, _END, 0)
    folder = root + _entry("Workbook", 2, _FREE, tables + 1, len(stream)) + _entry("", 0) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + folder + stream


def _entry(name: str, kind: int, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    told = name.encode("utf-16-le")
    length = len(told) + 2 if name else 0
    return (
        told.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
