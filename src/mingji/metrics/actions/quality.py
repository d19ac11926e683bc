"""Look whether the data is as it usually is, keep what stands out, acknowledge it with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from mingji.audit import trail
from mingji.engine.backends.duckdb import opened
from mingji.engine.health import jump, table_findings
from mingji.engine.model import Definitions
from mingji.engine.periods import grain_of
from mingji.metrics import policy
from mingji.metrics.corrected import applied
from mingji.metrics.definitions import library
from mingji.metrics.models import QualityFinding, RefreshRun
from mingji.metrics.queries.concerned import concerned
from mingji.metrics.queries.facts import company_values, observed_periods
from mingji.metrics.queries.quality import finding_for
from mingji.metrics.queries.sources import loaded_batches
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@transaction.atomic
def check_quality(run: RefreshRun, at: datetime) -> int:
    """Check every loaded table and every metric, and keep what is found; how many are open.

    A finding that is still there stays the same one, with its acknowledgement; one that is gone
    is settled. Part of each refresh, also of one that had nothing to compute: that no new row
    came is itself something to find.
    """
    today = timezone.localdate(at)
    definitions = library().definitions
    found = {
        (each.code, each.place.path): each
        for each in (*_of_tables(definitions, today), *_of_metrics(definitions, today))
    }
    known = {
        (row.code, row.path): row for row in QualityFinding.objects.filter(settled_at__isnull=True)
    }
    gone = [row.pk for key, row in known.items() if key not in found]
    QualityFinding.objects.filter(pk__in=gone).update(settled_at=at)
    for key, finding in found.items():
        row = known.get(key) or QualityFinding(code=key[0], path=key[1], first_run=run, found_at=at)
        row.last_run, row.severity, row.count = run, finding.severity, finding.count
        row.message, row.remedy = asdict(finding.message), asdict(finding.remedy)
        row.metrics, row.members = concerned(definitions, key[1].partition(".")[0])
        row.save()
    return len(found)


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
