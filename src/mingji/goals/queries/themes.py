"""The strategy themes of a year, and the goals that hang on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mingji.goals.health import Status
from mingji.goals.models import Theme
from mingji.goals.queries.lines import GoalLine, goals_of_members, goals_of_teams
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

# A page names those who need help first; the rest is counted.
NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLine:
    """A theme with the goals below it that the viewer may see, and how many stand how.

    `leading` are the goals of the department and of the viewer's own team. `below` counts all
    others, of which `off_track` holds the first that have left their course.
    """

    code: str
    name: Text
    leading: tuple[GoalLine, ...]
    off_track: tuple[GoalLine, ...]
    below: int
    counts: tuple[tuple[Status, int], ...]


def theme_choices(year: int) -> list[tuple[str, Text]]:
    """The themes of a year to choose from: code and name."""
    return [
        (theme.code, Text(theme.name_zh, theme.name_en))
        for theme in Theme.objects.filter(year=year)
    ]


def themes_of(viewer: Viewer, period: str) -> list[ThemeLine]:
    """The themes of the period's year, each with the visible goals of the period below it."""
    lines = (
        *goals_of_teams(viewer, None, period),
        *goals_of_members(viewer, None, period),
    )
    themes = theme_choices(int(period[:4]))
    return [_theme(viewer, code, name, lines) for code, name in themes]


def _theme(viewer: Viewer, code: str, name: Text, lines: tuple[GoalLine, ...]) -> ThemeLine:
    own = [line for line in lines if line.goal.theme is not None and line.goal.theme.code == code]
    leading = [line for line in own if _leads(line, viewer)]
    below = [line for line in own if not _leads(line, viewer)]
    counted = Counter(line.health.status for line in own)
    order: tuple[Status, ...] = ("off_track", "at_risk", "on_track", "no_data")
    return ThemeLine(
        code=code,
        name=name,
        leading=tuple(leading),
        off_track=tuple(line for line in below if line.health.status == "off_track")[:NAMED],
        below=len(below),
        counts=tuple((status, counted[status]) for status in order if counted[status]),
    )


def _leads(line: GoalLine, viewer: Viewer) -> bool:
    team = line.goal.team
    return team is not None and (team.parent_id is None or team.pk == viewer.team_id)
