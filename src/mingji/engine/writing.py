"""Writes Parquet while the next rows are made ready, each amount as narrow as it may be."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as parquet

from mingji.engine.cell_numbers import FEW_DIGITS, PLACES_OF_FEW
from mingji.engine.lines import ROW


class Writer:
    """Writes tables to a Parquet file while the next ones are made.

    Amounts are stored in 18 digits as long as all fit, in all their digits from then on: whoever
    reads several files has to unite their types by name.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._whole = path, schema
        self._pool = ThreadPoolExecutor(1)
        self._busy: Future[None] | None = None
        self._open(pa.schema([field.with_type(_narrow(field.type)) for field in schema]))

    def __enter__(self) -> Writer:
        return self

    def write(self, table: pa.Table) -> None:
        """Hands a table over, after the one before is written."""
        if self._busy is not None:
            self._busy.result()
        self._busy = self._pool.submit(self._write, table)

    def _open(self, schema: pa.Schema) -> None:
        self._schema = schema
        # A dictionary of numbers that hardly repeat is work for nothing; row numbers only rise.
        repeating = [each.name for each in schema if _repeats(each.type)]
        self._writer = parquet.ParquetWriter(
            self._path,
            schema,
            compression="lz4",
            use_dictionary=repeating,
            column_encoding={ROW: "DELTA_BINARY_PACKED"} if ROW in schema.names else None,
            store_decimal_as_integer=True,
        )

    def _write(self, table: pa.Table) -> None:
        try:
            fitting = table.cast(self._schema)
        except pa.ArrowInvalid:  # an amount is too long
            self._widen()
            fitting = table
        self._writer.write_table(fitting)

    def _widen(self) -> None:
        """Begins the file anew with all digits, and copies what it had."""
        self._writer.close()
        before = self._path.with_suffix(".narrow")
        self._path.rename(before)
        self._open(self._whole)
        with parquet.ParquetFile(before) as file:
            for group in range(file.num_row_groups):
                self._writer.write_table(file.read_row_group(group).cast(self._whole))
        before.unlink()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()
        self._writer.close()
        if kind is None and self._busy is not None:
            self._busy.result()


def _narrow(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(kind) and kind.precision > FEW_DIGITS and kind.scale <= PLACES_OF_FEW:
        return pa.decimal128(FEW_DIGITS, kind.scale)
    return kind


def _repeats(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_date(kind))
