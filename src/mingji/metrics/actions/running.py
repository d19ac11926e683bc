"""Read a source into the warehouse: one run at a time, and a second one changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from mingji.audit import trail
from mingji.connectors.files import Reading
from mingji.connectors.kinds import Clock
from mingji.connectors.source import Delivery
from mingji.engine.warehouse import Batch
from mingji.metrics import policy
from mingji.metrics.actions.quality import check_steps
from mingji.metrics.actions.whole import (
    gone_rows,
    to_be_begun_again,
    told_apart,
    without_the_gone,
)
from mingji.metrics.definitions import warehouse
from mingji.metrics.doors import PUSH, connector_of, fitted_for, reads, sheets_for
from mingji.metrics.locking import alone_on
from mingji.metrics.mapping import answers, mapping_of
from mingji.metrics.models import Source, SourceRun
from mingji.metrics.queries.runs import BROKE_OFF, latest_runs
from mingji.metrics.schedule import is_due
from mingji.metrics.stored import finding_data
from mingji.people.viewer import SYSTEM, Actor, actor_code
from mingji.rules.errors import Invalid, MingjiError, NotAllowedNow, NotFound
from mingji.rules.findings import Finding
from mingji.rules.text import Text

SCHEDULE = "schedule"
_NO_FILE = Text(
    "服务器读写文件出错（{}），这一批没有载入；看看磁盘空间和文件夹权限，再运行一次",
    "the server could not read or write a file ({}), so this batch was not loaded: look at the "
    "space on its disk and the rights to its folders, then run again",
)


@dataclass(slots=True)
class _Sum:
    """What a run has done so far. `since`: when the run that broke off before it began."""

    since: datetime | None = None
    read: int = 0
    loaded: int = 0
    batches: list[list[str]] = field(default_factory=list)
    findings: dict[Finding, None] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add(self, batch: Batch) -> None:
        self.read += batch.read
        self.loaded += batch.loaded
        self.batches.append([batch.table, batch.id])
        self.findings.update(dict.fromkeys(batch.findings))

    def claims(self, batch: Batch) -> bool:
        """Whether the run that broke off loaded the batch and could not write it down."""
        return self.since is not None and datetime.fromisoformat(batch.loaded_at) >= self.since


def run_source(
    actor: Actor, code: str, clock: Clock, who: str = "", *, anew: bool = False
) -> SourceRun:
    """Read what is new in a source, load it as batches, and write down what came of it.

    What fails does so in the run, with its sentence; batches loaded before that stay, and the next
    run goes on behind them. A run that broke off is closed first. `who` stands in the history
    instead of the actor. `anew` reads everything once more: what the source no longer has then
    counts no more.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        NotAllowedNow: the source is not mapped, or another run is under way.
    """
    source = _source_to_read(actor, code)
    with alone_on(code):
        source.refresh_from_db()
        _rewind(source, anew)
        deliveries = connector_of(source).read(source.entity, source.cursor)
        return run_deliveries(actor, source, deliveries, clock, who)


def start_run(actor: Actor, code: str, clock: Clock, *, anew: bool = False) -> SourceRun:
    """Begin to read a source in a process of its own, and answer at once with the run under way.

    The process inherits the lock on the source: from the first moment on the run is under way
    exactly as long as somebody holds it, so that one whose process has ended is known to have
    broken off. With `MINGJI_RUNS=inline` the run is over when this answers.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source.
        NotAllowedNow: the source is not mapped, or another run is under way.
    """
    if settings.MINGJI_RUNS == "inline":
        return run_source(actor, code, clock, anew=anew)
    source = _source_to_read(actor, code)
    with alone_on(code) as lock:
        source.refresh_from_db()
        _rewind(source, anew)
        by = actor_code(actor)
        run, _ = _begin(by, source, clock(), by)
        told = [str(run.pk), str(lock.fileno())]
        try:
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "mingji", "sources", "go-on", *told],
                pass_fds=[lock.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:  # no more processes may be started here: the request does the work
            return go_on(run.pk, clock)
    return run


def go_on(run_id: int, clock: Clock) -> SourceRun:
    """Do the work of a run that `start_run` began, in the process that inherited its lock.

    Raises:
        NotFound: there is no run of that number under way.
    """
    under_way = SourceRun.objects.filter(pk=run_id, status=SourceRun.Status.RUNNING)
    run = under_way.select_related("source").first()
    if run is None:
        raise NotFound(Text(f"没有运行 {run_id}", f"There is no run {run_id}"), code="no_run")
    source = run.source
    broken = source.runs.filter(pk__lt=run.pk).first()
    since = broken.started_at if broken and broken.error == BROKE_OFF else None
    source.cursor = run.cursor_before
    deliveries = connector_of(source).read(source.entity, source.cursor)
    return _follow(run.who, source, run, _Sum(since), deliveries, clock)


def _rewind(source: Source, anew: bool) -> None:
    """Lets a source be read from its beginning if that is wanted, or was and is not done yet."""
    if anew or to_be_begun_again(source):
        source.cursor = None


def _source_to_read(actor: Actor, code: str) -> Source:
    policy.may_keep_data(actor).require()
    source = _mapped_source(code)
    if source.kind == PUSH:
        connector_of(source).read("")
    return source


def run_due(actor: Actor, clock: Clock) -> list[SourceRun]:
    """Run every source whose time has come, one after the other; a source at work is left alone.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    scheduled = Source.objects.filter(enabled=True).exclude(schedule=Source.Schedule.MANUAL)
    sources = list(scheduled.exclude(kind=PUSH))
    last = latest_runs(sources)
    runs = []
    for source in sources:
        if not is_due(source, last.get(source.pk), clock()):
            continue
        try:
            runs.append(run_source(actor, source.code, clock, SCHEDULE))
        except NotAllowedNow:
            continue
    return runs


