"""The page of the data analyst: what was loaded, what was found, whose rows are nobody's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from mingji.kit import clock
from mingji.metrics import actions, queries
from mingji.metrics.forms import MapOwnerForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowed


@require_GET
def data(request: SignedInRequest) -> HttpResponse:
    return _data_page(request)


@require_POST
def refresh(request: SignedInRequest) -> HttpResponse:
    periods = queries.periods_to_refresh(clock.today())
    run = actions.refresh(request.viewer, periods, clock.now())
    if run is None:
        messages.success(request, _("Nothing has changed since the last refresh."))
    else:
        changed = run.observations.count()
        told = ngettext("%(count)d value changed.", "%(count)d values changed.", changed)
        messages.success(request, told % {"count": changed})
    return redirect("metrics:data")


@require_POST
def map_owner(request: SignedInRequest) -> HttpResponse:
    form = MapOwnerForm(request.POST)
    if form.is_valid() and _mapped(request, form):
        messages.success(request, _("Matched. Refresh to count the rows."))
        return redirect("metrics:data")
    return _data_page(request, form, status=422)


def _mapped(request: SignedInRequest, form: MapOwnerForm) -> bool:
    given = form.cleaned_data
    try:
        actions.map_owner(
            request.viewer,
            given["source"],
            given["owner"],
            queries.member_code(request.viewer, given["member"]),
            clock.now(),
            given["starts_on"],
            given["ends_on"],
        )
    except Invalid as error:
        form.refuse(error)
    except NotAllowed as error:
        if error.code != "own_mapping":
            raise
        form.refuse(error)
    return form.is_valid()


# Each owner has a form of its own; the others move up as these are matched.
OWNERS_SHOWN = 50


def _data_page(
    request: SignedInRequest, refused: MapOwnerForm | None = None, status: int = 200
) -> HttpResponse:
    page = queries.data_page(request.viewer)
    after = request.GET.get("after", "")
    sources = queries.source_list(request.viewer, clock.now(), after)
    shown = page.unmatched[:OWNERS_SHOWN]
    likely = queries.likely_members(request.viewer, (each.owner for each in shown))
    owners = [
        (
            owner,
            MapOwnerForm.for_owner(number, owner.source, owner.owner, refused),
            likely.get(owner.owner, ()),
        )
        for number, owner in enumerate(shown)
    ]
    address = reverse("metrics:data")
    context = {
        "page": page,
        "sources": sources.lines,
        "next_url": f"{address}?after={sources.next}" if sources.next else "",
        "first_url": address if after else "",
        "unmatched": owners,
        "further_owners": len(page.unmatched) - len(shown),
        "form": refused,
    }
    return render(request, "metrics/data.html", context, status=status)
