"""Who is who: the matches of owners to members that stand, and their ends."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.metrics import actions, queries
from mingji.metrics.source_forms import EndMatchForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowed


@require_GET
def matches(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_POST
def end_match(request: SignedInRequest, match_id: int) -> HttpResponse:
    form = EndMatchForm(request.POST)
    if form.is_valid():
        ends_on = form.cleaned_data["ends_on"]
        try:
            actions.end_match(request.viewer, match_id, ends_on, clock.now())
        except (Invalid, NotAllowed) as error:
            if isinstance(error, NotAllowed) and error.code != "own_mapping":
                raise
            form.add_error("ends_on", localized(error.message))
        else:
            messages.success(request, _("Saved. Refresh to count the rows anew."))
            return redirect("metrics:matches")
    return _page(request, match_id, form)


def _page(
    request: SignedInRequest, refused: int = 0, form: EndMatchForm | None = None
) -> HttpResponse:
    search, after = request.GET.get("q", ""), request.GET.get("after", "")
    page = queries.match_page(request.viewer, search, after)
    lines = [
        (match, form if match.pk == refused and form else EndMatchForm(auto_id=f"id_{match.pk}_%s"))
        for match in page.matches
    ]
    address = reverse("metrics:matches")
    kept = {"q": search} if search else {}
    context = {
        "page": page,
        "lines": lines,
        "form": form,
        "next_url": f"{address}?{urlencode({**kept, 'after': page.next})}" if page.next else "",
        "first_url": f"{address}?{urlencode(kept)}" if after else "",
    }
    return render(request, "metrics/matches.html", context, status=422 if form else 200)
