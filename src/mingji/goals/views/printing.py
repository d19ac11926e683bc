"""Goal agreements on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mingji.goals import printing, queries
from mingji.kit.i18n import locale
from mingji.kit.pdf import LANGUAGES, pdf
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_NO_LANGUAGE = Text(
    zh="没有这种语言的目标确认书。可以选中文（zh）、英文（en）或双语（both）。",
    en="There is no goal agreement in that language: choose zh, en, or both side by side.",
)


@require_GET
def agreement_pdf(request: SignedInRequest, agreement_id: int) -> HttpResponse:
    """The goal agreement as a PDF, in the language asked for (`?language=zh`, `en` or `both`)."""
    found = queries.agreement_for(request.viewer, agreement_id)
    chosen = request.GET.get("language") or locale()[:2]
    if chosen not in LANGUAGES:
        raise Invalid(_NO_LANGUAGE, code="no_such_language")
    document = printing.document(queries.printed(request.viewer, found))
    body = pdf(printing.TEMPLATE, document, LANGUAGES[chosen])
    owner = found.member or found.team
    assert owner is not None
    name = f"goal-agreement-{owner.code}-{found.period}-{chosen}.pdf"
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
