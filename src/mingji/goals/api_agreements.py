"""Agreements in the API: drafting, negotiating, changing what is agreed, reporting progress."""

from __future__ import annotations

from typing import Any

from ninja import Path, Router, Status

from mingji.goals import actions, queries
from mingji.goals.actions import Grounds, Report
from mingji.goals.queries import Owner
from mingji.goals.schemas_terms import (
    Acceptance,
    AgreementTold,
    Answer,
    ChangeAsked,
    ChangeTold,
    CounterProposal,
    Draft,
    Note,
    Progress,
    Remark,
    number,
    terms_of,
)
from mingji.kit import clock
from mingji.kit.wire import READING, WRITING, Number, Problem
from mingji.people import queries as people
from mingji.people.http import ApiRequest
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import digest
from mingji.rules.text import Text

router = Router(tags=["goals"])
_BOTH = Finding(
    "whose_goals",
    "error",
    Text("member 和 team 要填一个，也只能填一个。", "Name either a member or a team."),
    Text("去掉或补上一个。", "Leave one out, or add one."),
    Place(path="member"),
)


@router.get(
    "/agreements/{agreement_id}",
    response={200: AgreementTold, READING: Problem},
    summary="One agreement",
)
def agreement(request: ApiRequest, agreement_id: Path[Number]) -> dict[str, Any]:
    """All terms as they stand, whose turn it is, and the number that accepting names."""
    return _told(request, agreement_id)


@router.put(
    "/agreements",
    response={200: AgreementTold, WRITING: Problem},
    summary="Draft the goals of a period",
)
def draft(request: ApiRequest, sent: Draft) -> dict[str, Any]:
    """Put these goals in the place of the draft; what is proposed or agreed is refused."""
    if bool(sent.member) == bool(sent.team):
        raise Invalid(_BOTH.message, code=_BOTH.code, findings=(_BOTH,))
    owner = (
        Owner(member=people.member_for(request.viewer, sent.member))
        if sent.member
        else Owner(team=people.team_for(request.viewer, sent.team))
    )
    number = actions.set_goals(
        request.viewer, owner, period=sent.period, terms=terms_of(sent.goals), at=clock.now()
    )
    return _told(request, number)


@router.post(
    "/agreements/{agreement_id}/propose",
    response={200: AgreementTold, WRITING: Problem},
    summary="Propose",
)
def propose(request: ApiRequest, agreement_id: Path[Number], sent: Note) -> dict[str, Any]:
    """Put the drafted goals before the other side."""
    actions.propose(request.viewer, agreement_id, note=sent.note, at=clock.now())
    return _told(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/withdraw",
    response={200: AgreementTold, WRITING: Problem},
    summary="Take a proposal back",
)
def withdraw(request: ApiRequest, agreement_id: Path[Number]) -> dict[str, Any]:
    """What your own side has proposed is a draft again."""
    actions.withdraw(request.viewer, agreement_id, at=clock.now())
    return _told(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/counter",
    response={200: AgreementTold, WRITING: Problem},
    summary="Counter-propose",
)
def counter(
    request: ApiRequest, agreement_id: Path[Number], sent: CounterProposal
) -> dict[str, Any]:
    """Answer a proposal with other terms."""
    goals = terms_of(sent.goals)
    actions.counter(request.viewer, agreement_id, goals, note=sent.note, at=clock.now())
    return _told(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/accept",
    response={200: AgreementTold, WRITING: Problem},
    summary="Accept",
)
def accept(request: ApiRequest, agreement_id: Path[Number], sent: Acceptance) -> dict[str, Any]:
    """Agree to what the other side has proposed; the goals are locked."""
    actions.accept(request.viewer, agreement_id, number=sent.number, at=clock.now())
    return _told(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/comments",
    response={204: None, WRITING: Problem},
    summary="Say something",
)
def comment(request: ApiRequest, agreement_id: Path[Number], sent: Remark) -> Status[None]:
    """Add to the discussion; also once the goals are agreed."""
    actions.comment(request.viewer, agreement_id, sent.text, key=sent.key, at=clock.now())
    return Status(204, None)


@router.post(
    "/agreements/{agreement_id}/changes",
    response={200: ChangeTold, WRITING: Problem},
    summary="Ask for a change of what is agreed",
)
def ask_change(
    request: ApiRequest, agreement_id: Path[Number], sent: ChangeAsked
) -> dict[str, Any]:
    """Nothing changes until the other side accepts and a third person approves."""
    grounds = Grounds(category=sent.category, reason=sent.reason, evidence=sent.evidence)
    goals, viewer = terms_of(sent.goals), request.viewer
    number = actions.request_change(viewer, agreement_id, goals, grounds, at=clock.now())
    return _change(request, number)


@router.get(
    "/changes/{request_id}", response={200: ChangeTold, READING: Problem}, summary="One change"
)
def change(request: ApiRequest, request_id: Path[Number]) -> dict[str, Any]:
    """A request to change what is agreed, and what came of it."""
    return _change(request, request_id)


@router.post(
    "/changes/{request_id}/answer",
    response={200: ChangeTold, WRITING: Problem},
    summary="Answer a request for a change",
)
def answer_change(request: ApiRequest, request_id: Path[Number], sent: Answer) -> dict[str, Any]:
    """Accept, approve, refuse or withdraw it, as far as that is yours to do now."""
    viewer, now = request.viewer, clock.now()
    match sent.step:
        case "accept":
            actions.accept_change(viewer, request_id, at=now)
        case "approve":
            actions.approve_change(viewer, request_id, answer=sent.answer, at=now)
        case "refuse":
            actions.refuse_change(viewer, request_id, answer=sent.answer, at=now)
        case "withdraw":
            actions.withdraw_change(viewer, request_id, at=now)
    return _change(request, request_id)


@router.post(
    "/goals/{goal_id}/progress",
    response={204: None, WRITING: Problem},
    summary="Report progress",
)
def progress(request: ApiRequest, goal_id: Path[Number], sent: Progress) -> Status[None]:
    """How an agreed goal goes: a value where no metric gives one, confidence, a note."""
    said = Report(**{**sent.model_dump(), "value": number(sent.value)})
    actions.report(request.viewer, goal_id, said, at=clock.now())
    return Status(204, None)


def _told(request: ApiRequest, agreement_id: int) -> dict[str, Any]:
    found = queries.agreement_for(request.viewer, agreement_id)
    goals = queries.terms_of(found)
    open_ = queries.open_request(found)
    return {
        "id": found.pk,
        "period": found.period,
        "member": found.member.code if found.member else None,
        "team": found.team.code if found.team else None,
        "status": found.status,
        "number": found.number,
        "digest": digest(goals),
        "awaited": found.awaited or "",
        "accepted_at": found.accepted_at,
        "deadline": found.deadline,
        "goals": goals,
        "change": open_.pk if open_ else None,
    }


def _change(request: ApiRequest, request_id: int) -> dict[str, Any]:
    found = queries.request_for(request.viewer, request_id)
    names = ("status", "category", "reason", "evidence", "answer")
    told = {name: getattr(found, name) for name in names}
    return {"id": found.pk, "agreement": found.agreement_id, "goals": found.goals, **told}
