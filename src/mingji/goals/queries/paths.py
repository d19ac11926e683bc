"""The way of a goal over time: what was reached by which day, against what was expected by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Literal

from django.utils import timezone

from mingji.engine.model import ADDITIVE, Metric
from mingji.engine.periods import CALENDAR_YEAR
from mingji.goals import standing
from mingji.goals.counted import counted
from mingji.goals.models import Goal
from mingji.goals.models.goal import as_written
from mingji.goals.queries.standings import Standings, metric_of, stands_by_the_way
from mingji.metrics.definitions import library
from mingji.metrics.queries.paths import recorded_values, values_over_time
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.numbers import ZERO
from mingji.rules.progress import END_LOADED, Milepost, expected_by, seasonal
from mingji.rules.text import Text

Shape = Literal["even", "season", "late"]
# Where the points come from: rows added up day by day, the value of each week or month, what
# each refresh found, or what was reported.
Kind = Literal["added_up", "each", "recorded", "reported"]
_PLAIN_TYPES = ("simple", "ratio", "survey")
_NO_DAY, _DAY, _WEEK = timedelta(), timedelta(days=1), timedelta(days=7)
_LAST_REPORTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPath:
    """The points of a goal's path in the unit of its metric.

    `expected` is empty where the target is expected all the time. `shapes` are the ways in which
    the expected path may run; `refusal` says why the one asked for could not be drawn.
    """

    metric: Metric
    start: date
    end: date
    actual: tuple[tuple[date, Decimal | None], ...]
    expected: tuple[tuple[date, Decimal], ...]
    kind: Kind
    shape: Shape
    shapes: tuple[Shape, ...]
    refusal: Text | None


def has_path(goal: Goal) -> bool:
    """Whether a goal has a path of its own: an objective's is that of its key results."""
    return goal.kind != Goal.Kind.OBJECTIVE


def goal_path(viewer: Viewer, goal: Goal, wanted: str = "even") -> GoalPath:
    """The path of a goal, which the caller got by `goal_for`, up to the viewer's day.

    Raises:
        Invalid: the engine that counts the rows cannot be reached.
    """
    return _Way(viewer, goal).path(wanted)


