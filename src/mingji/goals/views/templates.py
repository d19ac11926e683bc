"""The page of goal templates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.goals import actions, policy, queries
from mingji.kit import clock
from mingji.people.http import SignedInRequest


@require_GET
def templates(request: SignedInRequest) -> HttpResponse:
    """The templates of every job family: those of the scheme, and those that were saved."""
    policy.may_keep_templates(request.viewer).require()
    families = queries.templates_by_family()
    removable = {
        each.row.pk
        for family in families
        for each in family.saved
        if policy.may_remove_template(request.viewer, each.row)
    }
    context = {"families": families, "removable": removable}
    return render(request, "goals/templates.html", context)


@require_POST
def remove(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Take a template away."""
    actions.remove_template(request.viewer, template_id, at=clock.now())
    messages.success(request, _("The template is removed. Goals set with it stay as they are."))
    return redirect("goals:templates")
