"""The pages of sources: each, its runs, what a run set aside."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingji.kit import clock
from mingji.metrics import actions, queries
from mingji.metrics.source_forms import UploadForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowedNow


@require_GET
def source(request: SignedInRequest, code: str) -> HttpResponse:
    return _source_page(request, code, UploadForm())


@require_POST
def run(request: SignedInRequest, code: str) -> HttpResponse:
    anew = bool(request.POST.get("anew"))
    begun = actions.start_run(request.viewer, code, clock.now, anew=anew)
    return redirect("metrics:source_run", code=code, run_id=begun.pk)


@require_POST
def upload(request: SignedInRequest, code: str) -> HttpResponse:
    """Keep the file; a source with a mapping reads it at once, one without is mapped next."""
    form = UploadForm(request.POST, request.FILES)
    found = queries.source_for(request.viewer, code)
    if not form.is_valid():
        return _source_page(request, code, form, status=422)
    file = form.cleaned_data["file"]
    try:
        actions.keep_upload(request.viewer, code, file.name, file.chunks(), clock.now())
    except (Invalid, NotAllowedNow) as error:
        form.refuse(error)
        return _source_page(request, code, form, status=422)
    if not found.table:
        messages.success(request, _("The file is kept. Say now what stands in its columns."))
        return redirect("metrics:source_preview", code=code)
    return run(request, code)


@require_GET
def run_page(request: SignedInRequest, code: str, run_id: int) -> HttpResponse:
    page = queries.run_page(request.viewer, code, run_id)
    return render(request, "metrics/sources/run.html", {"page": page, "run": page.run})


@require_GET
def rejected_csv(request: SignedInRequest, code: str, run_id: int) -> StreamingHttpResponse:
    lines = queries.rejected_as_csv(request.viewer, code, run_id)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{run_id}-rejected.csv"'
    return response


def _source_page(
    request: SignedInRequest, code: str, form: UploadForm, status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")
    page = queries.source_page(request.viewer, code, clock.now(), after)
    address = reverse("metrics:source", args=(code,))
    context = {
        "page": page,
        "line": page.line,
        "source": page.line.source,
        "waits": queries.waits(page.line.source),
        "form": form,
        "next_url": f"{address}?after={page.next}#runs" if page.next else "",
        "first_url": f"{address}#runs" if after else "",
        "push_address": request.build_absolute_uri(reverse("metrics:push", args=(code,))),
    }
    return render(request, "metrics/sources/source.html", context, status=status)
