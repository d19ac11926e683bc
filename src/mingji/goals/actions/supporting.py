"""Following up the support that was promised with a goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mingji.goals import queries
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, Goal, SupportUpdate
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportReport:
    """What became of a promise: `given`, `partly` or `not_given`, and what is still missing."""

    state: str
    note: str = ""


@transaction.atomic
def follow_support(actor: Viewer, goal_id: int, said: SupportReport, *, at: datetime) -> None:
    """Say what became of the support that was promised with an agreed goal; either side may.

    What was said before stays.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it.
        NotAllowedNow: not agreed yet, or no support was promised.
        Invalid: no state is chosen, or something is missing and it is not said what.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    _is_promised(goal)
    note = said.note.strip()
    if said.state not in SupportUpdate.State.values:
        raise Invalid(_STATE.message, code=_STATE.code, findings=(_STATE,))
    if said.state != SupportUpdate.State.GIVEN and not note:
        raise Invalid(_WHAT.message, code=_WHAT.code, findings=(_WHAT,))
    SupportUpdate.objects.create(goal=goal, by=actor.code, at=at, state=said.state, note=note)
    told = {"goal": goal.item, "state": said.state, "note": note}
    writing.record(actor.code, "follow_support", goal.agreement, at, evidence=told)


def _is_promised(goal: Goal) -> None:
    if goal.status != Agreement.Status.AGREED:
        raise NotAllowedNow(_NOT_AGREED, code="goals_not_agreed")
    if not goal.support:
        raise NotAllowedNow(_NOTHING, code="no_support_promised")


_NOT_AGREED = Text(
    zh="目标还没有双方同意，承诺的支持从同意之后开始跟进。",
    en="These goals are not agreed yet; what was promised is followed up once they are.",
)
_NOTHING = Text(
    zh="这个目标没有承诺支持。需要支持就提变更申请，把它写进目标确认书。",
    en="No support was promised with this goal. If some is needed, ask for a change that "
    "puts it into the agreement.",
)
_STATE = Finding(
    "no_state",
    "error",
    Text("没有选支持的情况。", "It is not said whether the support came."),
    Text("从三种情况里选一种。", "Choose one of the three."),
    Place(path="state"),
)
_WHAT = Finding(
    "missing_unsaid",
    "error",
    Text("没有写还缺什么。", "It is not said what is missing."),
    Text("写清楚还缺什么、影响了什么。", "Say what is missing and what it holds up."),
    Place(path="note"),
)
