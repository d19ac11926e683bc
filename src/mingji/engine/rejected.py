"""Rejected rows: listed whole with their reasons, exported, mended and loaded again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.answers import Answers
from mingji.engine.aside import TEXT
from mingji.engine.batches import Batch, Mending
from mingji.engine.cell_dates import ORDERS
from mingji.engine.headers import Reading
from mingji.engine.loading import ROW
from mingji.engine.model import Table
from mingji.engine.reasons import NO_ROWS, REASONS
from mingji.engine.unit_words import MULTIPLIERS
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: The columns of an export that lead a mended row back to where it was rejected.
OF_BATCH, OF_ROW, WHY = "_batch", "_row", "_reason"
_UNITS = ("千", "万", "十万", "百万", "千万", "亿", "十亿")


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was set aside and is not settled yet; `cells` are as the file has them.

    `text` is the whole line where it does not fall into cells.
    """

    batch: Batch
    row: int
    faults: tuple[tuple[str, str, str], ...]
    cells: Mapping[str, str | None]
    text: str = ""

    @property
    def why(self) -> Text:
        """Each cell that could not be read, with its value and its reason."""
        return self.why_in({})

    def why_in(self, named: Mapping[str, Text]) -> Text:
        """The same with the columns as people call them."""
        zh, en = [], []
        for column, value, reason in self.faults:
            why, name = REASONS[reason], named.get(column, Text.same(column))
            zh.append(f"{name.zh}“{value}”{why.zh}" if column else why.zh)
            en.append(f"{name.en} “{value}”: {why.en}" if column else why.en)
        return Text("；".join(zh), "; ".join(en))


def rejected_rows(
    warehouse: Warehouse, table: str, source: str | None = None
) -> Iterator[RejectedRow]:
    """The rejected rows of a table that nobody has settled, batch by batch in their order.

    With a `source` only those of batches that came from there.
    """
    batches = warehouse.batches(table)
    for batch in (each for each in batches if source is None or each.source == source):
        settled = {
            row[ROW]
            for other in batches
            if other.mends == batch.id
            for row in warehouse.part(other, "settled.parquet")
        }
        faults: dict[int, list[tuple[str, str, str]]] = {}
        for cell in warehouse.rejected(batch):
            if cell["reason"] not in NO_ROWS and cell[ROW] not in settled:
                fault = (cell["column"], cell["value"] or "", cell["reason"])
                faults.setdefault(cell[ROW], []).append(fault)
        whole = {row[ROW]: row for row in warehouse.part(batch, "whole.parquet")}
        for number, told in sorted(faults.items()):
            cells = dict(whole.get(number, {}))
            cells.pop(ROW, None)
            text = cells.pop(TEXT, None) or ""
            yield RejectedRow(batch, number, tuple(told), cells, text)


def exported(
    rows: Iterable[RejectedRow], table: Table, locale: str
) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows of a table that people mend: cells as they were, and why they were refused.

    A unit that the file stated stands in the name of its column. A line that did not fall into
    cells stands whole in the reason.

    Raises:
        Invalid: If the rows come from files in different units, which one table cannot hold.
    """
    rows = list(rows)
    shifts = {frozenset(_shifts(row.batch).items()) for row in rows}
    if len(shifts) > 1:
        raise _mixed_units(table, {row.batch.id: row.batch.file for row in rows})
    units = dict(next(iter(shifts), frozenset()))
    names = {
        c.name: f"{c.name} ({units[c.name]})" if c.name in units else c.name
        for c in table.columns.values()
        if not c.exclude
    }
    columns = [OF_BATCH, OF_ROW, WHY, *names.values()]
    found = []
    for row in rows:
        why = row.why.in_(locale)
        cells = {names[name]: cell or "" for name, cell in row.cells.items() if name in names}
        told = f"{why}: {row.text}" if row.text else why
        found.append({**cells, OF_BATCH: row.batch.id, OF_ROW: str(row.row), WHY: told})
    return columns, found


def _shifts(batch: Batch) -> dict[str, str]:
    """The unit of each column that the batch's file did not write plainly."""
    words = {f"10^{power}": word for word, power in MULTIPLIERS.items() if word in _UNITS}
    words["10^-2"] = "%"
    found = {}
    for name, form in batch.forms.items():
        for word in form.split():
            if word in words:
                found[name] = words[word]
    return found


def _answers(batch: Batch) -> Answers:
    """How the columns of a batch were written, so that its rows are read so again."""
    forms = {name: form.split() for name, form in batch.forms.items()}
    numbers = {name: way for name, form in forms.items() for way in form if way == "comma"}
    dates = {name: way for name, form in forms.items() for way in form if way in ORDERS}
    left_out = (each.partition(" ") for each in batch.answers)
    return Answers(numbers, dates, frozenset(n for how, _, n in left_out if how == "exclude"))


