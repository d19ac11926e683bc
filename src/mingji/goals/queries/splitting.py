"""The target of a team's goal, prepared to be split over the members of the team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from mingji.engine.model import ADDITIVE, Metric
from mingji.goals import policy
from mingji.goals.dividing import Division, Strength, Wish, divided
from mingji.goals.models import Agreement, Alignment, Goal
from mingji.goals.queries.decomposing import is_added_up
from mingji.goals.queries.items import MeasuredItem, items_by_member, metric_item
from mingji.goals.queries.planning import Cell, LastPeriod, terms_for
from mingji.goals.queries.standings import metric_of
from mingji.goals.suggesting import Before, kept_distance
from mingji.metrics.definitions import library
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import ZERO, exact
from mingji.rules.splitting import places_for
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member

# More members than this are set goals from a spreadsheet.
MOST = 200
_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """A member of the team who can take a part: the item that it would stand for, what is known
    of the period before, the working days present, and the draft that the part would change."""

    member: Member
    item: MeasuredItem
    on_form: bool
    before: Before
    days: int
    draft: Goal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A goal that serves the team's already, and how much of its target counts there."""

    goal: Goal
    owner: Text
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An agreement that is proposed or agreed, which a split leaves alone, with its goal of the
    same metric; `counted` says that this goal serves the team's."""

    agreement: Agreement
    goal: Goal | None
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """A team's goal with those among whom its target can be split.

    `settled` are agreements of the other members of the team; `hidden` counts goals that serve it
    and are not the viewer's to see.
    """

    goal: Goal
    metric: Metric
    places: int
    sharers: tuple[Sharer, ...]
    settled: tuple[Settled, ...]
    serving: tuple[Serving, ...]
    hidden: int

    def first(self, chosen: frozenset[str]) -> list[Serving]:
        """What counts before the split: all that serves the goal but the drafts of the chosen."""
        own = {each.draft.pk for each in self.sharers if each.draft and each.member.code in chosen}
        return [each for each in self.serving if each.goal.pk not in own]


def split_page(viewer: Viewer, goal: Goal) -> SplitPage:
    """A team's goal, which the caller got by `goal_for`. A fixed number of queries.

    Raises:
        Invalid: it is not a team's, or has no target that could be added up, or the team is too
            large for a page.
    """
    if not can_be_split(goal):
        raise Invalid(_CANNOT, code="cannot_be_split")
    assert goal.team is not None
    members = people.below_in_team(viewer, goal.team, Period.parse(goal.period).end)
    if len(members) > MOST:
        raise Invalid(_TOO_MANY, code="too_many_members")
    metric = metric_of(goal)
    sharers, settled = _sharers(goal, members)
    serving, hidden = _serving(viewer, goal, metric)
    counted = {each.goal.pk for each in serving}
    return SplitPage(
        goal=goal,
        metric=metric,
        places=places_for(unit=metric.unit, scale=min(metric.scale, 4), agg=metric.agg),
        sharers=sharers,
        settled=tuple(_settled(row, goal.metric, counted) for row in settled),
        serving=serving,
        hidden=hidden,
    )


def can_be_split(goal: Goal) -> bool:
    """Whether it is a goal of a team whose target is the sum of those below.

    A derived metric adds up only if somebody has said so: its formula alone does not tell.
    """
    metric = library().definitions.metrics.get(goal.metric)
    if metric is None or goal.measure != Goal.Measured.METRIC:
        return False
    if goal.team_id is None or goal.target is None or not is_added_up(goal):
        return False
    return metric.agg in ADDITIVE or goal.combine == "sum"


@exact
def divide(page: SplitPage, wish: Wish) -> Division:
    """What each of the chosen gets of what nobody carries yet.

    Raises:
        Invalid: nothing is left, or the wish allows no split.
    """
    assert page.goal.target is not None
    first = sum((each.amount for each in page.first(wish.chosen)), ZERO)
    strengths = [
        Strength(code=each.member.code, reached=each.before.value, days=each.days)
        for each in page.sharers
    ]
    return divided(page.goal.target - first, strengths, wish, page.places)


def terms_of_part(page: SplitPage, sharer: Sharer, amount: Decimal) -> GoalTerms:
    """The goal of a member for a part: the draft with this target, or a new one."""
    theme = page.goal.theme.code if page.goal.theme else ""
    if sharer.draft is None:
        cell = Cell(item=sharer.item, target=amount, before=sharer.before)
        return replace(terms_for(cell, amount), theme=theme)
    old = sharer.draft.terms
    return replace(
        old,
        target=amount,
        baseline=None if old.baseline == amount else old.baseline,
        threshold=kept_distance(amount, old.threshold, old.target),
        stretch=kept_distance(amount, old.stretch, old.target),
        theme=old.theme or theme,
    )


