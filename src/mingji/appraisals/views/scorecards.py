"""The scorecard, the reasons behind each of its numbers, and the list of one's own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingji.appraisals import queries
from mingji.appraisals.scorecard import scorecard as lay_out
from mingji.appraisals.scorecard import tree_of
from mingji.kit.explain import explanation_response
from mingji.metrics import queries as metrics
from mingji.people.http import SignedInRequest
from mingji.rules.explanation import Source
from mingji.rules.text import Text


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """My appraisals, the latest first."""
    lines = queries.lines_for(request.viewer, [request.viewer.member_id])
    return render(request, "appraisals/mine.html", {"lines": lines})


@require_GET
def scorecard(request: SignedInRequest, appraisal_id: int) -> HttpResponse:
    """One appraisal: score, grade, how they came about, what was said."""
    appraisal = queries.appraisal_for(request.viewer, appraisal_id)
    card = lay_out(request.viewer, appraisal)
    context = {
        "card": card,
        "appraisal": appraisal,
        "cycle": appraisal.cycle,
        "reviews": card.reviews.values(),
    }
    return render(request, "appraisals/scorecard.html", context)


@require_GET
def why(request: SignedInRequest, appraisal_id: int) -> HttpResponse:
    """Why a number of the scorecard is what it is, down to the rows it was made from."""
    appraisal = queries.appraisal_for(request.viewer, appraisal_id, to="see_result")
    name, cycle = appraisal.member.known_as, appraisal.cycle.title
    return explanation_response(
        request,
        tree_of(appraisal),
        request.GET.get("path", ""),
        base_url=reverse("appraisals:why", args=[appraisal.pk]),
        title=Text(f"{name.zh} · {cycle.zh}", f"{name.en} · {cycle.en}"),
        rows_url=_opener(appraisal.cycle.scheme_version_id),
        named=metrics.named_parameter,
    )


def _opener(scheme_version: int) -> Callable[[Source], str | None]:
    """Where a source of a scorecard leads: rows, the goal that was agreed, the scheme."""

    def address(source: Source) -> str | None:
        if source.kind == "rows":
            return metrics.rows_url(source.ref)
        if source.kind == "scheme":
            return reverse("schemes:version", args=[scheme_version])
        if source.kind == "agreement" and source.ref.startswith("goal:"):
            return reverse("goals:goal", args=[source.ref.removeprefix("goal:")])
        return None

    return address
