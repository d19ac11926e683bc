"""The goals of a team at a glance: its members against what they are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mingji.goals.queries.lines import GoalLine, goals_of_members, goals_of_teams
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

PAGE = 50
# So many columns at most; what is measured by anything else stands in the last one.
COLUMNS = 10
Cells = tuple[tuple[GoalLine, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What several goals are measured by: a metric by its id, or `objective`, or `other`."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class GridRow:
    """A member with their goals by column; not `in_reach`: name only."""

    code: str
    name: Text
    in_reach: bool
    cells: Cells

    @property
    def has_goals(self) -> bool:
        """Whether there is any goal in the row."""
        return any(self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A team in a period: its own goals by column, then its members, `PAGE` at a time."""

    code: str
    name: Text
    columns: tuple[Column, ...]
    of_team: Cells
    rows: tuple[GridRow, ...]
    next: str


def goals_grid(viewer: Viewer, team_code: str, period: str, after: str = "") -> Grid:
    """The members of a team and their goals in a period; a fixed number of queries.

    Raises:
        NotFound: no such team for the viewer.
    """
    team = people.team_for(viewer, team_code)
    here = people.members_of_team(team, viewer.on)
    members = list(people.members_after(here, after)[: PAGE + 1])
    page = members[:PAGE]
    ids = [member.pk for member in page]
    reach = {row["pk"] for row in people.reach(viewer).filter(pk__in=ids)}
    lines = goals_of_members(viewer, ids, period)
    of_team = goals_of_teams(viewer, [team.pk], period)
    columns = _columns([*of_team, *lines])
    own: dict[int, list[GoalLine]] = {}
    for line in lines:
        own.setdefault(line.goal.member_id or 0, []).append(line)
    return Grid(
        code=team.code,
        name=team.known_as,
        columns=columns,
        of_team=_cells(columns, of_team),
        rows=tuple(
            GridRow(
                code=member.code,
                name=member.known_as,
                in_reach=member.pk in reach,
                cells=_cells(columns, own.get(member.pk, ())),
            )
            for member in page
        ),
        next=people.member_key(page[-1]) if len(members) > PAGE else "",
    )


def _columns(lines: Sequence[GoalLine]) -> tuple[Column, ...]:
    """What most goals are measured by comes first; objectives and whatever is left come last."""
    names = {_key(line): line.metric.name for line in lines}
    counted = Counter(_key(line) for line in lines)
    metrics = [key for key in counted if key not in _LAST]
    metrics.sort(key=lambda key: (-counted[key], key))
    found = [Column(key, names[key]) for key in metrics[:COLUMNS]]
    other = len(metrics) > COLUMNS or "other" in counted
    last = [key for key in _LAST if (key == "other" and other) or key in counted]
    return (*found, *(Column(key, _LAST[key]) for key in last))


def _cells(columns: Sequence[Column], lines: Iterable[GoalLine]) -> Cells:
    known = {column.key for column in columns}
    found: dict[str, list[GoalLine]] = {}
    for line in lines:
        key = _key(line)
        found.setdefault(key if key in known else "other", []).append(line)
    return tuple(tuple(found.get(column.key, ())) for column in columns)


def _key(line: GoalLine) -> str:
    if line.goal.kind == "objective":
        return "objective"
    return line.goal.metric or "other"


_LAST = {"objective": Text("目标（OKR）", "Objectives"), "other": Text("其他", "Others")}
