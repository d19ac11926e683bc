"""The request of a person who is signed in."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from mingji.people.viewer import Viewer


class SignedInRequest(HttpRequest):
    """What every view behind sign-in receives (`LoginRequiredMiddleware`, `ViewerMiddleware`)."""

    viewer: Viewer
    htmx: HtmxDetails
