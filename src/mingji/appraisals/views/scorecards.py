"""The scorecard, the reasons behind each of its numbers, and the list of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.appraisals import actions, policy, queries
from mingji.appraisals.forms import ReviewerForm
from mingji.appraisals.scorecard import scorecard as lay_out
from mingji.appraisals.scorecard import tree_of
from mingji.kit import clock
from mingji.kit.explain import explanation_response
from mingji.kit.i18n import localized, sentences
from mingji.metrics import queries as metrics
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Source
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.appraisals.models import Appraisal


@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """My appraisals, the latest first."""
    lines = queries.lines_for(request.viewer, [request.viewer.member_id])
    return render(request, "appraisals/mine.html", {"lines": lines})


@require_GET
def scorecard(request: SignedInRequest, appraisal_id: int) -> HttpResponse:
    """One appraisal: score, grade, how they came about, what was said."""
    return _scorecard(request, appraisal_id)


@require_POST
def reviewer(request: SignedInRequest, appraisal_id: int) -> HttpResponse:
    """Let somebody else write the manager review."""
    code, reason = request.POST.get("reviewer", ""), request.POST.get("reason", "")
    try:
        actions.change_reviewer(
            request.viewer, appraisal_id, code, reason=reason[:500], at=clock.now()
        )
    except Invalid as error:
        return _scorecard(request, appraisal_id, error)
    messages.success(request, _("The reviewer is changed."))
    return redirect("appraisals:scorecard", appraisal_id)


def _scorecard(
    request: SignedInRequest, appraisal_id: int, error: Invalid | None = None
) -> HttpResponse:
    appraisal = queries.appraisal_for(request.viewer, appraisal_id)
    card = lay_out(request.viewer, appraisal)
    context = {
        "card": card,
        "appraisal": appraisal,
        "cycle": appraisal.cycle,
        "reviews": card.reviews.values(),
        "hand_over": _hand_over(request, appraisal, error),
    }
    return render(request, "appraisals/scorecard.html", context, status=422 if error else 200)


def _hand_over(
    request: SignedInRequest, appraisal: Appraisal, error: Invalid | None
) -> ReviewerForm | None:
    """The form by which another reviewer is named, for who may, while it can be."""
    if not policy.may_run_cycles(request.viewer):
        return None
    people = queries.possible_reviewers(appraisal, request.viewer.on)
    if not people:
        return None
    choices = [("", "—"), *((each.code, localized(each.known_as)) for each in people)]
    form = ReviewerForm(choices, request.POST if error else None)
    for found in error.findings if error else ():
        form.errors[found.place.path] = form.error_class([sentences(found.message, found.remedy)])
    return form


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
