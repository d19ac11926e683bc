"""Following up what was promised."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingji.goals import actions, queries
from mingji.goals.forms import SupportForm
from mingji.kit import clock
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_http_methods(["GET", "POST"])
def support(request: SignedInRequest, goal_id: int) -> HttpResponse:
    """Say what became of the promised support; what was said before stays."""
    found = queries.goal_for(request.viewer, goal_id, to="report")
    posted = request.POST if request.method == "POST" else None
    form = SupportForm(posted)
    if posted is not None and form.is_valid():
        said = actions.SupportReport(**form.cleaned_data)
        try:
            actions.follow_support(request.viewer, goal_id, said, at=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("What became of the support is kept with the goal."))
            return redirect("goals:goal", goal_id)
    line = queries.goal_line(request.viewer, found)
    context = {"line": line, "goal": found, "form": form}
    return render(request, "goals/support.html", context, status=422 if form.errors else 200)
