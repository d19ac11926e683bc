"""Raise a dispute about a number, answer it with a reason, accept the answer or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db import transaction

from mingji.audit import trail
from mingji.metrics import policy
from mingji.metrics.actions.proving import keep_evidence
from mingji.metrics.definitions import library
from mingji.metrics.evidence import EvidenceUpload, check_file
from mingji.metrics.models import Correction, Dispute, DisputeEntry
from mingji.metrics.queries.catalogue import observation_for
from mingji.metrics.queries.disputes import dispute_for, disputed_by
from mingji.metrics.slices import Slice
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

FollowUp = Literal["settle", "reopen", "withdraw"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is said to be wrong with a number: the ground, in words, perhaps one row and a file."""

    ground: str
    text: str
    table: str = ""
    row: tuple[str, ...] = field(default=())
    file: EvidenceUpload | None = None


@transaction.atomic
def raise_dispute(actor: Viewer, asked: Slice, complaint: Complaint, *, at: datetime) -> Dispute:
    """Say that a number is wrong; the data analyst is to answer.

    Raises:
        NotFound: the number is not the actor's to see.
        NotAllowed: the actor is neither the member nor above them (of a team's: not its lead).
        Invalid: no ground or no words, no such row, a file that cannot be kept, or the same is
            open already.
    """
    seen = observation_for(actor, asked)
    member, team = disputed_by(actor, asked)
    _check_words(complaint)
    _check_row(complaint)
    if complaint.file:
        check_file(complaint.file)
    same = Dispute.objects.select_for_update().filter(
        member=member, team=team, metric=asked.metric, period=asked.period
    )
    if same.filter(status__in=OPEN, row=list(complaint.row)).exists():
        raise _invalid(
            "text",
            Text(
                "这个数字已经有一条还没答复的异议，在那条异议里补充",
                "this number has a dispute that waits for its answer; add to that one",
            ),
        )
    dispute = Dispute.objects.create(
        member=member,
        team=team,
        metric=asked.metric,
        period=asked.period,
        value=None if isinstance(seen.node.value, str) else seen.node.value,
        table=complaint.table,
        row=list(complaint.row),
        ground=complaint.ground,
        text=complaint.text.strip(),
        raised_by_id=actor.member_id,
        raised_at=at,
    )
    kept = keep_evidence(actor, complaint.file, dispute, at=at)
    note(dispute, DisputeEntry.Kind.RAISED, actor, at, text=dispute.text, kept=kept)
    return dispute


OPEN = (Dispute.Status.OPEN, Dispute.Status.PROPOSED)


@transaction.atomic
def answer_with_reason(actor: Viewer, dispute_id: int, reason: str, *, at: datetime) -> Dispute:
    """Tell why the number stays as it is.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        NotAllowed: the actor is no analyst, or it is about their own number.
        NotAllowedNow: it does not wait for an answer.
        Invalid: no reason is given.
    """
    dispute = dispute_for(actor, dispute_id, lock=True)
    policy.may_answer(actor, dispute).require()
    require_stage(dispute, Dispute.Status.OPEN)
    if not reason.strip():
        raise _invalid(
            "reason",
            Text("写明为什么这个数字是对的", "say why the number is right as it is"),
        )
    _move(dispute, Dispute.Status.ANSWERED, answered_at=at)
    note(dispute, DisputeEntry.Kind.REASON, actor, at, text=reason.strip())
    return dispute


@transaction.atomic
def follow_up(
    actor: Viewer, dispute_id: int, step: FollowUp, *, text: str = "", at: datetime
) -> Dispute:
    """Accept the answer, reopen the dispute (once, with words), or withdraw it while it is open.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        NotAllowed: the actor is neither the member nor who raised it.
        NotAllowedNow: not at this stage, or it was reopened before.
        Invalid: reopened without words.
    """
    dispute = dispute_for(actor, dispute_id, lock=True)
    policy.may_follow_up(actor, dispute).require()
    match step:
        case "settle":
            require_stage(dispute, Dispute.Status.ANSWERED)
            _move(dispute, Dispute.Status.SETTLED)
            note(dispute, DisputeEntry.Kind.SETTLED, actor, at)
        case "withdraw":
            require_stage(dispute, Dispute.Status.OPEN)
            _move(dispute, Dispute.Status.WITHDRAWN)
            note(dispute, DisputeEntry.Kind.WITHDRAWN, actor, at)
        case "reopen":
            _reopen(actor, dispute, text.strip(), at)
    return dispute


def _reopen(actor: Viewer, dispute: Dispute, text: str, at: datetime) -> None:
    require_stage(dispute, Dispute.Status.ANSWERED)
    if dispute.reopened_at:
        raise NotAllowedNow(
            Text(
                "这条异议已经重新提出过一次。和直属上级或人力资源伙伴谈，考核结果可以申诉",
                "This dispute was reopened once already. Talk to your manager or HR partner; "
                "a result can be appealed",
            ),
            code="reopened_before",
        )
    if not text:
        raise _invalid("text", Text("写明答复里哪里不对", "say what the answer misses"))
    _move(dispute, Dispute.Status.OPEN, reopened_at=at)
    note(dispute, DisputeEntry.Kind.REOPENED, actor, at, text=text)


def require_stage(dispute: Dispute, *stages: Dispute.Status) -> None:
    """Whether a dispute stands where a step may be taken.

    Raises:
        NotAllowedNow: it does not; the message says where it stands.
    """
    if dispute.status not in stages:
        raise NotAllowedNow(
            Text(
                "这条异议现在不能这样处理，它的状态已经变了。重新打开页面看看",
                "This cannot be done with the dispute now: it has moved on. Open its page again",
            ),
            code="not_the_stage",
        )


def note(
    dispute: Dispute,
    kind: DisputeEntry.Kind,
    actor: Viewer,
    at: datetime,
    *,
    text: str = "",
    correction: Correction | None = None,
    kept: Mapping[str, object] | None = None,
) -> None:
    """Add a step to a dispute, and to the audit trail (without what was said: not all may read).

    `kept` is what the trail is to say of a file.
    """
    DisputeEntry.objects.create(
        dispute=dispute,
        kind=kind,
        author_id=actor.member_id,
        at=at,
        text=text,
        correction=correction,
    )
    trail.record(
        actor=actor.code,
        action=f"metrics.dispute_{kind.value}",
        kind="dispute",
        object_id=dispute.pk,
        at=at,
        evidence={"metric": dispute.metric, "period": dispute.period, **(kept or {})},
    )


def _move(dispute: Dispute, status: Dispute.Status, **times: datetime) -> None:
    dispute.status = status
    for name, at in times.items():
        setattr(dispute, name, at)
    dispute.save(update_fields=["status", *times])


def _check_words(complaint: Complaint) -> None:
    if complaint.ground not in Dispute.Ground.values:
        raise _invalid("ground", Text("选一个理由", "choose what is wrong"))
    if not complaint.text.strip():
        raise _invalid(
            "text",
            Text(
                "写清楚哪里不对、应该是多少、凭什么",
                "say what is wrong, what it should be, and how you know",
            ),
        )


def _check_row(complaint: Complaint) -> None:
    table = library().definitions.tables.get(complaint.table)
    if not complaint.table and not complaint.row:
        return
    if table is None or not table.key or len(complaint.row) != len(table.key):
        raise _invalid(
            "text",
            Text("没有这样的数据行，从数据行页面重新选", "there is no such row; choose again"),
        )


def _invalid(field_: str, message: Text) -> Invalid:
    finding = Finding("dispute", "error", message, Text("", ""), Place(path=field_))
    return Invalid(message, code="dispute", findings=(finding,))
