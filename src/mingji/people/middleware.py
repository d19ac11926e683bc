"""Put the viewer on each request of a person who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from mingji.kit import clock
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
