"""The source rows behind a number, a page at a time or as a CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from mingji.engine.identity import OwnerLink
from mingji.engine.lineage import rows
from mingji.engine.meanings import days_of
from mingji.engine.model import Metric, Table
from mingji.engine.observation import RowPage
from mingji.engine.periods import CALENDAR_YEAR
from mingji.kit.spreadsheets import safe_cell
from mingji.metrics.computing import engine, places
from mingji.metrics.corrected import applied
from mingji.metrics.definitions import library
from mingji.metrics.identity import identity_between, is_unit, team_lineages, unit
from mingji.metrics.models import RefreshRun
from mingji.metrics.queries.catalogue import observation_for
from mingji.metrics.slices import Slice
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE, CSV_PAGE = 50, 1000
_SYSTEM = {"_file": Text("文件", "File"), "_row": Text("行号", "Row")}


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows ready to be shown; `next` is the key of the page after, or empty.

    `keys` are the values of each row's key columns; empty where the table has no key. `names` are
    the columns as the definitions name them.
    """

    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    next: str
    keys: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsView:
    """The rows of a slice; `owners_hidden` says that the owner of some row is left blank,
    `outdated` that the number was computed under definitions that are no longer in force."""

    slice: Slice
    metric: Metric
    title: Text
    page: Rows
    owners_hidden: bool
    outdated: bool


def rows_for(viewer: Viewer, asked: Slice, after: str = "", limit: int = PAGE) -> RowsView:
    """The rows that a number counts, if the number is the viewer's to see.

    Who may see a total but not what each member brought to it gets those rows without an owner.

    Raises:
        NotFound: the slice is not the viewer's to see, or the metric is made from others and has
            no rows of its own.
    """
    seen = observation_for(viewer, asked)
    page, hidden = opened_rows(
        viewer,
        seen.metric,
        asked.days or asked.period,
        _reference(asked),
        asked.member,
        after,
        limit,
    )
    computed = RefreshRun.objects.values_list("definitions_digest", flat=True).first()
    outdated = computed is not None and computed != library().digest
    return RowsView(asked, seen.metric, seen.title, page, hidden, outdated)


def opened_rows(
    viewer: Viewer,
    metric: Metric,
    when: str,
    reference: str,
    member: str,
    after: str = "",
    limit: int = PAGE,
) -> tuple[Rows, bool]:
    """The rows that `reference` addresses, and whether an owner had to be left blank.

    For callers that have asked whether the number is the viewer's to see; `when` is the period or
    the days whose rows count, `member` says whose number it is, if it is one member's.

    Raises:
        NotFound: the metric is made from others and has no rows of its own.
    """
    table = _table(metric)
    identity = identity_between(*days_of(when, CALENDAR_YEAR))
    page = rows(
        (table.name in places() and engine()) or applied().warehouse,
        library().definitions,
        reference,
        identity=identity,
        after=after or None,
        limit=limit,
    )
    owners = None if member else _owners_in_reach(viewer, identity.links(table.source))
    return _shown(page, table, owners)


def rows_as_csv(viewer: Viewer, asked: Slice) -> Iterator[str]:
    """Every row behind a number as lines of a CSV that no spreadsheet takes for formulas.

    Raises:
        NotFound: as `rows_for`; before the first line.
    """
    first = rows_for(viewer, asked, limit=CSV_PAGE).page
    return csv_lines(first, lambda after: rows_for(viewer, asked, after, CSV_PAGE).page)


def rows_url(ref: str) -> str | None:
    """The address of the rows that a source in an explanation refers to (`Source.ref`)."""
    metric, _, query = ref.partition("?")
    keys = dict(parse_qsl(query, keep_blank_values=True))
    definitions = library().definitions
    if metric not in {**definitions.metrics, **definitions.parts} or "period" not in keys:
        return None
    team = next((value for key, value in keys.items() if is_unit(key)), "")
    member, days = keys.get("member", ""), keys.get("days", "")
    return Slice(metric, keys["period"], member, team, days).url("rows")


def _reference(asked: Slice) -> str:
    keys = {"period": asked.period, **({"days": asked.days} if asked.days else {})}
    if asked.member:
        keys["member"] = asked.member
    elif asked.team:
        keys[unit(len(team_lineages()[asked.team]) - 1)] = asked.team
    return f"{asked.metric}?{urlencode(sorted(keys.items()))}"


def _table(metric: Metric) -> Table:
    if metric.type == "simple":
        return library().definitions.table(metric.table)
    raise NotFound(
        Text(
            zh=f"“{metric.name.zh}”由别的指标算出，自己没有数据行。打开它的组成部分再看",
            en=f"“{metric.name.en}” is made from other metrics and has no rows of its own. "
            "Open one of its parts",
        ),
        code="no_rows_of_its_own",
    )


def _owners_in_reach(viewer: Viewer, links: Sequence[OwnerLink]) -> set[str] | None:
    """The owner names that the viewer may read, or None for all of them.

    The analyst reads all, and who has every member in reach. Others read a name only if whoever
    it stands for is in their reach.
    """
    members = {link.member for link in links}
    mine = people.reach(viewer).filter(code__in=members).values_list("code", flat=True)
    beyond = members.difference(mine)
    if viewer.analyst or not beyond:
        return None
    theirs = {link.owner for link in links if link.member in beyond}
    return {link.owner for link in links} - theirs


def _shown(page: RowPage, table: Table, owners: set[str] | None) -> tuple[Rows, bool]:
    """The page as text, and whether an owner had to be left blank."""
    place = {name: n for n, name in enumerate(page.columns)}
    names = (*_SYSTEM, *table.columns)
    lines, keys, hidden = [], [], False
    for row in page.rows:
        cells = {name: _cell(row[place[name]]) for name in names}
        if owners is not None and cells.get(table.owner, "") not in {"", *owners}:
            cells[table.owner], hidden = "", True
        lines.append(tuple(cells.values()))
        keys.append(tuple(cells[name] for name in table.key))
    columns = tuple(_label(name, table) for name in names)
    return Rows(columns, tuple(lines), page.next or "", tuple(keys), names), hidden


def _label(name: str, table: Table) -> Text:
    if name in _SYSTEM:
        return _SYSTEM[name]
    return table.columns[name].label


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def csv_lines(page: Rows, more: Callable[[str], Rows]) -> Iterator[str]:
    """Rows as lines of a CSV, page after page; `more` gives the page behind a key."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    # The mark at the start tells spreadsheet programs that the file is UTF-8.
    yield "\ufeff" + writer.writerow([column.en for column in page.columns])
    while True:
        for row in page.rows:
            yield writer.writerow([safe_cell(cell) for cell in row])
        if not page.next:
            return
        page = more(page.next)


class _Echo:
    """A file for `csv.writer` that hands each line straight back."""

    def write(self, line: str) -> str:
        return line
