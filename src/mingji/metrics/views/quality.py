"""The page of data quality: what stands out, whom it concerns, and who said that it may stand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.kit import clock
from mingji.metrics import actions, queries
from mingji.metrics.forms import AcknowledgeForm
from mingji.people.http import SignedInRequest


@require_GET
def quality(request: SignedInRequest) -> HttpResponse:
    """What the checks of the last refresh found."""
    return _page(request)


@require_POST
def acknowledge(request: SignedInRequest, finding_id: int) -> HttpResponse:
    """Say why a finding may stand."""
    found = queries.finding_for(request.viewer, finding_id)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, (found.pk, form), status=422)
    reason = form.cleaned_data["reason"]
    actions.acknowledge(request.viewer, finding_id, reason, at=clock.now())
    messages.success(request, _("Acknowledged. It stays listed until it is gone."))
    return redirect("metrics:quality")


def _page(
    request: SignedInRequest,
    refused: tuple[int, AcknowledgeForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = queries.quality_page(request.viewer)
    forms = dict([refused]) if refused else {}
    context = {
        "page": page,
        "open": [
            (line, forms.get(line.id) or AcknowledgeForm(auto_id=f"id_{line.id}_%s"))
            for line in page.open
        ],
        "form": refused[1] if refused else None,
    }
    return render(request, "metrics/quality.html", context, status=status)
