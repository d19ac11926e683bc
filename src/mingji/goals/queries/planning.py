"""The goals of a lead's people for a period, prepared so that they can be set in one go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from mingji.engine.model import ADDITIVE
from mingji.goals.models import Agreement, Theme
from mingji.goals.queries.agreed import GoalFact, agreed_targets
from mingji.goals.queries.items import MeasuredItem, items_by_member
from mingji.goals.suggesting import Before, kept_distance, suggested
from mingji.metrics.definitions import library
from mingji.metrics.queries.values import member_values
from mingji.people import queries as people
from mingji.people.families import JOB_FAMILIES
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A goal to set: what is proposed, and what it is proposed from. In the unit of the item."""

    item: MeasuredItem
    target: Decimal | None
    before: Before


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A member with a cell for each item of the form."""

    member: Member
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTable:
    """Members of one job family, who share a form."""

    family: Text
    items: tuple[MeasuredItem, ...]
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who still gets goals, and who has them already (with where they stand)."""

    tables: tuple[PlanTable, ...]
    settled: tuple[Agreement, ...]
    next: str = ""


# So many people on a page: with a dozen items each they stay below what one form may send.
PEOPLE = 60


def plan_of(viewer: Viewer, period: str, growth: Decimal, after: str = "") -> Plan:
    """The direct reports of the viewer with proposed targets, 60 at a time by name. A fixed number
    of queries.

    `after` is the `next` of the page before, the code of its last member; what is no such code
    starts from the beginning.
    """
    members = people.below(viewer, direct=True)
    ids = [member.pk for member in members]
    agreements = Agreement.objects.filter(member_id__in=ids, period=period)
    settled = [row for row in agreements.select_related("member") if row.status != "draft"]
    taken = {row.member_id for row in settled}
    first = next((at for at, member in enumerate(members, 1) if member.code == after), 0)
    every = [member for member in members[first:] if member.pk not in taken]
    open_ = every[:PEOPLE]
    forms = items_by_member(open_, period)
    metrics = {item.metric for items, _ in forms.values() for item in items.values()}
    before = _Before(open_, str(Period.parse(period).previous), metrics)
    families = people.postings_on(open_, Period.parse(period).end)
    tables: dict[tuple[str, ...], list[PlanRow]] = {}
    for member in open_:
        items, _parts = forms[member.pk]
        if not items:
            continue
        cells = tuple(_cell(item, before.of(member.pk, item), growth) for item in items.values())
        key = (families[member.pk].job_family, *items)
        tables.setdefault(key, []).append(PlanRow(member=member, cells=cells))
    return Plan(
        tables=tuple(
            PlanTable(
                family=JOB_FAMILIES.get(key[0], Text.same(key[0])),
                items=tuple(cell.item for cell in rows[0].cells),
                rows=tuple(rows),
            )
            for key, rows in sorted(tables.items(), key=lambda each: each[0])
        ),
        settled=tuple(settled),
        next=open_[-1].code if len(every) > PEOPLE else "",
    )


def terms_for(cell: Cell, target: Decimal) -> GoalTerms:
    """The goal of a cell with this target; threshold and stretch keep their distance from it."""
    known, typical = cell.before, cell.item.typical
    old = known.target if known.threshold or known.stretch else typical.target
    threshold = known.threshold if known.threshold is not None else typical.threshold
    stretch = known.stretch if known.stretch is not None else typical.stretch
    baseline = known.value if known.value != target else None
    return GoalTerms(
        key=cell.item.id,
        metric=cell.item.metric,
        target=target,
        baseline=baseline,
        threshold=kept_distance(target, threshold, old),
        stretch=kept_distance(target, stretch, old),
    )


def members_to_plan_for(viewer: Viewer) -> list[Member]:
    """Everybody whose goals the viewer may set: all who report to them."""
    return people.below(viewer)


def theme_words(year: int) -> dict[str, str]:
    """The themes of a year by code and by name in both languages."""
    rows = Theme.objects.filter(year=year)
    return {word: row.code for row in rows for word in (row.code, row.name_zh, row.name_en)}


class _Before:
    """What members reached in the period before, and what they had agreed to. Two queries."""

    def __init__(
        self,
        members: Sequence[Member],
        period: str,
        metrics: Collection[str],
    ) -> None:
        ids = [member.pk for member in members]
        self._period = period
        self._values = member_values(ids, metrics, [period])
        self._agreed = agreed_targets(ids, period)

    def of(self, member: int, item: MeasuredItem) -> Before:
        """What is known of an item of a member."""
        fact: GoalFact | None = self._agreed.get((member, item.id))
        return Before(
            value=self._values.get((member, item.metric, self._period)),
            target=fact.target if fact else None,
            threshold=fact.threshold if fact else None,
            stretch=fact.stretch if fact else None,
        )


def _cell(item: MeasuredItem, before: Before, growth: Decimal) -> Cell:
    metric = library().definitions.metrics.get(item.metric)
    adds_up = metric is not None and metric.agg in ADDITIVE and item.direction == "up"
    target = suggested(before, growth=growth, adds_up=adds_up)
    return Cell(
        item=item, target=target if target is not None else item.typical.target, before=before
    )
