"""The company's own definitions: versions, the YAML, one metric as a form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mingji.kit import clock
from mingji.metrics import actions, policy, queries
from mingji.metrics.definitions import library
from mingji.metrics.forms_definitions import DefinitionsForm
from mingji.metrics.forms_metric import MetricForm, can_be_a_form, initial_of
from mingji.metrics.metric_kinds import KINDS
from mingji.metrics.own_document import put_metric
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_GET
def versions(request: SignedInRequest) -> HttpResponse:
    context = {
        "versions": queries.definition_versions(),
        "may_keep_data": bool(policy.may_keep_data(request.viewer)),
    }
    return render(request, "metrics/definitions/list.html", context)


@require_GET
def version(request: SignedInRequest, number: int) -> HttpResponse:
    context = {"page": queries.definition_version(number)}
    return render(request, "metrics/definitions/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest) -> HttpResponse:
    """The whole document; `check` shows what would change, `publish` puts it in force."""
    policy.may_keep_data(request.viewer).require()
    if request.method != "POST":
        form = DefinitionsForm(initial={"document": queries.own_document()})
        return render(request, "metrics/definitions/edit.html", {"form": form})
    form = DefinitionsForm(request.POST)
    form.is_valid()
    document = form.cleaned_data.get("document", "")
    try:
        if "publish" in request.POST:
            reason = form.cleaned_data.get("reason", "")
            number = actions.publish_definitions(request.viewer, document, reason, clock.now())
            words = _("Version %(number)d is in force. Refresh to compute its values.")
            messages.success(request, words % {"number": number})
            return redirect("metrics:definitions_version", number=number)
        context = {"form": form, "preview": queries.preview_definitions(request.viewer, document)}
    except Invalid as refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "metrics/definitions/edit.html", context, status=422)
    return render(request, "metrics/definitions/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def define(request: SignedInRequest) -> HttpResponse:
    """One metric as a form; it leads to the document with the metric in it, ready to be checked.

    Without a metric and without a kind, it asks for the kind first.
    """
    policy.may_keep_data(request.viewer).require()
    if request.method != "POST":
        return _empty_or_filled(request)
    kind = request.POST.get("type", "")
    if kind not in KINDS:
        return render(request, "metrics/definitions/kinds.html", {"kinds": KINDS}, status=422)
    form = MetricForm(library().definitions, kind, request.POST)
    if not form.is_valid():
        return render(request, "metrics/definitions/define.html", {"form": form}, status=422)
    id_ = form.cleaned_data["id"]
    words = form.words(queries.words_in_force(id_))
    document = put_metric(queries.own_document(), id_, words)
    try:
        preview = queries.preview_definitions(request.viewer, document)
    except Invalid as refusal:
        refused = {"form": form, "refusal": refusal}
        return render(request, "metrics/definitions/define.html", refused, status=422)
    context = {"form": DefinitionsForm(initial={"document": document}), "preview": preview}
    return render(request, "metrics/definitions/edit.html", context)


def _empty_or_filled(request: SignedInRequest) -> HttpResponse:
    known = library().definitions
    metric = known.metrics.get(request.GET.get("metric", ""))
    words = queries.words_in_force(metric.id) if metric else {}
    if metric is not None and not can_be_a_form(words):
        messages.info(request, _("So many steps are edited as YAML."))
        return redirect("metrics:definitions_edit")
    kind = str(words.get("type", "simple")) if words else request.GET.get("type", "")
    if kind not in KINDS:
        return render(request, "metrics/definitions/kinds.html", {"kinds": KINDS})
    initial = initial_of(metric, words) if metric else {}
    form = MetricForm(known, kind, initial=initial, steps=words.get("steps"))
    return render(request, "metrics/definitions/define.html", {"form": form})
