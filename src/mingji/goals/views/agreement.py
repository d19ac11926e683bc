"""The page of a goal agreement, and the steps of its negotiation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.goals import actions, policy, queries
from mingji.goals.charts import with_bullets
from mingji.kit import clock
from mingji.people.http import SignedInRequest
from mingji.rules import goal_steps
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid


@require_GET
def agreement(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """All goals of one owner in one period, where they stand, and what can be done."""
    found = queries.agreement_for(request.viewer, agreement_id)
    return _page(request, found.pk)


@require_POST
def propose(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Put the draft before the other side."""
    note = request.POST.get("note", "")
    try:
        actions.propose(request.viewer, agreement_id, note=note, at=clock.now())
    except Invalid as error:
        return _page(request, agreement_id, error)
    messages.success(request, _("The goals are proposed. They now wait for the other side."))
    return redirect("goals:agreement", agreement_id)


@require_POST
def withdraw(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    actions.withdraw(request.viewer, agreement_id, at=clock.now())
    messages.success(request, _("The proposal is taken back. It is a draft again."))
    return redirect("goals:agreement", agreement_id)


@require_POST
def accept(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """Agree to what the other side proposed."""
    number = request.POST.get("number", "")
    read = int(number) if number.isdecimal() and len(number) < 6 else -1
    actions.accept(request.viewer, agreement_id, number=read, at=clock.now())
    messages.success(request, _("You have agreed to these goals. They are locked now."))
    return redirect("goals:agreement", agreement_id)


def _page(
    request: SignedInRequest, agreement_id: int, error: Invalid | None = None
) -> HttpResponse:
    viewer = request.viewer
    found = queries.agreement_for(viewer, agreement_id)
    side = policy.side_of(viewer, member=found.member, team=found.team)
    goals = queries.goals_in(viewer, found)
    context = {
        "agreement": found,
        "whose": queries.owner_name(found),
        "period": Period.parse(found.period),
        "goals": with_bullets(goals),
        "promises": queries.promises(viewer, goals),
        "may_follow": bool(side) and found.status == "agreed",
        "steps": goal_steps.possible(found.status, side=side, turn=found.awaited or ""),
        "error": error,
    }
    return render(request, "goals/agreement.html", context, status=422 if error else 200)
