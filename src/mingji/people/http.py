"""The request of a person who is signed in, or of a program that acts for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from mingji.people.viewer import Viewer

if TYPE_CHECKING:
    from mingji.people.actions import Bearer


class SignedInRequest(HttpRequest):
    """What every view behind sign-in receives (`SignInMiddleware`, `ViewerMiddleware`)."""

    viewer: Viewer
    htmx: HtmxDetails


class ApiRequest(HttpRequest):
    """What every operation of the API receives (`people.bearer`)."""

    viewer: Viewer
    auth: Bearer
