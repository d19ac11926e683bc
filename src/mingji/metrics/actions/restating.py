"""Keep beside each other what a closed period said and what it says now, with the causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mingji.engine.warehouse import Batch
from mingji.metrics.models import RefreshRun, Restatement
from mingji.rules.calendar import Period

_CHUNK = 500
# Metric, period, member id, team id.
Key = tuple[str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A slice whose value is not what the run before had found."""

    key: Key
    before: Decimal | None
    after: Decimal | None
    tables: frozenset[str]
    corrections: frozenset[int]


def last_runs(periods: Iterable[str]) -> dict[str, RefreshRun]:
    """For each period the last run that computed it, if it was over by then.

    What an earlier run of a running period said was never the last word.
    """
    wanted, found = set(periods), dict[str, RefreshRun]()
    for run in RefreshRun.objects.defer("findings", "unmatched").iterator(chunk_size=20):
        for period in wanted & set(run.periods):
            wanted.discard(period)
            if Period.parse(period).end < timezone.localdate(run.at):
                found[period] = run
        if not wanted:
            break
    return found


def restate(
    run: RefreshRun,
    changes: Iterable[Change],
    before: Mapping[str, RefreshRun],
    batches: Iterable[Batch],
) -> int:
    """Write a restatement for each change of a period that was closed; how many."""
    files = {(batch.table, batch.id): batch.file for batch in batches}
    rows = [
        Restatement(
            run=run,
            metric=change.key[0],
            period=change.key[1],
            member_id=change.key[2],
            team_id=change.key[3],
            before=change.before,
            after=change.after,
            causes=list(_causes(change, before[change.key[1]], run, files)),
        )
        for change in changes
        if change.key[1] in before
    ]
    Restatement.objects.bulk_create(rows, batch_size=_CHUNK)
    return len(rows)


def _causes(
    change: Change, last: RefreshRun, run: RefreshRun, files: Mapping[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    """Everything that is new since the run before and that this value depends on."""
    found = False
    if change.corrections:
        found = True
        yield {"kind": "correction", "numbers": sorted(change.corrections)}
    known = {(table, id_) for table, id_ in last.batches}
    late = {
        name
        for (table, id_), name in files.items()
        if table in change.tables and (table, id_) not in known
    }
    if late:
        found = True
        yield {"kind": "late_data", "files": sorted(late)}
    if last.definitions_digest != run.definitions_digest:
        found = True
        yield {"kind": "definition"}
    if not found:
        yield {"kind": "people"}
