"""What stands beside a goal: what was said of it, and where the work for it is."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.goals.models import Comment, Goal, WorkLink
from mingji.people import queries as people
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Signed:
    """A comment or a link, and the name of who wrote it."""

    row: Comment | WorkLink
    by: Text


@dataclass(frozen=True, slots=True)
class Beside:
    """The discussion of a goal, the first comment first, and the work linked with it."""

    comments: tuple[Signed, ...]
    work: tuple[Signed, ...]


def beside(goal: Goal) -> Beside:
    """What stands beside a goal, which the caller got by `goal_for`. Three queries."""
    comments: list[Comment] = list(
        Comment.objects.filter(agreement_id=goal.agreement_id, key=goal.item)
    )
    work: list[WorkLink] = list(goal.work.all())
    writers = {row.by for row in comments} | {row.by for row in work}
    names = people.names_by_code(writers)
    return Beside(
        comments=tuple(Signed(row, names.get(row.by, Text.same(row.by))) for row in comments),
        work=tuple(Signed(row, names.get(row.by, Text.same(row.by))) for row in work),
    )
