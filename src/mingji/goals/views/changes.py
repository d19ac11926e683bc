"""Asking for a change of agreed goals, and deciding it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.goals import actions, queries
from mingji.goals.actions import Grounds
from mingji.goals.forms import GroundsForm, all_terms
from mingji.kit import clock
from mingji.kit.explain import explanation_response
from mingji.metrics import queries as metrics
from mingji.people.http import SignedInRequest
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.explanation import Source
from mingji.rules.goal_steps import CATEGORIES
from mingji.rules.text import Text


@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Ask for other terms than those agreed, with a reason and evidence."""
    found = queries.agreement_for(request.viewer, agreement_id, to="request_change")
    posted = request.POST if request.method == "POST" else None
    sheet = all_terms(queries.terms_of(found), queries.items_of(found), GroundsForm, posted)
    if posted is not None and sheet.is_valid():
        try:
            request_id = actions.request_change(
                request.viewer,
                agreement_id,
                sheet.terms(),
                Grounds(**sheet.beside.cleaned_data),
                at=clock.now(),
            )
        except Invalid as error:
            sheet.refuse(error)
        else:
            messages.success(request, _("The change request is with the other side."))
            return redirect("goals:change", request_id)
    context = {
        "agreement": found,
        "whose": queries.owner_name(found),
        "period": Period.parse(found.period),
        "sheet": sheet,
    }
    return render(request, "goals/ask_change.html", context, status=200 if posted is None else 422)


@require_GET
def change(request: SignedInRequest, request_id: int) -> HttpResponse:
    """A change request: why, what would change, what it does to the score, and who says yes."""
    return _page(request, request_id)


@require_GET
def effect(request: SignedInRequest, request_id: int, when: str) -> HttpResponse:
    """Why the score would be what it is before or after the change."""
    found = queries.request_for(request.viewer, request_id)
    known = queries.effect_of_request(found)
    if known is None:
        raise NotFound(_NO_EFFECT, code="no_effect")
    return explanation_response(
        request,
        known.before if when == "before" else known.after,
        request.GET.get("path", ""),
        base_url=request.path,
        title=Text("变更对得分的影响", "What the change does to the score"),
        rows_url=_source_url,
        named=metrics.named_parameter,
    )


@require_POST
def accept(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Accept what the other side wants to change."""
    actions.accept_change(request.viewer, request_id, at=clock.now())
    messages.success(request, _("You have accepted the change. It now waits for approval."))
    return redirect("goals:change", request_id)


@require_POST
def approve(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Put the change in force."""
    answer = request.POST.get("answer", "")[:2000]
    actions.approve_change(request.viewer, request_id, answer=answer, at=clock.now())
    messages.success(request, _("The change is in force."))
    return redirect("goals:change", request_id)


@require_POST
def refuse(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Refuse the change with a reason."""
    answer = request.POST.get("answer", "")[:2000]
    try:
        actions.refuse_change(request.viewer, request_id, answer=answer, at=clock.now())
    except Invalid as error:
        return _page(request, request_id, error)
    messages.success(request, _("The change is refused."))
    return redirect("goals:change", request_id)


@require_POST
def withdraw(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Take one's own request back."""
    actions.withdraw_change(request.viewer, request_id, at=clock.now())
    messages.success(request, _("The change request is taken back."))
    return redirect("goals:change", request_id)


def _page(request: SignedInRequest, request_id: int, error: Invalid | None = None) -> HttpResponse:
    found = queries.request_for(request.viewer, request_id)
    context = {
        "change": found,
        "requests": [found],
        "agreement": found.agreement,
        "whose": queries.owner_name(found.agreement),
        "period": Period.parse(found.agreement.period),
        "category": CATEGORIES.get(found.category),  # type: ignore[call-overload]
        "changes": queries.changes_asked(found),
        "effect": queries.effect_of_request(found),
        "steps": queries.request_steps(request.viewer, found),
        "error": error,
    }
    return render(request, "goals/change.html", context, status=422 if error else 200)


def _source_url(source: Source) -> str | None:
    if source.ref.startswith("agreement:"):
        return reverse("goals:agreement", args=[source.ref.removeprefix("agreement:")])
    return metrics.rows_url(source.ref)


_NO_EFFECT = Text(
    zh="这个变更不影响按考核表计分的目标，或者还没有可用的数据。",
    en="The change touches no goal that the form scores, or there is no data yet.",
)
