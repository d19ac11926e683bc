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
    """One thing to do: of which kind, about what or whom, until when, and where it is done."""

    kind: Literal[
        "self_review",
        "manager_review",
        "answer_own_goals",
        "answer_goals",
        "propose_goals",
        "answer_change",
        "decide_change",
        "answered_dispute",
    ]
    about: Text
    where: Text
    due: date | None
    url: str


def needs_of(viewer: Viewer) -> list[Need]:
    """Reviews to write, goals to agree to, drafts to propose, answers to disputes to accept or not:
    what is due first stands first."""
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
    agreements = [
        Need(
            kind=each.kind,
            about=each.owner,
            where=each.period.label,
            due=each.due,
            url=reverse("goals:agreement", args=(each.agreement_id,)),
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
    answered = [
        Need("answered_dispute", line.metric, line.whose, None, _dispute(line.id))
        for line in metrics.answered_for(viewer)
    ]
    return sorted(reviews + agreements + changes + answered, key=lambda need: need.due or date.max)


def _dispute(dispute_id: int) -> str:
    return reverse("metrics:dispute_page", args=(dispute_id,))
