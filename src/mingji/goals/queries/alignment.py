"""What a goal serves and is served by, and whether the targets below make up its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.models.goal import as_written
from mingji.goals.queries.decomposing import (
    AlignedGoal,
    Apart,
    aligned,
    served,
    serving,
)
from mingji.kit.numbers import whole
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.decomposition.modes import Modes
from mingji.rules.decomposition.parts import Part, possible_parts
from mingji.rules.decomposition.terms import Decomposition, Mode, Way
from mingji.rules.errors import NotFound
from mingji.rules.explanation import Node
from mingji.rules.numbers import HUNDRED
from mingji.rules.text import Text

# So many goals below stand on a page.
BELOW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalBelow:
    """A goal that serves another: the unit of its target, the parts that it could carry, the one
    that the metrics tell as targets combine now, and whether its target is a rate or a mean, which
    is over a volume."""

    end: AlignedGoal
    unit: str
    possible: tuple[Part, ...]
    told: str
    over_volume: bool

    @property
    def carries(self) -> str:
        """The part that was said, else the one that the metrics tell; empty: its whole target."""
        return self.end.part or self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One way to close a difference: its words, and the exact number behind them."""

    words: Text
    value: Decimal | None
    unit: str
    is_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentPage:
    """The goals above one goal and a page of those below, as far as the viewer may see them.

    `hidden` counts those below that are not the viewer's to see; the arithmetic is shown only to
    who sees all of them, since a sum and its known parts would give the others away. `candidates`
    are goals that it could serve, `modes` the ways in which targets of its metric combine, `mode`
    the one that holds and `told_mode` the one that would hold if nobody had chosen.
    """

    above: tuple[AlignedGoal, ...]
    below: tuple[GoalBelow, ...]
    next: str
    hidden: int
    check: Decomposition | None
    modes: Modes | None
    mode: Mode | None
    told_mode: Mode | None
    candidates: tuple[AlignedGoal, ...]

    @property
    def ways(self) -> tuple[Closing, ...]:
        """What closes the gap or overlap, in the order of the check."""
        return tuple(map(_closing, self.check.ways)) if self.check else ()

    def tree(self, way: int | None = None) -> Node:
        """The difference with what it is made from; with a place, the number behind that way.

        Raises:
            NotFound: there is no check for the viewer, or no such way.
        """
        if self.check is None or (way is not None and way >= len(self.check.ways)):
            raise NotFound(_NOTHING, code="nothing_below")
        return self.check.node if way is None else self.check.ways[way].node

    @property
    def off(self) -> tuple[Decimal | None, str]:
        """By how much the targets are off, and its unit: points where they are rates."""
        return in_points(self.check.difference, self.check.node.unit) if self.check else (None, "")


def alignment_of(viewer: Viewer, goal: Goal, after: str = "") -> AlignmentPage:
    """The alignment of a goal, which the caller got by `goal_for`. A fixed number of queries.

    `after` is the number of a goal below, the last one of the page before. The check is over all.
    """
    up = Alignment.objects.select_related("parent__member", "parent__team").filter(child=goal)
    down = Alignment.objects.select_related("child__member", "child__team").filter(parent=goal)
    ends = [link.parent_id for link in up] + [link.child_id for link in down]
    seen = Goal.objects.filter(policy.visible_to(viewer), pk__in=ends)
    visible = set(seen.values_list("pk", flat=True))
    above = [served(link) for link in up if link.parent_id in visible]
    below = [serving(link) for link in down if link.child_id in visible]
    hidden = len(down) - len(below)
    apart = Apart(goal, below)
    mode = apart.mode(goal.combine)
    later = [each for each in below if each.goal.pk > whole(after, 0)]
    return AlignmentPage(
        above=tuple(above),
        below=tuple(_below(apart, each, mode) for each in later[:BELOW]),
        next=str(later[BELOW - 1].goal.pk) if len(later) > BELOW else "",
        hidden=hidden,
        check=apart.check() if below and not hidden else None,
        modes=apart.above.modes,
        mode=mode,
        told_mode=apart.mode(""),
        candidates=tuple(_candidates(viewer, goal, above)),
    )


def _below(apart: Apart, each: AlignedGoal, mode: Mode | None) -> GoalBelow:
    own, above = apart.measure(each.goal), apart.above
    return GoalBelow(
        end=each,
        unit=own.unit,
        possible=possible_parts(above, own),
        told=apart.part(each, mode),
        over_volume=own.modes is not None and "weighted_mean" in own.modes.allowed,
    )


def _closing(way: Way) -> Closing:
    value = way.node.value if isinstance(way.node.value, Decimal) else None
    is_change = way.code not in ("parent", "set_each")
    value, unit = in_points(value, way.node.unit) if is_change else (value, way.node.unit)
    value = None if value is None else as_written(value)
    return Closing(words=way.words, value=value, unit=unit, is_change=is_change)


def in_points(change: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    """A change in its unit; that of a rate in percentage points."""
    if unit != "ratio":
        return change, unit
    return None if change is None else change * HUNDRED, "pp"


def _candidates(viewer: Viewer, goal: Goal, above: Sequence[AlignedGoal]) -> list[AlignedGoal]:
    """Goals of teams in the same period or its year that it does not serve yet."""
    year = str(Period.parse(goal.period).start.year)
    taken = {each.goal.pk for each in above} | {goal.pk}
    rows = Goal.objects.filter(
        policy.visible_to(viewer), team__isnull=False, period__in=(goal.period, year)
    ).exclude(kind=Goal.Kind.KEY_RESULT)
    rows = rows.select_related("team", "member").order_by("team__code", "id").distinct()
    return [aligned(row, Decimal(1)) for row in rows if row.pk not in taken]


_NOTHING = Text(
    zh="下面没有目标，或者不全在你的范围内。",
    en="There are no goals below, or not all of them are yours to see.",
)
