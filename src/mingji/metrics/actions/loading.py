"""Load a file of a source system into the warehouse."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mingji.audit import trail
from mingji.connectors.files import open_file
from mingji.engine.warehouse import Batch
from mingji.metrics import policy
from mingji.metrics.definitions import library, warehouse
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def load_table(actor: Actor, table: str, path: Path, at: datetime) -> Batch:
    """Load a CSV, Excel or Parquet file as a batch of a table; the same content twice is one.

    Values change at the next refresh. Rows that do not fit are kept aside and counted in the
    batch's findings.

    Raises:
        NotAllowed: the actor does not keep the data.
        Invalid: no such table, or the file cannot be read or lacks a column; nothing is written.
    """
    policy.may_keep_data(actor).require()
    known = library().definitions.tables
    if table not in known:
        listed = ", ".join(sorted(known))
        message = Text(zh=f"没有数据表“{table}”", en=f"there is no table “{table}”")
        remedy = Text(zh=f"可用的有：{listed}", en=f"choose one of: {listed}")
        finding = Finding("no_table", "error", message, remedy, Place(str(path)))
        raise Invalid(message, code="no_table", findings=(finding,))
    store = warehouse()
    before = {batch.id for batch in store.batches(table)}
    batch = store.load(known[table], open_file(path), loaded_at=at.isoformat())
    if batch.id not in before:
        trail.record(
            actor=actor_code(actor),
            action="metrics.load_table",
            kind="batch",
            object_id=f"{table}/{batch.id}",
            at=at,
            evidence={"file": batch.file, "sha256": batch.digest, "rows": batch.loaded},
        )
    return batch
