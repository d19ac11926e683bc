"""Where goals stand: observed values, what was reported, milestones, and objectives over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import starmap
from typing import Generic, NamedTuple, TypeVar, cast

from django.db.models import QuerySet

from mingji.engine.model import ADDITIVE, Definitions, Metric
from mingji.goals import standing
from mingji.goals.counted import counted
from mingji.goals.health import Health, health
from mingji.goals.models import Goal, Milestone, ProgressUpdate
from mingji.goals.models.goal import as_written
from mingji.goals.standing import Step
from mingji.metrics.definitions import library
from mingji.metrics.queries.values import member_values, team_values
from mingji.rules.calendar import Period
from mingji.rules.numbers import ZERO
from mingji.rules.progress import expected_by
from mingji.rules.text import Text

_ONE = Decimal(1)
_CHUNK = 2000
_SHARES = (Goal.Measured.MILESTONES, Goal.Measured.YES_NO)


class BareGoal(NamedTuple):
    """The columns of a goal from which its standing follows: of tens of thousands a row each,
    which costs a tenth of what a model does."""

    pk: int
    kind: str
    item: str
    title: str
    metric: str
    definition: int
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    weight: Decimal | None
    due: date | None
    period: str
    member_id: int | None
    team_id: int | None
    objective_id: int | None
    agreement__status: str

    @property
    def status(self) -> str:
        """The status of its agreement."""
        return self.agreement__status

    @classmethod
    def all_of(cls, rows: QuerySet[Goal]) -> list[BareGoal]:
        """The goals of a query, in its order."""
        return [*starmap(cls, rows.values_list(*cls._fields).iterator(chunk_size=_CHUNK))]


G = TypeVar("G", bound=Goal | BareGoal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The current value of a goal, the one of the period before, and how it stands.

    `metric` is the goal's metric; where it has none, a description of what is reported. `share` is
    the share of the way from baseline to target, unclipped; `score` that of an objective, 0..1.
    """

    metric: Metric
    value: Decimal | None
    previous: Decimal | None
    health: Health
    share: Decimal | None
    score: Decimal | None = None

    @property
    def adds_up(self) -> bool:
        """Whether the value grows over the period, as counts and money do."""
        return self.metric.agg in ADDITIVE


class Standings(Generic[G]):
    """Where goals stand on a day. A fixed number of queries for any number of goals.

    With `key_results`, the caller has read those of all the objectives and wants to know how the
    goals stand, of many: values of the period before are not read.
    """

    def __init__(
        self, goals: Sequence[G], on: date, *, key_results: Sequence[G] | None = None
    ) -> None:
        self._on = on
        self._known = library().definitions
        self._elapsed: dict[tuple[str, date | None], Decimal] = {}
        self._with_before = key_results is None
        if key_results is None:
            objectives = [goal.pk for goal in goals if goal.kind == Goal.Kind.OBJECTIVE]
            key_results = cast("Sequence[G]", _key_results(objectives))
        self._below = _by_objective(key_results)
        every = [*goals, *key_results]
        self._observed = _Observed(every, self._known, before=self._with_before)
        self._reported = _reported(every)
        self._steps = _steps(every)

    def key_results(self, goal: G) -> list[G]:
        """The key results of an objective, in their order."""
        return self._below.get(goal.pk, [])

    def steps(self, goal: G) -> list[Step]:
        """The milestones of a key result, in their order."""
        return self._steps.get(goal.pk, [])

    def of(self, goal: G) -> Standing:
        """Where one of the goals, or of their key results, stands."""
        if goal.kind == Goal.Kind.OBJECTIVE:
            return self._of_objective(goal)
        if goal.measure == Goal.Measured.METRIC:
            return self._of_metric(goal)
        return self._of_report(goal)

    def elapsed(self, goal: G) -> Decimal:
        """The share of the goal's time that is over, up to its due date or the period's end."""
        asked = goal.period, goal.due
        if asked not in self._elapsed:
            period = Period.parse(goal.period)
            self._elapsed[asked] = expected_by(self._on, period.start, goal.due or period.end)
        return self._elapsed[asked]

    def due(self, goal: G) -> Decimal:
        """The share of the way that was due by now."""
        if goal.kind == Goal.Kind.OBJECTIVE:
            below = [(self.due(each), each.weight) for each in self.key_results(goal)]
            return standing.weighted(below) or ZERO
        if goal.measure == Goal.Measured.MILESTONES:
            return standing.steps_due(self.steps(goal), self._on, self.elapsed(goal))
        if goal.measure == Goal.Measured.YES_NO:
            return _ONE if self.elapsed(goal) == _ONE else ZERO
        return self.elapsed(goal)

    def _of_metric(self, goal: G) -> Standing:
        metric = metric_of(goal, self._known)
        value = self._observed.at(goal, goal.period)
        share = standing.way(value, goal.baseline, goal.target)
        if stands_by_the_way(goal):
            found = self._on_the_way(goal, share)
        else:
            found = health(
                value,
                goal.target,
                direction=metric.direction,
                adds_up=metric.agg in ADDITIVE,
                elapsed=self.elapsed(goal),
            )
        previous = self._before(goal) if self._with_before else None
        return Standing(metric=metric, value=value, previous=previous, health=found, share=share)

    def _before(self, goal: G) -> Decimal | None:
        return self._observed.at(goal, str(Period.parse(goal.period).previous))

    def _of_report(self, goal: G) -> Standing:
        value = self._reported.get(goal.pk)
        if goal.measure == Goal.Measured.MILESTONES:
            value = standing.steps_done(self.steps(goal))
        share = (
            value if goal.measure in _SHARES else standing.way(value, goal.baseline, goal.target)
        )
        return Standing(
            metric=metric_of(goal, self._known),
            value=value,
            previous=None,
            health=self._on_the_way(goal, share),
            share=share,
        )

    def _on_the_way(self, goal: G, share: Decimal | None) -> Health:
        """The share against the share that was due, `expected` in the unit of the goal."""
        due = self.due(goal)
        found = standing.share_health(share, due)
        if goal.measure in _SHARES:
            return found
        return replace(found, expected=standing.due_value(goal.baseline, goal.target, due))

    def _of_objective(self, goal: G) -> Standing:
        parts = [(self.of(each).share, each.weight) for each in self.key_results(goal)]
        share = standing.weighted(parts)
        return Standing(
            metric=metric_of(goal, self._known),
            value=share,
            previous=None,
            health=standing.share_health(share, self.due(goal)),
            share=share,
            score=standing.scored(parts),
        )


