"""When a source is due, and when people hear that it is late."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from mingji.metrics.models import Source, SourceRun
from mingji.metrics.schedule import health, is_due, last_planned, next_planned


def shanghai(day, hour, minute=0):
    """A moment of November 2026 in Shanghai; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def source(schedule, at=None, **more):
    return Source(code="x", kind="inbox", schedule=schedule, at=at, **{"enabled": True, **more})


def run(at, status="succeeded"):
    return SourceRun(started_at=at, status=status)


@pytest.mark.parametrize(
    ("schedule", "now", "last", "following"),
    [
        ("hourly", (20, 9, 30), (20, 9), (20, 10)),
        ("daily", (20, 9, 30), (20, 6, 30), (21, 6, 30)),
        ("daily", (20, 6, 29), (19, 6, 30), (20, 6, 30)),
        ("daily", (20, 6, 30), (20, 6, 30), (21, 6, 30)),
        ("weekdays", (20, 9, 30), (20, 6, 30), (23, 6, 30)),
        ("weekdays", (22, 9, 30), (20, 6, 30), (23, 6, 30)),
        ("weekdays", (23, 5, 0), (20, 6, 30), (23, 6, 30)),
    ],
)
def test_what_was_planned_last_and_comes_next(schedule, now, last, following):
    planned = source(schedule, time(6, 30))

    assert last_planned(planned, shanghai(*now)) == shanghai(*last)
    assert next_planned(planned, shanghai(*now)) == shanghai(*following)


def test_by_hand_nothing_is_planned():
    assert last_planned(source("manual"), shanghai(20, 9)) is None
    assert next_planned(source("manual"), shanghai(20, 9)) is None
    assert not is_due(source("manual"), None, shanghai(20, 9))


def test_due_is_once_for_each_planned_moment():
    daily, now = source("daily", time(6, 30)), shanghai(20, 9)

    assert is_due(daily, None, now)
    assert is_due(daily, run(shanghai(19, 6, 31)), now)
    assert not is_due(daily, run(shanghai(20, 6, 31), "failed"), now)
    assert not is_due(source("daily", time(6, 30), enabled=False), None, now)


@pytest.mark.parametrize(
    ("last", "good", "now", "state"),
    [
        (None, None, (20, 9), "new"),
        (run(shanghai(20, 6, 31)), shanghai(20, 6, 31), (20, 9), "fresh"),
        (run(shanghai(19, 6, 31)), shanghai(19, 6, 31), (20, 8, 20), "fresh"),
        (run(shanghai(19, 6, 31)), shanghai(19, 6, 31), (20, 9), "stale"),
        (run(shanghai(20, 6, 31), "failed"), shanghai(19, 6, 31), (20, 9), "failed"),
        (run(shanghai(20, 6, 31), "running"), None, (20, 9), "running"),
        (run(shanghai(20, 6, 31), "nothing"), shanghai(20, 6, 31), (20, 9), "fresh"),
    ],
)
def test_how_a_source_stands(last, good, now, state):
    assert health(source("daily", time(6, 30)), last, good, shanghai(*now)) == state


def test_what_is_loaded_by_hand_is_late_after_forty_days():
    by_hand, at = source("manual"), shanghai(1, 9)

    assert health(by_hand, run(at), at, at + timedelta(days=39)) == "fresh"
    assert health(by_hand, run(at), at, at + timedelta(days=41)) == "stale"
    assert health(source("daily", enabled=False), run(at), at, at) == "paused"
