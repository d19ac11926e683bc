"""The sources of the demo company, and how its exports arrived over the last months."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from mingji.connectors.files import open_file
from mingji.demo.actuals import library
from mingji.demo.company import Company
from mingji.demo.files import write_sources
from mingji.demo.owners import SOURCES
from mingji.demo.rows import Row
from mingji.metrics import actions
from mingji.metrics.mapping import From, suggestions
from mingji.people import queries as people
from mingji.people.viewer import Viewer, viewer_for
from mingji.rules.text import Text

_HERE = ZoneInfo("Asia/Shanghai")
_FOUNDED = datetime(2026, 9, 28, 2, tzinfo=UTC)
# Up to which day the rows had arrived, and the morning on which they were read.
_ARRIVALS = (
    (date(2026, 9, 30), date(2026, 10, 9)),
    (date(2026, 10, 31), date(2026, 11, 2)),
    (date(2026, 11, 17), date(2026, 11, 18)),
    (date(2026, 11, 18), date(2026, 11, 19)),
    (date.max, date(2026, 11, 20)),
)
# One morning the finance department had renamed a column, and somebody typed a lead by hand.
_RENAMED_ON, _RENAMED = date(2026, 11, 18), ("到账日", "到账日期")
_TYPED_ON = date(2026, 11, 20)
_TYPED = "L-待补录,待确认,官网,,华东,,shared.leads@example.com,,,,\r\n"


@dataclass(frozen=True, slots=True)
class Feed:
    """A source of one table. Without a time it is uploaded by hand, twice."""

    table: str
    code: str
    name: Text
    schedule: str = "manual"
    at: time | None = None

    @property
    def kind(self) -> str:
        """Exports with a time lie in the inbox; the others are uploaded."""
        return "inbox" if self.at else "upload"


FEEDS = (
    Feed("leads", "crm-leads", Text("CRM 线索", "CRM leads"), "daily", time(6, 30)),
    Feed("follow_ups", "crm-follow-ups", Text("CRM 跟进", "CRM follow-ups"), "daily", time(6, 35)),
    Feed("opportunities", "crm-deals", Text("CRM 商机", "CRM deals"), "daily", time(6, 40)),
    Feed("payments", "finance", Text("财务回款", "Finance payments"), "weekdays", time(8)),
    Feed("spend", "ads", Text("投放与预算", "Ads and budget"), "daily", time(7)),
    Feed("surveys", "surveys", Text("问卷平台", "Survey platform"), "daily", time(7, 30)),
    Feed("content", "cms", Text("内容平台", "Content platform"), "weekdays", time(7, 45)),
    Feed("deliverables", "projects", Text("项目管理", "Project tracker"), "weekdays", time(7, 50)),
    Feed("events", "events", Text("活动台账", "Event ledger")),
    Feed("partners", "partners", Text("渠道伙伴名单", "Partner list")),
    Feed("mentions", "media", Text("媒体监测", "Media monitoring")),
)


def load_sources(company: Company) -> None:
    """Found the sources and let the rows arrive, morning after morning, as people would have."""
    analyst = _analyst(company)
    for number, (until, on) in enumerate(_ARRIVALS):
        since = _ARRIVALS[number - 1][0] if number else date.min
        with tempfile.TemporaryDirectory(prefix="mingji-demo-") as folder:
            files = write_sources(Path(folder), _between(company, since, until))
            for feed in FEEDS:
                if number == 0:
                    _found(feed, files[feed.table], analyst)
                if feed.kind == "inbox":
                    _arrive(feed, company, files[feed.table], since, until, on, analyst)
                elif number in (0, len(_ARRIVALS) - 1):
                    _upload(feed, company, analyst, number, on)


def _analyst(company: Company) -> Viewer:
    code = next(duty.member for duty in company.people.duties if duty.kind == "data_analyst")
    return viewer_for(people.logins()[code], company.today)


def _found(feed: Feed, file: Path, analyst: Viewer) -> None:
    name = f"{SOURCES[feed.table]}/{feed.table}-*{file.suffix}"
    table = library().tables[feed.table]
    headers = [header for header in open_file(file).columns if header]
    columns = {column: From(each.header) for column, each in suggestions(table, headers).items()}
    actions.create_source(analyst, feed.kind, feed.code, feed.name, _FOUNDED)
    if feed.kind == "inbox":
        actions.set_up_source(analyst, feed.code, {"pattern": name}, _FOUNDED)
    told = actions.SourceMapping(feed.table, columns, headers)
    actions.map_source(analyst, feed.code, told, _FOUNDED)
    plan = actions.SourcePlan(feed.schedule, feed.at, analyst.code)
    actions.schedule_source(analyst, feed.code, plan, _FOUNDED)


def _arrive(
    feed: Feed,
    company: Company,
    file: Path,
    since: date,
    until: date,
    on: date,
    analyst: Viewer,
) -> None:
    """The export of a morning is put into the inbox and read on schedule."""
    assert feed.at is not None
    morning = datetime.combine(on, feed.at, tzinfo=_HERE)
    place = settings.MINGJI_INBOX / SOURCES[feed.table] / f"{feed.table}-{on}{file.suffix}"
    if _rows(company, feed.table, since, until):
        place.parent.mkdir(parents=True, exist_ok=True)
        if (feed.table, on) == ("leads", _TYPED_ON):
            with file.open("ab") as text:
                text.write(_TYPED.encode())
        if (feed.table, on) == ("payments", _RENAMED_ON):
            was, now = (name.encode("gb18030") for name in _RENAMED)
            place.write_bytes(file.read_bytes().replace(was, now, 1))
            actions.run_source("system", feed.code, _clock(morning), "schedule")
            morning += timedelta(hours=2)
            shutil.copy(file, place)
            actions.run_source(analyst, feed.code, _clock(morning))
            return
        shutil.copy(file, place)
    actions.run_source("system", feed.code, _clock(morning), "schedule")


def _upload(feed: Feed, company: Company, analyst: Viewer, number: int, on: date) -> None:
    """A spreadsheet of the quarter, or of everything since, is uploaded and read at once."""
    first = _ARRIVALS[0][0]
    since, until = (first, date.max) if number else (date.min, first)
    if not _rows(company, feed.table, since, until):
        return
    at = datetime.combine(on, time(8, 50), tzinfo=_HERE)
    with tempfile.TemporaryDirectory(prefix="mingji-demo-") as folder:
        file = write_sources(Path(folder), _between(company, since, until))[feed.table]
        name = f"{feed.name.zh}-{on}{file.suffix}"
        actions.keep_upload(analyst, feed.code, name, [file.read_bytes()], at)
    actions.run_source(analyst, feed.code, _clock(at))


def _between(company: Company, since: date, until: date) -> Company:
    tables = {table: _rows(company, table, since, until) for table in company.tables}
    return replace(company, tables=tables)


def _rows(company: Company, table: str, since: date, until: date) -> Sequence[Row]:
    """The rows that became known after one day and up to another."""
    column = library().tables[table].time
    return [row for row in company.tables[table] if since < getattr(row, column) <= until]


def _clock(start: datetime) -> Callable[[], datetime]:
    """A clock that goes on a few seconds each time it is asked."""
    moments: Iterator[int] = itertools.count(step=3)
    return lambda: start.astimezone(UTC) + timedelta(seconds=next(moments))
