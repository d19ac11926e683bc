"""The runs of sources: the latest of many at once, the history of one, what was set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from mingji.engine.reasons import REASONS
from mingji.engine.warehouse import Batch
from mingji.kit.i18n import localized
from mingji.kit.spreadsheets import safe_cell
from mingji.metrics import policy
from mingji.metrics.definitions import library, warehouse
from mingji.metrics.locking import is_anybody_on
from mingji.metrics.models import Source, SourceRun
from mingji.metrics.queries.naming import ToldFinding, told_findings
from mingji.metrics.stored import finding_of
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.findings import Finding
from mingji.rules.text import Text

RUNS = 25
_GOOD = (SourceRun.Status.SUCCEEDED, SourceRun.Status.NOTHING)
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """A cell, or with an empty column a whole line, that kept a row outside."""

    file: str
    row: int
    column: Text
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run: its findings, the batches that it loaded, and the first cells set aside."""

    source: Source
    run: SourceRun
    table: Text
    batches: tuple[Batch, ...]
    findings: tuple[ToldFinding, ...]
    rejected: tuple[RejectedCell, ...]
    more: bool

    @property
    def alone(self) -> list[SourceRun]:
        """The run as a list of one, for tags that look names up for lists."""
        return [self.run]


BROKE_OFF = Text(
    zh="运行中断（进程退出或机器停机）。已载入的批次有效，下一次运行从中断处继续。",
    en="The run broke off (the process or the machine stopped). What was loaded stays; "
    "the next run goes on from there.",
)


def as_they_are(runs: Iterable[SourceRun], code: str) -> list[SourceRun]:
    """Runs of a source; one that says it runs while nobody is at work has broken off.

    It is shown so; the next run writes it down.
    """
    found = list(runs)
    for run in found:
        if run.status == SourceRun.Status.RUNNING and not is_anybody_on(code):
            run.status = SourceRun.Status.FAILED
            run.error_zh, run.error_en = BROKE_OFF.zh, BROKE_OFF.en
    return found


def latest_runs(sources: Iterable[Source]) -> dict[int, SourceRun]:
    """The last run of each source, by the id of the source, in one query."""
    ids = [source.pk for source in sources]
    last = SourceRun.objects.filter(source__in=ids).order_by().values("source")
    keys = last.annotate(last=Max("pk")).values("last")
    found = SourceRun.objects.filter(pk__in=keys).select_related("source")
    return {run.source_id: as_they_are([run], run.source.code)[0] for run in found}


def last_good(sources: Iterable[Source]) -> dict[int, datetime]:
    """When each source was last read without a fault, by the id of the source, in one query."""
    ids = [source.pk for source in sources]
    good = SourceRun.objects.filter(source__in=ids, status__in=_GOOD).order_by()
    rows = good.values("source").annotate(at=Max("started_at"))
    return {row["source"]: row["at"] for row in rows}


def runs_of(source: Source, after: str = "", limit: int = RUNS) -> tuple[list[SourceRun], str]:
    """Some runs of a source, the latest first, and the key of the page after."""
    runs = SourceRun.objects.filter(source=source)
    if after.isdecimal() and len(after) < 19:
        runs = runs.filter(pk__lt=int(after))
    found = as_they_are(runs[: limit + 1], source.code)
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else ""


def run_page(viewer: Viewer, code: str, run_id: int) -> RunPage:
    """One run of a source.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: the source has no such run.
    """
    run = _run(viewer, code, run_id)
    batches = _batches(run)
    cells = []
    for cell in _cells(batches):
        cells.append(cell)
        if len(cells) > _SHOWN:
            break
    table = library().definitions.tables.get(run.source.table)
    return RunPage(
        source=run.source,
        run=run,
        table=table.label if table else Text.same(run.source.table),
        batches=batches,
        findings=told_findings(findings_of(run), run.source.table),
        rejected=tuple(cells[:_SHOWN]),
        more=len(cells) > _SHOWN,
    )


def rejected_as_csv(viewer: Viewer, code: str, run_id: int) -> Iterator[str]:
    """Everything that a run set aside, as lines of a CSV that a spreadsheet may open.

    Raises:
        NotAllowed: the viewer does not keep the data.
        NotFound: the source has no such run.
    """
    return _lines(_batches(_run(viewer, code, run_id)))


def findings_of(run: SourceRun) -> tuple[Finding, ...]:
    """What was found on a run."""
    return tuple(map(finding_of, run.findings))


def run_told(run: SourceRun) -> dict[str, Any]:
    """A run for programs: its number, how it ended and its counts."""
    return {
        "run": run.pk,
        "status": str(run.status),
        "read": run.read,
        "loaded": run.loaded,
        "rejected": run.rejected,
        "batches": [f"{table}/{batch}" for table, batch in run.batches],
    }


def _lines(batches: Iterable[Batch]) -> Iterator[str]:
    heads = [Text("文件", "File"), Text("行", "Row"), Text("列", "Column")]
    heads += [Text("内容", "Content"), Text("原因", "Reason")]
    yield "\ufeff" + _line(map(localized, heads))
    for cell in _cells(batches):
        told = (cell.file, str(cell.row), localized(cell.column), cell.value)
        yield _line((*told, localized(cell.reason)))


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()


def _run(viewer: Viewer, code: str, run_id: int) -> SourceRun:
    policy.may_keep_data(viewer).require()
    run = SourceRun.objects.filter(source__code=code, pk=run_id).select_related("source").first()
    if run is None:
        raise NotFound(
            Text("没有这次运行。它属于另一个来源", "There is no such run of this source"),
            code="no_run",
        )
    return as_they_are([run], code)[0]


def _batches(run: SourceRun) -> tuple[Batch, ...]:
    """The batches that the run loaded and that are still there."""
    store, wanted = warehouse(), {tuple(each) for each in run.batches}
    tables = sorted({table for table, _ in wanted})
    return tuple(b for t in tables for b in store.batches(t) if (t, b.id) in wanted)


def _cells(batches: Iterable[Batch]) -> Iterator[RejectedCell]:
    store, tables = warehouse(), library().definitions.tables
    for batch in batches:
        columns = tables[batch.table].columns
        for cell in store.rejected(batch):
            yield _cell(batch.file, cell, {name: c.label for name, c in columns.items()})


def _cell(file: str, cell: Mapping[str, Any], labels: Mapping[str, Text]) -> RejectedCell:
    name, reason = cell["column"], cell["reason"]
    return RejectedCell(
        file=file,
        row=cell["_row"],
        column=labels.get(name, Text.same(name)),
        value=cell["value"] or "",
        reason=REASONS.get(reason, Text.same(reason)),
    )
