"""The first rows of a source before anything is loaded: as they stand and as they are read."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingji.connectors.files import ROW, Reading
from mingji.connectors.inbox import Inbox, first_rows, is_export
from mingji.connectors.source import Entity, Preview
from mingji.engine.model import Column, Definitions, Table
from mingji.engine.reasons import REASONS
from mingji.engine.unit_words import split_header
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library, loadable_tables
from mingji.metrics.doors import PUSH, connector_of, fitted_for, reads
from mingji.metrics.mapping import (
    From,
    Suggestion,
    alike_sheets,
    answers,
    blanks,
    flaws,
    fold,
    headed,
    is_personal,
    mapping_of,
    must_have,
    suggestions,
)
from mingji.metrics.models import Source
from mingji.metrics.queries.naming import ToldFinding, told_findings
from mingji.metrics.queries.source_pages import source_for
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.text import Text

FIRST = 20
#: What only a look at every row can tell.
_OF_ALL_ROWS = ("totals_row", "wrong_total", "maybe_total")
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as it would be read; `raw` is what stands in the file, where that says it otherwise.

    Otherwise is another unit, form of a date or number, percent, spelling; not more zeros.
    """

    text: str
    number: bool
    raw: str = ""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it would be read: its number, its cells, and why it would be set aside."""

    row: int
    cells: tuple[ReadCell, ...]
    refused: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The first rows: `raw` as they stand; with a mapping `typed`, under `columns`."""

    source: Source
    raw: Preview | None
    columns: tuple[Column, ...]
    typed: tuple[TypedRow, ...]
    findings: tuple[ToldFinding, ...]
    hidden: tuple[str, ...]
    error: Invalid | None = None

    @property
    def refused(self) -> bool:
        """Whether any of the rows would be set aside."""
        return any(row.refused for row in self.typed)

    @property
    def otherwise(self) -> bool:
        """Whether any cell would be read as something else than what stands in the file."""
        return any(cell.raw for row in self.typed for cell in row.cells)


@dataclass(frozen=True, slots=True)
class ColumnToMap:
    """A column of the table on the mapping screen: what is chosen and what stands in it."""

    column: Column
    must: bool
    chosen: From
    how: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingPage:
    """The mapping screen. Without a table only `tables` and `entities` are there to choose from.

    `alike` are other sheets of the workbook with the same columns, `together` says that they are
    read as well.
    """

    source: Source
    tables: tuple[Table, ...]
    entities: tuple[Entity, ...]
    entity: str
    table: Table | None
    headers: tuple[str, ...]
    columns: tuple[ColumnToMap, ...]
    left: tuple[tuple[str, bool, tuple[str, ...]], ...]
    alike: tuple[str, ...] = ()
    together: bool = False
    error: Invalid | None = None


def preview_page(viewer: Viewer, code: str) -> PreviewPage:
    """The first rows of a source; a source that does not answer says so in `error`.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: there is no such source.
    """
    source = source_for(viewer, code)
    nothing = PreviewPage(source, None, (), (), (), ())
    if source.kind == PUSH:
        return nothing
    table = library().definitions.tables.get(source.table)
    try:
        reading = first_reading(source, table, source.entity)
        hidden = tuple(name for name in reading.columns if name in source.excluded)
        if table is None:
            return dataclasses.replace(nothing, raw=_raw(reading))
        return _typed(source, table, reading, hidden)
    except Invalid as error:
        return dataclasses.replace(nothing, error=error)


