"""What was reported of a goal, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingji.goals.models import Goal
from mingji.goals.models.goal import as_written
from mingji.people import queries as people
from mingji.rules.text import Text

# A goal page shows the last few; the audit trail has them all.
SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report: who said what and when; `value` in the unit of the goal."""

    by: Text
    at: datetime
    value: Decimal | None
    confidence: str
    note: str
    evidence: str


def reports_of(goal: Goal) -> list[ReportLine]:
    """The last reports of a goal, which the caller got by `goal_for`. Two queries."""
    rows = list(goal.updates.order_by("-at", "-id")[:SHOWN])
    names = people.names_by_code({row.by for row in rows}) if rows else {}
    return [
        ReportLine(
            by=names.get(row.by, Text.same(row.by)),
            at=row.at,
            value=None if row.value is None else as_written(row.value),
            confidence=row.confidence,
            note=row.note,
            evidence=row.evidence,
        )
        for row in rows
    ]
