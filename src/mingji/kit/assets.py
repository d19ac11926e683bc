"""The built front end: from the plain name of a file to the one that carries its digest."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static


def asset_url(name: str) -> str:
    """The address of a built file: `app.js`, `style.css` or `icons.svg`.

    Without a build (tests that don't look at the page) it is the plain name, which leads nowhere.
    """
    found = finders.find("dist/manifest.json")
    if not isinstance(found, str):
        return static(f"dist/{name}")
    # A running site goes on naming what it found at its start, which is what it serves.
    changed = Path(found).stat().st_mtime_ns if settings.DEBUG else 0
    return static(f"dist/{_manifest(found, changed)[name]}")


@lru_cache(maxsize=4)
def _manifest(path: str, changed: int) -> dict[str, str]:
    built: dict[str, str] = json.loads(Path(path).read_text(encoding="utf-8"))
    return built
