"""The page of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from mingji.audit.queries import trail_page
from mingji.audit.words import KINDS

if TYPE_CHECKING:
    from mingji.people.http import SignedInRequest


@require_safe
def trail(request: SignedInRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("kind", "object_id")}
    query = {name: value for name, value in asked.items() if value}
    page = trail_page(request.viewer, **asked, after=request.GET.get("after", ""))
    here = reverse("audit:trail")
    context = {
        "page": page,
        "asked": asked,
        "kinds": KINDS,
        "next_url": f"{here}?{urlencode(query | {'after': page.next})}" if page.next else "",
        "first_url": f"{here}?{urlencode(query)}" if request.GET.get("after") else "",
    }
    return render(request, "audit/trail.html", context)
