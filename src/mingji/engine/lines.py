"""Which lines of a file are rows of the table, and which are totals, notes or the header again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.cell_numbers import BLANKS
from mingji.engine.columns import trimmed
from mingji.engine.headers import Misshapen
from mingji.engine.model import Table
from mingji.engine.totals import (
    LABEL,
    LIKELY,
    TotalsRow,
    is_label,
    is_note,
    is_summary,
    is_total,
)

ROW, DELETED = "_row", "_deleted"
FILE, BATCH = "_file", "_batch"
#: With fewer columns a line of one word is as likely a row.
_FEWEST = 3
#: What a line of totals has where it has nothing to say.
_DASHES = ("-", "--", "—", "——", "–", "/")


@dataclass(slots=True)
class Sorted:
    """The lines of a batch by what they are.

    `rows` and `gone` (rows that only say that their key is gone) keep the columns of the batch;
    `alone` are lines with a single word, which are notes if no row follows them; `maybe` are rows
    that look like totals and are complete; `others` lines that are the header again, sum rows up
    without adding them, or speak of the table: number, text, what they are.
    """

    rows: pa.RecordBatch
    gone: pa.RecordBatch | None = None
    alone: pa.RecordBatch | None = None
    totals: list[TotalsRow] = field(default_factory=list)
    maybe: list[TotalsRow] = field(default_factory=list)
    others: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Lines:
    """Sorts the lines of one file. `sure` are rows known to be totals, whatever they look like.

    From the row `until` on another table begins; `beyond` counts its lines that were passed over.
    """

    table: Table
    headers: Sequence[str]
    places: Mapping[str, int]
    sure: set[int] = field(default_factory=set)
    until: int = 0
    beyond: int = 0

    def sort(self, cells: pa.RecordBatch, *, last: bool = False) -> Sorted:
        """The lines of a batch without its blank ones; with `last`, single words are rows too."""
        every = [name for name in cells.schema.names if name not in (ROW, DELETED)]
        gone, cells = _gone(cells)
        if self.until:
            cells = self._before_another(cells)
        first = _first(cells, every)
        if first.null_count:
            cells, first = cells.filter(first.is_valid()), first.drop_null()
        found = Sorted(cells, gone)
        left_out: list[int] = []
        for at in self._likely(cells, first):
            if line := self._no_row(cells, every, at, first[at].as_py(), found):
                left_out.append(line)
        alone = None if last else self._alone(cells, every)
        if left_out or alone is not None:
            self._leave_out(found, cells, left_out, alone)
        return found

    def first_words(self, cells: pa.RecordBatch) -> pa.Array:
        """The first cell of each line that holds anything."""
        return _first(cells, [name for name in cells.schema.names if name not in (ROW, DELETED)])

    def before_another(self, misshapen: Iterable[Misshapen]) -> list[Misshapen]:
        """In their order: lines that do not fall into cells, without those of another table."""
        every = sorted(misshapen, key=lambda each: each.row)
        kept = [line for line in every if not 0 < self.until <= line.row]
        self.beyond += len(every) - len(kept)
        return kept

    def _before_another(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        kept = cells.filter(compute.less(cells.column(ROW), self.until))
        names = [name for name in cells.schema.names if name not in (ROW, DELETED)]
        rest = cells.filter(compute.greater(cells.column(ROW), self.until))
        self.beyond += rest.num_rows - _first(rest, names).null_count
        return kept

    def _likely(self, cells: pa.RecordBatch, first: pa.Array) -> Iterator[int]:
        mask = compute.match_substring_regex(first, LIKELY)
        if named := next(filter(None, map(str.strip, self.headers)), ""):
            mask = compute.or_(mask, compute.equal(first, named))
        if self.sure:
            sure = compute.is_in(cells.column(ROW), value_set=pa.array(sorted(self.sure)))
            mask = compute.or_(mask, sure)
        for place in self._of_words(len(self.headers)):
            column = cells.column(str(place))
            if pa.types.is_string(column.type):
                labels = compute.match_substring_regex(column, LABEL)
                mask = compute.or_(mask, compute.fill_null(labels, False))
        yield from compute.indices_nonzero(mask).to_pylist()

    def _no_row(
        self, cells: pa.RecordBatch, every: list[str], at: int, word: str, found: Sorted
    ) -> int:
        """The number of a line that is no row, after noting what it is; 0 for a row."""
        number: int = cells.column(ROW)[at].as_py()
        line = [_word(cells.column(name)[at].as_py()) for name in every]
        if all(line[place] == self.headers[place].strip() for place in self.places.values()):
            found.others.append((number, _text(line), "repeated_header"))
            return number
        blank = {n for n, place in self.places.items() if (line[place] or "-") in _DASHES}
        table = self.table
        telling = {name for name in (*table.key, table.owner, table.time) if name in self.places}
        label = self._label(line)
        row = TotalsRow(number, word if label is None else line[label] or word, line)
        if number in self.sure or is_total(
            word, bare_blank=bool(blank), telling_blank=bool(blank & telling)
        ):
            found.totals.append(row)
            return number
        if label is not None and self._tells_nothing(label, telling, blank):
            found.totals.append(row)
            return number
        if blank & telling and (is_summary(word) or is_note(word)):
            kind = "summary_row" if is_summary(word) else "note_row"
            found.others.append((number, _text(line), kind))
            return number
        if label is not None or is_total(word, bare_blank=True, telling_blank=False):
            found.maybe.append(row)
        return 0

    def _of_words(self, width: int) -> list[int]:
        """The places of columns that hold no numbers or days."""
        types = {place: self.table.columns[name].type for name, place in self.places.items()}
        return [place for place in range(width) if types.get(place, "text") == "text"]

    def _label(self, line: Sequence[str | None]) -> int | None:
        """Where a bare word for a sum stands in a line."""
        cells = [(place, line[place]) for place in self._of_words(len(line))]
        return next((place for place, cell in cells if cell and is_label(cell)), None)

    def _tells_nothing(self, label: int, telling: set[str], blank: set[str]) -> bool:
        """Whether a line with a word for a sum has no key, or no owner and day beside the word."""
        key = set(self.table.key) & telling
        others = {name for name in telling if self.places[name] != label}
        return bool(key and key <= blank) or bool(others and others <= blank)

    def _alone(self, cells: pa.RecordBatch, every: list[str]) -> pa.Array | None:
        columns = [cells.column(name) for name in every]
        if len(every) < _FEWEST or sum(1 for each in columns if each.null_count) < len(every) - 1:
            return None
        filled = columns[0].is_valid().cast(pa.int32())
        for column in columns[1:]:
            filled = compute.add(filled, column.is_valid().cast(pa.int32()))
        alone = compute.equal(filled, 1)
        return alone if compute.any(alone).as_py() else None

    def _leave_out(
        self, found: Sorted, cells: pa.RecordBatch, left_out: list[int], alone: pa.Array | None
    ) -> None:
        out = compute.is_in(cells.column(ROW), value_set=pa.array(left_out, pa.int64()))
        if alone is not None:
            single = compute.and_(alone, compute.invert(out))
            found.alone = cells.filter(single)
            out = compute.or_(out, single)
        found.rows = cells.filter(compute.invert(out))


def _gone(cells: pa.RecordBatch) -> tuple[pa.RecordBatch | None, pa.RecordBatch]:
    """Apart: the rows marked as deleted, and the others without the mark."""
    if DELETED not in cells.schema.names:
        return None, cells
    dead = compute.fill_null(cells.column(DELETED), False)
    place = cells.schema.names.index(DELETED)
    cells = cells.remove_column(place)
    return cells.filter(dead), cells.filter(compute.invert(dead))


def _first(cells: pa.RecordBatch, every: list[str]) -> pa.Array:
    """The first cell of each line that holds anything; typed cells are no words."""
    first: pa.Array | None = None
    for name in every:
        column = cells.column(name)
        if pa.types.is_string(column.type):
            words = trimmed(column)
        else:
            words = compute.if_else(column.is_valid(), "", pa.scalar(None, pa.string()))
        first = words if first is None else compute.coalesce(first, words)
        if not first.null_count:
            break
    return first if first is not None else pa.nulls(cells.num_rows, pa.string())


def _text(line: Sequence[str | None]) -> str:
    return " ".join(filter(None, line))


def _word(cell: object) -> str | None:
    return (str(cell).strip(BLANKS) or None) if cell is not None else None
