"""The page of what a source set aside: rows with their reasons, to be mended and loaded again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET, require_POST

from mingji.kit import clock
from mingji.metrics import actions, queries
from mingji.metrics.source_forms import UploadForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid


@require_GET
def waiting(request: SignedInRequest, code: str) -> HttpResponse:
    """Rows that wait to be mended, batch by batch."""
    return _page(request, code, UploadForm())


@require_GET
def waiting_csv(request: SignedInRequest, code: str) -> StreamingHttpResponse:
    """The same as a file to mend (`?batch=…`: of one batch)."""
    batch = request.GET.get("batch", "")
    locale = "zh" if (get_language() or "").startswith("zh") else "en"
    lines = queries.waiting_as_csv(request.viewer, code, batch, locale)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{code}-{batch[:12]}" if batch.isalnum() else code
    response["Content-Disposition"] = f'attachment; filename="{name}-to-mend.csv"'
    return response


@require_POST
def mend(request: SignedInRequest, code: str) -> HttpResponse:
    """Load a mended file; what cannot be read this time either waits again."""
    form = UploadForm(request.POST, request.FILES)
    queries.source_for(request.viewer, code)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = actions.mend_rejected(
                request.viewer, code, file.name, file.chunks(), clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _told(done))
            return redirect("metrics:source_waiting", code=code)
    return _page(request, code, form, status=422)


def _told(done: actions.Mended) -> str:
    told = ngettext(
        "%(read)d row: %(loaded)d loaded, %(rejected)d set aside again.",
        "%(read)d rows: %(loaded)d loaded, %(rejected)d set aside again.",
        done.read,
    )
    return told % {"read": done.read, "loaded": done.loaded, "rejected": done.rejected}


def _page(request: SignedInRequest, code: str, form: UploadForm, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    page = queries.waiting_page(request.viewer, code, after)
    here = reverse("metrics:source_waiting", args=(code,))
    context = {
        "page": page,
        "source": page.source,
        "form": form,
        "csv_url": reverse("metrics:source_waiting_csv", args=(code,)),
        "next_url": f"{here}?{urlencode({'after': page.next})}" if page.next else "",
        "first_url": here if after else "",
    }
    return render(request, "metrics/sources/waiting.html", context, status=status)
