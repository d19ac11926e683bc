"""Quotes that are opened and never closed: the line is set aside, the file is read on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_LINES = 1000


@dataclass(slots=True)
class Quotes:
    """Passes lines through, with a blank one in the place of each whose quote is never closed.

    `broken` fills up with the row number and the text of each such line.
    """

    delimiter: str
    width: int
    broken: list[tuple[int, str]] = field(default_factory=list)
    _row: int = 0

    def mended(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines to be read instead of these."""
        held: list[str] = []
        for line in lines:
            held.append(line)
            odd = line.count('"') % 2 == 1 and not (len(held) == 1 and self._stands_alone(line))
            if (len(held) == 1 and not odd) or (len(held) > 1 and odd and self._is_one_row(held)):
                yield from self._one(held)
            elif len(held) > 1 and (odd or len(held) > _MOST_LINES):
                yield from self._without_first(held)
        while held:
            yield from self._without_first(held)

    def _one(self, held: list[str]) -> Iterator[str]:
        self._row += 1
        yield from held
        held.clear()

    def _without_first(self, held: list[str]) -> Iterator[str]:
        """Sets the first line aside and passes on the rest, up to the next that opens a quote."""
        first = held.pop(0)
        self._row += 1
        self.broken.append((self._row, first.rstrip("\r\n")))
        yield "\n"
        while held and (held[0].count('"') % 2 == 0 or self._stands_alone(held[0])):
            self._row += 1
            yield held.pop(0)

    def _stands_alone(self, line: str) -> bool:
        """Whether its odd quote stands inside a cell (24" 显示器): such a quote opens nothing."""
        try:
            rows = list(csv.reader([line], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return False
        return len(rows) == 1 and self.width in (0, len(rows[0]))

    def _is_one_row(self, lines: list[str]) -> bool:
        """Whether a quote opened in the first line is closed in the last one, as a cell is.

        Where both lines have as many cells as the header by themselves, they are two rows with a
        stray quote each.
        """
        try:
            rows = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return False
        if len(rows) != 1:
            return False
        ends = (lines[0], lines[-1])
        return not all(line.count(self.delimiter) + 1 >= self.width > 1 for line in ends)
