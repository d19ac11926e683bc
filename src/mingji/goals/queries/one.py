"""Getting one goal. Getting it is the check: whose it is, and whether this can be done now."""

from __future__ import annotations

from typing import Literal

from mingji.goals import policy
from mingji.goals.models import Goal
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotAllowedNow, NotFound
from mingji.rules.text import Text

Purpose = Literal["see", "edit", "propose", "accept"]

LOCKED = Text(
    zh="双方已经同意这个目标，内容不能再改。",
    en="Both sides have agreed to this goal; it does not change any more.",
)
_NO_GOAL = Text(
    zh="没有这个目标，或者它不在你的范围内。",
    en="There is no such goal, or it is not yours to see.",
)
_NOT_PROPOSED = Text(
    zh="这个目标还没有提出，提出之后才能同意。",
    en="This goal has not been proposed yet; it can be accepted once it is.",
)
_PROPOSED = Text(
    zh="这个目标已经提出，正在等成员确认。",
    en="This goal has been proposed and waits for the member.",
)


def goal_for(viewer: Viewer, goal_id: int, to: Purpose = "see", *, lock: bool = False) -> Goal:
    """The goal with this number, if the viewer may see it and do this with it now.

    Raises:
        NotFound: no such goal, or not the viewer's to know of.
        NotAllowed: the viewer may see it and not do this.
        NotAllowedNow: agreed and locked, or not at the stage that this needs.
    """
    found = Goal.objects.filter(policy.visible_to(viewer), pk=goal_id)
    if lock:
        # The goal alone: PostgreSQL locks no outer-joined row.
        found = found.select_for_update(of=("self",))
    goal = found.select_related("member", "team", "theme").first()
    if goal is None:
        raise NotFound(_NO_GOAL, code="no_goal")
    if to == "accept":
        policy.may_accept(viewer, goal).require()
    elif to != "see":
        policy.may_set(viewer, goal.member).require()
    if to != "see" and goal.status == Goal.Status.AGREED:
        raise NotAllowedNow(LOCKED, code="goal_agreed")
    if to == "accept" and goal.status != Goal.Status.PROPOSED:
        raise NotAllowedNow(_NOT_PROPOSED, code="goal_not_proposed")
    if to == "propose" and goal.status == Goal.Status.PROPOSED:
        raise NotAllowedNow(_PROPOSED, code="goal_proposed")
    return goal