def _mixed_units(table: Table, files: Mapping[str, str]) -> Invalid:
    listed = ", ".join(f"{id_} ({file})" for id_, file in files.items())
    message = Text(
        f"表 {table.name} 待修正的行来自不同单位的文件",
        f"rows of {table.name} are in various units",
    )
    remedy = Text(
        f"一批一批下载，或用 --batch 选一批：{listed}",
        f"download them batch by batch, or choose one with --batch: {listed}",
    )
    finding = Finding("mixed_units", "error", message, remedy, Place(path=table.name))
    return Invalid(message, code="mixed_units", findings=(finding,))


def replay(warehouse: Warehouse, table: Table, reading: Reading, *, loaded_at: str) -> list[Batch]:
    """Loads mended rows as batches linked to those that rejected them.

    They count as if they had been right then: a later row of the same key still goes before them.
    Rows that cannot be read this time either are rejected by the new batch; the old rejection is
    settled in both cases. The same file again changes nothing.

    Args:
        warehouse: Where the batches are.
        table: The table that rejected the rows.
        reading: The mended export, with the columns `_batch` and `_row`.
        loaded_at: The ISO instant to be written down.

    Raises:
        Invalid: If the columns are missing, or a row is not waiting to be mended.
    """
    pairs = _pairs(reading)
    batches = {batch.id: batch for batch in warehouse.batches(table.name)}
    waiting = {(row.batch.id, row.row) for row in rejected_rows(warehouse, table.name)}
    loaded = []
    for id_ in dict.fromkeys(of for _, of, _ in pairs):
        mine = [(number, row) for number, of, row in pairs if of == id_]
        part = _only(reading, id_, {number for number, _ in mine})
        again = next((b for b in batches.values() if b.digest == part.digest), None)
        if again is None:
            _refuse_others(reading, mine, id_, waiting)
            rows = tuple(sorted({row for _, row in mine}))
            again = warehouse.load(
                table,
                part,
                loaded_at=loaded_at,
                source=batches[id_].source,
                answers=_answers(batches[id_]),
                mends=Mending(batches[id_], rows),
            )
        loaded.append(again)
    return loaded


def _pairs(reading: Reading) -> list[tuple[int, str, int]]:
    """Row of the file, batch and row there, of each row that is to be replayed."""
    names = [name.strip() for name in reading.columns]
    if OF_BATCH not in names or OF_ROW not in names:
        raise _bad(
            reading.file,
            1,
            Text(f"没有列 {OF_BATCH} 和 {OF_ROW}", f"there are no columns {OF_BATCH} and {OF_ROW}"),
        )
    batch, row = str(names.index(OF_BATCH)), str(names.index(OF_ROW))
    pairs = []
    for cells in reading.batches():
        columns = (cells.column(ROW), cells.column(batch), cells.column(row))
        for number, of, at in zip(*(column.to_pylist() for column in columns), strict=True):
            if of is None and at is None:
                continue
            if not str(at or "").strip().isdecimal():
                raise _bad(reading.file, number, Text("行号读不懂", "the row number is not one"))
            pairs.append((number, str(of or "").strip(), int(at)))
    return pairs


def _only(reading: Reading, batch: str, rows: set[int]) -> Reading:
    """The rows of a reading that were rejected by one batch."""
    wanted = pa.array(sorted(rows), pa.int64())

    def batches() -> Iterator[pa.RecordBatch]:
        for cells in reading.batches():
            mine = cells.filter(compute.is_in(cells.column(ROW), value_set=wanted))
            yield pa.RecordBatch.from_arrays(
                [_unguarded(column) for column in mine.columns], schema=mine.schema
            )

    digest = hashlib.sha256(f"{reading.digest} mends {batch}".encode()).hexdigest()
    part: Reading = replace(  # type: ignore[type-var]
        reading, digest=digest, batches=batches, head=(), misshapen=[]
    )
    return part


def _unguarded(cells: pa.Array) -> pa.Array:
    """Cells without the sign that kept a spreadsheet from taking them for a formula."""
    if not pa.types.is_string(cells.type):
        return cells
    return compute.replace_substring_regex(cells, "^'([=+@-])", r"\1")


def _refuse_others(
    reading: Reading, mine: Sequence[tuple[int, int]], batch: str, waiting: set[tuple[str, int]]
) -> None:
    for number, row in mine:
        if (batch, row) not in waiting:
            raise _bad(
                reading.file,
                number,
                Text(
                    f"批次 {batch} 的第 {row} 行不在待修正的行里",
                    f"row {row} of batch {batch} does not wait to be mended",
                ),
            )


def _bad(file: str, row: int, message: Text) -> Invalid:
    remedy = Text(
        "重新下载（或用 mingji rejected export 导出），只改内容，不改 _batch 和 _row",
        "download them again, or export them with mingji rejected export; leave _batch and _row "
        "as they are",
    )
    finding = Finding("replay", "error", message, remedy, Place(file, row))
    whole = Text(f"{file}：{message.zh}", f"{file}: {message.en}")
    return Invalid(whole, code="replay", findings=(finding,))