def mapping_page(
    viewer: Viewer,
    code: str,
    table: str = "",
    entity: str = "",
    given: Mapping[str, From] | None = None,
) -> MappingPage:
    """Everything the mapping screen shows: what is chosen is what was `given`, or lies in the
    database, or is suggested.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: there is no such source.
    """
    source = source_for(viewer, code)
    tables = loadable_tables()
    connector = connector_of(source)
    entities = connector.entities()
    named = {each.name: each for each in entities}
    likely = next(iter(named), "")
    if isinstance(connector, Inbox) and not source.table:
        likely = connector.likely()
    entity = entity or source.entity or likely
    chosen = named.get(entity)
    wanted = table or source.table or (chosen.table if chosen else "")
    found = tables.get(wanted)
    page = MappingPage(source, tuple(tables.values()), entities, entity, found, (), (), ())
    page = dataclasses.replace(page, together=bool(reads(source)))
    raw = None
    try:
        if source.kind != PUSH:
            reading = first_reading(source, found, entity)
            raw = _raw(reading)
            page = dataclasses.replace(page, alike=alike_sheets(reading))
    except Invalid as error:
        return dataclasses.replace(page, error=error)
    headers = _headers(raw, found)
    if found is None:
        return dataclasses.replace(page, headers=headers)
    return _filled(page, found, headers, raw, given, chosen)


def missing(table: str, given: Mapping[str, From], headers: Sequence[str]) -> tuple[Finding, ...]:
    """What a mapping still lacks, for the live list."""
    known = loadable_tables().get(table)
    return tuple(flaws(known, given, headers)) if known else ()


def left_blank(table: str, given: Mapping[str, From]) -> tuple[Column, ...]:
    """The columns of the table that stay blank, though every file of it should have them."""
    known = loadable_tables().get(table)
    return tuple(blanks(known, given)) if known else ()


def first_reading(source: Source, table: Table | None, entity: str) -> Reading:
    """The first rows of a source as a reading, its header in the likeliest row.

    Raises:
        Invalid: the source does not answer.
    """
    connector = connector_of(source)
    if isinstance(connector, Inbox):
        reading = connector.newest(entity)
        return reading if is_export(entity) else headed(table, reading)
    shown = connector.preview(entity or connector.entities()[0].name, FIRST)
    columns = [pa.array(cells, pa.string()) for cells in zip(*shown.rows, strict=True)]
    names = [*map(str, range(len(shown.columns))), ROW]
    numbers = pa.array(range(1, len(shown.rows) + 1), pa.int64())

    def batches() -> Iterator[pa.RecordBatch]:
        if columns:
            yield pa.RecordBatch.from_arrays([*columns, numbers], names)

    digest = hashlib.sha256(repr(shown.rows).encode()).hexdigest()
    return Reading(source.code, digest, shown.columns, batches)


def _raw(reading: Reading) -> Preview:
    return Preview(reading.columns, tuple(first_rows(reading, FIRST)))


def _headers(raw: Preview | None, table: Table | None) -> tuple[str, ...]:
    """What can be chosen: the columns of the source; of what is pushed, the model's own names."""
    if raw is not None:
        return tuple(dict.fromkeys(header for header in raw.columns if header))
    return tuple(table.columns) if table else ()


def _filled(
    page: MappingPage,
    table: Table,
    headers: tuple[str, ...],
    raw: Preview | None,
    given: Mapping[str, From] | None,
    entity: Entity | None,
) -> MappingPage:
    saved = mapping_of(page.source.mapping) if page.source.table == table.name else {}
    likely = {} if saved or given else suggestions(table, headers, entity)
    samples = _samples(raw)
    columns = []
    for name, column in table.columns.items():
        chosen = (given or saved).get(name) or _from(likely.get(name))
        how = likely[name].how if name in likely else ""
        shown = samples.get(chosen.header, ())
        columns.append(ColumnToMap(column, must_have(table, column), chosen, how, shown))
    used = {each.chosen.header for each in columns}
    known = set(page.source.excluded) if saved else None
    left = tuple(
        (header, header in known if known is not None else is_personal(header), samples[header])
        for header in headers
        if raw and header not in used
    )
    return dataclasses.replace(page, headers=headers, columns=tuple(columns), left=left)


def _from(suggestion: Suggestion | None) -> From:
    return From(suggestion.header if suggestion else "")


def _samples(raw: Preview | None) -> dict[str, tuple[str, ...]]:
    if raw is None:
        return {}
    return {
        header: tuple(dict.fromkeys(row[place] for row in raw.rows if row[place]))[:_SAMPLES]
        for place, header in enumerate(raw.columns)
    }


