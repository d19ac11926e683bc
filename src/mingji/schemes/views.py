"""The list of schemes, the page of a version, and publishing a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mingji.kit import clock
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.schemes import actions, policy, queries
from mingji.schemes.forms import PublishForm

_LONGEST_NUMBER = 18


@require_safe
def schemes(request: SignedInRequest) -> HttpResponse:
    context = {
        "versions": queries.versions(),
        "may_publish": bool(policy.may_publish(request.viewer)),
    }
    return render(request, "schemes/list.html", context)


@require_safe
def version(request: SignedInRequest, version_id: int) -> HttpResponse:
    context = {
        "page": queries.version_page(version_id),
        "may_publish": bool(policy.may_publish(request.viewer)),
    }
    return render(request, "schemes/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest) -> HttpResponse:
    policy.may_publish(request.viewer).require()
    if request.method != "POST":
        start = request.GET.get("from", "")
        known = start.isdecimal() and len(start) <= _LONGEST_NUMBER
        document = queries.document_of(int(start)) if known else ""
        form = PublishForm(initial={"document": document})
        return render(request, "schemes/publish.html", {"form": form})
    form = PublishForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "schemes/publish.html", {"form": form}, status=422)
    text = form.cleaned_data["document"]
    try:
        made = actions.publish(request.viewer, text, at=clock.now())
    except Invalid as refusal:
        # What was in a file is shown in the field, where its lines can be mended.
        context = {"form": PublishForm(initial={"document": text}), "refusal": refusal}
        return render(request, "schemes/publish.html", context, status=422)
    messages.success(request, _("Version %(number)d is in force.") % {"number": made.number})
    return redirect("schemes:version", version_id=made.pk)
