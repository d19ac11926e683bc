"""Disputes, corrections and typed-in values in the API: raise, answer, propose, decide."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ninja import Path, Query, Router

from mingji.kit import clock
from mingji.kit.wire import READING, WRITING, Code, Number, Paged, Problem
from mingji.metrics import actions, queries
from mingji.metrics.queries import CorrectionLine, DisputeLine, KeptFile, Slice
from mingji.metrics.schemas_corrections import (
    Complained,
    CorrectionLines,
    CorrectionProposed,
    CorrectionsAsked,
    CorrectionTold,
    Decided,
    DisputeLines,
    DisputesAsked,
    DisputeTold,
    EvidenceContent,
    FollowedUp,
    ReasonGiven,
    TypedLines,
    ValueTyped,
)
from mingji.people.http import ApiRequest

if TYPE_CHECKING:
    from mingji.metrics.models import Correction, Dispute

router = Router(tags=["corrections"])
_PARTS = {
    "mine": queries.my_disputes,
    "answer": queries.disputes_to_answer,
    "reach": queries.disputes_in_reach,
}


@router.get("/disputes", response={200: DisputeLines, READING: Problem}, summary="Disputes")
def disputes(request: ApiRequest, asked: Query[DisputesAsked]) -> dict[str, Any]:
    """Disputes of numbers: yours, those that wait for your answer, or all you may know of."""
    page = _PARTS[asked.part](request.viewer, asked.after, asked.limit)
    return {"items": [_dispute_line(each) for each in page.lines], "next": page.next}


@router.post("/disputes", response={200: DisputeTold, WRITING: Problem}, summary="Dispute a number")
def raise_dispute(request: ApiRequest, sent: Complained) -> dict[str, Any]:
    """Say what is wrong with a number of yours, of somebody below you, or of the team you lead."""
    sent.require_one()
    asked = Slice(sent.metric, sent.period, member=sent.member, team=sent.team)
    said = actions.Complaint(
        sent.ground,
        sent.text,
        table=sent.table,
        row=tuple(sent.row),
        file=sent.file.upload if sent.file else None,
    )
    raised = actions.raise_dispute(request.viewer, asked, said, at=clock.now())
    return _dispute(request, raised.pk)


@router.get(
    "/disputes/{dispute_id}", response={200: DisputeTold, READING: Problem}, summary="One dispute"
)
def dispute(request: ApiRequest, dispute_id: Path[Number]) -> dict[str, Any]:
    """A dispute with its steps; for the member, those above, and those who answer."""
    return _dispute(request, dispute_id)


@router.get(
    "/disputes/{dispute_id}/file",
    response={200: EvidenceContent, READING: Problem},
    summary="The file of a dispute",
)
def dispute_file(request: ApiRequest, dispute_id: Path[Number]) -> dict[str, Any]:
    """What was put beside a dispute."""
    return _content(queries.dispute_evidence(request.viewer, dispute_id))


@router.post(
    "/disputes/{dispute_id}/answer",
    response={200: DisputeTold, WRITING: Problem},
    summary="Answer a dispute with a reason",
)
def answer_dispute(request: ApiRequest, dispute_id: Path[Number], sent: ReasonGiven) -> Any:
    """Tell why the number stays. To mend it, propose a correction that names the dispute."""
    actions.answer_with_reason(request.viewer, dispute_id, sent.reason, at=clock.now())
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/follow-up",
    response={200: DisputeTold, WRITING: Problem},
    summary="Accept an answer, reopen, withdraw",
)
def follow_up(request: ApiRequest, dispute_id: Path[Number], sent: FollowedUp) -> dict[str, Any]:
    """What the member does, or who raised the dispute for them."""
    viewer, now = request.viewer, clock.now()
    actions.follow_up(viewer, dispute_id, sent.step, text=sent.text, at=now)
    return _dispute(request, dispute_id)


@router.get(
    "/corrections", response={200: CorrectionLines, READING: Problem}, summary="Corrections"
)
def corrections(request: ApiRequest, asked: Query[CorrectionsAsked]) -> dict[str, Any]:
    """All of them for those who decide on corrections, else those that you proposed."""
    page = queries.corrections(request.viewer, asked.status, asked.after, asked.limit)
    return {"items": [_correction_line(each) for each in page.lines], "next": page.next}


@router.post(
    "/corrections",
    response={200: CorrectionTold, WRITING: Problem},
    summary="Propose a correction",
)
def propose_correction(request: ApiRequest, sent: CorrectionProposed) -> dict[str, Any]:
    """Say what is different about a row. It counts once a second person approves it."""
    proposal = actions.Proposal(
        table=sent.table,
        kind=sent.kind,
        key=tuple(sent.key),
        values=sent.values,
        reason=sent.reason,
        evidence=sent.evidence,
        evidence_link=sent.evidence_link,
        file=sent.upload,
        dispute_id=sent.dispute,
    )
    made = actions.propose_correction(request.viewer, proposal, at=clock.now())
    return _correction(request, made.pk)


@router.get(
    "/corrections/{number}",
    response={200: CorrectionTold, READING: Problem},
    summary="One correction",
)
def correction(request: ApiRequest, number: Path[Number]) -> dict[str, Any]:
    """A correction, or a typed-in value: the row before and after, and who decided."""
    return _correction(request, number)


@router.get(
    "/corrections/{number}/file",
    response={200: EvidenceContent, READING: Problem},
    summary="The file of a correction",
)
def correction_file(request: ApiRequest, number: Path[Number]) -> dict[str, Any]:
    """What proves a correction or a typed-in value."""
    return _content(queries.correction_evidence(request.viewer, number))


@router.post(
    "/corrections/{number}/decide",
    response={200: CorrectionTold, WRITING: Problem},
    summary="Approve or reject a correction",
)
def decide_correction(request: ApiRequest, number: Path[Number], sent: Decided) -> dict[str, Any]:
    """The second person: neither who proposed it nor anybody whose number it moves."""
    approve = sent.decision == "approve"
    viewer, now = request.viewer, clock.now()
    actions.decide_correction(viewer, number, approve=approve, words=sent.words, at=now)
    return _correction(request, number)


@router.get(
    "/metrics/{metric}/typed",
    response={200: TypedLines, READING | {403}: Problem},
    summary="Typed-in values",
)
def typed_values(request: ApiRequest, metric: Path[Code], asked: Query[Paged]) -> dict[str, Any]:
    """For those who type in the values of a metric, and those who approve them."""
    page = queries.typed_page(request.viewer, metric, asked.after, asked.limit)
    names = ("number", "period", "level", "who", "value", "counts", "file", "by", "at")
    items = [
        {
            **{name: getattr(line, name) for name in names},
            "unit": page.metric.unit,
            "status": str(line.status),
            "evidence": line.words,
            "evidence_link": line.link,
            "decided_by": line.decided_by,
        }
        for line in page.lines
    ]
    return {"items": items, "next": page.next}


@router.post(
    "/metrics/{metric}/typed",
    response={200: CorrectionTold, WRITING: Problem},
    summary="Type in a value",
)
def type_in(request: ApiRequest, metric: Path[Code], sent: ValueTyped) -> dict[str, Any]:
    """A value that no system holds, with evidence. It counts once a second person approves it."""
    sent.require_one()
    level = "member" if sent.member else "team" if sent.team else "company"
    given = actions.TypedValue(
        metric=metric,
        period=sent.period,
        level=level,
        who=sent.member or sent.team,
        value=sent.value,
        note=sent.note,
        evidence=sent.evidence,
        evidence_link=sent.evidence_link,
        file=sent.upload,
        dispute_id=sent.dispute,
    )
    made = actions.type_in(request.viewer, given, at=clock.now())
    return _correction(request, made.pk)


def _dispute_line(line: DisputeLine) -> dict[str, Any]:
    found = line.dispute
    return {
        "id": found.pk,
        "metric": found.metric,
        "period": found.period,
        "member": found.member.code,
        "team": found.team.code if found.team else None,
        "raised_by": found.raised_by.code,
        "raised_at": found.raised_at,
        "ground": found.ground,
        "status": found.status,
        "value": line.value,
        "unit": line.unit,
    }


def _dispute(request: ApiRequest, dispute_id: int) -> dict[str, Any]:
    page = queries.dispute_page(request.viewer, dispute_id)
    found = page.dispute
    steps = [
        {
            "kind": each.kind,
            "author": each.author.code,
            "at": each.at,
            "text": each.text,
            "correction": each.correction_id,
        }
        for each in page.entries
    ]
    return {
        **_dispute_line(page.line),
        "text": found.text,
        "table": found.table,
        "row": found.row,
        "now": page.now,
        "file": _file(found),
        "steps": steps,
        "may_answer": page.may_answer,
        "may_follow_up": page.may_follow_up,
    }


def _correction_line(line: CorrectionLine) -> dict[str, Any]:
    found = line.correction
    names = ("table", "key", "kind", "status", "proposed_at")
    told = {name: getattr(found, name) for name in names}
    return {**told, "number": found.pk, "proposed_by": found.proposed_by.code}


def _correction(request: ApiRequest, number: int) -> dict[str, Any]:
    page = queries.correction_page(request.viewer, number)
    found = page.correction
    words = ("reason", "evidence", "evidence_link", "decision", "decided_at")
    names = ("before", "changes", "members", *words)
    return {
        **_correction_line(page.line),
        **{name: getattr(found, name) for name in names},
        "file": _file(found),
        "dispute": page.dispute_id,
        "decided_by": found.decided_by.code if found.decided_by else None,
        "may_decide": page.may_decide,
    }


def _file(of: Dispute | Correction) -> object:
    return getattr(of, "file", None)


def _content(kept: KeptFile) -> dict[str, Any]:
    content = base64.b64encode(kept.content).decode()
    return {"name": kept.name, "media": kept.media, "content": content}
