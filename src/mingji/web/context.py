"""What the frame of every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The viewer and the reader's preferences, for `base.html`."""
    user = getattr(request, "user", None)
    theme = getattr(user, "theme", "") or request.COOKIES.get("theme", "")
    density = getattr(user, "density", "") or request.COOKIES.get("density", "")
    return {
        "viewer": getattr(request, "viewer", None),
        "demo": settings.MINGJI_DEMO,
        # Anything else (also a cookie that somebody made up) follows the browser.
        "theme": theme if theme in ("light", "dark") else "",
        "reminders": getattr(user, "reminders", ""),
        "density": density if density == "compact" else "comfortable",
    }
