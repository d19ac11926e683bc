"""Under which meaning of its metric a goal is signed, and which goals stand on a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from mingji.engine.model import Metric
from mingji.goals.counted import counted
from mingji.goals.models import Agreement, Goal
from mingji.metrics import queries as metrics
from mingji.metrics.definitions import library
from mingji.metrics.queries.defining import Version as DefinitionsVersion
from mingji.metrics.signing import SignedGoals
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

# Appraised, appealed and looked back on for so long after its period, a goal keeps its meaning.
_AFTERWARDS = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMeaning:
    """That the metric of a goal means something else by now than when it was signed.

    `signed` is the metric as it counts for the goal, `now` as it is in force, None if it is gone;
    `change` the version that changed it.
    """

    signed: Metric
    now: Metric | None
    change: DefinitionsVersion | None

    @property
    def condition_signed(self) -> Text:
        """Which rows counted when it was signed."""
        return metrics.condition_of(self.signed)

    @property
    def condition_now(self) -> Text:
        """Which rows count now."""
        return metrics.condition_of(self.now) if self.now else Text("", "")


def other_meaning(goal: Goal) -> OtherMeaning | None:
    """What has changed about the metric of a goal since it was signed; None: nothing."""
    if counted(goal) == goal.metric:
        return None
    known = library().definitions.metrics
    signed = known[counted(goal)]
    change = metrics.definitions_change(signed.until + 1)
    return OtherMeaning(signed=signed, now=known.get(goal.metric), change=change)


def has_other_meaning(goal: GoalTerms) -> bool:
    """Whether the metric of signed terms means something else by now."""
    return library().definitions.as_of(goal.metric, goal.definition) != goal.metric


def signed_goals() -> list[SignedGoals]:
    """The goals, proposed or signed, that stand on the meaning of a metric, put together by metric,
    version and period; those whose period ended more than a year ago are done. One query."""
    found = (
        Goal.objects.exclude(agreement__status=Agreement.Status.DRAFT)
        .filter(measure=Goal.Measured.METRIC, metric__gt="")
        .exclude(kind=Goal.Kind.OBJECTIVE)
        .order_by("metric", "period", "definition")
        .values_list("metric", "definition", "period")
        .annotate(goals=Count("id"))
    )
    since = timezone.localdate() - _AFTERWARDS
    return [
        SignedGoals(metric, number, period, goals)
        for metric, number, period, goals in found
        if _ends_after(period, since)
    ]


def _ends_after(period: str, day: date) -> bool:
    try:
        return Period.parse(period).end >= day
    except Invalid:
        return False
