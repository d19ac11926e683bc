"""Goals in the API: of oneself, a member or a team, one of them, and why it stands as it does."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router

from mingji.goals import queries
from mingji.goals.counted import counted
from mingji.goals.queries import GoalLine
from mingji.goals.schemas import Goal, Goals, GoalsAsked
from mingji.kit.wire import READING, At, Number, Problem, Reason, reason
from mingji.people import queries as people
from mingji.people.http import ApiRequest
from mingji.rules.calendar import Period
from mingji.rules.numbers import rounded
from mingji.rules.text import Text

router = Router(tags=["goals"])


@router.get("/goals", response={200: Goals, READING: Problem}, summary="Goals of a period")
def goals(request: ApiRequest, asked: Query[GoalsAsked]) -> dict[str, Any]:
    """Your own goals, those of a member in your reach, or those of a whole team."""
    viewer = request.viewer
    period = asked.period or str(Period.of(viewer.on, "quarter"))
    if asked.team and not asked.member:
        team = people.team_for(viewer, asked.team)
        lines = queries.goals_of_teams(viewer, [team.pk], period)
    else:
        lines = queries.goals_for(viewer, asked.member or viewer.code, period)
    first = int(asked.after) if asked.after.isascii() and asked.after.isdecimal() else 0
    later = sorted((each for each in lines if each.goal.pk > first), key=lambda each: each.goal.pk)
    shown = later[: asked.limit]
    following = str(shown[-1].goal.pk) if len(later) > asked.limit else ""
    return {"items": [_told(line) for line in shown], "next": following}


@router.get("/goals/{goal_id}", response={200: Goal, READING: Problem}, summary="One goal")
def goal(request: ApiRequest, goal_id: Path[Number]) -> dict[str, Any]:
    """A goal of yours, of a member in your reach, or of a team, as it stands today."""
    found = queries.goal_for(request.viewer, goal_id)
    return _told(queries.goal_line(request.viewer, found))


@router.get(
    "/goals/{goal_id}/explanation",
    response={200: Reason, READING: Problem},
    summary="Why a goal stands as it does",
    exclude_defaults=True,
)
def goal_explanation(request: ApiRequest, goal_id: Path[Number], at: Query[At]) -> dict[str, Any]:
    """Current value against what was due by today, down to the rows of the sources."""
    found = queries.goal_for(request.viewer, goal_id)
    return reason(queries.goal_reasons(request.viewer, found), at.path)


def _told(line: GoalLine) -> dict[str, Any]:
    goal = line.goal
    return {
        "id": goal.pk,
        "period": goal.period,
        "member": goal.member.code if goal.member else None,
        "team": goal.team.code if goal.team else None,
        "key": goal.item,
        "kind": goal.kind,
        "title": Text.same(goal.title) if goal.title else line.metric.name,
        "metric": goal.metric,
        "counted": counted(goal),
        "unit": line.metric.unit,
        "theme": line.theme,
        "baseline": goal.baseline,
        "threshold": goal.threshold,
        "target": line.target,
        "stretch": goal.stretch,
        "weight": goal.weight,
        "due": goal.due,
        "agreement": goal.agreement_id,
        "status": goal.status,
        "value": line.value,
        "progress": None if line.standing.share is None else rounded(line.standing.share, 4),
        "expected": line.health.expected,
        "attainment": line.health.attainment,
        "health": line.health.status,
    }
