"""Goals of the strategy map with what a reader needs to know of each: how it stands, what it
counts above, what else it serves, and whether the goals below make it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.db.models import Count, Q

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.queries.decomposing import AlignedGoal, Apart, aligned, served
from mingji.goals.queries.lines import GoalLine, lines_by_id
from mingji.people.viewer import Viewer
from mingji.rules.decomposition.terms import Decomposition

Band = Literal["company", "team", "member"]


@dataclass(slots=True)
class Spot:
    """A place on the map: which goal, the share that it counts in the goal above (None: it hangs
    on a theme) with its part and volume there, and the places below it."""

    goal: int
    share: Decimal | None = None
    part: str = ""
    volume: Decimal | None = None
    below: list[Spot] = field(default_factory=list)

    @classmethod
    def of(cls, link: Alignment) -> Spot:
        """The place below the goal that another serves."""
        return cls(link.child_id, link.share, link.part, link.volume)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """A goal on the map. A goal that serves several stands below each of them; `also` are the
    others.

    `more` goals serve it that the viewer may see and that are not drawn here, `hidden` ones are
    not the viewer's to see, as are `hidden_above` that it serves. `check` says whether the targets
    below make up its own, where all of them are drawn.
    """

    line: GoalLine
    share: Decimal | None
    also: tuple[AlignedGoal, ...]
    hidden_above: int
    children: tuple[MapNode, ...]
    more: int
    hidden: int
    check: Decomposition | None

    @property
    def band(self) -> Band:
        """Whose goal it is: of the topmost team, of another one, or of a member."""
        team = self.line.goal.team
        if team is None:
            return "member"
        return "team" if team.parent_id else "company"

    def with_those_below(self) -> Iterator[MapNode]:
        """The node and everything drawn below it, from the top down."""
        yield self
        for child in self.children:
            yield from child.with_those_below()


def drawn(viewer: Viewer, periods: Sequence[str], spots: Sequence[Spot]) -> list[MapNode]:
    """The goals at these places, which the viewer may see. A fixed number of queries."""
    ids = {spot.goal for top in spots for spot in _all(top)}
    ground = _Ground(
        lines=lines_by_id(viewer, ids),
        below=_below(viewer, periods, ids),
        above=_above(viewer, ids),
    )
    return [ground.node(spot, None) for spot in spots if spot.goal in ground.lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What is known of the goals drawn: their lines, how many serve each (all, and those the
    viewer may see), and what each serves (None where it is not the viewer's to see)."""

    lines: dict[int, GoalLine]
    below: dict[int, tuple[int, int]]
    above: dict[int, list[AlignedGoal | None]]

    def node(self, spot: Spot, parent: int | None) -> MapNode:
        line = self.lines[spot.goal]
        children = [self.node(each, spot.goal) for each in spot.below if each.goal in self.lines]
        every, seen = self.below.get(spot.goal, (0, 0))
        above = self.above.get(spot.goal, [])
        whole = bool(children) and len(children) == every
        return MapNode(
            line=line,
            share=spot.share,
            also=tuple(each for each in above if each and each.goal.pk != parent),
            hidden_above=sum(1 for each in above if each is None),
            children=tuple(children),
            more=seen - len(children),
            hidden=every - seen,
            check=_check(line, spot, children) if whole else None,
        )


def _all(spot: Spot) -> Iterator[Spot]:
    yield spot
    for each in spot.below:
        yield from _all(each)


def _check(line: GoalLine, spot: Spot, children: Sequence[MapNode]) -> Decomposition | None:
    counted = {each.goal: each for each in spot.below}
    below = [
        aligned(
            each.line.goal,
            each.share or Decimal(1),
            part=counted[each.line.goal.pk].part,
            volume=counted[each.line.goal.pk].volume,
        )
        for each in children
    ]
    return Apart(line.goal, below).check()


def _below(viewer: Viewer, periods: Sequence[str], ids: set[int]) -> dict[int, tuple[int, int]]:
    seen = Goal.objects.filter(policy.visible_to(viewer)).order_by().values("pk")
    links = Alignment.objects.filter(parent__in=ids, child__period__in=periods)
    rows = (
        links.order_by()
        .values("parent")
        .annotate(every=Count("pk"), seen=Count("pk", filter=Q(child__in=seen)))
    )
    return {row["parent"]: (row["every"], row["seen"]) for row in rows}


def _above(viewer: Viewer, ids: set[int]) -> dict[int, list[AlignedGoal | None]]:
    links = Alignment.objects.filter(child__in=ids)
    rows = list(links.select_related("parent__member", "parent__team").order_by("parent_id"))
    ends = {row.parent_id for row in rows}
    seen = set(
        Goal.objects.filter(policy.visible_to(viewer), pk__in=ends).values_list("pk", flat=True)
    )
    found: dict[int, list[AlignedGoal | None]] = {}
    for row in rows:
        end = served(row) if row.parent_id in seen else None
        found.setdefault(row.child_id, []).append(end)
    return found
