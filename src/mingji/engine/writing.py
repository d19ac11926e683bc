"""Writes Parquet while the next rows are made ready."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as parquet


class Writer:
    """Writes tables to a Parquet file while the next ones are made."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # A dictionary of numbers that hardly repeat is work for nothing.
        texts = [each.name for each in schema if pa.types.is_string(each.type)]
        self._writer = parquet.ParquetWriter(path, schema, use_dictionary=texts)
        self._pool = ThreadPoolExecutor(1)
        self._busy: Future[None] | None = None

    def __enter__(self) -> Writer:
        return self

    def write(self, table: pa.Table) -> None:
        """Hands a table over, after the one before is written."""
        if self._busy is not None:
            self._busy.result()
        self._busy = self._pool.submit(self._writer.write_table, table)

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
