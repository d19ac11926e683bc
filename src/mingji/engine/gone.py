"""The rows of which a source says that they are gone: their keys, kept beside the rows it has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from mingji.engine.lines import BATCH, ROW
from mingji.engine.model import Table
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


class Gone:
    """Collects the keys of rows of a table that are gone, and writes them to a file."""

    def __init__(self, table: Table, batch: str) -> None:
        self.table, self.batch = table, batch
        self._pieces: list[pa.Table] = []

    def take(self, keys: Mapping[str, pa.Array], numbers: pa.Array) -> None:
        """Keep the keys of some rows, by column, with the numbers of these rows.

        Raises:
            Invalid: the table has no key.
        """
        if not self.table.key:
            message = Text(
                f"表 {self.table.name} 没有主键，无法删除行",
                f"table {self.table.name} has no key: rows cannot be taken away",
            )
            raise Invalid(message, code="no_key")
        batch = pa.repeat(pa.scalar(self.batch), len(numbers))
        self._pieces.append(pa.table({**keys, ROW: numbers, BATCH: batch}))

    def write(self, path: Path) -> None:
        """Write them; no file where there are none."""
        if self._pieces:
            parquet.write_table(pa.concat_tables(self._pieces), path)
