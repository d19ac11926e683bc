"""Streams of a compound file, the container of Office documents before 2007 ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

_HEADER = 512
_ENTRY = 128
#: Where the header says how long sectors are, and where the tables and the directory begin.
_SHIFTS, _DIRECTORY, _CUTOFF, _SMALL_TABLE, _TABLES = 30, 48, 56, 60, 68
_LISTED = (76, 109)
#: Larger numbers mark ends and unused sectors.
_LAST = 0xFFFFFFFA
_STREAM, _ROOT = 2, 5


class Broken(ValueError):
    """The chains of a compound file do not hold together."""


def stream_of(content: bytes, names: Sequence[str]) -> bytes:
    """The first stream of one of these names; empty if there is none.

    Raises:
        Broken: If the file is cut off, or its chains run in circles.
    """
    try:
        return _Compound(content).stream(names)
    except struct.error as error:
        raise Broken from error


class _Compound:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sector, self._small = (1 << shift for shift in self._words("<2H", _SHIFTS))
        tables = b"".join(self._at(sector) for sector in self._tables())
        self._next = struct.unpack(f"<{len(tables) // 4}I", tables)

    def _words(self, form: str, at: int) -> tuple[int, ...]:
        return struct.unpack_from(form, self._content, at)

    def _at(self, sector: int) -> bytes:
        start = _HEADER if self._sector == _HEADER else self._sector
        start += sector * self._sector
        return self._content[start : start + self._sector]

    def _tables(self) -> Iterator[int]:
        """The sectors that hold the table of sectors: some in the header, the rest in a chain."""
        start, count = _LISTED
        yield from (each for each in self._words(f"<{count}I", start) if each <= _LAST)
        sector, left = self._words("<2I", _TABLES)
        while sector <= _LAST and left:
            *listed, sector = struct.unpack(f"<{self._sector // 4}I", self._at(sector))
            yield from (each for each in listed if each <= _LAST)
            left -= 1

    def _chain(self, sector: int, following: Sequence[int]) -> Iterator[int]:
        for _ in range(len(following)):
            if sector > _LAST:
                return
            yield sector
            if sector >= len(following):
                raise Broken
            sector = following[sector]
        if sector <= _LAST:
            raise Broken

    def _whole(self, sector: int) -> bytes:
        return b"".join(self._at(each) for each in self._chain(sector, self._next))

    def stream(self, names: Sequence[str]) -> bytes:
        folder = self._whole(self._words("<I", _DIRECTORY)[0])
        found: dict[str, tuple[int, int]] = {}
        root = _LAST + 1
        for at in range(0, len(folder) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", folder, at + 64)
            start, size = struct.unpack_from("<II", folder, at + 116)
            if kind == _STREAM:
                name = folder[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
                found[name] = (start, size)
            elif kind == _ROOT:
                root = start
        for name in names:
            if name in found:
                return self._read(*found[name], root)
        return b""

    def _read(self, start: int, size: int, root: int) -> bytes:
        """A stream; short ones stand in small sectors within the stream of the root."""
        if size >= self._words("<I", _CUTOFF)[0]:
            return self._whole(start)[:size]
        table, inside = self._whole(self._words("<I", _SMALL_TABLE)[0]), self._whole(root)
        following = struct.unpack(f"<{len(table) // 4}I", table)
        pieces = (
            inside[each * self._small : (each + 1) * self._small]
            for each in self._chain(start, following)
        )
        return b"".join(pieces)[:size]
