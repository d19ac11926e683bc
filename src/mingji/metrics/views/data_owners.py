"""The page on which a metric is given its data owner."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingji.kit import clock
from mingji.metrics import actions, policy, queries
from mingji.metrics.definitions import metric_of
from mingji.metrics.forms import DataOwnerForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_http_methods(["GET", "HEAD", "POST"])
def data_owner(request: SignedInRequest, metric: str) -> HttpResponse:
    """Say which member answers for the numbers of a metric, or nobody."""
    policy.may_keep_data(request.viewer).require()
    found, owner = metric_of(metric), queries.data_owner(metric)
    if request.method == "POST":
        form = DataOwnerForm(request.POST)
        if form.is_valid() and _assigned(request, form, metric):
            messages.success(request, _("Saved. Disputes of this metric go there from now on."))
            return redirect("metrics:metric", metric)
    else:
        form = DataOwnerForm(initial={"member": owner.code if owner else ""})
    context = {"form": form, "metric": found, "owner": owner}
    status = 422 if form.errors else 200
    return render(request, "metrics/data_owner.html", context, status=status)


def _assigned(request: SignedInRequest, form: DataOwnerForm, metric: str) -> bool:
    words = form.cleaned_data["member"].strip()
    try:
        code = queries.member_code(request.viewer, words) if words else ""
        actions.assign_data_owner(request.viewer, metric, code, at=clock.now())
    except Invalid as error:
        form.refuse(error)
    return form.is_valid()