def _sharers(
    goal: Goal, members: Sequence[Member]
) -> tuple[tuple[Sharer, ...], tuple[Agreement, ...]]:
    ids = [member.pk for member in members]
    period = Period.parse(goal.period)
    rows = Agreement.objects.filter(member_id__in=ids, period=goal.period)
    rows = rows.select_related("member").prefetch_related(
        "goals__theme", "goals__objective", "goals__milestones"
    )
    known = {row.member_id: row for row in rows}
    forms = items_by_member(members, goal.period)
    before = LastPeriod(members, str(period.previous), {goal.metric})
    assert goal.team is not None
    spans = people.spans_in_team(ids, goal.team, period.start, period.end)
    sharers = []
    for member in members:
        items, _parts = forms[member.pk]
        agreement = known.get(member.pk)
        if not items or (agreement and agreement.status != Agreement.Status.DRAFT):
            continue
        draft = _kpi_of(agreement, goal.metric)
        item, on_form = _item(items, goal.metric, draft)
        sharers.append(
            Sharer(
                member=member,
                item=item,
                on_form=on_form,
                before=before.of(member.pk, item),
                days=sum(_working_days(*span) for span in spans.get(member.pk, ())),
                draft=draft,
            )
        )
    settled = [row for row in known.values() if row.status != Agreement.Status.DRAFT]
    return tuple(sharers), tuple(settled)


def _settled(row: Agreement, metric: str, counted: Collection[int]) -> Settled:
    goal = _kpi_of(row, metric)
    return Settled(agreement=row, goal=goal, counted=goal is not None and goal.pk in counted)


def _kpi_of(agreement: Agreement | None, metric: str) -> Goal | None:
    """The KPI of an agreement that this metric measures, the first if there are more."""
    goals = agreement.goals.all() if agreement else ()
    own = [each for each in goals if each.metric == metric and each.kind == Goal.Kind.KPI]
    return min(own, key=lambda each: each.pk, default=None)


def _item(
    items: Mapping[str, MeasuredItem], metric: str, draft: Goal | None
) -> tuple[MeasuredItem, bool]:
    """The item that a part stands for, and whether the form has it; else a KPI beside the form."""
    if draft is not None and draft.item in items:
        return items[draft.item], True
    for item in items.values():
        if item.metric == metric and draft is None:
            return item, True
    beside = metric_item(draft.item if draft else f"kpi-{metric}"[:60], metric)
    assert beside is not None, "the metric of a goal that adds up is in the library"
    return beside, False


def _serving(viewer: Viewer, goal: Goal, metric: Metric) -> tuple[tuple[Serving, ...], int]:
    """What serves the goal and counts in its sum, and how much of that the viewer may not see.

    Raises:
        Invalid: one of them carries a part of the goal that is no share of its sum.
    """
    links = Alignment.objects.filter(parent=goal, child__period=goal.period)
    links = links.select_related("child__member", "child__team", "child__objective")
    if any(link.part for link in links):
        raise Invalid(_CANNOT, code="cannot_be_split")
    counted = [
        link
        for link in links
        if link.child.target is not None and metric_of(link.child).unit == metric.unit
    ]
    seen = Goal.objects.filter(
        policy.visible_to(viewer), pk__in=[link.child_id for link in counted]
    )
    visible = set(seen.values_list("pk", flat=True))
    serving = [_served(link) for link in counted if link.child_id in visible]
    return tuple(serving), len(counted) - len(serving)


@exact
def _served(link: Alignment) -> Serving:
    owner = link.child.member or link.child.team
    assert owner is not None
    assert link.child.target is not None
    return Serving(goal=link.child, owner=owner.known_as, amount=link.child.target * link.share)


def _working_days(first: date, last: date) -> int:
    """Mondays to Fridays from `first` to `last`, both included. Holidays are not known here."""
    days = (last - first).days + 1
    return sum((first + timedelta(days=n)).weekday() <= _FRIDAY for n in range(days))


_CANNOT = Text(
    zh="只有团队的、目标值可以相加的目标才能分摊。比率、平均值这类目标，给每个人单独定。",
    en="Only a goal of a team whose target is the sum of those below is split. "
    "For rates and averages, set each one's target.",
)
_TOO_MANY = Text(
    zh=f"这个团队超过 {MOST} 人，一页放不下。用“从表格导入”给他们定目标。",
    en=f"The team has more than {MOST} members, too many for one page. "
    "Set their goals from a spreadsheet.",
)
