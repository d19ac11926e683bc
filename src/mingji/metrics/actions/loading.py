"""Load a file of a source system into the warehouse."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mingji.audit import trail
from mingji.connectors.files import open_file
from mingji.engine.answers import NO_ANSWERS, Answers
from mingji.engine.model import Table
from mingji.engine.rejected import replay
from mingji.engine.warehouse import Batch
from mingji.metrics import policy
from mingji.metrics.definitions import loadable_tables, warehouse
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def load_table(
    actor: Actor, table: str, path: Path, at: datetime, *, answers: Answers = NO_ANSWERS
) -> list[Batch]:
    """Load a CSV, Excel or Parquet file as a batch of a table; the same content twice is one.

    A workbook of which several sheets are asked for becomes a batch a sheet.

    Values change at the next refresh. Rows that do not fit are kept aside and counted in the
    batch's findings. `answers` say what the file does not say of its own notation.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: no such table, or the file cannot be read or lacks a column; nothing is written.
    """
    policy.may_keep_data(actor).require()
    known, store = known_table(table), warehouse()
    before = {batch.id for batch in store.batches(table)}
    reading = open_file(path)
    batches = store.load_sheets(known, reading, loaded_at=at.isoformat(), answers=answers)
    for batch in batches:
        if batch.id not in before:
            _record(actor, batch, at)
    return batches


def replay_rejected(actor: Actor, table: str, path: Path, at: datetime) -> list[Batch]:
    """Load mended rows of an export of rejected rows; the old rejections count as settled.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: no such table, or rows that do not wait to be mended.
    """
    policy.may_keep_data(actor).require()
    store = warehouse()
    before = {batch.id for batch in store.batches(table)}
    batches = replay(store, known_table(table), open_file(path), loaded_at=at.isoformat())
    for batch in batches:
        if batch.id not in before:
            _record(actor, batch, at)
    return batches


def known_table(table: str) -> Table:
    """A table of the library.

    Raises:
        Invalid: there is none of that name; the finding lists those there are.
    """
    known = loadable_tables()
    if table in known:
        return known[table]
    listed = ", ".join(sorted(known))
    message = Text(zh=f"没有数据表“{table}”", en=f"there is no table “{table}”")
    remedy = Text(zh=f"可用的有：{listed}", en=f"choose one of: {listed}")
    finding = Finding("no_table", "error", message, remedy, Place(table))
    raise Invalid(message, code="no_table", findings=(finding,))


def _record(actor: Actor, batch: Batch, at: datetime) -> None:
    evidence = {"file": batch.file, "sha256": batch.digest, "rows": batch.loaded}
    trail.record(
        actor=actor_code(actor),
        action="metrics.load_table",
        kind="batch",
        object_id=f"{batch.table}/{batch.id}",
        at=at,
        evidence={**evidence, **({"mends": batch.mends} if batch.mends else {})},
    )
