"""Splitting the target of a team's goal over its members: a draft for each, serving that goal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mingji.goals import queries
from mingji.goals.actions import writing
from mingji.goals.actions.aligning import Service, align_many
from mingji.goals.actions.planning import plan
from mingji.goals.dividing import Wish
from mingji.goals.models import Goal
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


@transaction.atomic
def split_goal(actor: Viewer, goal_id: int, wish: Wish, *, seen: str, at: datetime) -> int:
    """Draft a goal for the part of each member, and let it serve the team's as a whole.

    The parts are reckoned here once more: `seen` is what its reader looked at
    (`Division.written`). The same split again changes nothing. Returns how many got a part.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it, or somebody does not report to them.
        Invalid: the goal or the wish allows no split, the parts are others than those seen, or a
            part cannot be a goal, with `member.goal.field` as the place; nothing is written then.
    """
    parent = queries.goal_for(actor, goal_id, to="report", lock=True)
    page = queries.split_page(actor, parent)
    found = queries.divide(page, wish)
    if found.written != seen:
        raise Invalid(_OTHER_PARTS, code="parts_changed")
    sharers = {each.member.code: each for each in page.sharers}
    terms = {
        code: queries.terms_of_part(page, sharers[code], part.amount)
        for code, part in found.parts.items()
    }
    done = plan(actor, {code: [goal] for code, goal in terms.items()}, period=parent.period, at=at)
    rows = Goal.objects.filter(member__code__in=list(terms), period=parent.period)
    children = {
        goal.member.code: goal
        for goal in rows.select_related("member")
        if goal.member and goal.item == terms[goal.member.code].key
    }
    aligned = align_many(
        [
            Service(child=goal, parent=parent, name=Text.same(code))
            for code, goal in children.items()
        ]
    )
    if done.goals or aligned:
        said = {
            "goal": parent.item,
            "basis": wish.basis,
            "parts": {code: str(part.amount) for code, part in found.parts.items()},
        }
        writing.record(actor.code, "split", parent.agreement, at, evidence=said)
    return len(found.parts)


_OTHER_PARTS = Text(
    zh="分到的数与你刚才看的不一样：填写或历史数据变了。看过下面的结果再保存。",
    en="The parts are no longer those that you looked at: what is filled in, or the history, has "
    "changed. Look at them below, then save.",
)
