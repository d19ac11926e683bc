"""What waits for the viewer, due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.urls import reverse

from mingji.appraisals import queries as appraisals
from mingji.goals import queries as goals
from mingji.metrics import queries as metrics
from mingji.people.viewer import Viewer
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: of which kind, about what or whom, until when, and where it is done. What
    came back after an answer is the next `round` of it."""

    kind: Literal[
        "self_review",
        "manager_review",
        "answer_own_goals",
        "answer_goals",
        "propose_goals",
        "answer_change",
        "decide_change",
        "due_support",
        "answered_dispute",
        "answer_disputes",
        "approve_corrections",
    ]
    about: Text
    where: Text
    due: date | None
    url: str
    round: int = 0


def needs_of(viewer: Viewer) -> list[Need]:
    """Reviews to write, goals to agree to, drafts to propose, promises that are due, disputes to
    answer, corrections to approve, answers to disputes to accept or not: due first."""
    reviews = [
        Need(
            kind=each.kind,
            about=each.member_name,
            where=each.cycle,
            due=each.due,
            url=reverse("appraisals:review", args=(each.appraisal_id,)),
        )
        for each in appraisals.to_do(viewer)
    ]
    answered = [
        Need("answered_dispute", line.metric, line.whose, None, _dispute(line.id))
        for line in metrics.answered_for(viewer)
    ]
    every = reviews + _of_goals(viewer) + answered + _waiting(viewer)
    return sorted(every, key=lambda need: need.due or date.max)


def _of_goals(viewer: Viewer) -> list[Need]:
    """Agreements to answer or propose, changes to answer or decide, promises to report on."""
    agreements = [
        Need(
            kind=each.kind,
            about=each.owner,
            where=each.period.label,
            due=each.due,
            url=reverse("goals:agreement", args=(each.agreement_id,)),
            round=each.version,
        )
        for each in goals.waiting_agreements(viewer)
    ]
    changes = [
        Need(
            kind=each.kind,
            about=each.owner,
            where=each.period.label,
            due=None,
            url=reverse("goals:change", args=(each.request_id,)),
        )
        for each in goals.waiting_changes(viewer)
    ]
    promised = [
        Need(
            kind="due_support",
            about=each.owner,
            where=each.period.label,
            due=each.due,
            url=reverse("goals:support", args=(each.goal_id,)),
        )
        for each in goals.due_promises(viewer)
    ]
    return agreements + changes + promised


def _waiting(viewer: Viewer) -> list[Need]:
    """Disputes to answer and corrections to approve, each as one entry that leads to the inbox."""
    inbox, where = reverse("metrics:inbox"), Text("更正收件箱", "Corrections inbox")
    disputes = metrics.count_open_disputes(viewer)
    corrections = metrics.count_waiting_corrections(viewer)
    answer = Need("answer_disputes", Text.same(str(disputes)), where, None, f"{inbox}#disputes")
    approve = Need(
        "approve_corrections", Text.same(str(corrections)), where, None, f"{inbox}#waiting"
    )
    return [*([answer] if disputes else []), *([approve] if corrections else [])]


def _dispute(dispute_id: int) -> str:
    return reverse("metrics:dispute_page", args=(dispute_id,))
