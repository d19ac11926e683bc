"""Following a goal: what was reached where no metric says it, and how confident one is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mingji.goals import queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, Goal, ProgressUpdate
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.explanation import plain
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody says of a goal.

    `value` is in the unit of the goal, 1 or 0 for done or not; only where no metric gives it.
    `steps` are the positions of all milestones that are done by now, None to leave them alone.
    """

    value: Decimal | None = None
    steps: Collection[int] | None = None
    confidence: str = ""
    evidence: str = ""
    note: str = ""


@transaction.atomic
def report(actor: Viewer, goal_id: int, said: Report, *, at: datetime) -> None:
    """Report how an agreed goal goes. Reports are added to, never changed.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it.
        NotAllowedNow: not agreed yet.
        Invalid: nothing said, a value where a metric gives it, or figures without evidence.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    if goal.status != Agreement.Status.AGREED:
        raise NotAllowedNow(_NOT_AGREED, code="goals_not_agreed")
    wrong = _wrong(goal, said)
    if wrong:
        raise Invalid(wrong.message, code=wrong.code, findings=(wrong,))
    changed = _tick(goal, said, at) if said.steps is not None else []
    ProgressUpdate.objects.create(
        goal=goal,
        by=actor.code,
        at=at,
        value=said.value,
        confidence=said.confidence,
        note=said.note.strip(),
        evidence=said.evidence.strip(),
    )
    told = {
        "goal": goal.item,
        "value": None if said.value is None else plain(said.value),
        "confidence": said.confidence,
        "evidence": said.evidence.strip(),
        "milestones": changed,
    }
    told = {name: value for name, value in told.items() if value}
    writing.record(actor.code, "report", goal.agreement, at, evidence=told)


def _tick(goal: Goal, said: Report, at: datetime) -> list[str]:
    """Mark milestones done or open again; what changed, in words of their titles."""
    changed = []
    for step in goal.milestones.order_by("position"):
        done = step.position in (said.steps or ())
        if done == (step.done_on is not None):
            continue
        step.done_on = at.date() if done else None
        step.evidence = said.evidence.strip() if done else ""
        step.save()
        changed.append(f"{'+' if done else '−'} {step.title}")
    return changed


def _wrong(goal: Goal, said: Report) -> Finding | None:
    figures = said.value is not None or said.steps is not None
    if said.value is not None and goal.measure not in ("manual", "yes_no"):
        return _MEASURED
    if said.steps is not None and goal.measure != "milestones":
        return _MEASURED
    if goal.measure == "yes_no" and said.value not in (None, 0, 1):
        return _YES_NO
    if figures and not said.evidence.strip():
        return _NO_EVIDENCE
    if not figures and not said.confidence and not said.note.strip():
        return _NOTHING
    return None


def _finding(code: str, path: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=path))


_NOT_AGREED = Text(
    zh="目标还没有双方同意，同意之后才能填报进展。",
    en="These goals are not agreed yet; progress is reported once they are.",
)
_MEASURED = _finding(
    "measured_by_itself",
    "value",
    Text("这个目标的当前值由数据得出，不用填报。", "The data gives the value of this goal."),
    Text("数字不对就提出异议。", "If the number is wrong, dispute it."),
)
_YES_NO = _finding(
    "not_yes_or_no",
    "done",
    Text("只能填完成或没有完成。", "It is done or not done."),
    Text("选其中一个。", "Choose one of the two."),
)
_NO_EVIDENCE = _finding(
    "evidence_missing",
    "evidence",
    Text("没有写依据。", "There is no evidence."),
    Text(
        "写出别人可以核对的链接、文件或记录。", "Name a link, file or record that others can check."
    ),
)
_NOTHING = _finding(
    "nothing_reported",
    "",
    Text("还没有填任何内容。", "Nothing is filled in."),
    Text("填当前值、信心指数或说明。", "Give a value, a confidence or a note."),
)
