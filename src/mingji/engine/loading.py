"""Types the rows of one file into a Parquet batch, in bounded memory; misfits go aside.

The statements run in a private local engine; the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from mingji.engine.cells import MACROS, Typed, blank, sql_type, totals, typed
from mingji.engine.headers import Reading, headed, places
from mingji.engine.model import Table
from mingji.engine.outcome import SHOWN, Outcome, outcome_findings
from mingji.engine.sql import literal, render
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

ROW, FILE, BATCH = "_row", "_file", "_batch"
_REFUSED = pa.schema(
    [(ROW, pa.int64()), ("column", pa.string()), ("value", pa.string()), ("reason", pa.string())]
)


class Loader:
    """Types batches of one reading into one Parquet file, refused cells into another."""

    def __init__(self, table: Table, reading: Reading, batch: str) -> None:
        self.table, self.batch = table, batch
        self.reading = headed(table, reading)
        self.places = places(table, self.reading)
        names = {name: self.reading.columns[place] for name, place in self.places.items()}
        header, unread = self.reading.header, reading.unread
        self.outcome = Outcome(reading.file, names, header, unread)
        self.connection = duckdb.connect()
        for macro in MACROS:
            self.connection.execute(macro)

    def run(self, loaded: Path, refused: Path) -> Outcome:
        """Reads to the end of the source and writes both files."""
        schema: pa.Schema | None = None
        writer: parquet.ParquetWriter | None = None
        with parquet.ParquetWriter(refused, _REFUSED) as aside:
            try:
                for cells in self.reading.batches():
                    good = self._typed(cells, aside)
                    writer = writer or parquet.ParquetWriter(loaded, good.schema)
                    schema = good.schema
                    writer.write_table(good.cast(schema))
            finally:
                if writer is not None:
                    writer.close()
            self._set_misshapen_aside(aside)
        if schema is None:
            self._write_nothing(loaded)
        self.connection.close()
        return self.outcome

    def _typed(self, cells: pa.RecordBatch, aside: parquet.ParquetWriter) -> pa.Table:
        types = dict(zip(cells.schema.names, cells.schema.types, strict=True))
        readers = {
            name: typed(
                self.table.columns[name],
                f'"{place}"',
                types[str(place)],
                spreadsheet=self.reading.spreadsheet,
            )
            for name, place in self.places.items()
        }
        self._show(cells, aside)
        result = self.connection.sql(self._query(readers)).to_arrow_table()
        self.outcome.read += result.num_rows
        self._count(result)
        bad = _any_true(result, [f"!{name}" for name in readers])
        if bad is not None:
            self._set_cells_aside(readers, aside)
            result = result.filter(compute.invert(bad))
        self.outcome.loaded += result.num_rows
        return result.select([*self.table.columns, ROW, FILE, BATCH])

    def _show(self, cells: pa.RecordBatch, aside: parquet.ParquetWriter) -> None:
        """Makes the batch the table `cells`, without blank rows, totals and repeated headers."""
        self.connection.register("every_cell", pa.table(cells))
        every = [name for name in cells.schema.names if name != ROW]
        filled = " OR ".join(f'trimmed(CAST("{name}" AS VARCHAR)) IS NOT NULL' for name in every)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE every_row AS SELECT *, "
            f"{self._no_row(every)} AS no_row FROM every_cell WHERE {filled}"
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP VIEW cells AS SELECT * FROM every_row WHERE no_row IS NULL"
        )
        told = ", ".join(f'trimmed(CAST("{name}" AS VARCHAR))' for name in every)
        refused = self.connection.sql(
            f"SELECT {ROW}, '' AS \"column\", concat_ws(' ', {told}) AS value, no_row AS reason "
            f"FROM every_row WHERE no_row IS NOT NULL ORDER BY {ROW}"
        ).to_arrow_table()
        self.outcome.read += refused.num_rows
        self._note(refused.cast(_REFUSED), aside)

    def _no_row(self, every: list[str]) -> str:
        """SQL that says why a line is not a row of the table: a total, or the header again."""
        table = self.table
        telling = [n for n in (*table.key, table.owner, table.time) if n in self.places]
        header = " AND ".join(
            f'trimmed(CAST("{place}" AS VARCHAR)) = '
            f"{render(literal(self.reading.columns[place].strip()))}"
            for place in self.places.values()
        )
        total = totals(
            every,
            [f'"{place}"' for place in self.places.values()],
            [f'"{self.places[name]}"' for name in telling],
        )
        return f"CASE WHEN {header} THEN 'repeated_header' WHEN {total} THEN 'totals_row' END"

    def _query(self, readers: dict[str, Typed]) -> str:
        parts: list[str] = []
        for name, reader in readers.items():
            column = self.table.columns[name]
            parts += [
                f'CAST({reader.value} AS {sql_type(column)}) AS "{name}"',
                f'{self._bad(name, reader)} AS "!{name}"',
                f'coalesce({reader.rounded}, false) AS "~{name}"',
                f'coalesce({reader.renamed}, false) AS "#{name}"',
                f'{blank(column, self._cell(name))} AS "?{name}"',
            ]
        parts += [
            f'CAST(NULL AS {sql_type(column)}) AS "{name}"'
            for name, column in self.table.columns.items()
            if name not in readers
        ]
        return (
            f"SELECT {', '.join(parts)}, {ROW}, "
            f"{render(literal(self.reading.file))} AS {FILE}, "
            f"{render(literal(self.batch))} AS {BATCH} FROM cells"
        )

    def _bad(self, name: str, reader: Typed) -> str:
        return f"CASE WHEN ({reader.value}) IS NULL THEN {self._must_have(name)} ELSE false END"

    def _must_have(self, name: str) -> str:
        """The condition under which a cell without a value is wrong."""
        if self.table.columns[name].required or name in self.table.key:
            return "true"
        return f"NOT ({self._is_blank(name)})"

    def _is_blank(self, name: str) -> str:
        """Nothing stands in the cell, or only a sign that nothing does."""
        cell = self._cell(name)
        return f"tidied({cell}) IS NULL OR {blank(self.table.columns[name], cell)}"

    def _cell(self, name: str) -> str:
        return f'CAST("{self.places[name]}" AS VARCHAR)'

    def _count(self, result: pa.Table) -> None:
        for name in self.places:
            self.outcome.rounded[name] += compute.sum(result[f"~{name}"]).as_py() or 0
            self.outcome.blanked[name] += compute.sum(result[f"?{name}"]).as_py() or 0
            if compute.any(result[f"#{name}"]).as_py():
                self._count_spellings(name)

    def _count_spellings(self, name: str) -> None:
        values = self.table.columns[name].values
        listed = ", ".join(render(literal(given)) for given in values)
        spelt = f"trimmed({self._cell(name)})"
        rows = self.connection.sql(
            f"SELECT {spelt}, count(*) FROM cells WHERE {spelt} IN ({listed}) GROUP BY 1"
        ).fetchall()
        for given, count in rows:
            self.outcome.renamed[name, given, values[given]] += count

    def _set_cells_aside(self, readers: dict[str, Typed], aside: parquet.ParquetWriter) -> None:
        for name, reader in readers.items():
            table = self.connection.sql(
                f'SELECT {ROW}, {render(literal(name))} AS "column", '
                f"{self._cell(name)} AS value, "
                f"CASE WHEN {self._is_blank(name)} THEN 'missing' "
                f"ELSE {reader.reason} END AS reason FROM cells "
                f"WHERE ({reader.value}) IS NULL AND {self._must_have(name)} ORDER BY {ROW}"
            ).to_arrow_table()
            self._note(table.cast(_REFUSED), aside)

    def _set_misshapen_aside(self, aside: parquet.ParquetWriter) -> None:
        rows = sorted((line.row, line.text) for line in self.reading.misshapen)
        self.outcome.read += len(rows)
        columns: list[Any] = [
            [row for row, _ in rows],
            [""] * len(rows),
            [text for _, text in rows],
            ["misshapen"] * len(rows),
        ]
        self._note(pa.table(columns, schema=_REFUSED), aside)

    def _note(self, refused: pa.Table, aside: parquet.ParquetWriter) -> None:
        if not refused.num_rows:
            return
        aside.write_table(refused)
        for row in (
            refused.group_by(["column", "reason"]).aggregate([([], "count_all")]).to_pylist()
        ):
            self.outcome.refused[row["column"], row["reason"]] += row["count_all"]
        for row in refused.slice(0, max(0, SHOWN - len(self.outcome.shown))).to_pylist():
            self.outcome.shown.append((row[ROW], row["column"], row["value"] or "", row["reason"]))

    def _write_nothing(self, loaded: Path) -> None:
        columns = ", ".join(
            f'CAST(NULL AS {sql_type(column)}) AS "{column.name}"'
            for column in self.table.columns.values()
        )
        empty = self.connection.sql(
            f"SELECT {columns}, CAST(NULL AS BIGINT) AS {ROW}, '' AS {FILE}, '' AS {BATCH} LIMIT 0"
        ).to_arrow_table()
        parquet.write_table(empty, loaded)


def read_small(table: Table, reading: Reading) -> list[dict[str, Any]]:
    """The typed rows of a small file that must be right as a whole, such as a mapping.

    Raises:
        Invalid: If any row cannot be read; each cell is named.
    """
    with tempfile.TemporaryDirectory() as folder:
        loaded = Path(folder) / "loaded.parquet"
        outcome = Loader(table, reading, "").run(loaded, Path(folder) / "refused.parquet")
        findings = outcome_findings(outcome)
        if outcome.refused:
            message = Text(
                f"{reading.file}：{findings[0].message.zh}",
                f"{reading.file}: {findings[0].message.en}",
            )
            raise Invalid(message, code="rows", findings=tuple(findings))
        return parquet.read_table(loaded).to_pylist()  # type: ignore[no-any-return]


def _any_true(table: pa.Table, names: list[str]) -> pa.ChunkedArray | None:
    """The rows where any of the flags is set, or None if there is no such row."""
    flags = [table[name] for name in names if compute.any(table[name]).as_py()]
    if not flags:
        return None
    bad = flags[0]
    for flag in flags[1:]:
        bad = compute.or_(bad, flag)
    return bad
