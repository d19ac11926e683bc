"""Getting one goal, agreement or change request. Getting it is the check: whose it is, and
whether this can be done with it now."""

from __future__ import annotations

from typing import Literal, get_args

from django.db.models import Prefetch

from mingji.goals import policy
from mingji.goals.models import Agreement, ChangeRequest, Goal, Milestone
from mingji.goals.queries.items import Owner
from mingji.people.viewer import Viewer
from mingji.rules import goal_steps
from mingji.rules.errors import NotAllowed, NotAllowedNow, NotFound
from mingji.rules.goal_steps import AgreementStep, RequestStep
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

Purpose = Literal["see", "edit", "report"]

_NO_GOAL = Text(
    zh="没有这个目标，或者它不在你的范围内。",
    en="There is no such goal, or it is not yours to see.",
)
_NO_AGREEMENT = Text(
    zh="没有这份目标确认书，或者它不在你的范围内。",
    en="There is no such goal agreement, or it is not yours to see.",
)
_NO_REQUEST = Text(
    zh="没有这个变更申请，或者它不在你的范围内。",
    en="There is no such change request, or it is not yours to see.",
)
_CHANGE_OPEN = Text(
    zh="这份目标确认书已有一个变更申请在处理，等它有结果再提新的。",
    en="A change of this agreement is being decided; wait for it before asking for another.",
)


def goal_for(viewer: Viewer, goal_id: int, to: Purpose = "see", *, lock: bool = False) -> Goal:
    """The goal with this number, if the viewer may see it and do this with it now.

    Raises:
        NotFound: no such goal, or not the viewer's to know of.
        NotAllowed: the viewer may see it and not do this.
        NotAllowedNow: agreed and locked, or proposed and waiting for an answer.
    """
    found = Goal.objects.filter(policy.visible_to(viewer), pk=goal_id)
    if lock:
        # The goal alone: PostgreSQL locks no outer-joined row.
        # Other rows may go on referring to it.
        found = found.select_for_update(of=("self",), no_key=True)
    goal = found.select_related("agreement", "member", "team", "theme", "objective").first()
    if goal is None:
        raise NotFound(_NO_GOAL, code="no_goal")
    if to != "see":
        policy.may_report(viewer, goal).require()
    if to == "edit":
        _step(viewer, goal.agreement, "edit")
    return goal


def agreement_for(
    viewer: Viewer,
    agreement_id: int,
    to: AgreementStep | Literal["see", "comment"] = "see",
    *,
    lock: bool = False,
) -> Agreement:
    """The agreement with this number, if the viewer may see it and take this step now.

    Raises:
        NotFound: no such agreement, or not the viewer's to know of.
        NotAllowed: the viewer sits on neither side of it.
        NotAllowedNow: the step does not belong to its status, or it is the other side's turn.
    """
    found = Agreement.objects.filter(policy.visible_to(viewer), pk=agreement_id)
    if lock:
        found = found.select_for_update(of=("self",))
    agreement = found.select_related("member", "team").first()
    if agreement is None:
        raise NotFound(_NO_AGREEMENT, code="no_agreement")
    if to != "see":
        policy.may_negotiate(viewer, member=agreement.member, team=agreement.team).require()
    if to != "see" and to != "comment":
        _step(viewer, agreement, to)
    if to == "request_change" and agreement.requests.filter(status__in=ChangeRequest.OPEN).exists():
        raise NotAllowedNow(_CHANGE_OPEN, code="change_open")
    return agreement


def agreement_of(viewer: Viewer, owner: Owner, period: str) -> Agreement | None:
    """The agreement of a member or team in a period, if there is one for the viewer to see."""
    found = Agreement.objects.filter(policy.visible_to(viewer), period=period)
    return found.filter(member=owner.member, team=owner.team).first()


