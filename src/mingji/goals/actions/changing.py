"""Changing what is agreed: one side asks with a reason, the other accepts, a third approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mingji.goals import policy, queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, ChangeRequest, Version
from mingji.metrics import queries as metrics
from mingji.people.viewer import Viewer
from mingji.rules import goal_steps
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_steps import CATEGORIES, RequestStep
from mingji.rules.goal_terms import GoalTerms, as_data, differences
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a change is asked for: the category, the reason in words, and what it rests on."""

    category: str
    reason: str
    evidence: str


@transaction.atomic
def request_change(
    actor: Viewer, agreement_id: int, terms: Sequence[GoalTerms], grounds: Grounds, *, at: datetime
) -> int:
    """Ask for other terms than those agreed. Nothing changes until it is approved.

    Returns the number of the request.

    Raises:
        NotFound: no such agreement for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: not agreed yet, or another request is open.
        Invalid: no reason or evidence, nothing differs, or terms that cannot be signed.
    """
    agreement = queries.agreement_for(actor, agreement_id, to="request_change", lock=True)
    wrong = tuple(_grounds(grounds))
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=wrong)
    owner = queries.owner_of(agreement)
    before, in_force = queries.terms_of(agreement), metrics.version_in_force()
    wanted = writing.checked(owner, agreement.period, terms, whole=True)
    wanted = writing.meaning_as_signed(before, wanted, in_force)
    if not differences(before, wanted):
        raise Invalid(_SAME, code="nothing_differs")
    request = ChangeRequest.objects.create(
        agreement=agreement,
        category=grounds.category,
        reason=grounds.reason.strip(),
        evidence=grounds.evidence.strip(),
        base=agreement.number,
        terms=as_data(wanted),
        asked_by=actor.code,
        asked_side=policy.side_of(actor, member=agreement.member, team=agreement.team),
        asked_at=at,
    )
    _record(actor, "ask_change", request, at, reason=request.reason)
    return request.pk


@transaction.atomic
def accept_change(actor: Viewer, request_id: int, *, at: datetime) -> None:
    """Accept, for the side that was asked, what the other side wants to change.

    Raises:
        NotFound: no such request for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: one's own request, or decided already.
    """
    request = _step(actor, request_id, "accept")
    request.accepted_by, request.accepted_at = actor.code, at
    request.save()
    _record(actor, "accept_change", request, at)


@transaction.atomic
def approve_change(actor: Viewer, request_id: int, *, answer: str = "", at: datetime) -> None:
    """Put a change that both sides accepted in force: the goals change, a new version is kept.

    Raises:
        NotFound: no such request for the actor.
        NotAllowed: one of the two sides, or nobody above them.
        NotAllowedNow: the other side has not accepted yet, or it is decided already.
    """
    request = _step(actor, request_id, "approve")
    agreement = Agreement.objects.select_for_update().get(pk=request.agreement_id)
    if agreement.number != request.base:
        raise NotAllowedNow(_MOVED, code="agreement_moved")
    request.decided_by, request.decided_at, request.answer = actor.code, at, answer.strip()
    request.save()
    writing.write_terms(agreement, request.goals)
    version = writing.add_version(
        agreement, Version.Kind.CHANGED, by=actor.code, at=at, note=request.reason[:1000]
    )
    _record(actor, "approve_change", request, at, reason=answer, digest=version.digest)


@transaction.atomic
def refuse_change(actor: Viewer, request_id: int, *, answer: str, at: datetime) -> None:
    """Refuse a change with a reason: the side that was asked, or whoever decides.

    Raises:
        NotFound: no such request for the actor.
        NotAllowed: neither.
        NotAllowedNow: one's own request, or decided already.
        Invalid: no reason.
    """
    if not answer.strip():
        raise Invalid(_REASON.message, code=_REASON.code, findings=(_REASON,))
    request = _step(actor, request_id, "refuse")
    request.decided_by, request.decided_at, request.answer = actor.code, at, answer.strip()
    request.save()
    _record(actor, "refuse_change", request, at, reason=answer)


@transaction.atomic
def withdraw_change(actor: Viewer, request_id: int, *, at: datetime) -> None:
    """Take back a change that one's own side asked for.

    Raises:
        NotFound: no such request for the actor.
        NotAllowed: the actor sits on neither side.
        NotAllowedNow: the other side's request, or decided already.
    """
    request = _step(actor, request_id, "withdraw")
    request.save()
    _record(actor, "withdraw_change", request, at)


def _step(actor: Viewer, request_id: int, step: RequestStep) -> ChangeRequest:
    request = queries.request_for(actor, request_id, to=step, lock=True)
    request.status = goal_steps.advance_request(request.status, step)
    return request


def _grounds(grounds: Grounds) -> list[Finding]:
    found = [] if grounds.category in CATEGORIES else [_CATEGORY]
    if not grounds.reason.strip():
        found.append(_REASON)
    if not grounds.evidence.strip():
        found.append(_EVIDENCE)
    return found


def _record(
    actor: Viewer,
    action: str,
    request: ChangeRequest,
    at: datetime,
    *,
    reason: str = "",
    digest: str = "",
) -> None:
    writing.record(
        actor.code,
        action,
        request.agreement,
        at,
        reason=reason,
        evidence={
            "request": request.pk,
            "category": request.category,
            **({"digest": digest} if digest else {}),
        },
    )


def _finding(code: str, path: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=path))


_CATEGORY = _finding(
    "unknown_category",
    "category",
    Text("没有选变更原因的类别。", "No category is chosen."),
    Text("从列表里选一类。", "Choose one from the list."),
)
_REASON = _finding(
    "reason_missing",
    "reason",
    Text("没有写原因。", "There is no reason."),
    Text("写清楚发生了什么、为什么。", "Say what happened and why."),
)
_EVIDENCE = _finding(
    "evidence_missing",
    "evidence",
    Text("没有写依据。", "There is no evidence."),
    Text(
        "写出可以核对的数据、文件或决定。",
        "Name figures, a document or a decision that can be checked.",
    ),
)
_SAME = Text(zh="和现在的目标一样，没有改动。", en="Nothing differs from what is agreed.")
_MOVED = Text(
    zh="提出申请之后目标已经变过，这个申请不再适用。撤回后按现在的目标重新提。",
    en="The goals have changed since this was asked. Withdraw it and ask again "
    "from what holds now.",
)
