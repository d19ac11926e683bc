"""Types the rows of one file into a Parquet batch, in bounded memory; misfits go aside.

The statements run in a private local engine; the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

import difflib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from mingji.engine.cells import MACROS, REASONS, REMEDIES, Typed, sql_type, typed
from mingji.engine.model import Column, Table
from mingji.engine.sql import literal, render
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

ROW, FILE, BATCH = "_row", "_file", "_batch"
#: How many refused cells of a file become findings of their own; all of them are in the side file.
_SHOWN = 20
_REFUSED = pa.schema(
    [(ROW, pa.int64()), ("column", pa.string()), ("value", pa.string()), ("reason", pa.string())]
)


class Misshapen(Protocol):
    """A line that has not as many cells as the header."""

    @property
    def row(self) -> int: ...
    @property
    def text(self) -> str: ...


class Reading(Protocol):
    """What the warehouse needs of an opened source (`connectors.files.open_file` gives one)."""

    @property
    def file(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def spreadsheet(self) -> bool: ...
    @property
    def batches(self) -> Callable[[], Iterator[pa.RecordBatch]]: ...
    @property
    def misshapen(self) -> Iterable[Misshapen]: ...


@dataclass(slots=True)
class Outcome:
    """What came of a file: counts, and how often each column was refused, rounded, renamed."""

    read: int = 0
    loaded: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    rounded: Counter[str] = field(default_factory=Counter)
    renamed: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, str, str, str]] = field(default_factory=list)


def places(table: Table, reading: Reading) -> dict[str, int]:
    """Which column of the file each column of the table is, by its name or one of its headers.

    Raises:
        Invalid: Naming each column that is missing or stands twice, with those the file has.
    """
    found: dict[str, int] = {}
    findings: list[Finding] = []
    headers = [_folded(header) for header in reading.columns]
    for column in table.columns.values():
        wanted = [_folded(name) for name in (column.name, *column.headers)]
        matches = [place for place, header in enumerate(headers) if header in wanted]
        if len(matches) == 1:
            found[column.name] = matches[0]
        if len(matches) == 1 or (column.optional and not matches):
            continue
        findings.append(_unplaced(column, matches, table, reading))
    if findings:
        message = Text(
            f"{reading.file} 与表 {table.name} 的定义不符：{findings[0].message.zh}",
            f"{reading.file} does not fit table {table.name}: {findings[0].message.en}",
        )
        raise Invalid(message, code="columns", findings=tuple(findings))
    return found


def _folded(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _unplaced(column: Column, matches: list[int], table: Table, reading: Reading) -> Finding:
    place = Place(reading.file, 1, None, f"tables.{table.name}.columns.{column.name}")
    if matches:
        return Finding(
            "repeated_column",
            "error",
            Text(f"列“{column.name}”出现了多次", f"column “{column.name}” stands more than once"),
            Text("在文件里改掉重名的列", "rename one of them in the file"),
            place,
        )
    near = difflib.get_close_matches(column.name, reading.columns, 3) or reading.columns
    return Finding(
        "missing_column",
        "error",
        Text(f"没有列“{column.name}”", f"there is no column “{column.name}”"),
        Text(
            f"文件里有：{'、'.join(near)}；在定义里用 header 写出文件中的列名",
            f"the file has: {', '.join(near)}; give the file's name as header in the definitions",
        ),
        place,
    )


class Loader:
    """Types batches of one reading into one Parquet file, refused cells into another."""

    def __init__(self, table: Table, reading: Reading, batch: str) -> None:
        self.table, self.reading, self.batch = table, reading, batch
        self.places = places(table, reading)
        self.outcome = Outcome()
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
        self._show(cells)
        result = self.connection.sql(self._query(readers)).to_arrow_table()
        self.outcome.read += result.num_rows
        self._count(result)
        bad = _any_true(result, [f"!{name}" for name in readers])
        if bad is not None:
            self._set_cells_aside(readers, aside)
            result = result.filter(compute.invert(bad))
        self.outcome.loaded += result.num_rows
        return result.select([*self.table.columns, ROW, FILE, BATCH])

    def _show(self, cells: pa.RecordBatch) -> None:
        """Makes the batch the table `cells`, without its blank rows."""
        self.connection.register("every_cell", pa.table(cells))
        filled = " OR ".join(f'"{name}" IS NOT NULL' for name in cells.schema.names if name != ROW)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW cells AS SELECT * FROM every_cell WHERE {filled}"
        )

    def _query(self, readers: dict[str, Typed]) -> str:
        parts: list[str] = []
        for name, reader in readers.items():
            column = self.table.columns[name]
            parts += [
                f'CAST({reader.value} AS {sql_type(column)}) AS "{name}"',
                f'{self._bad(name, reader)} AS "!{name}"',
                f'coalesce({reader.rounded}, false) AS "~{name}"',
                f'coalesce({reader.renamed}, false) AS "#{name}"',
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
        return f"{self._tidied(name)} IS NOT NULL"

    def _tidied(self, name: str) -> str:
        return f'tidied(CAST("{self.places[name]}" AS VARCHAR))'

    def _count(self, result: pa.Table) -> None:
        for name in self.places:
            self.outcome.rounded[name] += compute.sum(result[f"~{name}"]).as_py() or 0
            self.outcome.renamed[name] += compute.sum(result[f"#{name}"]).as_py() or 0

    def _set_cells_aside(self, readers: dict[str, Typed], aside: parquet.ParquetWriter) -> None:
        for name, reader in readers.items():
            table = self.connection.sql(
                f'SELECT {ROW}, {render(literal(name))} AS "column", '
                f'CAST("{self.places[name]}" AS VARCHAR) AS value, '
                f"CASE WHEN {self._tidied(name)} IS NULL THEN 'missing' "
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
        for row in refused.slice(0, max(0, _SHOWN - len(self.outcome.shown))).to_pylist():
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
        findings = outcome_findings(reading.file, outcome)
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


def outcome_findings(file: str, outcome: Outcome) -> list[Finding]:
    """What a person should know of a loaded file: refused cells, rounded and renamed values."""
    findings = [_refused_cell(file, *cell) for cell in outcome.shown]
    total = sum(outcome.refused.values())
    if total > len(findings):
        rows = outcome.read - outcome.loaded
        message = Text(
            f"共有 {total} 处读不懂，涉及 {rows} 行，都没有计入",
            f"{total} cells in {rows} rows could not be read; these rows are set aside",
        )
        remedy = Text(
            "完整清单见批次旁的 rejected 文件", "the rejected file of the batch lists them"
        )
        findings.append(
            Finding("refused_cells", "warning", message, remedy, Place(file), count=total)
        )
    for column, count in sorted((+outcome.rounded).items()):
        message = Text(
            f"{column} 有 {count} 个值的小数位超出定义，已四舍五入",
            f"{count} values of {column} have more decimals than defined and were rounded",
        )
        remedy = Text("在定义里加大这一列的 scale", "raise the scale of the column")
        findings.append(
            Finding("rounded_cells", "warning", message, remedy, Place(file), count=count)
        )
    for column, count in sorted((+outcome.renamed).items()):
        message = Text(
            f"{column} 有 {count} 个值按定义换成了统一写法",
            f"{count} values of {column} were spelt as the definitions say",
        )
        findings.append(
            Finding("renamed_values", "info", message, Text("", ""), Place(file), count=count)
        )
    return findings


def _refused_cell(file: str, row: int, column: str, value: str, reason: str) -> Finding:
    message = Text(
        f"{column or '整行'} 的“{value}”{REASONS[reason].zh}，这一行没有计入",
        f"{column or 'row'} “{value}”: {REASONS[reason].en}; the row is set aside",
    )
    path = f"row {row}, column {column}" if column else f"row {row}"
    return Finding(
        reason, "warning", message, REMEDIES[reason], Place(file, row, None, path), count=1
    )
