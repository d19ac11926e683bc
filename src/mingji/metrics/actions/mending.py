"""Load the mended rows of a source that had been set aside, as a file or row by row."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mingji.engine.rejected import OF_BATCH, OF_ROW
from mingji.engine.unit_words import split_header
from mingji.kit.spreadsheets import safe_cell
from mingji.metrics import policy
from mingji.metrics.actions.loading import replay_rejected
from mingji.metrics.actions.quality import check_steps
from mingji.metrics.actions.uploading import written
from mingji.metrics.definitions import loadable_tables
from mingji.metrics.models import Source
from mingji.people.viewer import Actor
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the rows of a mended file."""

    read: int
    loaded: int

    @property
    def rejected(self) -> int:
        """Those that cannot be read this time either."""
        return self.read - self.loaded


def mend_rejected(
    actor: Actor, code: str, name: str, chunks: Iterable[bytes], at: datetime
) -> Mended:
    """Load a mended download of what a source had set aside; the same file again changes nothing.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source, or one that no table was chosen for.
        Invalid: the file is too large, or holds rows that do not wait to be mended.
    """
    source = _source(actor, code)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), name, chunks)
        batches = replay_rejected(actor, source.table, path, at)
        check_steps(actor, {source.table}, at)
    return Mended(sum(each.read for each in batches), sum(each.loaded for each in batches))


def mend_rows(
    actor: Actor, code: str, batch: str, rows: Mapping[int, Mapping[str, str]], at: datetime
) -> Mended:
    """Load mended rows of one batch, by their row numbers; the same again changes nothing.

    The cells of a row are all that it has, by the names that the list of waiting rows tells; what
    is not named is blank.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source, or one that no table was chosen for.
        Invalid: a cell of a column that the table does not have, or a row that does not wait.
    """
    source = _source(actor, code)
    table = loadable_tables().get(source.table)
    stored = {each.name for each in table.columns.values() if not each.exclude} if table else set()
    names = list(dict.fromkeys(name for cells in rows.values() for name in cells))
    unknown = [name for name in names if split_header(name)[0] not in stored]
    if unknown:
        raise _unknown(unknown)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([OF_BATCH, OF_ROW, *names])
    for row, cells in rows.items():
        given = (safe_cell(cells.get(name, "")) for name in names)
        writer.writerow([batch, str(row), *given])
    return mend_rejected(actor, code, f"{code}.csv", [text.getvalue().encode()], at)


def _source(actor: Actor, code: str) -> Source:
    """The source, if the actor keeps the data and a table was chosen for it."""
    policy.may_keep_data(actor).require()
    source = Source.objects.filter(code=code).exclude(table="").first()
    if source is None:
        raise NotFound(
            Text(f"没有数据来源“{code}”", f"There is no source “{code}”"), code="no_source"
        )
    return source


def _unknown(names: list[str]) -> Invalid:
    listed = ", ".join(names)
    message = Text(f"数据表没有这些列：{listed}", f"the table has no such columns: {listed}")
    remedy = Text(
        "列名照待修正的行里的写", "name the columns as the list of waiting rows names them"
    )
    finding = Finding("unknown_column", "error", message, remedy, Place(path="rows"))
    return Invalid(message, code="unknown_column", findings=(finding,))
