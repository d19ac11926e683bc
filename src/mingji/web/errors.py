"""The four ways to fail, mapped once to a page that says what happened and what to do now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingji.rules.errors import Invalid, MingjiError, NotAllowed, NotAllowedNow, NotFound

STATUS: dict[type[MingjiError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    NotAllowedNow: 409,
    Invalid: 422,
}


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
        }
        return render(request, "web/error.html", context, status=status)
