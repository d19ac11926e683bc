"""The strategy themes of a year."""

from __future__ import annotations

from mingji.goals.models import Theme
from mingji.rules.text import Text


def theme_choices(year: int) -> list[tuple[str, Text]]:
    """The themes of a year to choose from: code and name."""
    return [
        (theme.code, Text(theme.name_zh, theme.name_en))
        for theme in Theme.objects.filter(year=year)
    ]
