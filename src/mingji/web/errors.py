"""The four ways to fail, mapped once to a page and once to JSON: what happened, what to do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from mingji.kit.i18n import localized
from mingji.kit.typed import typed
from mingji.rules.errors import Invalid, MingjiError, NotAllowed, NotAllowedNow, NotFound
from mingji.rules.findings import Finding
from mingji.rules.text import Text

STATUS: dict[type[MingjiError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    NotAllowedNow: 409,
    Invalid: 422,
}
_API = "/api/"
_NO_ADDRESS = Text(
    zh="API 里没有这个地址。所有地址都在 /api/v1/ 的说明里。",
    en="The API has no such address. The reference at /api/v1/ lists them all.",
)
_FAULT = Text(
    zh="服务器出错了，什么都没有保存。稍后再试；仍不行就告诉管理员。",
    en="The server failed, and nothing was saved. Try again later, or tell the administrator.",
)


class ErrorsMiddleware:
    """Turns a `MingjiError` that a view raised into its page; everything else stays a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a named failure, with its own status code."""
        if not isinstance(error, MingjiError):
            return None
        status = STATUS[type(error)]
        context = {
            "status": status,
            "message": error.message,
            "findings": getattr(error, "findings", ()),
            "typed": typed(request),
        }
        return render(request, "web/error.html", context, status=status)


def as_json(error: MingjiError) -> JsonResponse:
    """A named failure as the API tells it (`kit.wire.Problem`)."""
    findings = getattr(error, "findings", ())
    return problem(STATUS[type(error)], error.code, error.message, findings)


def problem(
    status: int, code: str, message: Text, findings: Sequence[Finding] = ()
) -> JsonResponse:
    """Any refusal as the API tells it, in the language of the request."""
    told: dict[str, Any] = {
        "status": status,
        "code": code,
        "message": localized(message),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "place": str(finding.place),
                "message": localized(finding.message),
                "remedy": localized(finding.remedy),
            }
            for finding in findings
        ],
    }
    response = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def no_such_address(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that the product does not have: JSON below the API, elsewhere the page."""
    if request.path.startswith(_API):
        return problem(404, "no_address", _NO_ADDRESS)
    return defaults.page_not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """Something that nobody foresaw: JSON below the API, elsewhere the page."""
    if request.path.startswith(_API):
        return problem(500, "fault", _FAULT)
    return defaults.server_error(request)
