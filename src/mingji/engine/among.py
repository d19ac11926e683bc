"""What stands among the rows of a table without being one: titles of parts, and another table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.lines import ROW
from mingji.engine.model import Table
from mingji.engine.unit_words import unit_in_line

_TYPED = ("decimal", "integer", "date", "timestamp")
#: A word without digits (华东区), one with a number of its own (三、华南区), a year or month.
_TITLE = (
    r"^\D+$|^([（(]?[一二三四五六七八九十\d]+[)）、.．]|第[一二三四五六七八九十\d]+)[^\d.]"
    r"|^\d{4}年?(第?[一二三四1-4]季度|Q[1-4]|\d{1,2}月)?$"
)
_UNIT = "单[ \u3000]*位[:：]"
#: A header names so many columns at least, and puts words where so many days or numbers belong.
_NAMES, _STRANGE = 3, 2
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Another:
    """Another table below the rows: the row in which its names stand, and these names."""

    row: int
    names: tuple[str, ...]


@dataclass(slots=True)
class Among:
    """What was met on the way through a file; `units` are notes that state a unit of money."""

    titles: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    another: Another | None = None

    def note(self, text: str) -> None:
        """Takes in a line that is no row."""
        if unit_in_line((text, *text.split())):
            self.units.append(text)

    def look(
        self, refused: pa.RecordBatch, first: int, table: Table, places: Mapping[str, int]
    ) -> None:
        """Looks whether the names of another table stand below `first`, the first row of this."""
        if first and self.another is None:
            below = refused.filter(compute.greater(refused.column(ROW), first))
            self.another = another_table(below, table, places)


def titles(table: Table, places: Mapping[str, int], words: pa.Array) -> pa.Array:
    """Which lines, of the single words that stand in them, are titles and no rows.

    In a table of facts a line without owner and day that holds a word and no number is the title
    of the rows below it; elsewhere it may be a row with a name and nothing more.
    """
    is_facts = table.owner in places or table.time in places
    return compute.match_substring_regex(words, f"{_TITLE}|{_UNIT}" if is_facts else _UNIT)


def another_table(rows: pa.RecordBatch, table: Table, places: Mapping[str, int]) -> Another | None:
    """The first of these refused rows that holds names: words throughout, each another one."""
    columns = {name: rows.column(str(place)) for name, place in places.items()}
    if not all(pa.types.is_string(column.type) for column in columns.values()):
        return None
    typed = [name for name in columns if table.columns[name].type in _TYPED]
    plain = pa.repeat(pa.scalar(True), rows.num_rows)
    for name in (*table.key, *typed):
        if name in columns:
            digits = compute.match_substring_regex(columns[name], r"\d")
            plain = compute.and_(plain, compute.invert(compute.fill_null(digits, False)))
    for at in compute.indices_nonzero(plain).to_pylist():
        cells = {name: (column[at].as_py() or "").strip() for name, column in columns.items()}
        words = [cell for cell in cells.values() if _LETTER.search(cell)]
        strange = sum(1 for name in typed if _LETTER.search(cells[name]))
        keyed = all(cells.get(name) for name in table.key)
        if keyed and strange >= _STRANGE and _NAMES <= len(words) == len(set(words)):
            return Another(rows.column(ROW)[at].as_py(), tuple(words))
    return None
