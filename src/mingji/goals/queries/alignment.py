"""What a goal serves and is served by, and whether the targets below make up its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast, get_args

from mingji.goals import policy
from mingji.goals.models import Alignment, Goal
from mingji.goals.queries.standings import metric_of
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.modes import Modes, modes_of, must_allow
from mingji.rules.decomposition.terms import Child, Decomposition, Mode, Parent
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedGoal:
    """A goal on the other end of an alignment: whose it is, and the share that counts."""

    goal: Goal
    name: Text
    owner: Text
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentPage:
    """The goals above and below one goal, as far as the viewer may see them.

    `hidden` counts those below that are not the viewer's to see; the arithmetic is shown only to
    who sees all of them, since a sum and its known parts would give the others away. `candidates`
    are goals that it could serve, `modes` the ways in which targets of its metric combine.
    """

    above: tuple[AlignedGoal, ...]
    below: tuple[AlignedGoal, ...]
    hidden: int
    check: Decomposition | None
    modes: Modes | None
    mode: Mode | None
    candidates: tuple[AlignedGoal, ...]


def alignment_of(viewer: Viewer, goal: Goal) -> AlignmentPage:
    """The alignment of a goal, which the caller got by `goal_for`. A fixed number of queries."""
    up = Alignment.objects.select_related("parent__member", "parent__team").filter(child=goal)
    served = Alignment.objects.select_related("child__member", "child__team").filter(parent=goal)
    ends = [link.parent_id for link in up] + [link.child_id for link in served]
    seen = Goal.objects.filter(policy.visible_to(viewer), pk__in=ends)
    visible = set(seen.values_list("pk", flat=True))
    above = [aligned(link.parent, link.share) for link in up if link.parent_id in visible]
    every = [aligned(link.child, link.share) for link in served]
    below = [each for each in every if each.goal.pk in visible]
    modes = _modes(goal)
    mode = _mode(goal, modes)
    return AlignmentPage(
        above=tuple(above),
        below=tuple(below),
        hidden=len(every) - len(below),
        check=_check(goal, below, mode) if below and len(below) == len(every) else None,
        modes=modes,
        mode=mode,
        candidates=tuple(_candidates(viewer, goal, above)),
    )


def must_combine(goal: Goal, mode: str) -> None:
    """Refuse a way of combining targets that is none, or makes no sense for the goal's metric.

    Raises:
        Invalid: with the ways that do.
    """
    modes = _modes(goal)
    if not mode:
        return
    if modes is None or mode not in get_args(Mode):
        raise Invalid(_NO_MODE, code="no_such_mode")
    must_allow(modes, cast(Mode, mode))


def is_added_up(goal: Goal) -> bool:
    """Whether the targets below a goal make it up by their sum."""
    return _mode(goal, _modes(goal)) == "sum"


def decomposed(goal: Goal, below: Sequence[AlignedGoal]) -> Decomposition | None:
    """Whether the targets of all goals below make up a goal's; None where targets do not combine.

    For callers whose reader may see every one of them.
    """
    return _check(goal, below, _mode(goal, _modes(goal)))


def _modes(goal: Goal) -> Modes | None:
    if goal.kind == Goal.Kind.OBJECTIVE or goal.measure in ("milestones", "yes_no"):
        return None
    metric = metric_of(goal)
    return modes_of(type=metric.type, agg=metric.agg, unit=metric.unit)


def _mode(goal: Goal, modes: Modes | None) -> Mode | None:
    """As was said, else as the metric proposes. What needs parts or volumes that no goal names is
    compared as the same for each."""
    if modes is None:
        return None
    if goal.combine in modes.allowed:
        return goal.combine
    if modes.proposed in ("ratio_of_sums", "weighted_mean") and "same" in modes.allowed:
        return "same"
    return modes.proposed


def _check(goal: Goal, below: Sequence[AlignedGoal], mode: Mode | None) -> Decomposition | None:
    if mode is None:
        return None
    metric = metric_of(goal)
    parent = Parent(
        key=str(goal.pk),
        name=goal_name(goal),
        target=goal.target,
        unit=metric.unit,
        period=goal.period,
        direction=metric.direction,
    )
    children = [
        Child(
            key=str(each.goal.pk),
            name=Text(f"{each.owner.zh} · {each.name.zh}", f"{each.owner.en} · {each.name.en}"),
            target=each.goal.target,
            unit=metric_of(each.goal).unit,
            period=each.goal.period,
            share=each.share,
        )
        for each in below
    ]
    return check(parent, children, mode=mode)


def _candidates(viewer: Viewer, goal: Goal, above: Sequence[AlignedGoal]) -> list[AlignedGoal]:
    """Goals of teams in the same period or its year that it does not serve yet."""
    year = str(Period.parse(goal.period).start.year)
    taken = {each.goal.pk for each in above} | {goal.pk}
    rows = Goal.objects.filter(
        policy.visible_to(viewer), team__isnull=False, period__in=(goal.period, year)
    ).exclude(kind=Goal.Kind.KEY_RESULT)
    rows = rows.select_related("team", "member").order_by("team__code", "id").distinct()
    return [aligned(row, Decimal(1)) for row in rows if row.pk not in taken]


def aligned(goal: Goal, share: Decimal) -> AlignedGoal:
    """A goal as the other end of an alignment. Reads its member and team: select them."""
    owner = goal.member or goal.team
    assert owner is not None, "a member or a team, by constraint"
    return AlignedGoal(goal=goal, name=goal_name(goal), owner=owner.known_as, share=share)


def goal_name(goal: Goal) -> Text:
    """What a goal is called: its own title, else its metric."""
    return Text.same(goal.title) if goal.title else metric_of(goal).name


_NO_MODE = Text(
    zh="没有这种合成方式；从列表里选一种。",
    en="There is no such way of combining targets; choose one of the list.",
)
