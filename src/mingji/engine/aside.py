"""What is set aside while a file is loaded: each refused cell with its reason, and the whole rows.

Only cells of columns that the table reads are kept. A line that does not fall into cells is kept
as text if the table reads every column of the file; otherwise only its number is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from mingji.engine.columns import Cells, trimmed
from mingji.engine.lines import ROW
from mingji.engine.reasons import NO_ROWS

#: How many refused cells of a file become findings of their own; all of them are in the side file.
SHOWN = 20
#: The column of whole rows that holds a line which does not fall into cells.
TEXT = "_text"
_REFUSED = pa.schema(
    [(ROW, pa.int64()), ("column", pa.string()), ("value", pa.string()), ("reason", pa.string())]
)


class Aside:
    """Two Parquet files in a folder: `rejected` (cells) and `whole` (rows)."""

    def __init__(self, folder: Path, columns: Sequence[str], *, keep_lines: bool) -> None:
        self.refused: Counter[tuple[str, str]] = Counter()
        self.shown: list[tuple[int, str, str, str]] = []
        self._keep_lines, self._columns = keep_lines, columns
        self._cells = parquet.ParquetWriter(folder / "rejected.parquet", _REFUSED)
        fields = [(ROW, pa.int64()), *((name, pa.string()) for name in columns)]
        self._whole_schema = pa.schema([*fields, (TEXT, pa.string())])
        self._whole = parquet.ParquetWriter(folder / "whole.parquet", self._whole_schema)
        self._lines: list[tuple[int, str, str]] = []

    def __enter__(self) -> Aside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write_lines()
        self._cells.close()
        self._whole.close()

    def refuse(
        self,
        rows: pa.RecordBatch,
        places: Mapping[str, int],
        typed: Mapping[str, Cells],
        needed: set[str],
    ) -> pa.Array | None:
        """Sets rows with unreadable cells aside; answers which they are, or None if none is."""
        bad: pa.Array | None = None
        for name, cells in typed.items():
            faults = self._faults(cells, missing=name in needed)
            if faults is None:
                continue
            wrong = faults.is_valid()
            raw = rows.column(str(places[name]))
            self._note(rows.column(ROW).filter(wrong), name, raw.filter(wrong), faults.drop_null())
            bad = wrong if bad is None else compute.or_(bad, wrong)
        if bad is not None:
            self._keep(rows.filter(bad), places)
        return bad

    def _faults(self, cells: Cells, *, missing: bool) -> pa.Array | None:
        faults = cells.faults
        if missing and cells.values.null_count:
            faults = faults if faults is not None else pa.nulls(len(cells.values), pa.string())
            silent = compute.and_(cells.values.is_null(), faults.is_null())
            faults = compute.if_else(silent, "missing", faults)
        return faults if faults is not None and faults.null_count < len(faults) else None

    def _note(self, numbers: pa.Array, column: str, raw: pa.Array, reasons: pa.Array) -> None:
        values = raw if pa.types.is_string(raw.type) else _as_text(raw)
        names = pa.repeat(pa.scalar(column), len(numbers))
        self._write(pa.table([numbers, names, values, reasons], schema=_REFUSED))

    def _write(self, table: pa.Table) -> None:
        self._cells.write_table(table)
        counts = table.group_by(["column", "reason"]).aggregate([([], "count_all")])
        for row in counts.to_pylist():
            if row["reason"] not in NO_ROWS:
                self.refused[row["column"], row["reason"]] += row["count_all"]
        room = max(0, SHOWN - len(self.shown))
        real = table.filter(compute.invert(compute.is_in(table["reason"], pa.array(NO_ROWS))))
        for row in real.slice(0, room).to_pylist():
            self.shown.append((row[ROW], row["column"], row["value"] or "", row["reason"]))

    def _keep(self, rows: pa.RecordBatch, places: Mapping[str, int]) -> None:
        cells = [
            trimmed(raw if pa.types.is_string(raw.type) else _as_text(raw))
            for name in self._columns
            for raw in (rows.column(str(places[name])),)
        ]
        text = pa.nulls(rows.num_rows, pa.string())
        table = pa.table([rows.column(ROW), *cells, text], schema=self._whole_schema)
        self._whole.write_table(table)

    def line(self, row: int, text: str, reason: str) -> None:
        """Sets a line aside as it is."""
        self._lines.append((row, text if self._keep_lines else "", reason))

    def _write_lines(self) -> None:
        if not self._lines:
            return
        lines = sorted(self._lines)
        rows, texts, reasons = (list(column) for column in zip(*lines, strict=True))
        self._write(pa.table([rows, [""] * len(rows), texts, reasons], schema=_REFUSED))
        refused = [line for line in lines if line[2] not in NO_ROWS]
        if refused:
            blank = [pa.nulls(len(refused), pa.string()) for _ in self._columns]
            columns = [[row for row, _, _ in refused], *blank, [text for _, text, _ in refused]]
            self._whole.write_table(pa.table(columns, schema=self._whole_schema))


def _as_text(cells: pa.Array) -> pa.Array:
    return pa.array(
        [None if cell is None else str(cell) for cell in cells.to_pylist()], pa.string()
    )
