"""Linking work with a goal, and taking a link away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingji.goals import actions, queries
from mingji.goals.forms import WorkForm
from mingji.kit import clock
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_http_methods(["GET", "POST"])
def link(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Say where work for the goal is found."""
    found = queries.goal_for(request.viewer, goal_id, to="report")
    form = WorkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.link_work(request.viewer, goal_id, **form.cleaned_data, at=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The work is linked with the goal."))
            return redirect("goals:goal", goal_id)
    line = queries.goal_line(request.viewer, found)
    context = {"line": line, "goal": found, "form": form}
    return render(request, "goals/link.html", context, status=422 if form.errors else 200)


@require_POST
def unlink(request: SignedInRequest, goal_id: int, link_id: int) -> HttpResponse:
    """Take a link away."""
    actions.unlink_work(request.viewer, goal_id, link_id, at=clock.now())
    messages.success(request, _("The link is taken away. What it led to stays where it is."))
    return redirect("goals:goal", goal_id)
