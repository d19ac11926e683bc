"""Goals as lines of a page: value now, what was due by now, how it stands, what moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from mingji.engine.model import ADDITIVE, Metric
from mingji.goals import policy
from mingji.goals.health import Health, health, reasons
from mingji.goals.models import Agreement, Goal
from mingji.goals.queries.agreed import agreement_source
from mingji.metrics import queries as metrics
from mingji.metrics.definitions import library
from mingji.metrics.queries.values import member_values, team_values
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.explanation import Node
from mingji.rules.progress import expected_by
from mingji.rules.text import Text

# The key of the current value below a goal's attainment: the page `why` takes it as path.
CURRENT = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One goal and how it stands on a day.

    Values are in the unit of `metric`. `previous` is the value of the period before. `owner` is
    the member or the team whose goal it is; `proposed_by` and `accepted_by` are names, empty until
    it happened.
    `adds_up` tells counts and money, which grow over the period, from rates and durations.
    """

    goal: Goal
    period: Period
    owner: Text
    metric: Metric
    theme: Text | None
    adds_up: bool
    proposed_by: Text
    accepted_by: Text
    value: Decimal | None
    previous: Decimal | None
    health: Health

    @property
    def moved(self) -> Decimal | None:
        """The change against the period before; None where the two cannot be compared yet.

        Rates move by percentage points. A count of a running quarter is always below that of a
        whole one: no news in that.
        """
        running = self.adds_up and self.health.expected != self.goal.target
        if running or self.value is None or self.previous is None:
            return None
        change = self.value - self.previous
        return change * 100 if self.metric.unit == "ratio" else change

    @property
    def moved_unit(self) -> str:
        """The unit of `moved`."""
        return "pp" if self.metric.unit == "ratio" else self.metric.unit

    @property
    def both(self) -> Text:
        """Who agreed: the one who proposed and the one who accepted."""
        return Text(
            zh=f"{self.proposed_by.zh}、{self.accepted_by.zh}",
            en=f"{self.proposed_by.en} and {self.accepted_by.en}",
        )


def goals_for(viewer: Viewer, member_code: str, period: str) -> list[GoalLine]:
    """The goals of a member in a period, as they stand today.

    Raises:
        NotFound: no such member for the viewer.
    """
    member = people.member_for(viewer, member_code)
    return _lines(viewer, Q(member=member, period=period))


def goals_of_members(
    viewer: Viewer, member_ids: Iterable[int] | None, period: str
) -> list[GoalLine]:
    """The goals in a period of those of these members whom the viewer may see (None: of all)."""
    wanted = Q(period=period, team=None)
    if member_ids is not None:
        wanted &= Q(member_id__in=list(member_ids))
    return _lines(viewer, wanted)


def goals_of_teams(viewer: Viewer, team_ids: Iterable[int] | None, period: str) -> list[GoalLine]:
    """The goals in a period of those of these whole teams that the viewer may see (None: all)."""
    wanted = Q(period=period, member=None)
    if team_ids is not None:
        wanted &= Q(team_id__in=list(team_ids))
    return _lines(viewer, wanted)


def goals_in(viewer: Viewer, agreement: Agreement) -> list[GoalLine]:
    """The goals of an agreement, which the caller got by `agreement_for`, as they stand today."""
    return _lines(viewer, Q(agreement=agreement))


def goal_line(viewer: Viewer, goal: Goal) -> GoalLine:
    """One goal, which the caller got by `goal_for`, as it stands today."""
    return _lines(viewer, Q(pk=goal.pk))[0]


def goal_reasons(viewer: Viewer, goal: Goal) -> Node:
    """Why a goal (the caller got it by `goal_for`) stands as it does, down to the source rows."""
    whose = goal.member_id or goal.team_id or 0
    facts = metrics.facts_for if goal.member_id else metrics.facts_for_teams
    fact = facts([whose], goal.period).get((whose, goal.metric))
    metric = _metric(goal)
    current = fact.node if fact else metrics.no_data(metric, goal.period)
    target = Node(
        key="target",
        label=Text(zh="目标值", en="Target"),
        value=goal.target,
        unit=metric.unit,
        sources=(agreement_source(goal),),
    )
    return reasons(
        replace(current, key=CURRENT),
        target,
        direction=metric.direction,
        adds_up=metric.agg in ADDITIVE,
        elapsed=_elapsed(Period.parse(goal.period), viewer.on),
    )


