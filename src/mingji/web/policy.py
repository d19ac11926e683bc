"""Who may see the pages of the shell itself."""

from __future__ import annotations

ROUTES: dict[str, str] = {
    "api": "Everybody: it says what the API can do, nothing about anybody.",
    "openapi": "As the reference of the API.",
    "styleguide": "Everybody, on a demo site or in development; elsewhere there is no such page.",
    "styleguide_why": "As the style guide.",
}
