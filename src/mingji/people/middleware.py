"""Put the viewer on each request of a person who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from mingji.kit import clock
from mingji.people.models import User
from mingji.people.viewer import viewer_for


class ViewerMiddleware:
    """`request.viewer`: the `Viewer`, or None for somebody who has not signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.viewer = None  # type: ignore[attr-defined]
        if isinstance(user, User):
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            if user.member_id:
                request.viewer = viewer_for(user, clock.today())  # type: ignore[attr-defined]
        return self.get_response(request)
