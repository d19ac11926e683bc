"""The goals of a lead's people for a period, prepared so that they can be set in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from mingji.engine.model import ADDITIVE
from mingji.goals.models import Agreement, GoalTemplate, Theme
from mingji.goals.queries.agreed import GoalFact, agreed_targets
from mingji.goals.queries.items import MeasuredItem, items_by_member
from mingji.goals.queries.templates import columns_of
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
    """A goal to set: what is proposed, and what it is proposed from. In the unit of the item.

    `typical` is the goal of the template that it comes from, if one was chosen.
    """

    item: MeasuredItem
    target: Decimal | None
    before: Before
    typical: GoalTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A member with a cell for each item of the form."""

    member: Member
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTable:
    """Members of one job family, who share a form. `template` gave the items, if one was chosen
    from `templates` of the family."""

    family: Text
    items: tuple[MeasuredItem, ...]
    rows: tuple[PlanRow, ...]
    templates: tuple[GoalTemplate, ...] = ()
    template: GoalTemplate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who still gets goals, and who has them already (with where they stand)."""

    tables: tuple[PlanTable, ...]
    settled: tuple[Agreement, ...]
    next: str = ""


# So many people on a page: with a dozen items each they stay below what one form may send.
PEOPLE = 60


def plan_of(
    viewer: Viewer,
    period: str,
    growth: Decimal,
    templates: Collection[int] = (),
    after: str = "",
) -> Plan:
    """The direct reports of the viewer with proposed targets, 60 at a time by name. A fixed number
    of queries.

    `templates` are the numbers of those chosen; of a family the first that is among them counts.
    `after` is the `next` of the page before, the code of its last member; what is no such code
    starts from the beginning.
    """
    open_, settled, following = _people(viewer, period, after)
    forms = items_by_member(open_, period)
    held = people.postings_on(open_, Period.parse(period).end)
    saved = _saved({post.job_family for post in held.values()})
    chosen = {
        family: row for family, rows in saved.items() for row in rows[::-1] if row.pk in templates
    }
    wanted = {
        member: _columns(forms[member.pk][0], chosen.get(held[member.pk].job_family))
        for member in open_
        if forms[member.pk][0]
    }
    metrics = {item.metric for columns in wanted.values() for item, _typical in columns}
    last = Period.parse(period).previous
    before = LastPeriod(open_, str(last), metrics, running=last.end >= viewer.on)
    tables: dict[tuple[str, ...], list[PlanRow]] = {}
    for member, columns in wanted.items():
        cells = tuple(
            replace(_cell(item, before.of(member.pk, item), growth), typical=typical)
            for item, typical in columns
        )
        key = (held[member.pk].job_family, *(item.id for item, _typical in columns))
        tables.setdefault(key, []).append(PlanRow(member=member, cells=cells))
    return Plan(
        tables=tuple(
            PlanTable(
                family=JOB_FAMILIES.get(key[0], Text.same(key[0])),
                items=tuple(cell.item for cell in rows[0].cells),
                rows=tuple(rows),
                templates=tuple(saved.get(key[0], ())),
                template=chosen.get(key[0]),
            )
            for key, rows in sorted(tables.items(), key=lambda each: each[0])
        ),
        settled=tuple(settled),
        next=following,
    )


def _people(viewer: Viewer, period: str, after: str) -> tuple[list[Member], list[Agreement], str]:
    """Those of a page whose goals are open, agreements that are settled, and the next `after`."""
    members = people.below(viewer, direct=True)
    ids = [member.pk for member in members]
    agreements = Agreement.objects.filter(member_id__in=ids, period=period)
    settled = [row for row in agreements.select_related("member") if row.status != "draft"]
    taken = {row.member_id for row in settled}
    first = next((at for at, member in enumerate(members, 1) if member.code == after), 0)
    every = [member for member in members[first:] if member.pk not in taken]
    return every[:PEOPLE], settled, every[PEOPLE - 1].code if len(every) > PEOPLE else ""


def _saved(families: Collection[str]) -> dict[str, list[GoalTemplate]]:
    found: dict[str, list[GoalTemplate]] = {}
    for row in GoalTemplate.objects.filter(family__in=families):
        found.setdefault(row.family, []).append(row)
    return found


def _columns(
    items: Mapping[str, MeasuredItem], template: GoalTemplate | None
) -> list[tuple[MeasuredItem, GoalTerms | None]]:
    """The items of a form; with a template those in it, weighed as it says."""
    if template is None:
        return [(item, None) for item in items.values()]
    return [*columns_of(template, items)]


def terms_for(cell: Cell, target: Decimal) -> GoalTerms:
    """The goal of a cell with this target; threshold and stretch keep their distance from it."""
    known, typical = cell.before, cell.item.typical
    old = known.target if known.threshold or known.stretch else typical.target
    threshold = known.threshold if known.threshold is not None else typical.threshold
    stretch = known.stretch if known.stretch is not None else typical.stretch
    baseline = known.value if known.value != target else None
    return replace(
        cell.typical or GoalTerms(key=cell.item.id, metric=cell.item.metric),
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


class LastPeriod:
    """What members reached in the period before, and what they had agreed to. Two queries."""

    def __init__(
        self,
        members: Sequence[Member],
        period: str,
        metrics: Collection[str],
        *,
        running: bool = False,
    ) -> None:
        ids = [member.pk for member in members]
        self._period, self._running = period, running
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
            running=self._running,
        )


def _cell(item: MeasuredItem, before: Before, growth: Decimal) -> Cell:
    metric = library().definitions.metrics.get(item.metric)
    adds_up = metric is not None and metric.agg in ADDITIVE and item.direction == "up"
    target = suggested(before, growth=growth, adds_up=adds_up)
    return Cell(
        item=item, target=target if target is not None else item.typical.target, before=before
    )
