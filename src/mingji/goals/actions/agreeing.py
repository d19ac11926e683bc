"""Negotiating an agreement: propose, counter-propose, take back, accept. Accepted, it is locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, Comment, Version
from mingji.people.viewer import Viewer
from mingji.rules import goal_steps
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.goal_steps import AgreementStep
from mingji.rules.goal_terms import GoalTerms, differences
from mingji.rules.text import Text

_CHANGED = Text(
    zh="你打开页面之后，对方改过这些目标。再看一遍，再决定同不同意。",
    en="The other side has changed these goals since you opened the page. "
    "Read them again, then decide.",
)
_SAME = Text(
    zh="和对方提出的一样，没有改动。同意就直接点“同意目标”。",
    en="Nothing differs from what was proposed. If you agree, accept it.",
)
_EMPTY = Text(zh="还没有写内容。", en="There is nothing in it yet.")


@transaction.atomic
def propose(actor: Viewer, agreement_id: int, *, note: str = "", at: datetime) -> None:
    """Put the drafted goals before the other side, who can accept or counter-propose.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: proposed already, or agreed.
        Invalid: what keeps the goals from being signed: weights, key results, values.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="propose", lock=True)
    terms = queries.terms_of(agreement)
    writing.checked(queries.owner_of(agreement), agreement.period, terms, whole=True)
    writing.sign_under_definitions_in_force([agreement.pk])
    _put(actor, agreement, "propose", note=note, at=at)


@transaction.atomic
def counter(
    actor: Viewer, agreement_id: int, terms: Sequence[GoalTerms], *, note: str = "", at: datetime
) -> None:
    """Answer a proposal with other terms, which are now before the side that proposed.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: not proposed, or it is the other side's turn.
        Invalid: nothing differs, or what keeps these terms from being signed.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="counter", lock=True)
    owner = queries.owner_of(agreement)
    wanted = writing.checked(owner, agreement.period, terms, whole=True)
    before = queries.terms_of(agreement)
    if not differences(before, writing.meaning_as_signed(before, wanted, 0)):
        raise Invalid(_SAME, code="nothing_differs")
    writing.write_terms(agreement, wanted)
    writing.sign_under_definitions_in_force([agreement.pk])
    _put(actor, agreement, "counter", note=note, at=at)


@transaction.atomic
def withdraw(actor: Viewer, agreement_id: int, *, at: datetime) -> None:
    """Take back what one's own side has proposed; the goals are a draft again.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: not proposed, or proposed by the other side.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="withdraw", lock=True)
    agreement.status, agreement.turn = Agreement.Status.DRAFT, ""
    agreement.proposed_by, agreement.proposed_at = "", None
    agreement.save()
    writing.record(actor.code, "withdraw", agreement, at)


@transaction.atomic
def accept(actor: Viewer, agreement_id: int, *, number: int, at: datetime) -> None:
    """Agree to what the other side has proposed. Both names and instants stay; it is locked.

    `number` is that of the version that the actor has read.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: not proposed, one's own proposal, or changed since it was read.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="accept", lock=True)
    if number != agreement.number:
        raise NotAllowedNow(_CHANGED, code="goals_changed")
    agreement.status, agreement.turn = Agreement.Status.AGREED, ""
    agreement.accepted_by, agreement.accepted_at = actor.code, at
    version = writing.add_version(agreement, Version.Kind.AGREED, by=actor.code, at=at)
    writing.record(actor.code, "accept", agreement, at, evidence={"digest": version.digest})


@transaction.atomic
def comment(actor: Viewer, agreement_id: int, text: str, *, key: str = "", at: datetime) -> None:
    """Say something in the discussion, about one goal if `key` names it. Also once it is agreed.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        Invalid: nothing was said.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="comment")
    if not text.strip():
        raise Invalid(_EMPTY, code="empty")
    Comment.objects.create(agreement=agreement, key=key, by=actor.code, at=at, text=text.strip())
    writing.record(actor.code, "comment", agreement, at, evidence={"goal": key})


def _put(
    actor: Viewer, agreement: Agreement, step: AgreementStep, *, note: str, at: datetime
) -> None:
    """Put the terms before the other side and keep them as a version."""
    side = policy.side_of(actor, member=agreement.member, team=agreement.team) or "above"
    turn = agreement.awaited or ""
    agreement.status = goal_steps.advance(agreement.status, step, side=side, turn=turn)
    agreement.turn = "above" if side == "own" else "own"
    agreement.proposed_by, agreement.proposed_at = actor.code, at
    version = writing.add_version(agreement, agreement.status, by=actor.code, at=at, note=note)
    said = {"digest": version.digest, "note": note}
    writing.record(actor.code, step, agreement, at, evidence=said)
