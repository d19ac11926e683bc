"""Drafting goals: one at a time, while neither side has proposed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement
from mingji.goals.queries import Owner
from mingji.people.viewer import Viewer
from mingji.rules import goal_steps
from mingji.rules.errors import NotAllowedNow
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text


@transaction.atomic
def set_goal(actor: Viewer, owner: Owner, *, period: str, terms: GoalTerms, at: datetime) -> int:
    """Draft a goal, or change the one of this key; the agreement of the period starts with it.

    Returns the number of the goal.

    Raises:
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: the goals are proposed, or agreed and therefore locked.
        Invalid: no such item, metric or theme, or values that cannot be scored or followed.
    """
    agreement = draft_of(actor, owner, period)
    (goal,) = writing.checked(owner, period, [terms], whole=False)
    others = [each for each in queries.terms_of(agreement) if each.key != goal.key]
    writing.write_terms(agreement, (*others, goal))
    writing.record(actor.code, "set", agreement, at, evidence=writing.told(goal))
    return agreement.goals.get(item=terms.key).pk


@transaction.atomic
def set_goals(
    actor: Viewer, owner: Owner, *, period: str, terms: Sequence[GoalTerms], at: datetime
) -> int:
    """Put these goals in the place of a whole draft; the agreement of the period starts with them.

    Returns the number of the agreement.

    Raises:
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: the goals are proposed, or agreed and therefore locked.
        Invalid: values that cannot be scored or followed, a key twice, a key result without an
            objective.
    """
    agreement = draft_of(actor, owner, period)
    goals = writing.checked(owner, period, terms, whole=False)
    writing.must_belong(goals)
    writing.write_terms(agreement, goals)
    said = {"goals": [writing.told(goal) for goal in goals]}
    writing.record(actor.code, "set", agreement, at, evidence=said)
    return agreement.pk


@transaction.atomic
def remove_goal(actor: Viewer, goal_id: int, *, at: datetime) -> None:
    """Take a goal out of a draft; an objective goes with its key results.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: the goals are proposed or agreed.
    """
    goal = queries.goal_for(actor, goal_id, to="edit")
    agreement = queries.agreement_for(actor, goal.agreement_id, to="edit", lock=True)
    left = [
        each for each in queries.terms_of(agreement) if goal.item not in (each.key, each.objective)
    ]
    writing.write_terms(agreement, left)
    writing.record(actor.code, "remove", agreement, at, evidence={"goal": goal.item})


@transaction.atomic
def set_deadline(actor: Viewer, agreement_id: int, deadline: date | None, *, at: datetime) -> None:
    """Say by when the goals are to be agreed; not once they are.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: not somebody above.
        NotAllowedNow: the goals are agreed.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="comment", lock=True)
    policy.may_set_deadline(actor, agreement).require()
    if agreement.status == Agreement.Status.AGREED:
        raise NotAllowedNow(goal_steps.LOCKED, code="goals_agreed")
    agreement.deadline = deadline
    agreement.save()
    said = {"deadline": deadline.isoformat() if deadline else ""}
    writing.record(actor.code, "set_deadline", agreement, at, evidence=said)


def draft_of(actor: Viewer, owner: Owner, period: str) -> Agreement:
    """The agreement of the period, locked for this transaction and open to be edited; it begins
    here if there is none.

    Raises:
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: the goals are proposed or agreed, or somebody else has just begun them.
    """
    policy.may_negotiate(actor, member=owner.member, team=owner.team).require()
    known = Agreement.objects.filter(member=owner.member, team=owner.team, period=period)
    if (found := known.first()) is None:
        try:
            with transaction.atomic():
                found = Agreement.objects.create(
                    member=owner.member, team=owner.team, period=period
                )
        except IntegrityError as error:  # somebody else began it a moment ago
            raise NotAllowedNow(_BEGUN, code="agreement_exists") from error
    return queries.agreement_for(actor, found.pk, to="edit", lock=True)


_BEGUN = Text(
    zh="另一个人刚刚开始拟定这一期的目标。刷新页面看看再改。",
    en="Somebody else has just begun these goals. Reload the page and look first.",
)