def run_deliveries(
    actor: Actor, source: Source, deliveries: Iterable[Delivery], clock: Clock, who: str = ""
) -> SourceRun:
    """One run over deliveries; the caller works alone on the source (`locking.alone_on`)."""
    by = actor_code(actor)
    run, done = _begin(by, source, clock(), who or by)
    return _follow(by, source, run, done, deliveries, clock)


def _follow(
    by: str,
    source: Source,
    run: SourceRun,
    done: _Sum,
    deliveries: Iterable[Delivery],
    clock: Clock,
) -> SourceRun:
    """Load one delivery after the other, and write down how it ended."""
    try:
        for delivery in deliveries:
            last = delivery.reading
            for reading in sheets_for(source, last):
                _take(source, run, done, reading, clock())
            _advance(source, run, done, delivery.cursor)
        if done.seen and (gone := without_the_gone(source, run, last, done.seen)):
            there = done.loaded
            struck = _take(source, run, done, gone, clock()).deleted
            done.findings[gone_rows(gone.file, struck, there)] = None
    except MingjiError as error:
        found = error.findings if isinstance(error, Invalid) else ()
        done.findings.update(dict.fromkeys(found))
        _tell_steps(done, clock())
        return _end(by, run, done, clock(), error.message)
    except OSError as error:
        told = error.strerror or str(error)
        sentence = Text(_NO_FILE.zh.format(told), _NO_FILE.en.format(told))
        return _end(by, run, done, clock(), sentence)
    _tell_steps(done, clock())
    return _end(by, run, done, clock())


def _tell_steps(done: _Sum, at: datetime) -> None:
    """Add what the steps of conversions make of the rows that came."""
    if done.batches:
        found = check_steps(SYSTEM, {table for table, _ in done.batches}, at)
        done.findings.update(dict.fromkeys(found))


def _take(source: Source, run: SourceRun, done: _Sum, reading: Reading, at: datetime) -> Batch:
    batch, is_new = _loaded(source, told_apart(source, run, reading), at)
    done.seen.add(batch.id)
    if is_new or done.claims(batch):
        done.add(batch)
    return batch


def _mapped_source(code: str) -> Source:
    source = Source.objects.filter(code=code).first()
    if source is None:
        raise NotFound(
            Text(f"没有数据来源“{code}”", f"There is no source “{code}”"), code="no_source"
        )
    if not source.table:
        raise NotAllowedNow(
            Text(
                zh="还没有字段对应，读进来的行无处可放。先完成“字段对应”。",
                en="There is no mapping yet, so rows would have no place. Map the columns first.",
            ),
            code="not_mapped",
        )
    return source


def _loaded(source: Source, reading: Reading, at: datetime) -> tuple[Batch, bool]:
    """The batch that a reading became, and whether its content had not been loaded before."""
    table, ready = fitted_for(source, reading)
    store, said = warehouse(), replace(answers(mapping_of(source.mapping)), sheet=reads(source))
    before = {batch.id for batch in store.batches(table.name)}
    batch = store.load(table, ready, loaded_at=at.isoformat(), source=source.code, answers=said)
    return batch, batch.id not in before


@transaction.atomic
def _begin(by: str, source: Source, at: datetime, who: str) -> tuple[SourceRun, _Sum]:
    broken = source.runs.filter(status=SourceRun.Status.RUNNING).first()
    if broken:
        kept = _Sum(None, broken.read, broken.loaded, broken.batches)
        _end(by, broken, kept, at, BROKE_OFF)
    run = SourceRun.objects.create(
        source=source, started_at=at, who=who, cursor_before=source.cursor
    )
    return run, _Sum(broken.started_at if broken else None)


@transaction.atomic
def _advance(source: Source, run: SourceRun, done: _Sum, cursor: Mapping[str, Any]) -> None:
    """The rows are in the warehouse: from here on the source is read behind them."""
    source.cursor = dict(cursor)
    source.save(update_fields=["cursor"])
    run.read, run.loaded, run.batches = done.read, done.loaded, done.batches
    run.rejected, run.cursor_after = done.read - done.loaded, source.cursor
    run.save()


@transaction.atomic
def _end(by: str, run: SourceRun, done: _Sum, at: datetime, error: Text | None = None) -> SourceRun:
    run.ended_at = at
    run.read, run.loaded, run.batches = done.read, done.loaded, done.batches
    run.rejected = done.read - done.loaded
    run.findings = [finding_data(finding) for finding in done.findings]
    run.warnings = sum(1 for finding in done.findings if finding.severity != "info")
    run.cursor_after = run.cursor_after or run.cursor_before
    if error:
        run.status, run.error_zh, run.error_en = SourceRun.Status.FAILED, error.zh, error.en
    else:
        some = SourceRun.Status.SUCCEEDED if done.batches else SourceRun.Status.NOTHING
        run.status = some
    run.save()
    trail.record(
        actor=by,
        action="metrics.run_source",
        kind="source",
        object_id=run.source.code,
        at=at,
        evidence={
            "run": run.pk,
            "status": str(run.status),
            "read": run.read,
            "loaded": run.loaded,
            "batches": [f"{table}/{batch}" for table, batch in run.batches],
        },
    )
    return run
