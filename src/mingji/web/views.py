"""The style guide (every component with data of real length), and the reference of the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingji.kit.explain import explanation_response
from mingji.rules.errors import NotFound
from mingji.rules.text import Text
from mingji.web import samples
from mingji.web.reference import reference, translated


@login_not_required
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    _only_where_it_belongs()
    why = reverse("web:styleguide_why")
    context = samples.everything(why) | {"form": samples.form(), "why": why}
    return render(request, "web/styleguide.html", context)


@login_not_required
@require_GET
def styleguide_why(request: HttpRequest) -> HttpResponse:
    _only_where_it_belongs()
    return explanation_response(
        request,
        samples.TREE,
        request.GET.get("path", ""),
        base_url=reverse("web:styleguide_why"),
        title=Text("欧阳若琳 · 2026年第三季度", "Ouyang Ruolin · Q3 2026"),
        rows_url=lambda source: reverse("web:styleguide") if source.kind == "rows" else None,
    )


@login_not_required
@require_GET
def api(request: HttpRequest) -> HttpResponse:
    """The reference of the API. It says what there is, nothing about anybody."""
    context = {
        "reference": reference(_document()),
        "address": request.build_absolute_uri(reverse("api:people.me")),
    }
    return render(request, "web/api.html", context)


@login_not_required
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI description, its words in the language of the request."""
    return JsonResponse(_document(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _document() -> Any:
    from mingji.web.api import document

    return translated(document())


def _only_where_it_belongs() -> None:
    if not (settings.MINGJI_DEMO or settings.DEBUG):
        raise NotFound(Text("这个网站没有组件页。", "This site has no style guide."))
