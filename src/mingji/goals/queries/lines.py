"""Goals as lines of a page: value now, what was due by now, how it stands, what moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from mingji.engine.model import Metric
from mingji.goals import policy
from mingji.goals.health import Health
from mingji.goals.models import Agreement, Goal
from mingji.goals.queries.standings import Standing, Standings
from mingji.goals.scoring import scoring_words
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One goal and how it stands on a day.

    `owner` is the member or the team whose goal it is; `proposed_by` and `accepted_by` are names,
    empty until it happened. An objective carries the lines of its key results.
    """

    goal: Goal
    period: Period
    owner: Text
    theme: Text | None
    proposed_by: Text
    accepted_by: Text
    standing: Standing
    key_results: tuple[GoalLine, ...] = ()

    @property
    def name(self) -> Text:
        """What the goal is called: its own title, else its metric."""
        return Text.same(self.goal.title) if self.goal.title else self.metric.name

    @property
    def metric(self) -> Metric:
        """What it is measured by; values are in its unit."""
        return self.standing.metric

    @property
    def value(self) -> Decimal | None:
        """The current value; None is "no data"."""
        return self.standing.value

    @property
    def previous(self) -> Decimal | None:
        """The value of the period before."""
        return self.standing.previous

    @property
    def health(self) -> Health:
        """How it stands against what was expected by now."""
        return self.standing.health

    @property
    def target(self) -> Decimal | None:
        """What is to be reached: of milestones and objectives the whole."""
        shares = self.goal.kind == "objective" or self.goal.measure in ("milestones", "yes_no")
        return Decimal(1) if shares else self.goal.target

    @property
    def moved(self) -> Decimal | None:
        """The change against the period before; None where the two cannot be compared yet.

        Rates move by percentage points. A count of a running quarter is always below that of a
        whole one: no news in that.
        """
        running = self.standing.adds_up and self.health.expected != self.goal.target
        if running or self.value is None or self.previous is None:
            return None
        change = self.value - self.previous
        return change * 100 if self.metric.unit == "ratio" else change

    @property
    def moved_unit(self) -> str:
        """The unit of `moved`."""
        return "pp" if self.metric.unit == "ratio" else self.metric.unit

    @property
    def scoring(self) -> Text:
        """The method that was agreed for it, in words; empty where the scheme's own counts."""
        return scoring_words(self.goal.scoring, self.metric.unit)

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
    return _drawn_up([goal], viewer.on)[0]


def lines_by_id(viewer: Viewer, ids: Collection[int]) -> dict[int, GoalLine]:
    """Those of these goals that the viewer may see, key results among them, by their ids."""
    rows = Goal.objects.filter(policy.visible_to(viewer), pk__in=ids)
    goals = list(rows.select_related("agreement", "member", "team", "theme"))
    return {line.goal.pk: line for line in _drawn_up(goals, viewer.on)}


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
    """Visible goals with their values: the same number of queries for one and for thousands.

    Key results stand below their objective, not beside it.
    """
    goals = list(
        Goal.objects.filter(policy.visible_to(viewer), wanted)
        .exclude(kind=Goal.Kind.KEY_RESULT)
        .select_related("agreement", "member", "team", "theme")
        .order_by("member__name_sort", "team__code", "period", "id")
        .distinct()
    )
    return _drawn_up(goals, viewer.on)


def _drawn_up(goals: Sequence[Goal], on: date) -> list[GoalLine]:
    standings, names = Standings(goals, on), _names(goals)
    return [_line(goal, standings, names) for goal in goals]


def _names(goals: Sequence[Goal]) -> dict[str, Text]:
    agreements = {goal.agreement_id: goal.agreement for goal in goals}.values()
    codes = {code for each in agreements for code in (each.proposed_by, each.accepted_by) if code}
    named = people.names_by_code(codes) if codes else {}
    return {code: named.get(code, Text.same(code)) for code in codes} | {"": Text("", "")}


def _line(goal: Goal, standings: Standings[Goal], names: dict[str, Text]) -> GoalLine:
    return GoalLine(
        goal=goal,
        period=Period.parse(goal.period),
        owner=_owner(goal),
        theme=goal.theme.known_as if goal.theme else None,
        proposed_by=names[goal.agreement.proposed_by],
        accepted_by=names[goal.agreement.accepted_by],
        standing=standings.of(goal),
        key_results=tuple(_line(each, standings, names) for each in standings.key_results(goal)),
    )


def _owner(goal: Goal) -> Text:
    if goal.member:
        return Text(goal.member.name, goal.member.name_en)
    return Text(goal.team.name_zh, goal.team.name_en) if goal.team else Text("", "")
