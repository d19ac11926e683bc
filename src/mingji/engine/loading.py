"""Types the rows of one file into a Parquet batch, in bounded memory; misfits go aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.among import Among, Another, titles
from mingji.engine.aside import Aside
from mingji.engine.beside import Beside
from mingji.engine.cell_words import is_republican
from mingji.engine.cells import MACROS
from mingji.engine.columns import Cells, ColumnReader
from mingji.engine.cut_keys import CutKeys
from mingji.engine.dressed import Dressed
from mingji.engine.evidence import (
    EACH,
    Evidence,
    Question,
    asked,
    date_order,
    date_question,
    is_open,
    number_question,
    number_style,
)
from mingji.engine.gone import Gone
from mingji.engine.headers import Reading, headed, one_line, places
from mingji.engine.lines import BATCH, FILE, ROW, Lines, Sorted
from mingji.engine.model import Table
from mingji.engine.outcome import Outcome
from mingji.engine.plausible import Plausible
from mingji.engine.scaling import scales, year_of
from mingji.engine.spellings import Spellings
from mingji.engine.totals import Stated, Totals, TotalsRow, is_total
from mingji.engine.unit_words import is_chinese
from mingji.engine.writing import Writer

__all__ = ["BATCH", "FILE", "ROW", "Loader"]
_NUMBERS = ("decimal", "integer")
_DATES = ("date", "timestamp")
#: Passes over a file: one, and another each when it turns out that a second table stands in it,
#: that a note states the unit, that totals were read after rows below them, how notations are
#: settled, that complete rows are totals, and that keys were cut.
_PASSES = 7
_RATES = ("ratio", "%", "percent")


class Loader:
    """Types batches of one reading into one Parquet file, what is refused into others."""

    def __init__(self, table: Table, reading: Reading, batch: str) -> None:
        self.table, self.batch = table, batch
        self.reading = headed(table, reading)
        self.places = places(table, self.reading)
        headers = {name: self.reading.columns[place] for name, place in self.places.items()}
        self.names = {n: one_line(self.reading.called.get(h, h)) for n, h in headers.items()}
        self.scales = scales(table, self.reading, self.places)
        self.connection = duckdb.connect()
        for macro in MACROS:
            self.connection.execute(macro)
        point = Counter({"point": 1})
        self._sure = {
            n: point if h in self.reading.pointed else Counter[str]() for n, h in headers.items()
        }
        self._styles = {
            name: table.columns[name].numbers or table.columns[name].dates for name in self.places
        }
        self._lines = Lines(table, self.reading.columns, self.places)
        self._bounds: list[TotalsRow] = []
        self._another: Another | None = None
        rounded = {n for n, h in headers.items() if h in self.reading.rounded}
        self._cut = CutKeys(table, headers, rounded=rounded if self.reading.spreadsheet else None)

    def run(self, folder: Path, before: Sequence[Path] = ()) -> Outcome:
        """Reads to the end of the source and writes what it finds into the folder.

        `rows.parquet` holds the typed rows, `rejected.parquet` each refused cell,
        `whole.parquet` the rows that were set aside, `deleted.parquet` (if there are any) the keys
        that the source says are gone. `before` are the rows of earlier batches, which a key cut
        by a spreadsheet may not replace.

        Raises:
            Invalid: If a column can be read in more than one way (the findings ask), or if the
                amounts are in other units from row to row.
        """
        self._cut.before = before
        for _ in range(_PASSES):
            outcome = self._pass(folder)
            if not (self._ends_early() or self._is_scaled() or self._is_late() or self._settle()):
                break
        self._beside.refuse()
        self.connection.close()
        return outcome

    def _pass(self, folder: Path) -> Outcome:
        self._begin()
        named = {place for place, name in enumerate(self.reading.columns) if name}
        unread = not named <= set(self.places.values())
        with (
            Aside(folder, list(self.places), keep_lines=not unread) as self._aside,
            Writer(folder / "rows.parquet", self._schema()) as self._writer,
        ):
            alone: list[pa.RecordBatch] = []
            for cells in self.reading.batches():
                found = self._lines.sort(cells)
                alone += [found.alone] if found.alone is not None else []
                self._take(found)
            self._take_alone(alone)
            self._take_misshapen()
        self._gone.write(folder / "deleted.parquet")
        return self._finished()

    def _begin(self) -> None:
        reading = self.reading
        self.outcome = Outcome(reading.file, dict(self.names), reading.header, reading.joined)
        self.outcome.unread, self.outcome.alike = reading.unread, reading.alike
        self._totals = Totals.between(self._bounds)
        columns = self.table.columns
        self._dressed = Dressed(frozenset(n for n in self.places if columns[n].unit in _RATES))
        self._gone = Gone(self.table, self.batch)
        self._first = self._last = 0
        self._among, self._lines.beyond = Among(), 0
        self._plausible = Plausible(self.table, self.names)
        self._spellings = Spellings(self.table, self.names)
        self._beside = Beside(self.table, reading, self.places)
        year = year_of(self.table, reading)
        chinese = any(map(is_chinese, (*reading.columns, *reading.called.values())))
        self.readers = {
            name: ColumnReader(
                self.table.columns[name],
                self.connection,
                self._styles[name],
                self.scales.shifts.get(name, 0),
                year,
                spreadsheet=reading.spreadsheet,
                since_1904=reading.since_1904,
                chinese=chinese,
                republican=is_republican(self.names[name]),
                broken=reading.broken,
                seen=Evidence(Counter(self._sure[name])),
            )
            for name in self.places
        }

    def _schema(self) -> pa.Schema:
        fields = [
            (name, ColumnReader(column, self.connection).type)
            for name, column in self.table.columns.items()
        ]
        return pa.schema([*fields, (ROW, pa.int64()), (FILE, pa.string()), (BATCH, pa.string())])

    def _take(self, found: Sorted) -> None:
        for row in found.totals:
            self._totals.found(row)
            self._aside.line(row.row, " ".join(filter(None, row.cells)), "totals_row")
        for number, text, kind in found.others:
            self._leave_out(number, text, kind)
        self._dressed.found(found.maybe)
        if found.gone is not None and found.gone.num_rows:
            self._take_gone(found.gone)
        if found.rows.num_rows:
            self._take_rows(found.rows)

    def _take_rows(self, rows: pa.RecordBatch) -> None:
        typed: Mapping[str, Cells] = {
            name: self.readers[name].read(rows.column(str(place)))
            for name, place in self.places.items()
        }
        numbers = rows.column(ROW)
        self._cut.look(typed, numbers)
        self._last = max(self._last, compute.max(numbers).as_py())
        numeric = {n: cells.values for n, cells in typed.items() if self._is_number(n)}
        self._totals.take(numeric, numbers)
        self._dressed.take(numeric, numbers)
        typed = self._cut.marked(typed, numbers)
        bad = self._aside.refuse(rows, self.places, typed, self._needed())
        self.outcome.read += rows.num_rows
        values = {name: cells.values for name, cells in typed.items()}
        count = rows.num_rows
        if bad is not None:
            good = compute.invert(bad)
            values = {name: column.filter(good) for name, column in values.items()}
            numbers = numbers.filter(good)
            count = len(numbers)
        self._beside.look(rows if bad is None else rows.filter(good))
        self.outcome.loaded += count
        if count and not self._first:
            self._first = numbers[0].as_py()
        if bad is not None:
            self._among.look(rows.filter(bad), self._first, self.table, self.places)
        schema = self._schema()
        columns = [
            values.get(field.name) if field.name in values else pa.nulls(count, field.type)
            for field in schema
        ][: len(self.table.columns)]
        own = [pa.repeat(pa.scalar(text), count) for text in (self.reading.file, self.batch)]
        table = pa.Table.from_arrays([*columns, numbers, *own], schema=schema)
        self._plausible.look(table)
        self._spellings.look(table)
        self._writer.write(table)

    def _ends_early(self) -> bool:
        """Whether rows of another table were read, which another pass is to leave out."""
        another = self._among.another
        if another is None or self._last <= another.row:
            return False
        self._lines.until, self._another = another.row, another
        return True

    def _is_scaled(self) -> bool:
        """Whether a note among or below the rows states a unit that they were not read in."""
        found = scales(self.table, self.reading, self.places, tuple(self._among.units))
        before, self.scales = self.scales, found
        return found.shifts != before.shifts

    def _is_late(self) -> bool:
        """Whether totals were found only after rows below them, so that sums are to be parted."""
        late = bool(self._totals.late)
        self._bounds = self._totals.every() if late else self._bounds
        return late

    def _is_number(self, name: str) -> bool:
        return self.table.columns[name].type in _NUMBERS

    def _needed(self) -> set[str]:
        """The columns whose cells may not be blank."""
        required = {name for name in self.places if self.table.columns[name].required}
        return required | (set(self.table.key) & set(self.places))

    def _take_gone(self, gone: pa.RecordBatch) -> None:
        keys = {
            name: self.readers[name].read(gone.column(str(self.places[name]))).values
            for name in self.table.key
        }
        self._gone.take(keys, gone.column(ROW))
        self.outcome.deleted += gone.num_rows

    def _take_alone(self, alone: list[pa.RecordBatch]) -> None:
        """Lines of one word are notes below the table; above its last row they are rows."""
        for cells in alone:
            below = compute.greater(cells.column(ROW), self._last)
            for line in cells.filter(below).to_pylist():
                number = line.pop(ROW)
                text = " ".join(str(cell) for cell in line.values() if cell)
                self._leave_out(number, text, "note_row")
            rows = self._without_titles(cells.filter(compute.invert(below)))
            if rows.num_rows:
                self._take(self._lines.sort(rows, last=True))

    def _without_titles(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        words = self._lines.first_words(cells)
        named = titles(self.table, self.places, words)
        numbers = cells.column(ROW).filter(named).to_pylist()
        for number, word in zip(numbers, words.filter(named).to_pylist(), strict=True):
            self._among.titles.append(word)
            self._leave_out(number, word, "title_row")
        return cells.filter(compute.invert(named))

    def _leave_out(self, number: int, text: str, kind: str) -> None:
        self._aside.line(number, text, kind)
        self.outcome.left_out[kind] += 1
        if kind in ("note_row", "title_row"):
            self._among.note(text)

    def _take_misshapen(self) -> None:
        for line in self._lines.before_another(self.reading.misshapen):
            words = [cell.strip() or None for cell in line.values]
            filled = [word for word in words if word]
            if filled and is_total(filled[0], bare_blank=True, telling_blank=True):
                self._totals.found(TotalsRow(line.row, filled[0], words))
                self._aside.line(line.row, line.text, "totals_row")
            elif len(filled) == 1 and line.row > self._last:
                self._leave_out(line.row, line.text, "note_row")
            else:
                self._aside.line(line.row, line.text, line.reason)
                self.outcome.read += 1

    def _settle(self) -> bool:
        """Whether what was seen asks for another pass; what no cell says is asked of a person."""
        questions: list[Question] = []
        again = False
        for name, reader in self.readers.items():
            column, seen = reader.column, reader.seen
            if self._styles[name]:
                continue
            if column.type in _NUMBERS:
                style = number_style(column, seen) or ("" if self.reading.asks else "point")
                questions += [] if style else [number_question(column, seen)]
                groups = seen.shapes["grouped_comma"] + seen.shapes["grouped_point"]
                loose = seen.shapes["loose_comma"]
                anew = (style == "comma" and groups + loose) or (style == EACH and groups)
            elif column.type in _DATES and is_open(seen):
                style = date_order(seen) or ("" if self.reading.asks else EACH)
                questions += [] if style else [date_question(column, seen)]
                anew = style != EACH
            else:
                continue
            if anew:
                self._styles[name] = style
                again = True
        if questions:
            raise asked(self.table, self.reading.file, self.names, questions)
        return again or self._found_totals() or self._cut.found()

    def _found_totals(self) -> bool:
        """Whether complete rows turned out to be totals: their numbers are the sum of the others.

        A row called Total that adds up nothing stays a row and is told.
        """
        proven = self._dressed.proven(self._totals.whole())
        self._lines.sure |= proven
        return bool(proven)

    def _stated(self, row: TotalsRow, at: tuple[int, ...]) -> Iterator[Stated]:
        """What a line of totals says of the columns of numbers."""
        for name, place in self.places.items():
            column = self.table.columns[name]
            cell = row.cells[place] if place < len(row.cells) else None
            if not self._is_number(name) or not cell or cell == row.word or "%" in cell:
                continue
            reader = replace(self.readers[name], column=column)
            value = self._peek(reader, cell)
            if value is None or column.unit in _RATES:
                continue
            totals = self._totals
            expected = totals.expected(at[0], name) if at else (totals.all_rows(name),)
            yield Stated(row.row, row.word, name, self.names[name], value, expected)

    def _above(self) -> Iterator[TotalsRow]:
        """The lines above the header that add up all rows. Parts of them cannot be told there."""
        for number, cells in self.reading.head:
            word = next((cell.strip() for cell in cells if cell and cell.strip()), "")
            if number < self.reading.header and is_total(
                word, bare_blank=True, telling_blank=False
            ):
                row = TotalsRow(number, word, cells)
                if row.kind != "part":
                    yield row

    def _peek(self, reader: ColumnReader, cell: str) -> Decimal | None:
        quiet = ColumnReader(reader.column, self.connection, reader.style, reader.shift)
        style = reader.style or number_style(reader.column, reader.seen)
        quiet.style = style
        value = quiet.read(pa.array([cell])).values[0].as_py()
        return None if value is None else Decimal(value)

    def _finished(self) -> Outcome:
        outcome, totals = self.outcome, self._totals
        outcome.refused, outcome.shown = self._aside.refused, self._aside.shown
        stated = [each for at, row in enumerate(totals.rows) for each in self._stated(row, (at,))]
        above = list(self._above())
        stated += [each for row in above for each in self._stated(row, ())]
        outcome.totals = [*above, *totals.every()]
        outcome.stated = stated
        outcome.titles = self._among.titles
        if self._another:
            outcome.another = (self._another.row, self._another.names, self._lines.beyond)
        if outcome.loaded > 1:
            outcome.maybe, outcome.more_maybe = self._dressed.totals.every(), self._dressed.more
        outcome.noticed = {name: reader.noticed for name, reader in self.readers.items()}
        outcome.styles = {
            name: self._styles[name] or reader.written for name, reader in self.readers.items()
        }
        outcome.told = [
            *self.reading.told,
            *self.scales.findings,
            *self._beside.findings(),
            *self._plausible.findings(self.reading.file),
            *self._spellings.findings(self.reading.file),
        ]
        outcome.forms = self._forms(outcome)
        outcome.excluded = [c.name for c in self.table.columns.values() if c.exclude]
        return outcome

    def _forms(self, outcome: Outcome) -> dict[str, str]:
        """How the cells of each column are written, to see when a source changes."""
        forms = dict(self._plausible.forms)
        for name, reader in self.readers.items():
            if told := reader.form(outcome.styles[name]):
                forms[name] = told
            else:
                forms.setdefault(name, reader.column.type)
        return forms
