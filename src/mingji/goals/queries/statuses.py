"""How the goals of all members stand, and nothing else of them: to count, and to name a few."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from mingji.goals import policy
from mingji.goals.health import Status
from mingji.goals.models import Agreement, Goal
from mingji.goals.queries.lines import GoalLine, lines_by_id
from mingji.goals.queries.standings import BareGoal, Standings
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.numbers import exact
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """How one goal of a member stands; all three but the status are ids."""

    goal: int
    member: int
    status: Status


@dataclass(frozen=True, slots=True)
class OpenGoals:
    """How many members have goals that are not agreed, and the first of them by name."""

    members: int
    first: tuple[tuple[str, Text], ...]


def statuses_of_members(viewer: Viewer, period: str) -> list[GoalStatus]:
    """How the goals of a period stand of everybody whom the viewer may see, in the order of names.

    Of ten thousand members the lines of all goals would be a hundred megabytes: ask for those of
    the few that are named by `lines_of`.
    """
    goals = Goal.objects.filter(policy.visible_to(viewer), period=period, team=None)
    return _statuses(BareGoal.all_of(goals.order_by("member__name_sort", "pk")), viewer.on)


@exact
def _statuses(every: Sequence[BareGoal], on: date) -> list[GoalStatus]:
    rows = [goal for goal in every if goal.kind != Goal.Kind.KEY_RESULT]
    below = [goal for goal in every if goal.kind == Goal.Kind.KEY_RESULT]
    standings = Standings(rows, on, key_results=below)
    return [
        GoalStatus(goal.pk, goal.member_id or 0, standings.of(goal).health.status) for goal in rows
    ]


def lines_of(viewer: Viewer, goal_ids: Collection[int]) -> list[GoalLine]:
    """Those of these goals that the viewer may see, as lines, in the order given."""
    found = lines_by_id(viewer, goal_ids)
    return [found[goal] for goal in goal_ids if goal in found]


def open_goals(viewer: Viewer, period: str, named: int) -> OpenGoals:
    """The members whom the viewer may see whose goals of a period are not agreed. Two queries."""
    goals = Goal.objects.filter(policy.visible_to(viewer), period=period, team=None)
    rows = goals.exclude(agreement__status=Agreement.Status.AGREED).order_by()
    found = people.members_with(rows.values("member_id"))
    return OpenGoals(
        members=found.count(),
        first=tuple((member.code, member.known_as) for member in found[:named]),
    )
