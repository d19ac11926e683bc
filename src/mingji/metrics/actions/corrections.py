"""Propose a correction of a row, and decide it: never the same person, never one's own number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import transaction

from mingji.audit import trail
from mingji.engine.corrections import check_correction
from mingji.metrics import policy
from mingji.metrics.actions.disputes import note, require_stage
from mingji.metrics.actions.proving import keep_evidence
from mingji.metrics.actions.uploading import safe_name
from mingji.metrics.corrected import overlay
from mingji.metrics.definitions import library
from mingji.metrics.evidence import EvidenceUpload, check_file
from mingji.metrics.models import Correction, Dispute, DisputeEntry
from mingji.metrics.queries.corrections import (
    correctable_tables,
    correction_for,
    row_as_it_stands,
    whose_row,
)
from mingji.metrics.queries.disputes import dispute_for
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of a table, what is different about it, why, and how one can know.

    `key` and `values` are as `engine.corrections.Correction` has them.
    """

    table: str
    kind: str
    key: tuple[str, ...]
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""
    evidence_link: str = ""
    file: EvidenceUpload | None = None
    dispute_id: int | None = None


@transaction.atomic
def propose_correction(actor: Viewer, proposal: Proposal, *, at: datetime) -> Correction:
    """Put a correction before a second person; nothing changes until it is approved.

    Values of the row that are no different are left out.

    Raises:
        NotAllowed: the actor keeps neither the data nor the disputed metric, or the dispute is
            about their own number.
        NotAllowedNow: the dispute does not wait for an answer.
        NotFound: there is no such dispute.
        Invalid: the table cannot take it, there is no such row (or there is one already), or
            reason or evidence are missing; each finding names its field.
    """
    dispute = disputed(actor, proposal.dispute_id)
    policy.may_correct(actor, dispute).require()
    if proposal.table not in correctable_tables(actor, dispute):
        raise invalid("table", Text("没有这张数据表", "there is no such table"))
    correction = _drafted(proposal)
    action = "metrics.propose_correction"
    return put_forward(actor, correction, dispute, action, proposal.file, at=at)


def disputed(actor: Viewer, dispute_id: int | None) -> Dispute | None:
    """The dispute that a correction answers, locked, if it waits for an answer of the actor.

    Raises:
        NotFound: there is no such dispute.
        NotAllowed: it is about the actor's own number, or not theirs to answer.
        NotAllowedNow: it does not wait for an answer.
    """
    if dispute_id is None:
        return None
    dispute = dispute_for(actor, dispute_id, lock=True)
    policy.may_answer(actor, dispute).require()
    require_stage(dispute, Dispute.Status.OPEN)
    return dispute


def put_forward(
    actor: Viewer,
    correction: Correction,
    dispute: Dispute | None,
    action: str,
    file: EvidenceUpload | None,
    *,
    at: datetime,
) -> Correction:
    """Write a drafted correction with its file of evidence (checked before), so that a second
    person may decide it; for other actions."""
    correction.dispute, correction.proposed_at = dispute, at
    correction.proposed_by_id = actor.member_id
    correction.evidence_file = safe_name(file.name) if file else ""
    correction.save()
    kept = keep_evidence(actor, file, correction, at=at)
    trail.record(
        actor=actor.code,
        action=action,
        kind="correction",
        object_id=correction.pk,
        at=at,
        reason=correction.reason,
        evidence={
            "table": correction.table,
            "kind": correction.kind,
            "key": correction.key,
            "columns": sorted(correction.changes),
            **kept,
        },
    )
    if dispute:
        dispute.status = Dispute.Status.PROPOSED
        dispute.save(update_fields=["status"])
        note(dispute, DisputeEntry.Kind.PROPOSED, actor, at, correction=correction)
    return correction


