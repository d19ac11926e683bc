"""What was agreed, for the appraisal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from mingji.goals.models import Goal
from mingji.rules.calendar import Period
from mingji.rules.explanation import Source
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFact:
    """The agreed values of one item. `source` says who agreed to them and when."""

    metric: str
    target: Decimal | None
    baseline: Decimal | None
    stretch: Decimal | None
    threshold: Decimal | None
    weight: Decimal | None
    source: Source


def agreed_targets(
    member_ids: Iterable[int], period: Period | str
) -> dict[tuple[int, str], GoalFact]:
    """The agreed goals of members in a period, by (member id, item). One query.

    For callers that have already asked whether they may see these members. A draft or a proposal
    is not in it: nobody is appraised on what they have not agreed to.
    """
    goals = Goal.objects.filter(
        member_id__in=list(member_ids), period=str(period), status=Goal.Status.AGREED
    )
    return {(goal.member_id, goal.item): _fact(goal) for goal in goals if goal.member_id}


def agreed_team_targets(
    team_ids: Iterable[int], period: Period | str
) -> dict[tuple[int, str], GoalFact]:
    """The agreed goals of whole teams in a period, by (team id, item). One query."""
    goals = Goal.objects.filter(
        team_id__in=list(team_ids), period=str(period), status=Goal.Status.AGREED
    )
    return {(goal.team_id, goal.item): _fact(goal) for goal in goals if goal.team_id}


def agreement_source(goal: Goal) -> Source:
    """Where the values of a goal come from: its agreement, both sides and the later instant."""
    at = goal.accepted_at or goal.proposed_at
    return Source(
        kind="agreement",
        label=Text(zh="目标确认书", en="Goal agreement"),
        ref=f"goal:{goal.pk}",
        by=" · ".join(filter(None, (goal.proposed_by, goal.accepted_by))),
        at=at.isoformat() if at else "",
    )


def _fact(goal: Goal) -> GoalFact:
    return GoalFact(
        metric=goal.metric,
        target=as_written(goal.target),
        baseline=as_written(goal.baseline),
        stretch=as_written(goal.stretch),
        threshold=as_written(goal.threshold),
        weight=as_written(goal.weight),
        source=agreement_source(goal),
    )


def as_written(value: Decimal | None) -> Decimal | None:
    """A stored value without the zeros that the column adds: `40.0000` is what was agreed as 40."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def targets_of(goal: Goal, periods: Iterable[str]) -> dict[str, Decimal | None]:
    """The targets of the same item of the same member or team, by period. The caller has `goal`."""
    same = Goal.objects.filter(
        Q(member=goal.member) & Q(team=goal.team), item=goal.item, period__in=list(periods)
    )
    return {goal.period: goal.target for goal in same}
