"""Reads one column of a file, batch by batch: the quick way for clean cells, else cell by cell.

Clean cells (`1052.75`, `2026-07-01`) are cast as a whole. If a batch holds anything else, its
different cells are read once each by the queries of `cells`. Both ways give the same values.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.cell_dates import ORDERS
from mingji.engine.cell_numbers import BLANKS, DIGITS
from mingji.engine.cell_words import in_digits, in_our_years
from mingji.engine.cells import FAILED, cells_query, text_query
from mingji.engine.evidence import Evidence, date_order, number_style
from mingji.engine.model import Column

_DIGITS = "0123456789-"
_CERTAIN_POINT = r"^-?(\d*\.\d{1,2}|\d*\.\d{4,}|\d{4,}\.\d{3}|0\.\d{3})$"
_TYPES = {
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
_FLOAT = "coalesce(CAST(TRY_CAST(printf('%.14e', v) AS DECIMAL(38, 12)) AS VARCHAR), v::VARCHAR)"
_READING = (
    "SELECT CAST(sum(TRY_CAST(coalesce(loose, point) AS DECIMAL(38, 8)) * n) AS DECIMAL(38, 8)), "
    "CAST(sum(TRY_CAST(comma AS DECIMAL(38, 8)) * n) AS DECIMAL(38, 8)) FROM answer "
    "WHERE value IS NOT NULL OR shape = 'loose_comma'"
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Typed values of a batch; `faults` says which cells hold something that cannot be read."""

    values: pa.Array
    faults: pa.Array | None = None


@dataclass(slots=True)
class Noticed:
    """Counts of what was not taken as it stands."""

    rounded: int = 0
    placeholders: int = 0
    own_unit: int = 0
    letters: int = 0
    short_years: int = 0
    serials: int = 0
    no_years: int = 0
    in_words: int = 0
    republican: int = 0
    renamed: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    #: The zone that times of other zones were converted into; empty: taken as written.
    zone: str = ""


