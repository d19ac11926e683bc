"""Who may see the shell's own pages."""

from __future__ import annotations

ROUTES: dict[str, str] = {
    "styleguide": "Everybody, and only on a demo or development site; elsewhere no such page.",
    "styleguide_why": "As the style guide, whose numbers it explains.",
}