class _Way:
    def __init__(self, viewer: Viewer, goal: Goal) -> None:
        self._goal = goal
        self._viewer = viewer
        self._metric = metric_of(goal)
        self._period = Period.parse(goal.period)
        self._start, self._end = self._period.start, goal.due or self._period.end
        self._last = min(viewer.on, self._end)
        self._kind = _kind(goal, self._metric)

    def path(self, wanted: str) -> GoalPath:
        """The path, expected to run as wanted as far as that can be said."""
        shapes = self._shapes()
        shape: Shape = next((each for each in shapes if each == wanted), "even")
        refusal: Text | None = None
        try:
            mileposts = self._mileposts(shape)
        except Invalid as error:
            shape, mileposts, refusal = "even", (), error.message
        return GoalPath(
            metric=self._metric,
            start=self._start,
            end=self._end,
            actual=tuple(self._actual()),
            expected=tuple(self._expected(mileposts)),
            kind=self._kind,
            shape=shape,
            shapes=shapes,
            refusal=refusal,
        )

    def _shapes(self) -> tuple[Shape, ...]:
        if self._flat or self._goal.measure in ("milestones", "yes_no"):
            return ("even",)
        return ("even", "season", "late") if self._kind == "added_up" else ("even", "late")

    @property
    def _flat(self) -> bool:
        """Whether the target is expected all the time, as of rates in a KPI."""
        of_metric = self._goal.measure == "metric" and self._goal.kind == "kpi"
        return of_metric and self._metric.agg not in ADDITIVE

    def _mileposts(self, shape: Shape) -> tuple[Milepost, ...]:
        if shape == "late":
            return END_LOADED
        return seasonal(self._last_years_months()) if shape == "season" else ()

    def _last_years_months(self) -> list[Decimal]:
        """What each month of the same period brought a year ago."""
        ago = Period(self._period.year - 1, self._period.kind, self._period.number)
        months = _months(ago.start, ago.end)
        found = self._values("month", [str(month) for month in months])
        return [found.get(str(month)) or ZERO for month in months]

    def _expected(self, mileposts: tuple[Milepost, ...]) -> list[tuple[date, Decimal]]:
        if self._flat:
            return []
        steps = self._steps
        due = {step.due - back for step in steps if step.due for back in (_NO_DAY, _DAY)}
        days = sorted({self._start - _DAY, *self._cuts(self._end), *due})
        found = []
        for day in days:
            share = expected_by(day, self._start, self._end, mileposts)
            if self._goal.measure == "milestones":
                value: Decimal | None = standing.steps_due(steps, day, share)
            elif self._goal.measure == "yes_no":
                value = Decimal(1) if share == 1 else ZERO
            else:
                value = standing.due_value(self._baseline, self._goal.target, share)
            if value is not None:
                found.append((max(day, self._start), value))
        return found

    @property
    def _baseline(self) -> Decimal | None:
        """Where the expected path begins; a KPI that a metric measures, and what is counted from
        the start of each period, is expected from nothing."""
        return self._goal.baseline if stands_by_the_way(self._goal) else None

    def _cuts(self, last: date) -> list[date]:
        """The days at which the path is drawn: the ends of weeks, of months in a long period."""
        if self._period.kind in ("half", "year"):
            days = [month.end for month in _months(self._start, last)]
        else:
            weeks = range(1, (last - self._start).days // 7 + 2)
            days = [self._start + _WEEK * number - _DAY for number in weeks]
        return sorted({min(day, last) for day in days} | {last})

    def _actual(self) -> list[tuple[date, Decimal | None]]:
        if self._last < self._start:
            return []
        if self._kind == "added_up":
            return self._added_up()
        if self._kind == "each":
            return self._each()
        if self._kind == "recorded":
            goal = self._goal
            return recorded_values(
                counted(goal), goal.period, member=goal.member_id, team=goal.team_id
            )
        return self._reported()

    def _added_up(self) -> list[tuple[date, Decimal | None]]:
        """What had come together by each cut; nothing at all where no row is known."""
        length = (self._last - self._start).days + 1
        days = [self._start + timedelta(days=number) for number in range(length)]
        found = self._values("day", [day.isoformat() for day in days])
        if not found:
            return []
        sums = accumulate(found.get(day.isoformat()) or ZERO for day in days)
        by_day = dict(zip(days, sums, strict=True))
        return [(day, by_day[day]) for day in self._cuts(self._last)]

    def _each(self) -> list[tuple[date, Decimal | None]]:
        """The value of each week that lies in the period, of each month in a long one."""
        if self._period.kind in ("half", "year"):
            months = _months(self._start, self._last)
            found = self._values("month", [str(month) for month in months])
            return [(min(m.end, self._last), found.get(str(m))) for m in months if found]
        first = self._start + timedelta(days=-self._start.weekday() % 7)
        mondays = [first + _WEEK * n for n in range(max((self._last - first).days // 7 + 1, 0))]
        mondays = [monday for monday in mondays if monday + _WEEK <= self._period.next.start]
        weeks = {monday: CALENDAR_YEAR.name(monday, "week") for monday in mondays}
        found = self._values("week", list(weeks.values())) if weeks else {}
        return [
            (min(monday + _WEEK - _DAY, self._last), found.get(week))
            for monday, week in weeks.items()
            if found
        ]

    def _reported(self) -> list[tuple[date, Decimal | None]]:
        if self._goal.measure == "milestones":
            return self._milestones()
        rows = self._goal.updates.filter(value__isnull=False).order_by("-at", "-id")
        found = {
            _day(at): as_written(value)
            for at, value in reversed(rows.values_list("at", "value")[:_LAST_REPORTS])
            if value is not None
        }
        return [(max(self._start, min(day, self._end)), value) for day, value in found.items()]

    def _milestones(self) -> list[tuple[date, Decimal | None]]:
        """A stair: what was done by each day on which something was."""
        done = sorted({step.done_on for step in self._steps if step.done_on})
        found: dict[date, Decimal | None] = {self._start: ZERO} if done else {}
        for day in done:
            so_far = [step for step in self._steps if step.done_on and step.done_on <= day]
            before = list(found.values())[-1]
            found.setdefault(max(day - _DAY, self._start), before)
            found[max(day, self._start)] = standing.steps_done(so_far)
        return [*found.items(), (self._last, list(found.values())[-1])] if found else []

    @cached_property
    def _steps(self) -> Sequence[standing.Step]:
        return Standings([self._goal], self._viewer.on).steps(self._goal)

    def _values(
        self, grain: Literal["day", "week", "month"], periods: Sequence[str]
    ) -> dict[str, Decimal | None]:
        goal = self._goal
        return values_over_time(
            counted(goal),
            grain,
            periods,
            member=goal.member.code if goal.member else "",
            team=goal.team.code if goal.team else "",
        )


def _kind(goal: Goal, metric: Metric) -> Kind:
    if goal.measure != Goal.Measured.METRIC:
        return "reported"
    if metric.type == "simple" and metric.agg in ("sum", "count"):
        return "added_up"
    # What looks at other periods, or counts each thing once, is not put together from weeks.
    plain = metric.type in _PLAIN_TYPES and metric.agg not in ADDITIVE
    return "each" if plain and counted(goal) in library().definitions.metrics else "recorded"


def _months(first: date, last: date) -> list[Period]:
    found = [Period.of(first, "month")]
    while found[-1].end < last:
        found.append(found[-1].next)
    return found


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
