"""The source rows behind a number, a page at a time or as a CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from mingji.engine.lineage import rows
from mingji.engine.model import Metric, Table
from mingji.engine.observation import RowPage
from mingji.kit.spreadsheets import safe_cell
from mingji.metrics.definitions import library, warehouse
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.queries.catalogue import observation_for
from mingji.metrics.slices import Slice
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE, CSV_PAGE = 50, 1000
_SYSTEM = {"_file": Text("文件", "File"), "_row": Text("行号", "Row")}


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows ready to be shown; `next` is the key of the page after, or empty."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    next: str


@dataclass(frozen=True, slots=True)
class RowsView:
    """The rows of a slice; `owners_hidden` says that the owner column was left out."""

    slice: Slice
    metric: Metric
    title: Text
    page: Rows
    owners_hidden: bool


def rows_for(viewer: Viewer, asked: Slice, after: str = "", limit: int = PAGE) -> RowsView:
    """The rows that a number counts, if the number is the viewer's to see.

    Who may see a total but not what each member brought to it gets the rows without owners.

    Raises:
        NotFound: the slice is not the viewer's to see, or the metric is made from others and has
            no rows of its own.
    """
    seen = observation_for(viewer, asked)
    table = _table(seen.metric)
    period = Period.parse(asked.period)
    page = rows(
        warehouse(),
        library().definitions,
        _reference(asked),
        identity=identity_between(period.start, period.end),
        after=after or None,
        limit=limit,
    )
    hidden = not _may_name_owners(viewer, asked, period)
    shown = _shown(page, table, without=table.owner if hidden else "")
    return RowsView(asked, seen.metric, seen.title, shown, hidden)


def rows_as_csv(viewer: Viewer, asked: Slice) -> Iterator[str]:
    """Every row behind a number as lines of a CSV that no spreadsheet takes for formulas.

    Raises:
        NotFound: as `rows_for`; before the first line.
    """
    first = rows_for(viewer, asked, limit=CSV_PAGE)
    return _lines(viewer, first)


def rows_url(ref: str) -> str | None:
    """The address of the rows that a source in an explanation refers to (`Source.ref`)."""
    metric, _, query = ref.partition("?")
    keys = dict(parse_qsl(query, keep_blank_values=True))
    if metric not in library().definitions.metrics or "period" not in keys:
        return None
    team = next((value for key, value in keys.items() if is_unit(key)), "")
    return Slice(metric, keys["period"], keys.get("member", ""), team).url("rows")


def _reference(asked: Slice) -> str:
    keys = {"period": asked.period}
    if asked.member:
        keys["member"] = asked.member
    elif asked.team:
        keys[unit(len(team_lineages()[asked.team]) - 1)] = asked.team
    return f"{asked.metric}?{urlencode(sorted(keys.items()))}"


def _table(metric: Metric) -> Table:
    if metric.type == "simple":
        return library().definitions.tables[metric.table]
    raise NotFound(
        Text(
            zh=f"“{metric.name.zh}”由别的指标算出，自己没有数据行。打开它的组成部分再看",
            en=f"“{metric.name.en}” is made from other metrics and has no rows of its own. "
            "Open one of its parts",
        ),
        code="no_rows_of_its_own",
    )


def _may_name_owners(viewer: Viewer, asked: Slice, period: Period) -> bool:
    """The analyst may; others only where every member behind the rows is in their reach."""
    if viewer.analyst or asked.member:
        return True
    lineages = team_lineages()
    codes = {
        posting.member
        for posting in people.postings_overlapping(period.start, period.end)
        if not asked.team or asked.team in lineages[posting.team]
    }
    return people.reach(viewer).filter(code__in=codes).count() == len(codes)


def _shown(page: RowPage, table: Table, without: str) -> Rows:
    place = {name: n for n, name in enumerate(page.columns)}
    kept = [place[name] for name in (*_SYSTEM, *table.columns) if name != without]
    return Rows(
        columns=tuple(_label(page.columns[n], table) for n in kept),
        rows=tuple(tuple(_cell(row[n]) for n in kept) for row in page.rows),
        next=page.next or "",
    )


def _label(name: str, table: Table) -> Text:
    if name in _SYSTEM:
        return _SYSTEM[name]
    return Text(zh=next(iter(table.columns[name].headers), name), en=name)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _lines(viewer: Viewer, view: RowsView) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    # The mark at the start tells spreadsheet programs that the file is UTF-8.
    yield "\ufeff" + writer.writerow([column.en for column in view.page.columns])
    while True:
        for row in view.page.rows:
            yield writer.writerow([safe_cell(cell) for cell in row])
        if not view.page.next:
            return
        view = rows_for(viewer, view.slice, view.page.next, limit=CSV_PAGE)


class _Echo:
    """A file for `csv.writer` that hands each line straight back."""

    def write(self, line: str) -> str:
        return line
