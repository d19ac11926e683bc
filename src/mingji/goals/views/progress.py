"""Reporting how a goal goes."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingji.goals import actions, queries
from mingji.goals.forms import ProgressForm
from mingji.kit import clock
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_http_methods(["GET", "POST"])
def report(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Say where a goal stands, with evidence; what was said before stays."""
    found = queries.goal_for(request.viewer, goal_id, to="report")
    line = queries.goal_line(request.viewer, found)
    steps = [(str(each.position), each.title) for each in found.milestones.all()]
    done = [str(each.position) for each in found.milestones.all() if each.done_on]
    posted = request.POST if request.method == "POST" else None
    form = ProgressForm(
        found.measure if found.kind != "objective" else "",
        line.metric.unit,
        steps,
        posted,
        initial={"steps": done},
    )
    if posted is not None and form.is_valid():
        try:
            actions.report(request.viewer, goal_id, _said(form), at=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your report is kept with the goal."))
            return redirect("goals:goal", goal_id)
    context = {"line": line, "goal": found, "form": form}
    return render(request, "goals/report.html", context, status=422 if form.errors else 200)


def _said(form: ProgressForm) -> actions.Report:
    given = form.cleaned_data
    value = form.value_given()
    return actions.Report(
        value=None if value is None else Decimal(value),
        steps=form.steps_given() if "steps" in given else None,
        confidence=given["confidence"],
        evidence=given["evidence"],
        note=given["note"],
    )
