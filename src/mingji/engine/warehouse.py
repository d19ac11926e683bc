"""The warehouse: immutable batches of typed rows, each with its manifest, loaded exactly once.

A batch is a Parquet file named after its content and the way it was read. Its manifest is written
last, by an atomic rename: a batch without one does not exist. Where a key comes again, the later
row of a file and the later batch win; the rows they replace stay in their batch and are listed
beside it. The statements run in a private local engine; the names in them come from checked
definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet

from mingji.engine.answers import NO_ANSWERS, Answers, answered
from mingji.engine.batches import (
    Batch,
    Mending,
    Shelf,
    batch_id,
    fingerprint,
    parquet_rows,
)
from mingji.engine.cells import sql_type
from mingji.engine.corrections import BASE, Correction, lay_over
from mingji.engine.drift import drift_findings
from mingji.engine.headers import Reading
from mingji.engine.keys_told import gone_told, key_findings, zeros_told
from mingji.engine.loading import BATCH, FILE, ROW, Loader
from mingji.engine.model import Definitions, Table
from mingji.engine.outcome import outcome_findings
from mingji.engine.sheets import sheets_of
from mingji.engine.versions import Superseded, changed_last, told_apart
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

__all__ = ["Batch", "Warehouse"]
#: Keys are compared in so much memory; what does not fit goes to disk.
_MEMORY = "1GB"


class Warehouse:
    """Batches below one folder, and a connection that sees them as tables.

    `corrections` lie over the rows of the batches; loading knows nothing of them.
    """

    def __init__(self, root: Path, corrections: tuple[Correction, ...] = ()) -> None:
        self.root, self.corrections = root, corrections

    def load(
        self,
        table: Table,
        reading: Reading,
        *,
        loaded_at: str,
        source: str = "",
        answers: Answers = NO_ANSWERS,
        mends: Mending | None = None,
    ) -> Batch:
        """Loads a file into a table; the same content a second time changes nothing.

        Rows marked as deleted take the earlier rows of their key away.

        Args:
            table: The table's definition; columns are found by name or header.
            reading: The opened source, as `connectors.files.open_file` gives it.
            loaded_at: The ISO instant to be written down.
            source: Where the rows come from, to tell what changed since it was last loaded.
            answers: What the file itself does not say of its notation. Other answers than before
                load the same content anew, in the place of what it was.
            mends: Whose rejected rows these are, if they are.

        Returns:
            The batch with its counts and findings (refused cells, repeated keys, …).

        Raises:
            Invalid: If a column is missing, or can be read in more than one way. Nothing is
                written then.
        """
        schema, digest = fingerprint(table), reading.digest
        id_ = batch_id(digest, schema, answers)
        shelf = self._shelf(table.name)
        known = _known(shelf, id_, digest, schema, answers)
        if known is not None and not shelf.leftovers():
            return known
        loader = Loader(answered(table, answers), reading, id_)
        with shelf.locked():
            shelf.sweep()
            # Another process may have loaded the same file in the meantime.
            if (known := _known(shelf, id_, digest, schema, answers)) is not None:
                return known
            batches = shelf.batches()
            stale = [batch for batch in batches if batch.digest == digest]
            draft = Batch(
                id=id_,
                table=table.name,
                file=reading.file,
                digest=digest,
                schema=schema,
                sequence=_sequence(batches, stale, mends),
                loaded_at=loaded_at,
                source=source,
                turn=_turn(batches, stale, mends),
                mends=mends.batch.id if mends else "",
                answers=tuple(answers.words),
                columns=tuple(loader.reading.columns),
                replaces=tuple(batch.id for batch in stale),
            )
            batch = self._put(table, loader, draft, mends)
            for each in stale:
                shelf.remove(each.id)
        return batch

    def load_sheets(
        self,
        table: Table,
        reading: Reading,
        *,
        loaded_at: str,
        source: str = "",
        answers: Answers = NO_ANSWERS,
    ) -> list[Batch]:
        """Loads the sheets of a workbook that the answers name, each as a batch; all or none.

        Raises:
            Invalid: If there is no such sheet, or one of them cannot be read. Nothing is written
                then.
        """
        every = sheets_of(table, reading, answers.sheet)
        if len(every) > 1:
            with tempfile.TemporaryDirectory(prefix="mingji-") as folder:
                for each in every:
                    Warehouse(Path(folder)).load(table, each, loaded_at="", answers=answers)
        return [
            self.load(table, each, loaded_at=loaded_at, source=source, answers=answers)
            for each in every
        ]

    def _put(self, table: Table, loader: Loader, draft: Batch, mends: Mending | None) -> Batch:
        """Reads the source to its end and makes it a batch, or leaves nothing behind."""
        shelf = self._shelf(table.name)
        others = [batch for batch in shelf.batches() if batch.digest != draft.digest]
        work = shelf.folder / f"{draft.id}.part"
        work.mkdir()
        try:
            if mends:
                parquet.write_table(pa.table({ROW: mends.rows}), work / "settled.parquet")
            before = [
                other for other in others if other.order < draft.order and loader.reading.asks
            ]
            outcome = loader.run(work, self._rows_of(table, [] if mends else before))
            superseded = self._supersede(table, draft, work, others)
            findings = [
                *outcome_findings(outcome),
                *key_findings(table, draft, others, superseded),
                *self._told_of_keys(table, draft, loader, work, others),
            ]
            last = _before(others, draft)
            drift = drift_findings(
                table, draft.file, draft.columns, loader.names, outcome.forms, last
            )
            batch = dataclasses.replace(
                draft,
                read=outcome.read,
                loaded=outcome.loaded,
                superseded=superseded.count,
                deleted=outcome.deleted,
                forms=outcome.forms,
                findings=(*findings, *drift),
            )
            batch = shelf.put(batch, work)
        except BaseException:
            shelf.sweep()
            raise
        return batch

    def _told_of_keys(
        self, table: Table, draft: Batch, loader: Loader, work: Path, others: list[Batch]
    ) -> Iterator[Finding]:
        """What is told of the keys of a file beside those of the files before it."""
        if not table.key or not loader.reading.asks or draft.mends:
            return
        new = parquet_rows([work / "rows.parquet"])
        earlier = [other for other in others if other.order < draft.order]
        old = self._parquet_of(table, earlier) if earlier else ""
        yield from zeros_told(table, draft.file, new, old)
        if last := _before(others, draft):
            yield from gone_told(table, draft, last, new, self._parquet_of(table, [last]))

    def _shelf(self, table: str) -> Shelf:
        return Shelf(self.root / "batches" / table)

    def batches(self, table: str) -> list[Batch]:
        """The batches of a table in the order in which they count."""
        return self._shelf(table).batches()

    def differing(self, batch: Batch) -> list[str]:
        """The names of the files of a batch that are gone or no longer what was loaded."""
        return self._shelf(batch.table).differing(batch)

    def rejected(self, batch: Batch) -> Iterator[dict[str, Any]]:
        """Every refused cell of a batch: `_row`, `column`, `value`, `reason`."""
        path = self._shelf(batch.table).path(batch, "rejected.parquet")
        yield from parquet.read_table(path).to_pylist()

    def part(self, batch: Batch, name: str) -> list[dict[str, Any]]:
        """The rows of a file beside a batch (`whole.parquet`, `settled.parquet`), if there."""
        path = self._shelf(batch.table).path(batch, name)
        return parquet.read_table(path).to_pylist() if path.exists() else []

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
            stale = [batch for batch in batches if batch.schema != fingerprint(table)]
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
        anti = f" AS r ANTI JOIN {parquet_rows(lists)} AS s USING ({BATCH}, {ROW})" if lists else ""
        return f'CREATE VIEW "{table.name}{suffix}" AS SELECT * FROM {rows}{anti}'

    def _supersede(self, table: Table, batch: Batch, work: Path, others: list[Batch]) -> Superseded:
        """Lists the rows whose key comes again later, in this file or from batch to batch; of a
        table that says which was changed last, those that were changed before it.

        A deleted key counts as coming again: it takes the rows before it away.
        """
        if not table.key:
            return Superseded()
        key = ", ".join(f'"{name}"' for name in table.key)
        new, gone = parquet_rows([work / "rows.parquet"]), work / "deleted.parquet"
        with duckdb.connect(config={"temp_directory": str(work / "spill")}) as connection:
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            queries = list(self._across(table, key, work, batch, others))
            if gone.exists():
                queries.append(
                    f"SELECT r.{BATCH}, r.{ROW}, true AS within, false AS tied FROM {new} AS r "
                    f"JOIN {parquet_rows([gone])} AS s USING ({key}) WHERE s.{ROW} > r.{ROW}"
                )
            if table.latest:
                live = {e.id: self._live(table, [e], others) for e in others}
                order = {e.id: e.order for e in others} | {batch.id: batch.order}
                every = {id_: live.get(id_, new) for id_ in sorted(order, key=lambda e: order[e])}
                queries.append(changed_last(table, batch.id, new, every))
            elif self._repeats(connection, new, key):
                queries.append(
                    f"SELECT {BATCH}, {ROW}, true AS within, false AS tied FROM {new} "
                    f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {ROW} DESC) > 1"
                )
            if not queries:
                return Superseded()
            rows = connection.sql(
                f"SELECT {BATCH}, {ROW}, bool_or(within) AS within, bool_or(tied) AS tied "
                f"FROM ({' UNION ALL '.join(f'({query})' for query in queries)}) "
                f"GROUP BY ALL ORDER BY {BATCH}, {ROW}"
            ).to_arrow_table()
        if rows.num_rows:
            parquet.write_table(rows.select([BATCH, ROW]), work / "superseded.parquet")
        return told_apart(rows, batch.id)

    def _across(
        self, table: Table, key: str, work: Path, batch: Batch, others: list[Batch]
    ) -> Iterator[str]:
        """Queries for rows that give way to another batch: earlier ones to this, this to later.

        Where the row that was changed last stays, only deletions take others away.
        """
        parts = ("deleted.parquet",) if table.latest else ("rows.parquet", "deleted.parquet")
        earlier = [other for other in others if other.order < batch.order]
        later = [other for other in others if other.order > batch.order]
        shelf = self._shelf(table.name)
        mine = [work / part for part in parts]
        theirs = [shelf.path(each, part) for each in later for part in parts]
        old, new = self._live(table, earlier, others), parquet_rows([work / "rows.parquet"])
        for rows, files in ((old if earlier else "", mine), (new, theirs)):
            if rows and (there := [path for path in files if path.exists()]):
                keys = f"SELECT {key} FROM {parquet_rows(there)}"
                yield (
                    f"SELECT {BATCH}, {ROW}, false AS within, false AS tied FROM {rows} AS r "
                    f"SEMI JOIN ({keys}) AS s USING ({key})"
                )

    def _live(self, table: Table, batches: list[Batch], others: list[Batch]) -> str:
        """The rows of batches that have not given way to one of the others yet."""
        shelf = self._shelf(table.name)
        lists = [shelf.path(other, "superseded.parquet") for other in others if other.superseded]
        rows = self._parquet_of(table, batches)
        if not lists:
            return rows
        given_way = f"{parquet_rows(lists)} AS b USING ({BATCH}, {ROW})"
        return f"(SELECT a.* FROM {rows} AS a ANTI JOIN {given_way})"

    def _repeats(self, connection: duckdb.DuckDBPyConnection, rows: str, key: str) -> bool:
        """Whether any key stands in more than one row; hashes are smaller than keys."""
        count, different = connection.sql(
            f"SELECT count(*), count(DISTINCT hash({key})) FROM {rows}"
        ).fetchall()[0]
        return bool(count != different)

    def _parquet_of(self, table: Table, batches: list[Batch]) -> str:
        return parquet_rows(self._rows_of(table, batches))

    def _rows_of(self, table: Table, batches: list[Batch]) -> list[Path]:
        shelf = self._shelf(table.name)
        return [shelf.path(batch, "rows.parquet") for batch in batches]


def _known(shelf: Shelf, id_: str, digest: str, schema: str, answers: Answers) -> Batch | None:
    """The batch that this content is already; without answers, whatever was answered before."""
    for batch in shelf.batches():
        if batch.id == id_ or (not answers and (batch.digest, batch.schema) == (digest, schema)):
            return batch
    return None


def _sequence(batches: list[Batch], stale: list[Batch], mends: Mending | None) -> int:
    if mends:
        return mends.batch.sequence
    return stale[0].sequence if stale else max((b.sequence for b in batches), default=0) + 1


def _turn(batches: list[Batch], stale: list[Batch], mends: Mending | None) -> int:
    if not mends:
        return stale[0].turn if stale else 0
    return max(batch.turn for batch in batches if batch.sequence == mends.batch.sequence) + 1


def _before(others: list[Batch], batch: Batch) -> Batch | None:
    """The last batch of the same source, to see what changed."""
    if batch.mends:
        return None
    earlier = [
        other
        for other in others
        if other.order < batch.order and other.source == batch.source and not other.mends
    ]
    return earlier[-1] if earlier else None


def _stale(table: Table, batches: list[Batch]) -> Invalid:
    files = sorted({batch.file for batch in batches})
    message = Text(
        f"表 {table.name} 的列定义改过，{'、'.join(files)} 是按旧定义读入的",
        f"the columns of {table.name} have changed since {', '.join(files)} was loaded",
    )
    remedy = Text("把这些文件重新载入", "load these files again")
    finding = Finding("stale_batches", "error", message, remedy, Place(path=table.name))
    return Invalid(message, code="stale_batches", findings=(finding,))
