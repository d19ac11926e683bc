"""The warehouse: immutable batches of typed rows, each with its manifest, loaded exactly once.

A batch is a Parquet file named after its content and the column types it was read with. Its
manifest is written last, by an atomic rename: a batch without one does not exist. Where a key
comes again, the later row of a file and the later batch win; the rows they replace stay in their
batch and are listed beside it. The statements run in a private local engine; the names in them come
from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as parquet

from mingji.engine.cells import sql_type
from mingji.engine.corrections import BASE, Correction, lay_over
from mingji.engine.headers import Reading
from mingji.engine.loading import BATCH, FILE, ROW, Loader
from mingji.engine.model import Definitions, Table
from mingji.engine.outcome import Outcome, outcome_findings
from mingji.engine.sql import exp, literal, render
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Batch:
    """One loaded file: where its rows are, what came of it, what a person should know.

    `sequence` orders the batches of a table; `loaded_at` is the ISO instant the caller gave.
    """

    id: str
    table: str
    file: str
    digest: str
    schema: str
    sequence: int
    loaded_at: str
    read: int
    loaded: int
    superseded: int
    findings: tuple[Finding, ...]


class Warehouse:
    """Batches below one folder, and a connection that sees them as tables.

    `corrections` lie over the rows of the batches; loading knows nothing of them.
    """

    def __init__(self, root: Path, corrections: tuple[Correction, ...] = ()) -> None:
        self.root, self.corrections = root, corrections

    def load(self, table: Table, reading: Reading, *, loaded_at: str) -> Batch:
        """Loads a file into a table; the same content a second time changes nothing.

        Args:
            table: The table's definition; columns are found by name or header.
            reading: The opened source, as `connectors.files.open_file` gives it.
            loaded_at: The ISO instant to be written down.

        Returns:
            The batch with its counts and findings (refused cells, repeated keys, …).

        Raises:
            Invalid: If a column is missing. Nothing is written then.
        """
        schema = _schema(table)
        id_ = hashlib.sha256(f"{reading.digest} {schema}".encode()).hexdigest()[:16]
        batches = self.batches(table.name)
        known = next((batch for batch in batches if batch.id == id_), None)
        if known is not None:
            return known
        folder = self.root / "batches" / table.name
        stale = next((batch for batch in batches if batch.digest == reading.digest), None)
        newest = max((batch.sequence for batch in batches), default=0)
        sequence = stale.sequence if stale else newest + 1
        loader = Loader(table, reading, id_)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{id_}.part"
        try:
            outcome = loader.run(part, folder / f"{id_}.rejected.parquet")
            others = [batch for batch in batches if batch is not stale]
            within, across = self._supersede(table, id_, part, sequence, others)
            part.replace(folder / f"{id_}.parquet")
        except BaseException:
            self._remove(table.name, id_)
            raise
        batch = Batch(
            id=id_,
            table=table.name,
            file=reading.file,
            digest=reading.digest,
            schema=schema,
            sequence=sequence,
            loaded_at=loaded_at,
            read=outcome.read,
            loaded=outcome.loaded,
            superseded=within + across,
            findings=tuple(_findings(table, reading, outcome, others, within, across)),
        )
        _write(folder / f"{id_}.json", _manifest(batch))
        if stale is not None:
            self._remove(table.name, stale.id)
        return batch

    def _remove(self, table: str, id_: str) -> None:
        """Removes a batch, its manifest first: without that it does not exist."""
        files = (self.root / "batches" / table).glob(f"{id_}.*")
        for file in sorted(files, key=lambda path: path.suffix != ".json"):
            file.unlink()

    def batches(self, table: str) -> list[Batch]:
        """The batches of a table in the order in which they were loaded."""
        files = (self.root / "batches" / table).glob("*.json")
        return sorted((_read(file) for file in files), key=lambda batch: batch.sequence)

    def rejected(self, batch: Batch) -> Iterator[dict[str, Any]]:
        """Every refused cell of a batch: `_row`, `column`, `value`, `reason`."""
        path = self.root / "batches" / batch.table / f"{batch.id}.rejected.parquet"
        yield from parquet.read_table(path).to_pylist()

    def connect(self, definitions: Definitions) -> duckdb.DuckDBPyConnection:
        """A connection in which every table of the definitions is a view over its batches, with
        the corrections laid over.

        Raises:
            Invalid: If a table was loaded under other column types than it has now, or no longer
                has a column that a correction names.
        """
        connection = duckdb.connect(config={"temp_directory": str(self.root / "spill")})
        for table in definitions.tables.values():
            batches = self.batches(table.name)
            stale = [batch for batch in batches if batch.schema != _schema(table)]
            if stale:
                raise _stale(table, stale)
            mended = [each for each in self.corrections if each.table == table.name]
            connection.execute(self._view(table, batches, BASE if mended else ""))
            if mended:
                lay_over(connection, table, mended)
        return connection

    def _view(self, table: Table, batches: list[Batch], suffix: str) -> str:
        if not batches:
            columns = [f'"{column.name}" {sql_type(column)}' for column in table.columns.values()]
            system = [f"{ROW} BIGINT", f"{FILE} VARCHAR", f"{BATCH} VARCHAR"]
            return f'CREATE TABLE "{table.name}{suffix}" ({", ".join([*columns, *system])})'
        folder = self.root / "batches" / table.name
        rows = self._parquet_of(table, batches)
        lists = [folder / f"{batch.id}.superseded.parquet" for batch in batches if batch.superseded]
        anti = f" AS r ANTI JOIN {_parquet(lists)} AS s USING ({BATCH}, {ROW})" if lists else ""
        return f'CREATE VIEW "{table.name}{suffix}" AS SELECT * FROM {rows}{anti}'

    def _supersede(
        self, table: Table, id_: str, part: Path, sequence: int, others: list[Batch]
    ) -> tuple[int, int]:
        """Lists the rows whose key comes again later, in this file or from batch to batch."""
        if not table.key:
            return 0, 0
        key = ", ".join(f'"{name}"' for name in table.key)
        new = _parquet([part])
        earlier = [batch for batch in others if batch.sequence < sequence]
        later = [batch for batch in others if batch.sequence > sequence]
        queries = []
        with duckdb.connect() as connection:
            if connection.sql(
                f"SELECT 1 FROM {new} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
            ).fetchall():
                queries.append(
                    f"SELECT {BATCH}, {ROW}, true AS within FROM {new} "
                    f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {ROW} DESC) > 1"
                )
            for batches, old, fresh in (
                (earlier, self._parquet_of(table, earlier), new),
                (later, new, self._parquet_of(table, later)),
            ):
                if batches:
                    queries.append(
                        f"SELECT {BATCH}, {ROW}, false AS within FROM {old} AS r "
                        f"SEMI JOIN {fresh} AS s USING ({key})"
                    )
            if not queries:
                return 0, 0
            rows = connection.sql(
                f"SELECT {BATCH}, {ROW}, bool_or(within) AS within "
                f"FROM ({' UNION ALL '.join(f'({query})' for query in queries)}) "
                f"GROUP BY ALL ORDER BY {BATCH}, {ROW}"
            ).to_arrow_table()
        if rows.num_rows:
            superseded = self.root / "batches" / table.name / f"{id_}.superseded.parquet"
            parquet.write_table(rows.select([BATCH, ROW]), superseded)
        within = sum(rows["within"].to_pylist())
        return within, rows.num_rows - within

    def _parquet_of(self, table: Table, batches: list[Batch]) -> str:
        folder = self.root / "batches" / table.name
        return _parquet([folder / f"{batch.id}.parquet" for batch in batches])


def _parquet(files: list[Path]) -> str:
    listed = exp.Array(expressions=[literal(str(file)) for file in files])
    return f"read_parquet({render(listed)})"


def _schema(table: Table) -> str:
    """A fingerprint of everything that decides how a file of this table is read."""
    told = [
        [
            c.name,
            c.type,
            c.scale if c.type == "decimal" else 0,
            c.required,
            c.optional,
            sorted(c.headers),
            sorted(c.values.items()),
            c.dates,
        ]
        for c in table.columns.values()
    ]
    text = json.dumps([sorted(told), list(table.key)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _findings(
    table: Table, reading: Reading, outcome: Outcome, others: list[Batch], within: int, across: int
) -> Iterator[Finding]:
    yield from outcome_findings(outcome)
    place = Place(reading.file)
    if within:
        yield Finding(
            "repeated_key",
            "warning",
            Text(
                f"主键 {'、'.join(table.key)} 在文件内重复，{within} 行被后面的行取代",
                f"key {', '.join(table.key)} repeats: {within} rows give way to later ones",
            ),
            Text("检查导出是否有重复行", "check the export for repeated rows"),
            place,
            count=within,
        )
    if across:
        yield Finding(
            "replaced_rows",
            "info",
            Text(
                f"{across} 行取代了先前批次中主键相同的行",
                f"{across} rows replace rows of earlier batches with the same key",
            ),
            Text("", ""),
            place,
            count=across,
        )
    if not table.key and any(batch.file == reading.file for batch in others):
        yield Finding(
            "same_file_name",
            "warning",
            Text(
                f"表 {table.name} 没有主键，同名文件的两个版本会一起计入",
                f"table {table.name} has no key: both versions of this file are counted",
            ),
            Text("给这张表定义 key", "give the table a key"),
            place,
        )


def _stale(table: Table, batches: list[Batch]) -> Invalid:
    files = sorted({batch.file for batch in batches})
    message = Text(
        f"表 {table.name} 的列定义改过，{'、'.join(files)} 是按旧定义读入的",
        f"the columns of {table.name} have changed since {', '.join(files)} was loaded",
    )
    remedy = Text("把这些文件重新载入", "load these files again")
    finding = Finding("stale_batches", "error", message, remedy, Place(path=table.name))
    return Invalid(message, code="stale_batches", findings=(finding,))


def _manifest(batch: Batch) -> str:
    return json.dumps(asdict(batch), ensure_ascii=False, indent=1, sort_keys=True)


def _read(path: Path) -> Batch:
    data = json.loads(path.read_text(encoding="utf-8"))
    data["findings"] = tuple(
        Finding(
            **{
                **each,
                "message": Text(**each["message"]),
                "remedy": Text(**each["remedy"]),
                "place": Place(**each["place"]),
            }
        )
        for each in data["findings"]
    )
    return Batch(**data)


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".json.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
