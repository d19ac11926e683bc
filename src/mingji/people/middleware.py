"""Put the viewer on each request of a person who is signed in; ask all others to sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from mingji.kit import clock
from mingji.kit.typed import typed
from mingji.people.models import User
from mingji.people.viewer import viewer_for
from mingji.rules.errors import NotAllowed


class ViewerMiddleware:
    """`request.viewer`: the `Viewer`, or None for somebody who has not signed in.

    Who has left since, or has no member behind the login, is signed out and sent to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.viewer = None  # type: ignore[attr-defined]
        if isinstance(user, User):
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            try:
                request.viewer = viewer_for(user, clock.today())  # type: ignore[attr-defined]
            except NotAllowed:
                logout(request)
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends to the sign-in page who has not signed in.

    A browser whose session ended while a form was being filled in gets what was typed back, to be
    copied. Its origin has been checked by then (`CsrfViewMiddleware` stands before).
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """The sign-in page, or the one that shows what was typed."""
        had_a_form = settings.CSRF_COOKIE_NAME in request.COOKIES
        if had_a_form and "HX-Request" not in request.headers and (words := typed(request)):
            context = {"typed": words, "next": urlencode({"next": _page_of_form(request)})}
            return render(request, "people/signed_out.html", context, status=403)
        return super().handle_no_permission(request, view_func)


def _page_of_form(request: HttpRequest) -> str:
    """The page that held the form, if it is one of this site; otherwise home."""
    came_from = request.headers.get("Referer", "")
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(came_from, here, require_https=request.is_secure()):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"