def _typed(source: Source, table: Table, reading: Reading, hidden: tuple[str, ...]) -> PreviewPage:
    """The first rows, loaded into a warehouse of their own that is thrown away."""
    ready, cut = _limited(fitted_for(source, reading)[1])
    with tempfile.TemporaryDirectory(prefix="mingji-preview-") as folder:
        store = Warehouse(Path(folder))
        said = answers(mapping_of(source.mapping))
        batch = store.load(table, ready, loaded_at="", answers=said)
        refused: dict[int, list[Text]] = {}
        lost: dict[int, dict[str, str]] = {}
        for cell in store.rejected(batch):
            refused.setdefault(cell["_row"], []).append(_told(table, cell))
            lost.setdefault(cell["_row"], {})[cell["column"]] = cell["value"] or ""
        definitions = Definitions("", {table.name: table}, {})
        with store.connect(definitions) as connection:
            rows = connection.sql(f'SELECT * FROM "{table.name}" ORDER BY _row').to_arrow_table()  # noqa: S608
    columns = tuple(c for c in table.columns.values() if _is_mapped(source, c))
    written = _written(ready, columns)
    typed = [_row(row, columns, written.get(row["_row"], {})) for row in rows.to_pylist()]
    typed += [
        TypedRow(row, tuple(_cell(c, lost[row].get(c.name), "") for c in columns), tuple(why))
        for row, why in refused.items()
    ]
    ordered = tuple(sorted(typed, key=lambda each: each.row))
    found = [each for each in batch.findings if not (cut and each.code in _OF_ALL_ROWS)]
    return PreviewPage(source, None, columns, ordered, told_findings(found, table.name), hidden)


def _is_mapped(source: Source, column: Column) -> bool:
    return bool(source.mapping.get(column.name, {}).get("header"))


def _limited(reading: Reading) -> tuple[Reading, set[int]]:
    """The first rows only, and a set that fills up with a row where there are more."""
    cut = set[int]()

    def batches() -> Iterator[pa.RecordBatch]:
        left = FIRST
        for batch in reading.batches():
            if batch.num_rows > left:
                cut.add(FIRST)
            if left:
                yield batch.slice(0, left)
            left -= min(left, batch.num_rows)
            if cut:
                return

    return dataclasses.replace(reading, batches=batches), cut


def _written(reading: Reading, columns: Sequence[Column]) -> dict[int, dict[str, str]]:
    """What stands in the file, by row and column of the table."""
    headers = {fold(split_header(each)[0]): str(at) for at, each in enumerate(reading.columns)}
    called = {c.name: {fold(name) for name in (c.name, *c.headers)} for c in columns}
    places = {
        name: place
        for name, words in called.items()
        for header, place in headers.items()
        if header in words
    }
    found: dict[int, dict[str, str]] = {}
    for batch in reading.batches():
        cells = {name: batch.column(place).to_pylist() for name, place in places.items()}
        for at, row in enumerate(batch.column(ROW).to_pylist()):
            found[row] = {name: str(column[at] or "") for name, column in cells.items()}
    return found


def _row(row: Mapping[str, Any], columns: Sequence[Column], written: Mapping[str, str]) -> TypedRow:
    cells = (_cell(c, row[c.name], written.get(c.name, "").strip()) for c in columns)
    return TypedRow(row["_row"], tuple(cells), ())


def _cell(column: Column, value: object, raw: str) -> ReadCell:
    text, number = "" if value is None else str(value), column.type in ("decimal", "integer")
    return ReadCell(text, number, raw if raw and not _same(text, raw) else "")


def _same(text: str, raw: str) -> bool:
    """Whether a cell says word for word, or digit for digit, what was read."""
    try:
        return text == raw or Decimal(text) == Decimal(raw)
    except InvalidOperation:
        return False


def _told(table: Table, cell: Mapping[str, Any]) -> Text:
    column = table.columns.get(cell["column"])
    label = column.label if column else Text("整行", "row")
    why = REASONS.get(cell["reason"], Text.same(cell["reason"]))
    return Text(
        f"{label.zh}“{cell['value'] or ''}”{why.zh}",
        f"{label.en} “{cell['value'] or ''}”: {why.en}",
    )
