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
NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLine:
    """A theme with the goals below it that the viewer may see, and how many stand how.

    `leading` are the department's goals, or for who does not see those, their own team's. `below`
    counts all others, of which `off_track` holds the first that have left their course.
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
    members = goals_of_members(viewer, None, period)
    teams = goals_of_teams(viewer, None, period)
    return [_theme(code, name, teams, members) for code, name in theme_choices(int(period[:4]))]


def _theme(code: str, name: Text, teams: list[GoalLine], members: list[GoalLine]) -> ThemeLine:
    own_teams = [line for line in teams if _hangs_on(line, code)]
    department = [line for line in own_teams if line.goal.team and not line.goal.team.parent_id]
    leading = department or own_teams
    below = [line for line in (*own_teams, *members) if _hangs_on(line, code)]
    below = [line for line in below if line not in leading]
    counted = Counter(line.health.status for line in (*leading, *below))
    order: tuple[Status, ...] = ("off_track", "at_risk", "on_track", "no_data")
    return ThemeLine(
        code=code,
        name=name,
        leading=tuple(leading),
        off_track=tuple(line for line in below if line.health.status == "off_track")[:NAMED],
        below=len(below),
        counts=tuple((status, counted[status]) for status in order if counted[status]),
    )


def _hangs_on(line: GoalLine, code: str) -> bool:
    return line.goal.theme is not None and line.goal.theme.code == code
