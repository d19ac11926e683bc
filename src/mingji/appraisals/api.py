"""Appraisals in the API: one's own, those of a cycle in reach, and why a result is what it is."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router

from mingji.appraisals import queries
from mingji.appraisals.schemas import Appraisals, AppraisalTold, Cycles, OwnAppraisals
from mingji.appraisals.scorecard import tree_of
from mingji.engine.values import trimmed
from mingji.kit.wire import READING, At, Code, Number, Paged, Problem, Reason, reason
from mingji.people.http import ApiRequest

router = Router(tags=["appraisals"])
_PLACES = 2


@router.get("/cycles", response={200: Cycles, READING: Problem}, summary="Appraisal cycles")
def cycles(request: ApiRequest) -> dict[str, Any]:
    """Names and dates of all cycles."""
    return {"items": queries.cycles()}


@router.get(
    "/cycles/{code}/appraisals",
    response={200: Appraisals, READING: Problem},
    summary="Appraisals of a cycle",
)
def cycle_appraisals(request: ApiRequest, code: Path[Code], asked: Query[Paged]) -> dict[str, Any]:
    """The appraisals of a cycle that are yours to see: how far each is, and what came out."""
    cycle = queries.cycle_for(code)
    page = queries.cycle_page(request.viewer, cycle, asked.after, limit=asked.limit)
    return {"items": [_told(line) for line in page.lines], "next": page.next}


@router.get(
    "/appraisals", response={200: OwnAppraisals, READING: Problem}, summary="Your own appraisals"
)
def own_appraisals(request: ApiRequest) -> dict[str, Any]:
    """How far each is; total and grade once they are released."""
    lines = queries.lines_for(request.viewer, [request.viewer.member_id])
    return {"items": [_told(line) for line in lines]}


@router.get(
    "/appraisals/{appraisal_id}",
    response={200: AppraisalTold, READING: Problem},
    summary="One appraisal",
)
def appraisal(request: ApiRequest, appraisal_id: Path[Number]) -> dict[str, Any]:
    """An appraisal of yours or of a member in your reach, or one that you review."""
    found = queries.appraisal_for(request.viewer, appraisal_id)
    return _told(queries.line_of(request.viewer, found))


@router.get(
    "/appraisals/{appraisal_id}/explanation",
    response={200: Reason, READING: Problem},
    summary="Why a result is what it is",
    exclude_defaults=True,
)
def appraisal_explanation(
    request: ApiRequest, appraisal_id: Path[Number], at: Query[At]
) -> dict[str, Any]:
    """From the grade through every dimension and item down to the rows and ratings."""
    found = queries.appraisal_for(request.viewer, appraisal_id, to="see_result")
    return reason(tree_of(found), at.path)


def _told(line: queries.AppraisalLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "cycle": line.cycle_code,
        "period": line.period,
        "member": line.member_code,
        "name": line.member_name,
        "stage": line.stage,
        "reviewer": line.reviewer_name if line.reviewer_name.zh else None,
        "due": line.due,
        "total": None if line.total is None else trimmed(line.total, _PLACES),
        "grade": line.grade,
    }
