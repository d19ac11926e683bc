"""The support that was promised with goals, and what was said to have become of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Q

from mingji.goals.models import Agreement, Goal, SupportUpdate
from mingji.goals.queries.lines import GoalLine
from mingji.people import queries as people
from mingji.people.viewer import Viewer, current
from mingji.rules.calendar import Period
from mingji.rules.text import Text

PromiseState = Literal["given", "partly", "not_given", "due", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLine:
    """One report on a promise: who said when that it was `given`, `partly` or `not_given`."""

    by: Text
    at: datetime
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The support promised with one goal, by when, and what was reported of it, latest first.

    `state` is that of the last report; without one `due` once its day has come, before `open`.
    """

    goal: Goal
    name: Text
    state: PromiseState
    reports: tuple[SupportLine, ...]


def promises(viewer: Viewer, lines: Iterable[GoalLine]) -> list[Promise]:
    """The promises made with these goals and their key results, in their order. Two queries."""
    every = [each for line in lines for each in (line, *line.key_results)]
    supported = [line for line in every if line.goal.support]
    said = _said([line.goal for line in supported])
    return [
        Promise(
            goal=line.goal,
            name=line.name,
            state=_state(line.goal.support_due, said[line.goal.pk], viewer.on),
            reports=tuple(said[line.goal.pk]),
        )
        for line in supported
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePromise:
    """A promise whose day has come and of which nobody has reported yet."""

    goal_id: int
    owner: Text
    period: Period
    due: date


def due_promises(viewer: Viewer) -> list[DuePromise]:
    """What the viewer promised to those who report to them today, due and not reported on. One
    query."""
    lines = Q(member__lines_up__manager_id=viewer.member_id, member__lines_up__depth=1)
    rows = (
        Goal.objects.filter(lines & current(viewer.on, "member__lines_up__"))
        .filter(
            agreement__status=Agreement.Status.AGREED,
            support_due__lte=viewer.on,
            support_updates__isnull=True,
        )
        .exclude(support="")
        .select_related("member")
        .order_by("support_due", "id")
        .distinct()
    )
    return [
        DuePromise(
            goal_id=row.pk,
            owner=row.member.known_as,
            period=Period.parse(row.period),
            due=row.support_due,
        )
        for row in rows
        if row.member and row.support_due
    ]


def _said(goals: Sequence[Goal]) -> dict[int, list[SupportLine]]:
    found: dict[int, list[SupportLine]] = {goal.pk: [] for goal in goals}
    updates = SupportUpdate.objects.filter(goal__in=found).order_by("-at", "-id")
    rows = list(updates) if found else []
    names = people.names_by_code({row.by for row in rows}) if rows else {}
    for row in rows:
        by = names.get(row.by, Text.same(row.by))
        found[row.goal_id].append(SupportLine(by=by, at=row.at, state=row.state, note=row.note))
    return found


def _state(due: date | None, said: Sequence[SupportLine], on: date) -> PromiseState:
    if said:
        return said[0].state  # type: ignore[return-value]
    return "due" if due is not None and due <= on else "open"