def _drafted(proposal: Proposal) -> Correction:
    """The correction as it would be written, checked against its table and its row."""
    table = library().definitions.tables[proposal.table]
    if proposal.kind not in Correction.Kind.values:
        raise invalid("kind", Text("选一种更正", "choose what is to be corrected"))
    add = proposal.kind == Correction.Kind.ADD
    _check_words(proposal, add=add)
    before = row_as_it_stands(table, proposal.key) if table.key else None
    values = dict(proposal.values) if proposal.kind != Correction.Kind.EXCLUDE else {}
    if proposal.kind == Correction.Kind.CHANGE:
        values = {
            name: given for name, given in values.items() if given != (before or {}).get(name)
        }
    correction = Correction(
        table=proposal.table,
        kind=proposal.kind,
        key=list(proposal.key),
        changes=values,
        before=before or {},
        reason=proposal.reason.strip(),
        evidence=proposal.evidence.strip(),
        evidence_link=proposal.evidence_link.strip(),
    )
    check_correction(table, overlay(correction))
    if add and before is not None:
        raise invalid(
            table.key[0],
            Text("已经有这个编号的行，改它的值", "there is a row with this key; change that one"),
        )
    if not add and before is None:
        raise invalid(
            table.key[0],
            Text("没有这个编号的行，核对编号", "there is no row with this key; check it"),
        )
    after = {**dict(zip(table.key, proposal.key, strict=True)), **(before or {}), **values}
    rows = [row for row in (before, None if proposal.kind == "exclude" else after) if row]
    correction.members = sorted({code for row in rows for code in whose_row(table, row)})
    return correction


def _check_words(proposal: Proposal, *, add: bool) -> None:
    if not proposal.reason.strip():
        raise invalid(
            "reason",
            Text("写明为什么要更正，批准的人要看", "say why, for the person who approves it"),
        )
    check_evidence(proposal, required=add)


class Evidence(Protocol):
    """How one can know: in words, by an address, by a file."""

    @property
    def evidence(self) -> str:
        """In words."""

    @property
    def evidence_link(self) -> str:
        """An address."""

    @property
    def file(self) -> EvidenceUpload | None:
        """A file."""


def check_evidence(given: Evidence, *, required: bool) -> None:
    """Whether what no system delivered says how one can know it.

    Raises:
        Invalid: there is no evidence though it is required, its address is none, or its file
            cannot be kept.
    """
    told = given.evidence.strip() or given.evidence_link.strip() or given.file
    if required and not told:
        raise invalid(
            "evidence",
            Text(
                "没有系统提供的数要有依据：一句话、一个链接或一个文件",
                "what no system delivered needs evidence: words, a link or a file",
            ),
        )
    link = given.evidence_link.strip()
    if link and not link.startswith(("https://", "http://")):
        raise invalid(
            "evidence_link",
            Text("链接要以 https:// 开头", "a link starts with https://"),
        )
    if given.file:
        check_file(given.file)


@transaction.atomic
def decide_correction(
    actor: Viewer, number: int, *, approve: bool, words: str = "", at: datetime
) -> Correction:
    """Approve a correction, so that the next refresh counts it, or reject it with words.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        NotAllowed: the actor proposed it, it moves their own number, or they approve none.
        NotAllowedNow: it is decided already.
        Invalid: rejected without words.
    """
    correction = correction_for(actor, number, lock=True)
    policy.may_decide(actor, correction).require()
    if correction.status != Correction.Status.PROPOSED:
        raise NotAllowedNow(
            Text("这条更正已经有了决定。", "This correction is decided already."), code="decided"
        )
    if not approve and not words.strip():
        raise invalid("words", Text("写明为什么退回", "say why it is rejected"))
    status = Correction.Status.APPROVED if approve else Correction.Status.REJECTED
    correction.status, correction.decision = status, words.strip()
    correction.decided_by_id, correction.decided_at = actor.member_id, at
    correction.save(update_fields=["status", "decision", "decided_by", "decided_at"])
    trail.record(
        actor=actor.code,
        action=f"metrics.{'approve' if approve else 'reject'}_correction",
        kind="correction",
        object_id=correction.pk,
        at=at,
        reason=correction.decision,
    )
    if correction.dispute_id:
        _tell(correction.dispute_id, correction, actor, approve=approve, at=at)
    return correction


def _tell(
    dispute_id: int, correction: Correction, actor: Viewer, *, approve: bool, at: datetime
) -> None:
    """The dispute behind a correction: answered by it, or open again."""
    dispute = Dispute.objects.select_for_update().get(pk=dispute_id)
    dispute.status = Dispute.Status.ANSWERED if approve else Dispute.Status.OPEN
    dispute.answered_at = at if approve else None
    dispute.save(update_fields=["status", "answered_at"])
    kind = DisputeEntry.Kind.APPROVED if approve else DisputeEntry.Kind.REJECTED
    note(dispute, kind, actor, at, text=correction.decision, correction=correction)


def invalid(field_: str, message: Text) -> Invalid:
    """A refusal that names the field it speaks of."""
    finding = Finding("correction", "error", message, Text("", ""), Place(path=field_))
    return Invalid(message, code="correction", findings=(finding,))
