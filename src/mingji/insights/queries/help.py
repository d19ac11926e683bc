"""Who needs help, and why. Not a league table: nobody is ranked, only named with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mingji.goals.queries import GoalLine
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Help:
    """A member with the goals that have left their course or may do so."""

    code: str
    name: Text
    off_track: tuple[GoalLine, ...]
    at_risk: tuple[GoalLine, ...]


def members_in_need(lines: Iterable[GoalLine]) -> list[Help]:
    """Members with a goal off track or two at risk; most off track first, then by name."""
    by_member: dict[str, list[GoalLine]] = {}
    for line in lines:
        if line.goal.member:
            by_member.setdefault(line.goal.member.code, []).append(line)
    found = [_help(code, own) for code, own in by_member.items()]
    needing = [each for each in found if each.off_track or len(each.at_risk) > 1]
    # The sort is stable and the lines came in the order of names.
    return sorted(needing, key=lambda each: -len(each.off_track))


def _help(code: str, own: list[GoalLine]) -> Help:
    return Help(
        code=code,
        name=own[0].owner,
        off_track=tuple(line for line in own if line.health.status == "off_track"),
        at_risk=tuple(line for line in own if line.health.status == "at_risk"),
    )
