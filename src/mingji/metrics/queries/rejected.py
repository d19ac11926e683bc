"""The rows of a source that were set aside and wait to be mended."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from mingji.engine.model import Table
from mingji.engine.rejected import OF_BATCH, OF_ROW, WHY, RejectedRow, exported, rejected_rows
from mingji.kit.spreadsheets import safe_cell
from mingji.metrics.definitions import loadable_tables, warehouse
from mingji.metrics.models import Source
from mingji.metrics.queries.source_pages import source_for
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that was set aside: where it stood, why, and its cells by the names of the columns.

    Columns that are never stored have no cell here, whatever an older batch still holds.
    """

    batch: str
    file: str
    row: int
    why: Text
    cells: tuple[tuple[Text, str], ...]
    text: str
    to_mend: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A batch with rows that wait, and how many."""

    batch: str
    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some rows that wait; `next` is the key of the page after, or empty."""

    source: Source
    files: tuple[WaitingFile, ...]
    rows: tuple[WaitingRow, ...]
    next: str

    @property
    def total(self) -> int:
        """How many rows wait in all."""
        return sum(each.rows for each in self.files)


def waiting_page(viewer: Viewer, code: str, after: str = "", limit: int = PAGE) -> WaitingPage:
    """The rows of a source that were set aside and that nobody has mended yet.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: there is no such source, or it has no table yet.
    """
    source, table = _of(viewer, code)
    every = list(rejected_rows(warehouse(), table.name, source.code))
    counted = Counter((each.batch.id, each.batch.file) for each in every)
    keys = [_key(each) for each in every]
    start = keys.index(after) + 1 if after in keys else 0
    shown = every[start : start + limit]
    return WaitingPage(
        source=source,
        files=tuple(WaitingFile(id_, file, rows) for (id_, file), rows in counted.items()),
        rows=tuple(_told(each, table) for each in shown),
        next=_key(shown[-1]) if len(every) > start + limit else "",
    )


def waiting_as_csv(viewer: Viewer, code: str, batch: str, locale: str) -> Iterator[str]:
    """The waiting rows of a source (of one batch, if it is named) as lines of a CSV to be mended.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: as `waiting_page`.
        Invalid: the rows come from files in different units: they are taken batch by batch.
    """
    source, table = _of(viewer, code)
    waiting = rejected_rows(warehouse(), table.name, source.code)
    mine = [each for each in waiting if batch in ("", each.batch.id)]
    columns, rows = exported(mine, table, locale)
    return _lines([columns, *([row.get(name, "") for name in columns] for row in rows)])


def waits(source: Source) -> bool:
    """Whether any row of a source waits to be mended."""
    if source.table not in loadable_tables():
        return False
    return any(islice(rejected_rows(warehouse(), source.table, source.code), 1))


def _of(viewer: Viewer, code: str) -> tuple[Source, Table]:
    source = source_for(viewer, code)
    table = loadable_tables().get(source.table)
    if table is None:
        raise NotFound(
            Text("这个来源还没有对应的数据表。", "This source has no table yet."), code="no_table"
        )
    return source, table


def _key(row: RejectedRow) -> str:
    return f"{row.batch.id}:{row.row}"


def _told(row: RejectedRow, table: Table) -> WaitingRow:
    columns = table.columns
    hidden = {name for name, column in columns.items() if column.exclude}
    cells = tuple(
        (columns[name].label if name in columns else Text.same(name), cell)
        for name, cell in row.cells.items()
        if cell and name not in hidden
    )
    faults = tuple(each for each in row.faults if each[0] not in hidden)
    row = replace(row, faults=faults, text="" if hidden else row.text)
    named = {name: column.label for name, column in columns.items()}
    _, (told,) = exported([row], table, "en")
    to_mend = {name: cell for name, cell in told.items() if name not in (OF_BATCH, OF_ROW, WHY)}
    why = row.why_in(named)
    return WaitingRow(row.batch.id, row.batch.file, row.row, why, cells, row.text, to_mend)


def _lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    # The mark at the start tells spreadsheet programs that the file is UTF-8.
    mark = "\ufeff"
    for row in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerow([safe_cell(cell) for cell in row])
        yield mark + text.getvalue()
        mark = ""
