"""One team: its own goals, and its members with theirs as far as the viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.appraisals import queries as appraisals
from mingji.appraisals.queries import AppraisalLine
from mingji.goals import queries as goals
from mingji.goals.queries import GoalLine
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member of the team. `in_reach` False: name only, the values are not the viewer's to see."""

    code: str
    name: Text
    in_reach: bool
    goals: tuple[GoalLine, ...]
    appraisal: AppraisalLine | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A team in a period; `members` are `PAGE` of them, `next` is the key of the page after."""

    code: str
    name: Text
    others: tuple[tuple[str, Text], ...]
    goals: tuple[GoalLine, ...]
    members: tuple[TeamMember, ...]
    next: str


def teams_at_the_top() -> list[int]:
    """The topmost teams and those right below them, for whom a director answers by name."""
    teams = people.teams_by_code().values()
    tops = {team.pk for team in teams if team.parent_id is None}
    return [team.pk for team in teams if team.parent_id is None or team.parent_id in tops]


def team_to_show(viewer: Viewer) -> str:
    """The code of the team that opens first: the viewer's own, or one they serve.

    Raises:
        NotFound: the viewer belongs to no team and leads none.
    """
    visible = _visible(viewer)
    if visible:
        return visible[0][0]
    raise NotFound(Text(zh="你还没有所属的团队。", en="You belong to no team yet."), code="no_team")


def team_page(viewer: Viewer, code: str, period: str, after: str = "") -> TeamPage:
    """A team with its members by name: the same number of queries for six and for thousands.

    Raises:
        NotFound: no such team for the viewer.
    """
    team = people.team_for(viewer, code)
    found = list(people.members_after(people.members_of_team(team, viewer.on), after)[: PAGE + 1])
    members = found[:PAGE]
    ids = [member.pk for member in members]
    reach = {row["pk"] for row in people.reach(viewer).filter(pk__in=ids)}
    lines: dict[int, list[GoalLine]] = {}
    for line in goals.goals_of_members(viewer, ids, period):
        lines.setdefault(line.goal.member_id or 0, []).append(line)
    results: dict[int, AppraisalLine] = {}
    for result in appraisals.lines_for(viewer, ids):
        results.setdefault(result.member_id, result)
    return TeamPage(
        code=team.code,
        name=Text(team.name_zh, team.name_en),
        others=tuple(each for each in _visible(viewer) if each[0] != code),
        goals=tuple(goals.goals_of_teams(viewer, [team.pk], period)),
        members=tuple(
            TeamMember(
                code=member.code,
                name=Text(member.name, member.name_en),
                in_reach=member.pk in reach,
                goals=tuple(lines.get(member.pk, ())),
                appraisal=results.get(member.pk),
            )
            for member in members
        ),
        next=people.member_key(members[-1]) if len(found) > PAGE else "",
    )


def _visible(viewer: Viewer) -> list[tuple[str, Text]]:
    """Code and name of the viewer's own team, then of those they lead or serve."""
    own = [team for team in people.teams_by_code().values() if team.pk == viewer.team_id]
    served = [team for team in people.teams_of(viewer) if team.pk != viewer.team_id]
    return [(team.code, Text(team.name_zh, team.name_en)) for team in (*own, *served)]
