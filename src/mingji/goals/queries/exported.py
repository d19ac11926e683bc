"""Goals to take along as a spreadsheet: a piece at a time, as many as there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.queries.decomposing import AlignedGoal, served
from mingji.goals.queries.standings import Standing, Standings, metric_of
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period

# Goals held at once; each piece costs the same number of queries.
PIECE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedGoal:
    """A goal, the unit of its amounts, the goals that it serves as far as the viewer may see them,
    and if it was asked for how it stands."""

    goal: Goal
    unit: str
    standing: Standing | None = None
    serves: tuple[AlignedGoal, ...] = ()


def exported_goals(
    viewer: Viewer,
    period: str,
    *,
    member: str = "",
    team: str = "",
    below: bool = False,
    progress: bool = False,
) -> Iterator[ExportedGoal]:
    """The goals of a period that the viewer may see: of a member, of a team with its members, of
    everybody who reports to the viewer (`below`: whose goals a sheet may set), or all.

    Whose they are is asked before the first one comes.

    Raises:
        NotFound: no such member or team for the viewer.
    """
    wanted = Q(period=period)
    if member:
        wanted &= Q(member=people.member_for(viewer, member))
    elif team:
        found = people.team_for(viewer, team)
        day = min(viewer.on, Period.parse(period).end)
        wanted &= Q(team=found) | Q(member__in=people.members_of_team(found, day).values("pk"))
    elif below:
        wanted &= Q(member__in=[member.pk for member in people.below(viewer)])
    rows = (
        Goal.objects.filter(policy.visible_to(viewer), wanted)
        .select_related("agreement", "member", "team", "theme", "objective")
        .prefetch_related("milestones")
        .order_by("member__name_sort", "member_id", "team__code", "id")
    )
    return _pieces(viewer, rows.iterator(chunk_size=PIECE), progress=progress)


def _pieces(viewer: Viewer, rows: Iterator[Goal], *, progress: bool) -> Iterator[ExportedGoal]:
    while piece := list(islice(rows, PIECE)):
        standings = Standings(piece, viewer.on) if progress else None
        serves = _serves(viewer, piece)
        for goal in piece:
            yield ExportedGoal(
                goal=goal,
                unit=metric_of(goal).unit if goal.kind != Goal.Kind.OBJECTIVE else "",
                standing=standings.of(goal) if standings else None,
                serves=tuple(serves.get(goal.pk, ())),
            )


def _serves(viewer: Viewer, goals: Sequence[Goal]) -> dict[int, list[AlignedGoal]]:
    """The goals above each of these that the viewer may see, by goal id.

    First the few that are above, then which of them may be seen: put together in one query, SQLite
    lists everything that the viewer may see for every link.
    """
    rows = Alignment.objects.filter(child__in=[goal.pk for goal in goals])
    links = list(rows.select_related("parent__member", "parent__team"))
    above = {link.parent_id for link in links}
    seen = Goal.objects.filter(policy.visible_to(viewer), pk__in=above).order_by()
    visible = set(seen.values_list("pk", flat=True))
    found: dict[int, list[AlignedGoal]] = defaultdict(list)
    for link in links:
        if link.parent_id in visible:
            found[link.child_id].append(served(link))
    return found
