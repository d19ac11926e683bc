"""How the targets below a goal make up its own: by which way, from which parts, and whether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast, get_args

from mingji.goals.counted import counted
from mingji.goals.models import Alignment, Goal
from mingji.goals.models.goal import as_written
from mingji.goals.naming import GoalName
from mingji.goals.queries.standings import metric_of
from mingji.metrics.definitions import library
from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.modes import Modes, modes_of, must_allow
from mingji.rules.decomposition.parts import (
    Carried,
    Measure,
    Part,
    arranged,
    factor_of,
    must_carry,
    settled_mode,
    side_of,
)
from mingji.rules.decomposition.terms import Child, Decomposition, Mode, Parent
from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact
from mingji.rules.splitting import places_for
from mingji.rules.text import Text

# So many places are kept of a target.
_PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedGoal:
    """A goal on the other end of an alignment: whose it is, the share that counts, the part that
    was said to be carried (empty: as the metrics tell) and the volume of its rate or mean."""

    goal: Goal
    name: Text
    owner: Text
    share: Decimal
    part: str = ""
    volume: Decimal | None = None


def aligned(
    goal: Goal, share: Decimal, *, part: str = "", volume: Decimal | None = None
) -> AlignedGoal:
    """A goal as the other end of an alignment. Reads its member and team: select them."""
    owner = goal.member or goal.team
    assert owner is not None, "a member or a team, by constraint"
    return AlignedGoal(
        goal=goal,
        name=goal_name(goal),
        owner=owner.known_as,
        share=share,
        part=part,
        volume=None if volume is None else as_written(volume),
    )


def served(link: Alignment) -> AlignedGoal:
    """The goal above, as one below it sees it. Select `parent`, its member and its team."""
    return aligned(link.parent, link.share, part=link.part, volume=link.volume)


def serving(link: Alignment) -> AlignedGoal:
    """The goal below, as one above it sees it. Select `child`, its member and its team."""
    return aligned(link.child, link.share, part=link.part, volume=link.volume)


def goal_name(goal: Goal) -> Text:
    """What a goal is called: its own title, else its metric."""
    return Text.same(goal.title) if goal.title else metric_of(goal).name


def name_of(goal: Goal) -> GoalName:
    """How a goal is named from outside. Reads its member and team: select them."""
    owner = goal.member or goal.team
    assert owner is not None, "a member or a team, by constraint"
    return GoalName(
        owner=owner.code, of_member=goal.member is not None, period=goal.period, item=goal.item
    )


def modes_for(goal: Goal) -> Modes | None:
    """The ways in which targets of its metric combine; None where it has no such target."""
    if goal.kind == Goal.Kind.OBJECTIVE or goal.measure in ("milestones", "yes_no"):
        return None
    metric = metric_of(goal)
    return modes_of(type=metric.type, agg=metric.agg, unit=metric.unit)


class Apart:
    """A goal taken apart into those below it, all of them."""

    def __init__(self, goal: Goal, below: Sequence[AlignedGoal]) -> None:
        self._goal = goal
        self._measures: dict[str, Measure] = {}
        self.above = self.measure(goal)
        self._carried = [_carried(each, self.measure(each.goal)) for each in below]

    def measure(self, goal: Goal) -> Measure:
        """What parts are told from, looked up once for each metric."""
        if goal.kind == Goal.Kind.OBJECTIVE or goal.measure != Goal.Measured.METRIC:
            return measure_of(goal)
        id_ = counted(goal)
        if id_ not in self._measures:
            self._measures[id_] = measure_of(goal)
        return self._measures[id_]

    def mode(self, said: str) -> Mode | None:
        """The way in which targets combine when this is said of it; empty: as the goals tell."""
        modes = self.above.modes
        return settled_mode(said, modes, self.above, self._carried) if modes else None

    def part(self, each: AlignedGoal, mode: Mode | None) -> str:
        """The part that a goal below carries when they combine so and nobody says it."""
        carried = _carried(replace(each, part=""), self.measure(each.goal))
        if mode == "ratio_of_sums":
            return side_of(self.above, carried)
        return factor_of(self.above, carried) if mode == "shared_funnel" else ""

    @exact
    def check(self) -> Decomposition | None:
        """Whether the targets make up the goal's; None where they do not combine."""
        goal, above, mode = self._goal, self.above, self.mode(self._goal.combine)
        if mode is None:
            return None
        children, stages = arranged(above, self._carried, mode)
        parent = Parent(
            key=str(goal.pk),
            name=goal_name(goal),
            target=goal.target,
            unit=above.unit,
            period=goal.period,
            direction=metric_of(goal).direction,
            places=above.places,
            numerator_unit=above.numerator_unit,
            denominator_unit=above.denominator_unit,
        )
        return check(parent, children, mode=mode, stages=stages)


def must_combine(goal: Goal, mode: str) -> None:
    """Refuse a way of combining targets that is none, or makes no sense for the goal's metric.

    Raises:
        Invalid: with the ways that do.
    """
    modes = modes_for(goal)
    if not mode:
        return
    if modes is None or mode not in get_args(Mode):
        raise Invalid(_NO_MODE, code="no_such_mode")
    must_allow(modes, cast(Mode, mode))


def must_be_part(child: Goal, parent: Goal, part: str) -> None:
    """Refuse a part that the one goal cannot carry of the other.

    Raises:
        Invalid: with the parts that it can.
    """
    must_carry(part, measure_of(parent), measure_of(child))


def is_added_up(goal: Goal) -> bool:
    """Whether the targets below a goal make it up by their sum."""
    return Apart(goal, ()).mode(goal.combine) == "sum"


def measure_of(goal: Goal) -> Measure:
    """What parts are told from: the metric of a goal, and those that its ratio divides."""
    metric, known = metric_of(goal), library().definitions.metrics
    numerator, denominator = known.get(metric.numerator), known.get(metric.denominator)
    return Measure(
        name=metric.name,
        unit=metric.unit,
        metric=counted(goal),
        modes=modes_for(goal),
        numerator=metric.numerator,
        denominator=metric.denominator,
        numerator_unit=numerator.unit if numerator else "",
        denominator_unit=denominator.unit if denominator else "",
        places=places_for(unit=metric.unit, scale=min(metric.scale, _PLACES), agg=metric.agg),
    )


def _carried(each: AlignedGoal, measure: Measure) -> Carried:
    child = Child(
        key=str(each.goal.pk),
        name=Text(f"{each.owner.zh} · {each.name.zh}", f"{each.owner.en} · {each.name.en}"),
        target=each.goal.target,
        unit=measure.unit,
        period=each.goal.period,
        share=each.share,
        places=measure.places,
    )
    part = cast(Part, each.part)
    return Carried(child=child, measure=measure, part=part, volume=each.volume)


_NO_MODE = Text(
    zh="没有这种合成方式；从列表里选一种。",
    en="There is no such way of combining targets; choose one of the list.",
)