@dataclass(slots=True)
class ColumnReader:
    r"""Reads the cells of one column; `seen` and `noticed` fill up on the way.

    `style` is how numbers or dates are written if that is settled; `shift` the power of ten of
    the column's unit; `year` the year of days that name none; `spreadsheet` says that a bare
    five-digit number in a date column is nothing to be told, `since_1904` that it counts from 1904;
    `chinese` that the file is in Chinese, so that 1.2w is 1.2万; `republican` that the header says
    that years are of the Republic (民国);
    `broken` that `\ufffd` stands for what cannot be read.
    """

    column: Column
    connection: duckdb.DuckDBPyConnection
    style: str = ""
    shift: int = 0
    year: int | None = None
    spreadsheet: bool = False
    since_1904: bool = False
    chinese: bool = False
    republican: bool = False
    broken: bool = False
    seen: Evidence = field(default_factory=Evidence)
    noticed: Noticed = field(default_factory=Noticed)
    #: The type in which a typed file delivers the cells; empty for text.
    native: str = ""

    @property
    def type(self) -> pa.DataType:
        """The Arrow type in which the column is stored."""
        if self.column.type == "decimal":
            return pa.decimal128(DIGITS, self.column.scale)
        return _TYPES.get(self.column.type, pa.string())

    @property
    def written(self) -> str:
        """How the column turned out to be written; empty where that makes no difference."""
        if self.column.type in ("decimal", "integer") and self.seen.shapes["comma"]:
            return number_style(self.column, self.seen)
        if self.column.type in ("date", "timestamp") and self.seen.orders:
            return date_order(self.seen)
        return ""

    def form(self, style: str) -> str:
        """Type, notation and unit of the cells, to see when a source changes."""
        shift = f"10^{self.shift}" if self.shift else ""
        return " ".join(filter(None, (self.native, style, shift)))

    def read(self, cells: pa.Array) -> Cells:
        """The typed values of the cells of a batch."""
        if pa.types.is_null(cells.type):
            return Cells(pa.nulls(len(cells), self.type))
        native = not pa.types.is_string(cells.type)
        self.native = str(cells.type) if native else ""
        if native and (pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type)):
            return self._native_day(cells)
        text = self._as_text(cells) if native else cells
        if self.column.type == "text":
            cells = self._text(self._without_failures(text))
            return self._without_broken(cells) if self.broken else cells
        quick = self._quick(text)
        return Cells(quick) if quick is not None else self._by_cell(text, machine=native)

    def _native_day(self, cells: pa.Array) -> Cells:
        if self.column.type in ("date", "timestamp"):
            return Cells(cells.cast(self.type, safe=False))
        if self.column.type == "text":
            return self._text(cells.cast(pa.string()))
        faults = compute.if_else(cells.is_valid(), "not_a_number", pa.scalar(None, pa.string()))
        return Cells(pa.nulls(len(cells), self.type), faults)

    def _as_text(self, cells: pa.Array) -> pa.Array:
        """Typed cells as text; a binary float is read to the 15 digits it can promise."""
        self.connection.register("typed_cells", pa.table({"v": cells}))
        how = _FLOAT if pa.types.is_floating(cells.type) else "CAST(v AS VARCHAR)"
        query = f"SELECT {how} AS v FROM typed_cells"  # noqa: S608 - nothing but constants
        return _whole(self.connection.sql(query).to_arrow_table()["v"])

    def _without_broken(self, cells: Cells) -> Cells:
        broken = compute.match_substring(cells.values, "\ufffd")
        if not compute.any(broken).as_py():
            return cells
        nothing = pa.scalar(None, pa.string())
        return Cells(
            compute.if_else(broken, nothing, cells.values),
            compute.if_else(broken, "broken_text", nothing),
        )

    def _without_failures(self, text: pa.Array) -> pa.Array:
        """Words whose formula failed (#N/A) are none."""
        if not compute.any(compute.starts_with(text, "#")).as_py():
            return text
        failed = compute.is_in(text, value_set=pa.array(FAILED))
        self.noticed.placeholders += compute.sum(failed).as_py()
        return compute.if_else(failed, pa.scalar(None, pa.string()), text)

    def _text(self, text: pa.Array) -> Cells:
        values = trimmed(text)
        if not self.column.values:
            return Cells(values)
        encoded = values.dictionary_encode()
        answer = self._answer(encoded, text_query(self.column))
        self.noticed.renamed += Counter(
            {
                f"{row['v']} → {row['value']}": row["n"]
                for row in answer.to_pylist()
                if row["renamed"]
            }
        )
        return Cells(_whole(answer["value"]).take(encoded.indices))

    def _quick(self, text: pa.Array) -> pa.Array | None:
        """The cells cast as a whole, or None if any of them needs a closer look."""
        if self.column.type == "boolean" or self.shift:
            return None
        try:
            if self.column.type in ("date", "timestamp"):
                return self._quick_day(text)
            return self._quick_number(text)
        except pa.ArrowInvalid:
            return None

    def _quick_day(self, text: pa.Array) -> pa.Array | None:
        day = text.cast(self.type)
        span = compute.min_max(day).as_py()
        plausible = span["min"] is None or (1900 <= span["min"].year <= span["max"].year <= 2199)
        if not plausible:
            return None
        self.seen.days += len(day) - day.null_count
        return day

    def _quick_number(self, text: pa.Array) -> pa.Array | None:
        settled = self.style == "point" or (not self.style and self.seen.shapes["point"] > 0)
        signs = _DIGITS + "." if self.column.type == "decimal" else _DIGITS
        if _longest(compute.ascii_trim(text, characters=signs)):
            return None
        pointed = not settled and _longest(compute.ascii_trim(text, characters=_DIGITS)) > 0
        if pointed and not (self._says_point(text) and not self.style):
            return None
        values = text.cast(self.type)
        if pointed:
            self.seen.shapes["point"] += 1
        elif not settled:
            total = compute.sum(values).as_py() or 0
            self.seen.sums.update({"point": total, "comma": total})
        return values

    def _says_point(self, text: pa.Array) -> bool:
        """Whether a point is certainly a decimal one in any of these cells of digits."""
        return bool(compute.any(compute.match_substring_regex(text, _CERTAIN_POINT)).as_py())

    def _answer(self, encoded: pa.DictionaryArray, query: str) -> pa.Table:
        """What the query says of each different cell, in the order of the dictionary.

        The engine answers in any order where it works in several threads.
        """
        counts = compute.value_counts(encoded.indices.drop_null())
        order = compute.sort_indices(counts.field(0))
        table = {"v": encoded.dictionary, "n": counts.field(1).take(order)}
        self.connection.register("cells", pa.table(table))
        answer = self.connection.sql(query).to_arrow_table()
        cells = _whole(answer["v"])
        if cells.equals(encoded.dictionary):
            return answer
        return answer.take(compute.index_in(encoded.dictionary, value_set=cells))

    def _by_cell(self, text: pa.Array, *, machine: bool = False) -> Cells:
        encoded = self._without_words(text).dictionary_encode()
        style = "point" if machine and self.column.type in ("integer", "decimal") else self.style
        query = cells_query(
            self.column,
            style=style,
            shift=self.shift,
            year=self.year,
            since_1904=self.since_1904,
            chinese=self.chinese,
        )
        answer = self._answer(encoded, query)
        self._notice(answer)
        values = _whole(answer["value"]).cast(self.type).take(encoded.indices)
        faults = _whole(answer["fault"])
        if faults.null_count == len(faults):
            return Cells(values)
        return Cells(values, faults.take(encoded.indices))

    def _without_words(self, text: pa.Array) -> pa.Array:
        """The cells with amounts in words as digits, and days of the Republic in our years.

        Where the column has a unit of its own, it is not certain what it means to such an amount.
        """
        if self.column.type in ("date", "timestamp"):
            text, count = in_our_years(text, republican=self.republican)
            self.noticed.republican += count
        elif self.column.type in ("integer", "decimal") and not self.shift:
            text, count = in_digits(text)
            self.noticed.in_words += count
        return text

    def _notice(self, answer: pa.Table) -> None:
        counted = functools.partial(_counted, answer)
        self.noticed.placeholders += counted("placeholder")
        if self.column.type in ("integer", "decimal"):
            self.noticed.rounded += counted("rounded")
            self.noticed.own_unit += counted("own_unit")
            read = answer.filter(answer["value"].is_valid())
            self.noticed.letters += _counted(read, "letter")
            self._weigh_numbers(answer)
        elif self.column.type in ("date", "timestamp"):
            read = answer.filter(answer["value"].is_valid())
            self.seen.days += _counted(read, "")
            self.noticed.short_years += _counted(read, "short")
            self.noticed.serials += 0 if self.spreadsheet else _counted(read, "serial")
            self.noticed.no_years += _counted(read.filter(read["no_year"].is_valid()), "")
            zoned = read.filter(read["zone"].is_valid())
            for row in zoned.group_by("zone").aggregate([("n", "sum")]).to_pylist():
                self.noticed.zones[row["zone"]] += row["n_sum"]
            self.noticed.zone = self.column.zone
            self._weigh_days(answer)

    def _weigh_numbers(self, answer: pa.Table) -> None:
        for row in answer.group_by("shape").aggregate([("n", "sum"), ("v", "min")]).to_pylist():
            self.seen.shapes[row["shape"]] += row["n_sum"]
            if row["shape"] in ("loose_comma", "grouped_point", "grouped_comma"):
                self.seen.example = self.seen.example or row["v_min"]
        if not self.style and not self.seen.shapes["point"] and not self.seen.shapes["comma"]:
            self.connection.register("answer", answer)
            totals = self.connection.sql(_READING).fetchall()[0]
            for style, total in zip(("point", "comma"), totals, strict=True):
                self.seen.sums[style] += total or Decimal(0)  # type: ignore[assignment]

    def _weigh_days(self, answer: pa.Table) -> None:
        days: list[dict[str, Any]] = answer.select(["v", "n", *ORDERS]).to_pylist()
        for row in days:
            orders = tuple(order for order in ORDERS if row[order])
            if orders and (len(orders) == 1 or len({row[order] for order in orders}) > 1):
                self.seen.orders[orders] += row["n"]
                for order in orders:
                    self.seen.widen(order, [row[order]])
            if len(orders) > 1:
                self.seen.example = self.seen.example or row["v"]


def trimmed(text: pa.Array) -> pa.Array:
    """Cells without blanks around them; those that hold nothing else are null."""
    values = compute.utf8_trim(text, characters=BLANKS)
    empty = compute.equal(compute.binary_length(values), 0)
    if compute.any(empty).as_py():
        values = compute.if_else(empty, pa.scalar(None, pa.string()), values)
    return values


def _longest(text: pa.Array) -> int:
    return compute.max(compute.binary_length(text)).as_py() or 0


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _counted(answer: pa.Table, flag: str) -> int:
    """How many cells the marked ones of a query's answer stand for."""
    marked = answer.filter(compute.fill_null(answer[flag], False)) if flag else answer
    return compute.sum(marked["n"]).as_py() or 0