def stands_by_the_way(goal: Goal | BareGoal) -> bool:
    """Whether the share of the way counts that was due by now, and not the value itself: of all
    but KPIs of a metric, and counts of a metric, which begin each period at nothing."""
    if goal.kind == Goal.Kind.OBJECTIVE or goal.measure != Goal.Measured.METRIC:
        return True
    return goal.kind == Goal.Kind.KEY_RESULT and metric_of(goal).agg not in ADDITIVE


def metric_of(goal: Goal | BareGoal, known: Definitions | None = None) -> Metric:
    """The metric of a goal as it was signed; one that has left the library keeps its goals
    readable under its id.

    A goal without a metric is described in the same words: its title, unit and direction. `known`
    are the definitions in force, for callers with many goals.
    """
    if goal.kind != Goal.Kind.OBJECTIVE and goal.measure == Goal.Measured.METRIC:
        known = library().definitions if known is None else known
        found = known.metrics.get(counted(goal, known))
        return found or Metric(goal.metric, Text.same(goal.metric), "simple")
    unit = goal.unit if goal.measure == Goal.Measured.MANUAL else "ratio"
    direction = standing.direction_of(goal.baseline, goal.target)
    return Metric(goal.item, Text.same(goal.title), "simple", unit=unit, direction=direction)


class _Observed:
    """Observed values of goals and, if `before`, of the periods before: one query for members, one
    for teams."""

    def __init__(self, goals: Sequence[G], known: Definitions, *, before: bool) -> None:
        measured = [goal for goal in goals if goal.metric]
        periods = {goal.period for goal in measured}
        if before:
            periods |= {str(Period.parse(period).previous) for period in periods}
        self._known = known
        wanted = {counted(goal, known) for goal in measured}
        members = {goal.member_id for goal in measured if goal.member_id}
        teams = {goal.team_id for goal in measured if goal.team_id}
        self._members = member_values(members, wanted, periods)
        self._teams = team_values(teams, wanted, periods)

    def at(self, goal: Goal | BareGoal, period: str) -> Decimal | None:
        """The value of the goal's metric in a period; None is "no data"."""
        metric = counted(goal, self._known)
        if goal.member_id:
            return self._members.get((goal.member_id, metric, period))
        return self._teams.get((goal.team_id or 0, metric, period))


def _key_results(objectives: Sequence[int]) -> Sequence[Goal]:
    if not objectives:
        return ()
    found = Goal.objects.filter(objective__in=objectives)
    return list(found.select_related("agreement", "member", "team", "theme").order_by("item"))


def _by_objective(key_results: Iterable[G]) -> dict[int, list[G]]:
    found: dict[int, list[G]] = {}
    for each in key_results:
        found.setdefault(each.objective_id or 0, []).append(each)
    return found


def _reported(goals: Sequence[G]) -> dict[int, Decimal]:
    """The last value that was reported of each goal without a metric."""
    ids = {goal.pk for goal in goals if goal.measure in ("manual", "yes_no")}
    if not ids:
        return {}
    updates = ProgressUpdate.objects.filter(goal__in=ids, value__isnull=False)
    return {
        goal: as_written(value)
        for goal, value in updates.order_by("at", "id").values_list("goal_id", "value")
        if value is not None
    }


def _steps(goals: Sequence[G]) -> dict[int, list[Step]]:
    ids = {goal.pk for goal in goals if goal.measure == Goal.Measured.MILESTONES}
    if not ids:
        return {}
    found: dict[int, list[Step]] = {}
    for row in Milestone.objects.filter(goal__in=ids).order_by("goal_id", "position"):
        step = Step(
            title=row.title,
            weight=as_written(row.weight),
            due=row.due,
            done_on=row.done_on,
            evidence=row.evidence,
        )
        found.setdefault(row.goal_id, []).append(step)
    return found