def request_for(
    viewer: Viewer,
    request_id: int,
    to: RequestStep | Literal["see"] = "see",
    *,
    lock: bool = False,
) -> ChangeRequest:
    """The change request with this number, if the viewer may see it and take this step now.

    The side that was asked accepts; a third person approves; either of them refuses; the side
    that asked withdraws.

    Raises:
        NotFound: no such request, or not the viewer's to know of.
        NotAllowed: the viewer may see it and not do this.
        NotAllowedNow: it is decided already, or waits for somebody else first.
    """
    visible = Agreement.objects.filter(policy.visible_to(viewer))
    found = ChangeRequest.objects.filter(agreement__in=visible, pk=request_id)
    if lock:
        found = found.select_for_update(of=("self",))
    request = found.select_related("agreement__member", "agreement__team").first()
    if request is None:
        raise NotFound(_NO_REQUEST, code="no_change_request")
    if to != "see":
        if request.status not in ChangeRequest.OPEN:
            goal_steps.advance_request(request.status, to)  # which says that it is decided
        _may_take(viewer, request, to)
        goal_steps.advance_request(request.status, to)
    return request


def open_request(agreement: Agreement) -> ChangeRequest | None:
    """The change request of an agreement (the caller has it) that is not decided yet."""
    return agreement.requests.filter(status__in=ChangeRequest.OPEN).first()


def request_steps(viewer: Viewer, request: ChangeRequest) -> tuple[RequestStep, ...]:
    """What the viewer can do now with a change request that they got by `request_for`."""
    steps: list[RequestStep] = []
    for step in get_args(RequestStep):
        try:
            goal_steps.advance_request(request.status, step)
            _may_take(viewer, request, step)
        except (NotAllowed, NotAllowedNow):
            continue
        steps.append(step)
    return tuple(steps)


def terms_of(agreement: Agreement) -> tuple[GoalTerms, ...]:
    """The terms of an agreement (the caller has it) as they stand; a fixed number of queries."""
    return tuple(goal.terms for goal in goals_of(agreement))


def goals_of(agreement: Agreement, *, lock: bool = False) -> list[Goal]:
    """The goals of an agreement (the caller has it) with all that their terms read.

    Locked, nobody reports on them meanwhile, and their milestones are read after the wait.
    """
    rows = agreement.goals.select_related("agreement", "member", "team", "theme", "objective")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    steps = Prefetch("milestones", Milestone.objects.order_by("position"))
    return list(rows.prefetch_related(steps).order_by("id"))


def owner_of(row: Agreement | Goal) -> Owner:
    """Whose it is. Reads `member` and `team`: select them."""
    return Owner(member=row.member, team=row.team)


def _step(viewer: Viewer, agreement: Agreement, step: AgreementStep) -> None:
    side = policy.side_of(viewer, member=agreement.member, team=agreement.team)
    assert side, "asked by policy before"
    goal_steps.advance(agreement.status, step, side=side, turn=agreement.awaited or "")


def _may_take(viewer: Viewer, request: ChangeRequest, step: RequestStep) -> None:
    agreement = request.agreement
    side = policy.side_of(viewer, member=agreement.member, team=agreement.team)
    deciding = step == "approve" or (step == "refuse" and request.status == "accepted")
    if deciding:
        policy.may_decide(viewer, request, agreement).require()
        return
    policy.may_negotiate(viewer, member=agreement.member, team=agreement.team).require()
    asked = side == request.asked_side
    if step == "withdraw" and not asked:
        raise NotAllowedNow(_NOT_ASKED_BY_YOU, code="not_your_request")
    if step in ("accept", "refuse") and asked:
        raise NotAllowedNow(_OTHER_SIDE_ANSWERS, code="other_turn")


_NOT_ASKED_BY_YOU = Text(
    zh="变更申请由提出的一方撤回。",
    en="A change request is withdrawn by the side that asked.",
)
_OTHER_SIDE_ANSWERS = Text(
    zh="变更申请由另一方答复；你可以撤回自己的申请。",
    en="The other side answers a change request; you can withdraw your own.",
)
