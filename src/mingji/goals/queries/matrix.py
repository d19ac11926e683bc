"""Which goals of a team serve which others, and with what share: a matrix, its faults marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.queries.decomposing import AlignedGoal, aligned, served
from mingji.goals.queries.paging import page_of
from mingji.goals.queries.standings import metric_of
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.alignment import Link, double_counts
from mingji.rules.findings import Finding
from mingji.rules.numbers import ZERO, exact
from mingji.rules.text import Text

# So many columns at most; what else a goal serves stands in the last one.
COLUMNS = 10


@dataclass(frozen=True, slots=True)
class ShareSum:
    """What a goal counts in goals above that are measured alike, together (1 is the whole)."""

    measured: Text
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A goal with its share in each column (None: it does not serve that one).

    `others` are goals above without a column, `hidden` those that are not the viewer's to see.
    `faults` say what counts more than once; `theme` is the one that it hangs on itself.
    """

    goal: Goal
    name: Text
    owner: Text
    theme: Text | None
    cells: tuple[Decimal | None, ...]
    others: tuple[AlignedGoal, ...]
    hidden: int
    sums: tuple[ShareSum, ...]
    faults: tuple[Finding, ...]

    @property
    def serves_nothing(self) -> bool:
        """Whether there is neither a goal above nor a theme."""
        return not (self.sums or self.hidden or self.theme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The goals of a team and its members in a period, a page of them, and what they serve."""

    code: str
    name: Text
    columns: tuple[AlignedGoal, ...]
    rows: tuple[MatrixRow, ...]
    others: bool
    next: str


def alignment_matrix(viewer: Viewer, team_code: str, period: str, after: str = "") -> Matrix:
    """What the goals of a team and its members serve; a fixed number of queries.

    Raises:
        NotFound: no such team for the viewer.
    """
    team = people.team_for(viewer, team_code)
    members = people.members_of_team(team, viewer.on).order_by().values("pk")
    goals = Goal.objects.filter(policy.visible_to(viewer), period=period).filter(
        Q(team=team) | Q(member__in=members)
    )
    rows, following = page_of(
        goals.exclude(kind=Goal.Kind.KEY_RESULT).select_related("member", "team", "theme"), after
    )
    links = _links(rows)
    visible = _visible(viewer, links)
    columns = _columns(link for own in links.values() for link in own if link.parent_id in visible)
    found = tuple(_row(goal, links.get(goal.pk, []), columns, visible) for goal in rows)
    return Matrix(
        code=team.code,
        name=team.known_as,
        columns=columns,
        rows=found,
        others=any(row.others or row.hidden for row in found),
        next=following,
    )


def _links(goals: Sequence[Goal]) -> dict[int, list[Alignment]]:
    rows = Alignment.objects.filter(child__in=[goal.pk for goal in goals])
    found: dict[int, list[Alignment]] = {}
    for row in rows.select_related("parent__member", "parent__team").order_by("parent_id"):
        found.setdefault(row.child_id, []).append(row)
    return found


def _visible(viewer: Viewer, links: Mapping[int, Sequence[Alignment]]) -> set[int]:
    ends = {link.parent_id for own in links.values() for link in own}
    seen = Goal.objects.filter(policy.visible_to(viewer), pk__in=ends)
    return set(seen.values_list("pk", flat=True))


def _columns(links: Iterable[Alignment]) -> tuple[AlignedGoal, ...]:
    """The goals above that most goals serve, in a fixed order."""
    ends: dict[int, Goal] = {}
    counted: Counter[int] = Counter()
    for link in links:
        ends[link.parent_id] = link.parent
        counted[link.parent_id] += 1
    most = sorted(ends, key=lambda pk: (-counted[pk], pk))[:COLUMNS]
    return tuple(aligned(ends[pk], Decimal(1)) for pk in most)


def _row(
    goal: Goal, links: Sequence[Alignment], columns: Sequence[AlignedGoal], visible: set[int]
) -> MatrixRow:
    seen = [link for link in links if link.parent_id in visible]
    shares = {link.parent_id: link.share for link in seen}
    drawn = {column.goal.pk for column in columns}
    own = aligned(goal, Decimal(1))
    return MatrixRow(
        goal=goal,
        name=own.name,
        owner=own.owner,
        theme=goal.theme.known_as if goal.theme else None,
        cells=tuple(shares.get(column.goal.pk) for column in columns),
        others=tuple(served(o) for o in seen if o.parent_id not in drawn),
        hidden=len(links) - len(seen),
        sums=_sums(seen),
        faults=_faults(own, seen),
    )


@exact
def _sums(links: Sequence[Alignment]) -> tuple[ShareSum, ...]:
    """The shares by what the goals above are measured by; those without a metric together."""
    found: dict[str, ShareSum] = {}
    for link in links:
        key = link.parent.metric
        name = metric_of(link.parent).name if key else _UNMEASURED
        had = found.get(key, ShareSum(name, ZERO))
        found[key] = ShareSum(name, had.share + link.share)
    return tuple(found.values())


def _faults(own: AlignedGoal, links: Sequence[Alignment]) -> tuple[Finding, ...]:
    names = {str(own.goal.pk): own.name}
    for link in links:
        end = served(link)
        names[str(link.parent_id)] = Text(
            f"{end.owner.zh} · {end.name.zh}", f"{end.owner.en} · {end.name.en}"
        )
    return double_counts(
        [
            Link(
                child=str(own.goal.pk),
                parent=str(link.parent_id),
                share=link.share,
                metric=link.parent.metric,
            )
            for link in links
        ],
        names,
    )


_UNMEASURED = Text("不以指标衡量的目标", "goals without a metric")
