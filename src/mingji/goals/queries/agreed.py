"""What was agreed, for the appraisal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from mingji.goals.counted import counted
from mingji.goals.models import Agreement, Goal
from mingji.rules.calendar import Period
from mingji.rules.explanation import Source
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFact:
    """The agreed values of one item. `source` says who agreed to them and when; `scoring` is the
    agreed method with its settings, empty for the scheme's; `counted` is the metric that says what
    `metric` meant when it was signed."""

    metric: str
    counted: str
    target: Decimal | None
    baseline: Decimal | None
    stretch: Decimal | None
    threshold: Decimal | None
    weight: Decimal | None
    source: Source
    scoring: Mapping[str, str]


def agreed_targets(
    member_ids: Iterable[int], period: Period | str
) -> dict[tuple[int, str], GoalFact]:
    """The agreed goals of members in a period, by (member id, item). One query.

    For callers that have already asked whether they may see these members. A draft or a proposal
    is not in it: nobody is appraised on what they have not agreed to.
    """
    goals = _agreed().filter(member_id__in=list(member_ids), period=str(period))
    return {(goal.member_id, goal.item): _fact(goal) for goal in goals if goal.member_id}


def agreed_team_targets(
    team_ids: Iterable[int], period: Period | str
) -> dict[tuple[int, str], GoalFact]:
    """The agreed goals of whole teams in a period, by (team id, item). One query."""
    goals = _agreed().filter(team_id__in=list(team_ids), period=str(period))
    return {(goal.team_id, goal.item): _fact(goal) for goal in goals if goal.team_id}


def agreement_source(agreement: Agreement, goal: int | None = None) -> Source:
    """Where agreed values come from: the agreement, of one goal in it if that is given, with both
    sides and the later instant."""
    at = agreement.accepted_at or agreement.proposed_at
    return Source(
        kind="agreement",
        label=Text(zh="目标确认书", en="Goal agreement"),
        ref=f"goal:{goal}" if goal else f"agreement:{agreement.pk}",
        by=" · ".join(filter(None, (agreement.proposed_by, agreement.accepted_by))),
        at=at.isoformat() if at else "",
    )


def _agreed() -> QuerySet[Goal]:
    agreed = Goal.objects.filter(agreement__status=Agreement.Status.AGREED)
    return agreed.select_related("agreement")


def _fact(goal: Goal) -> GoalFact:
    return GoalFact(
        metric=goal.metric,
        counted=counted(goal),
        target=goal.target,
        baseline=goal.baseline,
        stretch=goal.stretch,
        threshold=goal.threshold,
        weight=goal.weight,
        source=agreement_source(goal.agreement, goal.pk),
        scoring=dict(goal.scoring),
    )


def targets_of(goal: Goal, periods: Iterable[str]) -> dict[str, Decimal | None]:
    """The targets of the same item of the same member or team, by period. The caller has `goal`."""
    same = Goal.objects.filter(
        Q(member=goal.member) & Q(team=goal.team), item=goal.item, period__in=list(periods)
    )
    return {goal.period: goal.target for goal in same}
