"""Who needs help, and why. Not a league table: nobody is ranked, only named with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mingji.goals import queries as goals
from mingji.goals.queries import GoalLine, GoalStatus
from mingji.people.viewer import Viewer
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Strayed:
    """A member with the ids of the goals that have left their course or may do so."""

    member: int
    off_track: tuple[int, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """A member who is named, with the goals that are off track, else those at risk."""

    code: str
    name: Text
    goals: tuple[GoalLine, ...]


def members_in_need(found: Iterable[GoalStatus]) -> list[Strayed]:
    """Members with a goal off track or two at risk; most off track first, then by name."""
    by_member: dict[int, list[GoalStatus]] = {}
    for each in found:
        by_member.setdefault(each.member, []).append(each)
    every = [
        Strayed(member, _with(own, "off_track"), _with(own, "at_risk"))
        for member, own in by_member.items()
    ]
    needing = [each for each in every if each.off_track or len(each.at_risk) > 1]
    # The sort is stable and the goals came in the order of names.
    return sorted(needing, key=lambda each: -len(each.off_track))


def named(viewer: Viewer, needing: Iterable[Strayed]) -> list[Help]:
    """These members by name, with their goals: for the few that a page has room for."""
    wanted = [each.off_track or each.at_risk for each in needing]
    lines = goals.lines_of(viewer, [goal for own in wanted for goal in own])
    by_goal = {line.goal.pk: line for line in lines}
    return [
        Help(
            code=own[0].goal.member.code if own[0].goal.member else "",
            name=own[0].owner,
            goals=tuple(own),
        )
        for own in ([by_goal[goal] for goal in ids] for ids in wanted)
    ]


def _with(own: Iterable[GoalStatus], status: Literal["off_track", "at_risk"]) -> tuple[int, ...]:
    return tuple(each.goal for each in own if each.status == status)
