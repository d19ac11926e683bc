"""Who may see, set, propose and accept a goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from mingji.goals.models import Goal
from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people import queries as people
from mingji.people.viewer import Viewer, current
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member

ROUTES: dict[str, str] = {
    "mine": "Every member, their own goals only.",
    "member": "The member, those above, the unit's HR partner.",
    "goal": "The member, those above, the unit's HR partner.",
    "why": "The member, those above, the unit's HR partner.",
    "new": "Those above the member in the reporting line today.",
    "edit": "Those above the member in the reporting line today, until the goal is agreed.",
    "propose": "Those above the member in the reporting line today, while it is a draft.",
    "accept": "The member, once the goal is proposed.",
    "strategy": "Every member: themes; the goals below them as far as they are theirs to see.",
}

_NOT_ABOVE = Verdict(
    "not_above",
    Text(
        zh="只有成员的上级可以拟定和提出目标。",
        en="Only those above the member in the reporting line set and propose goals.",
    ),
)
_OTHER_SIDE = Verdict(
    "not_the_member",
    Text(
        zh="目标由成员本人确认，别人不能代为同意。",
        en="A goal is accepted by the member; nobody else can accept it in their place.",
    ),
)


def visible_to(viewer: Viewer) -> Q:
    """Own goals, those of everyone below today, those of the teams served as HR partner.

    Goals of a whole team are for everyone in it, those who lead it, and its HR partner.
    """
    teams = {team.pk for team in people.teams_of(viewer)}
    if viewer.team_id is not None:
        teams.add(viewer.team_id)
    return Q(member__in=people.reach(viewer)) | Q(team_id__in=teams)


def may_set(actor: Viewer, member: Member | None) -> Verdict:
    """Draft, change or propose a goal of this member: somebody above them, never themselves.

    Goals of a whole team (no member) come with the set-up; no page changes them.
    """
    if member is None:
        return _NOT_ABOVE
    above = member.lines_up.filter(current(actor.on), manager_id=actor.member_id)
    return ALLOWED if above.exists() else _NOT_ABOVE


def may_accept(actor: Viewer, goal: Goal) -> Verdict:
    """Accept a proposed goal: the member whose goal it is."""
    return ALLOWED if goal.member_id == actor.member_id else _OTHER_SIDE
