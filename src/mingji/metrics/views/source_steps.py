"""Setting up a source, a step at a time; each step has its own address and needs no script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from mingji.kit import clock
from mingji.metrics import actions, queries
from mingji.metrics.mapping import From
from mingji.metrics.source_forms import (
    UNIT_WORDS,
    NewSourceForm,
    ScheduleForm,
    SettingsForm,
    UploadForm,
    mapping_from,
)
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.text import Text

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@_BOTH
def new(request: SignedInRequest) -> HttpResponse:
    kinds = queries.kinds_to_choose(request.viewer)
    form = NewSourceForm(kinds, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = Text(given["name_zh"], given["name_en"])
        try:
            made = actions.create_source(
                request.viewer, given["kind"], given["code"], name, clock.now()
            )
            return redirect("metrics:source_settings", code=made.code)
        except Invalid as error:
            form.refuse(error)
    return _step(request, "new", {"form": form, "kinds": kinds})


@_BOTH
def settings(request: SignedInRequest, code: str) -> HttpResponse:
    """The settings of the kind; an upload asks for its first file instead."""
    page = queries.source_page(request.viewer, code, clock.now())
    source, asked = page.line.source, page.kind.settings
    if source.kind == "upload":
        return _step(request, "settings", {"source": source, "upload": UploadForm()})
    form = SettingsForm(asked, request.POST or None, initial=source.settings)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_up_source(request.viewer, code, form.given(), clock.now())
            return redirect("metrics:source_test", code=code)
        except Invalid as error:
            form.refuse(error)
    return _step(request, "settings", {"source": source, "form": form, "kind": page.kind})


@_BOTH
def test(request: SignedInRequest, code: str) -> HttpResponse:
    if request.method == "POST":
        actions.check_source(request.viewer, code, clock.now())
        return redirect("metrics:source_test", code=code)
    source = queries.source_for(request.viewer, code)
    return _step(request, "test", {"source": source})


@require_GET
def preview(request: SignedInRequest, code: str) -> HttpResponse:
    page = queries.preview_page(request.viewer, code)
    return _step(request, "preview", {"source": page.source, "page": page})


@_BOTH
def mapping(request: SignedInRequest, code: str) -> HttpResponse:
    if request.method == "POST":
        return _map(request, code)
    table, entity = request.GET.get("table", ""), request.GET.get("entity", "")
    page = queries.mapping_page(request.viewer, code, table, entity)
    return _mapping(request, page)


@require_safe
def mapping_missing(request: SignedInRequest, code: str) -> HttpResponse:
    """The list of what a mapping still lacks, while its fields are being filled in."""
    table, entity = request.GET.get("table", ""), request.GET.get("entity", "")
    page = queries.mapping_page(request.viewer, code, table, entity)
    given = _given(request.GET, page)
    return render(request, "metrics/sources/_missing.html", _lacking(page, given))


@_BOTH
def schedule(request: SignedInRequest, code: str) -> HttpResponse:
    source = queries.source_for(request.viewer, code)
    owner = source.owner.code if source.owner else request.viewer.code
    fresh = source.schedule == "manual" and not source.enabled
    on = fresh or source.enabled
    initial = {"schedule": source.schedule, "at": source.at, "owner": owner, "enabled": on}
    form = ScheduleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            who = given["owner"] and queries.member_code(request.viewer, given["owner"])
            plan = actions.SourcePlan(given["schedule"], given["at"], who, given["enabled"])
            actions.schedule_source(request.viewer, code, plan, clock.now())
        except (Invalid, NotAllowedNow) as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("metrics:source", code=code)
    return _step(request, "schedule", {"source": source, "form": form})


def _map(request: SignedInRequest, code: str) -> HttpResponse:
    table, entity = request.POST.get("table", ""), request.POST.get("entity", "")
    page = queries.mapping_page(request.viewer, code, table, entity)
    given = _given(request.POST, page)
    told = actions.SourceMapping(
        table=table,
        columns=given,
        headers=page.headers,
        excluded=request.POST.getlist("excluded"),
        entity=page.entity,
        together="together" in request.POST,
    )
    try:
        actions.map_source(request.viewer, code, told, clock.now())
    except (Invalid, NotAllowedNow) as error:
        page = queries.mapping_page(request.viewer, code, table, entity, given)
        refused = error if isinstance(error, NotAllowedNow) else None
        return _mapping(request, page, given, refused=refused, status=422)
    messages.success(request, _("The mapping is saved. This is how the first rows are read."))
    return redirect("metrics:source_preview", code=code)


def _given(data: Any, page: queries.MappingPage) -> dict[str, From]:
    columns = tuple(page.table.columns.values()) if page.table else ()
    return mapping_from(data, columns)


def _mapping(
    request: SignedInRequest,
    page: queries.MappingPage,
    given: dict[str, From] | None = None,
    *,
    refused: NotAllowedNow | None = None,
    status: int = 200,
) -> HttpResponse:
    if given is None:
        given = {each.column.name: each.chosen for each in page.columns}
    context = {
        "source": page.source,
        "page": page,
        "units": UNIT_WORDS,
        "refused": refused,
        "was_refused": status == 422,
        **_lacking(page, given),
    }
    return _step(request, "mapping", context, status=status)


def _lacking(page: queries.MappingPage, given: dict[str, From]) -> dict[str, Any]:
    table = page.table.name if page.table else ""
    return {
        "missing": queries.missing(table, given, page.headers),
        "blank": queries.left_blank(table, given),
        "left_count": len(page.left),
    }


def _step(
    request: SignedInRequest, step: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    form = context.get("form")
    if form is not None and form.is_bound:
        status = 422
    steps = ("settings", "test", "preview", "mapping", "schedule")
    told = {**context, "step": step, "steps": steps}
    return render(request, f"metrics/sources/{step}.html", told, status=status)
