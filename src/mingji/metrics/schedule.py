"""When a source is read: the moment that was planned last, the next one, and whether it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Literal

from django.utils import timezone

from mingji.metrics.models import Source, SourceRun

Health = Literal["fresh", "stale", "failed", "running", "new", "paused"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A run that was due may take so long before people hear of it.
GRACE = timedelta(hours=2)
# What is loaded by hand comes once a month, and some days late.
BY_HAND = timedelta(days=40)
_DAWN = time(6, 0)


def last_planned(source: Source, now: datetime) -> datetime | None:
    """The latest moment, not after now, at which the source was to be read; None if by hand."""
    if source.schedule == Source.Schedule.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0)
    return next((at for at in _days(source, now, -1) if at <= now), None)


def next_planned(source: Source, now: datetime) -> datetime | None:
    """The next moment at which the source is to be read; None if by hand or paused."""
    if not source.enabled:
        return None
    if source.schedule == Source.Schedule.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + HOUR
    return next((at for at in _days(source, now, 1) if at > now), None)


def is_due(source: Source, last: SourceRun | None, now: datetime) -> bool:
    """Whether it is time: a moment was planned, and no run has begun since."""
    planned = last_planned(source, now)
    if not source.enabled or planned is None:
        return False
    return last is None or last.started_at < planned


def health(source: Source, last: SourceRun | None, good: datetime | None, now: datetime) -> Health:
    """How a source stands, from its last run and when it last went well.

    Stale is what was to be read more than two hours ago and was not, and what is loaded by hand
    and has not been for forty days.
    """
    if not source.enabled:
        return "paused"
    if last is None:
        return "new"
    if last.status == SourceRun.Status.RUNNING:
        return "running"
    if last.status == SourceRun.Status.FAILED:
        return "failed"
    planned = last_planned(source, now - GRACE)
    oldest = planned if planned else now - BY_HAND
    return "stale" if good is None or good < oldest else "fresh"


def _days(source: Source, now: datetime, step: int) -> Iterator[datetime]:
    """The planned moments of the days around now, walking back (-1) or on (1)."""
    if source.schedule not in (Source.Schedule.DAILY, Source.Schedule.WEEKDAYS):
        return
    here = timezone.localtime(now)
    for number in range(8):
        day = here.date() + number * step * DAY
        if source.schedule == Source.Schedule.WEEKDAYS and day.weekday() >= 5:
            continue
        yield timezone.make_aware(datetime.combine(day, source.at or _DAWN))