@dataclass(frozen=True, slots=True)
class SharedAgreement:
    """Goals that stand at the same stage of agreement, by the same people at the same moment."""

    first: GoalLine
    lines: tuple[GoalLine, ...]


def agreements_of(lines: Iterable[GoalLine]) -> list[SharedAgreement]:
    """Lines put together by who agreed and when: one seal says it for all of them."""
    groups: dict[tuple[object, ...], list[GoalLine]] = {}
    for line in lines:
        goal = line.goal.agreement
        key = (goal.status, goal.proposed_by, goal.accepted_by, goal.accepted_at)
        groups.setdefault(key, []).append(line)
    return [SharedAgreement(group[0], tuple(group)) for group in groups.values()]


def periods_with_goals(viewer: Viewer) -> list[str]:
    """The periods for which the viewer has or sees goals, latest first."""
    found = Goal.objects.filter(policy.visible_to(viewer)).order_by().values_list("period")
    return sorted({period for (period,) in found.distinct()}, reverse=True)


def _lines(viewer: Viewer, wanted: Q) -> list[GoalLine]:
    """Visible goals with their values: the same number of queries for one and for thousands."""
    goals = list(
        Goal.objects.filter(policy.visible_to(viewer), wanted)
        .select_related("agreement", "member", "team", "theme")
        .order_by("member__name_sort", "team__code", "period", "id")
        .distinct()
    )
    values = _Values(goals)
    names = _names(goals)
    return [_line(goal, values, names, viewer.on) for goal in goals]


class _Values:
    """The values of goals and of the periods before: one query for members, one for teams."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        own = {goal.period for goal in goals}
        periods = own | {str(Period.parse(period).previous) for period in own}
        wanted = {goal.metric for goal in goals}
        members = {goal.member_id for goal in goals if goal.member_id}
        teams = {goal.team_id for goal in goals if goal.team_id}
        self._members = member_values(members, wanted, periods)
        self._teams = team_values(teams, wanted, periods)

    def at(self, goal: Goal, period: str) -> Decimal | None:
        """The value of the goal's metric in a period; None is "no data"."""
        if goal.member_id:
            return self._members.get((goal.member_id, goal.metric, period))
        return self._teams.get((goal.team_id or 0, goal.metric, period))


def _names(goals: Sequence[Goal]) -> dict[str, Text]:
    agreements = {goal.agreement_id: goal.agreement for goal in goals}.values()
    codes = {code for each in agreements for code in (each.proposed_by, each.accepted_by) if code}
    found = people.members_by_code(sorted(codes)) if codes else {}
    named = {code: Text(zh=one.name, en=one.name_en) for code, one in found.items()}
    return {code: named.get(code, Text.same(code)) for code in codes} | {"": Text("", "")}


def _line(goal: Goal, values: _Values, names: dict[str, Text], on: date) -> GoalLine:
    period = Period.parse(goal.period)
    metric = _metric(goal)
    value = values.at(goal, goal.period)
    adds_up = metric.agg in ADDITIVE
    return GoalLine(
        goal=goal,
        period=period,
        owner=_owner(goal),
        metric=metric,
        theme=Text(goal.theme.name_zh, goal.theme.name_en) if goal.theme else None,
        adds_up=adds_up,
        proposed_by=names[goal.agreement.proposed_by],
        accepted_by=names[goal.agreement.accepted_by],
        value=value,
        previous=values.at(goal, str(period.previous)),
        health=health(
            value,
            goal.target,
            direction=metric.direction,
            adds_up=adds_up,
            elapsed=_elapsed(period, on),
        ),
    )


def _metric(goal: Goal) -> Metric:
    """The metric; one that has left the library keeps its goals readable under its id."""
    found = library().definitions.metrics.get(goal.metric)
    return found or Metric(goal.metric, Text.same(goal.metric), "simple")


def _elapsed(period: Period, on: date) -> Decimal:
    return expected_by(on, period.start, period.end)


def _owner(goal: Goal) -> Text:
    if goal.member:
        return Text(goal.member.name, goal.member.name_en)
    return Text(goal.team.name_zh, goal.team.name_en) if goal.team else Text("", "")
