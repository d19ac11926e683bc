"""Alignment in the API: what a goal serves, how targets combine, and what closes a gap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import Path, Query, Router, Status

from mingji.goals import actions, queries
from mingji.goals.actions import PartSaid
from mingji.goals.queries import AlignedGoal, AlignmentPage, GoalBelow
from mingji.goals.schemas_alignment import AlignmentTold, BelowAsked, Combining, Serving, WayAt
from mingji.goals.schemas_terms import number
from mingji.kit import clock
from mingji.kit.wire import READING, WRITING, Number, Problem, Reason, reason
from mingji.people.http import ApiRequest
from mingji.rules.decomposition.terms import Decomposition
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED
from mingji.rules.text import Text

router = Router(tags=["goals"])


@router.get(
    "/goals/{goal_id}/alignment",
    response={200: AlignmentTold, READING: Problem},
    summary="What a goal serves and is served by",
)
def goal_alignment(
    request: ApiRequest, goal_id: Path[Number], asked: Query[BelowAsked]
) -> dict[str, Any]:
    """Goals above and below, whether the targets below add up, and what closes the gap."""
    return _told(request, goal_id, asked.after)


@router.get(
    "/goals/{goal_id}/alignment/explanation",
    response={200: Reason, READING: Problem},
    summary="Why targets add up or not",
    exclude_defaults=True,
)
def alignment_explanation(
    request: ApiRequest, goal_id: Path[Number], at: Query[WayAt]
) -> dict[str, Any]:
    """The difference to the target, or the number behind one of the ways to close it."""
    found = queries.goal_for(request.viewer, goal_id)
    page = queries.alignment_of(request.viewer, found)
    return reason(page.tree(int(at.way) if at.way else None), at.path)


@router.put(
    "/goals/{goal_id}/serves/{parent_id}",
    response={200: AlignmentTold, WRITING: Problem},
    summary="Align",
)
def align(
    request: ApiRequest, goal_id: Path[Number], parent_id: Path[Number], sent: Serving
) -> dict[str, Any]:
    """Let a goal serve another; once more changes how it does."""
    actions.align(
        request.viewer,
        goal_id,
        parent_id,
        share=Decimal(sent.share) / HUNDRED,
        said=PartSaid(part=sent.part, volume=number(sent.volume)),
        at=clock.now(),
    )
    return _told(request, goal_id)


@router.delete(
    "/goals/{goal_id}/serves/{parent_id}",
    response={204: None, WRITING: Problem},
    summary="End an alignment",
)
def unalign(request: ApiRequest, goal_id: Path[Number], parent_id: Path[Number]) -> Status[None]:
    """Let a goal no longer serve another; nothing happens where it does not."""
    actions.unalign(request.viewer, goal_id, parent_id, at=clock.now())
    return Status(204, None)


@router.put(
    "/goals/{goal_id}/combine",
    response={200: AlignmentTold, WRITING: Problem},
    summary="Say how the targets below combine",
)
def combine(request: ApiRequest, goal_id: Path[Number], sent: Combining) -> dict[str, Any]:
    """The way in which targets below make up the goal's, and what each of them carries."""
    parts = {each.goal: PartSaid(part=each.part, volume=number(each.volume)) for each in sent.parts}
    if len(parts) != len(sent.parts):
        raise Invalid(_TWICE.message, code=_TWICE.code, findings=(_TWICE,))
    actions.set_combine(request.viewer, goal_id, sent.mode, parts=parts, at=clock.now())
    return _told(request, goal_id)


def _told(request: ApiRequest, goal_id: int, after: str = "") -> dict[str, Any]:
    goal = queries.goal_for(request.viewer, goal_id)
    page = queries.alignment_of(request.viewer, goal, after)
    return {
        "above": [_end(each) for each in page.above],
        "below": [_below(each) for each in page.below],
        "next": page.next,
        "hidden": page.hidden,
        "mode": page.mode,
        "chosen": goal.combine,
        "modes": list(page.modes.allowed) if page.modes else [],
        "check": _check(page.check, page) if page.check else None,
    }


def _end(each: AlignedGoal) -> dict[str, Any]:
    return {
        "goal": each.goal.pk,
        "period": each.goal.period,
        "name": each.name,
        "owner": each.owner,
        "target": each.goal.target,
        "share": each.share * HUNDRED,
        "part": each.part,
        "volume": each.volume,
    }


def _below(each: GoalBelow) -> dict[str, Any]:
    more = {"unit": each.unit, "carries": each.carries, "possible": list(each.possible)}
    return _end(each.end) | more


def _check(check: Decomposition, page: AlignmentPage) -> dict[str, Any]:
    names = ("verdict", "combined", "difference", "percent", "words")
    told = {name: getattr(check, name) for name in names}
    ways = [
        {"code": way.code, "words": way.words, "change": each.value, "unit": each.unit}
        for way, each in zip(check.ways, page.ways, strict=True)
    ]
    uncounted = [
        {"goal": int(each.child.key), "code": each.code, "reason": each.reason}
        for each in check.uncounted
    ]
    return {**told, "ways": ways, "uncounted": uncounted}


_TWICE = Finding(
    "goal_twice",
    "error",
    Text("同一个目标在 parts 里出现了两次。", "A goal is named twice in `parts`."),
    Text("留下一个。", "Keep one of the two."),
    Place(path="parts"),
)
