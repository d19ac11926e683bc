"""Look whether the data is as it usually is, keep what stands out, acknowledge it with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mingji.audit import trail
from mingji.engine.backends.duckdb import opened
from mingji.engine.health import impossible_dates, jump, table_findings
from mingji.engine.model import Definitions
from mingji.engine.periods import grain_of
from mingji.engine.step_checks import Uncounted, step_columns, uncounted
from mingji.engine.step_rows import WARNED
from mingji.metrics import policy
from mingji.metrics.computing import in_force, places
from mingji.metrics.corrected import applied
from mingji.metrics.definitions import library
from mingji.metrics.models import QualityFinding, RefreshRun
from mingji.metrics.queries.concerned import concerned, valued
from mingji.metrics.queries.facts import company_values, observed_periods
from mingji.metrics.queries.quality import finding_for
from mingji.metrics.queries.sources import loaded_batches
from mingji.people.viewer import Actor, Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LONGEST_PATH = 120


@dataclass(frozen=True, slots=True)
class _Seen:
    """A finding with the metrics that it concerns; None: those that are made from its table."""

    finding: Finding
    metrics: tuple[str, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.finding.code, self.finding.place.path[:_LONGEST_PATH]


@transaction.atomic
def check_quality(run: RefreshRun, at: datetime, steps: Iterable[Uncounted]) -> int:
    """Check every loaded table and every metric, and keep what is found; how many are open.

    A finding that is still there stays the same one, with its acknowledgement; one that is gone
    is settled. Part of each refresh, also of one that had nothing to compute: that no new row
    came is itself something to find. `steps` are those of `steps_now`.
    """
    today = timezone.localdate(at)
    definitions = library().definitions
    seen = [
        *map(_Seen, _of_tables(definitions, today)),
        *map(_Seen, _of_metrics(definitions, today)),
        *_grave(steps),
    ]
    _keep(seen, QualityFinding.objects.filter(settled_at__isnull=True), at, run)
    return len({each.key for each in seen})


def steps_now(at: datetime) -> list[Uncounted]:
    """What no step of a conversion counts, of all rows, wherever the company's engine has them.

    Raises:
        Invalid: batches no longer fit the definitions, or the engine refuses.
    """
    definitions, today = library().definitions, timezone.localdate(at)
    with opened(in_force() if places() else applied().warehouse, definitions) as session:
        return uncounted(session, definitions, definitions.metrics.values(), today)


def check_steps(actor: Actor, tables: Collection[str], at: datetime) -> list[Finding]:
    """How many rows no step of a conversion counts, and why, after rows of some tables came.

    Whatever rows came before: those that are looked up lie in the warehouse, whole. What a person
    can mend is kept as a finding of data quality, and what is no longer so is settled. Where rows
    lie in the company's own engine, the next refresh says it. What came is loaded, so nothing that
    is found here is an error of the load: not even that other batches no longer fit the
    definitions, so that nothing can be looked up.

    Raises:
        NotAllowed: the actor does not keep the data.
    """
    policy.may_keep_data(actor).require()
    today, definitions = timezone.localdate(at), library().definitions
    columns = step_columns(definitions, definitions.metrics.values(), tables)
    if not columns or places():
        return []
    try:
        found, days = _looked_up(definitions, columns, tables, today)
    except Invalid as error:
        return [replace(each, severity="warning") for each in error.findings]
    standing = QualityFinding.objects.filter(settled_at__isnull=True)
    standing = standing.filter(code__in=(*WARNED, "impossible_date"))
    looked = {(name, each) for name, mine in columns.items() for each in mine}
    about = [row.pk for row in standing.only("path") if _column(row.path) in looked]
    with transaction.atomic():
        _keep([*map(_Seen, days), *_grave(found)], standing.filter(pk__in=about), at, None)
    return [*map(_with_people, found), *(replace(each, severity="warning") for each in days)]


def _looked_up(
    definitions: Definitions,
    columns: Mapping[str, Collection[str]],
    tables: Collection[str],
    today: date,
) -> tuple[list[Uncounted], list[Finding]]:
    """What no step counts of conversions that touch some tables; impossible days of the steps."""
    with opened(applied().warehouse, definitions) as session:
        found = uncounted(session, definitions, definitions.metrics.values(), today, tables)
        days = [
            finding
            for name, mine in columns.items()
            for finding in impossible_dates(session, definitions.tables[name], mine, today)
        ]
    return found, days


def _column(path: str) -> tuple[str, str]:
    """The table and the column that a finding is about."""
    table, _, name = path.partition("@")[0].partition(".")
    return table, name


def _grave(found: Iterable[Uncounted]) -> list[_Seen]:
    """What a person can mend: what a definition leaves out on purpose is told, and not kept."""
    return [_Seen(each.finding, each.metrics) for each in found if each.finding.severity != "info"]


def _with_people(found: Uncounted) -> Finding:
    """The finding, and of how many people a number depends on it, where one has been computed."""
    finding, (_, people) = found.finding, valued(found.metrics)
    if not people or finding.severity == "info":
        return finding
    are = "1 person has" if people == 1 else f"{people:,} people have"
    message = Text(
        f"{finding.message.zh}；{people:,} 人有这些指标的值",
        f"{finding.message.en}; {are} a value of them",
    )
    return replace(finding, message=message)


def _keep(
    seen: Iterable[_Seen],
    standing: QuerySet[QualityFinding],
    at: datetime,
    run: RefreshRun | None,
) -> None:
    """Write what was seen, and settle what stood and was not."""
    found = {each.key: each for each in seen}
    known = {(row.code, row.path): row for row in standing}
    gone = [row.pk for key, row in known.items() if key not in found]
    QualityFinding.objects.filter(pk__in=gone).update(settled_at=at)
    definitions = library().definitions
    for key, each in found.items():
        finding, only = each.finding, each.metrics
        words = {"message": asdict(finding.message), "remedy": asdict(finding.remedy)}
        row = known.get(key) or _opened(key, at, {"severity": finding.severity, **words})
        row.first_run, row.last_run = row.first_run or run, run or row.last_run
        row.severity, row.count = finding.severity, finding.count
        row.message, row.remedy = words["message"], words["remedy"]
        if only is None:
            row.metrics, row.members = concerned(definitions, key[1].partition(".")[0])
        else:
            row.metrics, row.members = list(only), valued(only)[1]
        row.save()


def _opened(key: tuple[str, str], at: datetime, told: Mapping[str, Any]) -> QualityFinding:
    """A new finding, or the one that another load has seen at the same moment."""
    code, path = key
    row, _ = QualityFinding.objects.get_or_create(
        code=code, path=path, settled_at=None, defaults={"found_at": at, **told}
    )
    return row


def _of_tables(definitions: Definitions, today: date) -> Iterator[Finding]:
    loaded = {batch.table for batch in loaded_batches()}
    with opened(applied().warehouse, definitions) as session:
        for name in sorted(loaded):
            yield from table_findings(session, definitions, definitions.tables[name], today)


def _of_metrics(definitions: Definitions, today: date) -> Iterator[Finding]:
    """Of each metric the company's values in the periods of the last one's grain that are over."""
    periods = [Period.parse(each) for each in observed_periods()]
    closed = sorted((each for each in periods if each.end < today), key=lambda each: each.start)
    alike = [str(each) for each in closed if grain_of(str(each)) == grain_of(str(closed[-1]))]
    values = company_values(alike)
    for metric in definitions.metrics.values():
        series: list[tuple[str, Decimal | None]] = [
            (period, values.get((metric.id, period))) for period in alike
        ]
        finding = jump(metric, series)
        if finding:
            yield finding


@transaction.atomic
def acknowledge(actor: Viewer, finding_id: int, reason: str, *, at: datetime) -> QualityFinding:
    """Say why a finding may stand; it stays listed until it is gone.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: there is none.
        NotAllowedNow: it is settled.
        Invalid: no reason is given.
    """
    policy.may_keep_data(actor).require()
    found = finding_for(actor, finding_id, lock=True)
    if found.settled_at:
        raise NotAllowedNow(
            Text("这个问题已经不在了，不用确认。", "This is gone already; nothing to acknowledge."),
            code="settled",
        )
    if not reason.strip():
        message = Text("写明为什么可以这样", "say why it may stand")
        raise Invalid(
            message,
            findings=(Finding("reason", "error", message, Text("", ""), Place(path="reason")),),
        )
    found.acknowledged_by_id, found.acknowledged_at = actor.member_id, at
    found.reason = reason.strip()
    found.save(update_fields=["acknowledged_by", "acknowledged_at", "reason"])
    trail.record(
        actor=actor.code,
        action="metrics.acknowledge",
        kind="quality_finding",
        object_id=found.pk,
        at=at,
        reason=found.reason,
        evidence={"code": found.code, "path": found.path},
    )
    return found
