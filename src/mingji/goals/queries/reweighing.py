"""Drafts of many members whose weights are to change, each with what it had and would have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from mingji.goals.checks import FormPart
from mingji.goals.models import Agreement
from mingji.goals.queries.items import MeasuredItem, items_by_member
from mingji.goals.reweighing import Reweighed, WeightWish, reweighed, weights_in
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.models import Member, Team

# More drafts than this do not fit on a page.
MOST_DRAFTS = 300
_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightCell:
    """The weight of an item before and after, in percent; `goal` says that the draft has one."""

    before: Decimal
    after: Decimal | None
    goal: bool

    @property
    def moves(self) -> bool:
        """Whether it changes."""
        return self.after is not None and self.after != self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRow:
    """A member's draft with the weights of a dimension; or the reason why it cannot be."""

    member: Member
    agreement: Agreement
    cells: tuple[WeightCell, ...]
    found: Reweighed | None
    fault: Invalid | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightTable:
    """Members whose dimension has the same items."""

    name: Text
    items: Mapping[str, Text]
    rows: tuple[WeightRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPage:
    """Drafts for which weights can be changed. `items` are what there are goals for, by id.

    `settled` are proposed or agreed agreements with a goal for the item that was asked for (the
    first 50 of `settled_count`); `without` counts drafts that have no such goal.
    """

    teams: tuple[Team, ...]
    items: Mapping[str, Text]
    tables: tuple[WeightTable, ...] = ()
    settled: tuple[Agreement, ...] = ()
    settled_count: int = 0
    without: int = 0
    too_many: int = 0

    @property
    def rows(self) -> list[WeightRow]:
        """The rows of all tables."""
        return [row for table in self.tables for row in table.rows]

    @property
    def written(self) -> str:
        """What would be saved of each member, in one line."""
        return ";".join(f"{row.member.code}:{row.found.written}" for row in self.rows if row.found)


def weight_page(
    viewer: Viewer,
    period: str,
    wish: WeightWish | None = None,
    *,
    team: str = "",
    only: Collection[str] | None = None,
) -> WeightPage:
    """The drafts of those who report to the viewer or whom the viewer serves as HR partner: of
    one team, or only of members with these codes, if those are given. A fixed number of queries.
    """
    teams = people.teams_of(viewer)
    chosen = next((each for each in teams if each.code == team), None)
    owners = people.in_charge_of(viewer, team=chosen)
    if only is not None:
        owners = owners.filter(code__in=list(only))
    drafts = Agreement.objects.filter(
        member__in=owners, period=period, status=Agreement.Status.DRAFT
    )
    count = drafts.count()
    if count > MOST_DRAFTS:
        return WeightPage(teams=tuple(teams), items={}, too_many=count)
    rows = _drafts(drafts)
    forms = items_by_member([row.member for row in rows if row.member], period)
    items = _choices(rows, forms)
    if wish is None or wish.item not in items:
        return WeightPage(teams=tuple(teams), items=items)
    tables, without = _tables(rows, forms, wish)
    settled = Agreement.objects.filter(
        member__in=owners, period=period, goals__item=wish.item
    ).exclude(status=Agreement.Status.DRAFT)
    return WeightPage(
        teams=tuple(teams),
        items=items,
        tables=tables,
        without=without,
        settled=tuple(settled.select_related("member").order_by("member__name_sort")[:_LISTED]),
        settled_count=settled.count(),
    )


def _drafts(drafts: QuerySet[Agreement]) -> list[Agreement]:
    rows = drafts.select_related("member").order_by("member__name_sort", "id")
    return list(rows.prefetch_related("goals__theme", "goals__objective", "goals__milestones"))


_Forms = Mapping[int, tuple[dict[str, MeasuredItem], list[FormPart]]]


def _choices(rows: Sequence[Agreement], forms: _Forms) -> dict[str, Text]:
    """What there are goals for that weigh something in a form, by name."""
    found: dict[str, Text] = {}
    for row in rows:
        items, _parts = forms[row.member_id or 0]
        for goal in row.goals.all():
            if goal.kind == "kpi" and goal.item in items:
                found.setdefault(goal.item, items[goal.item].name)
    return dict(sorted(found.items(), key=lambda each: each[1].zh))


def _tables(
    rows: Sequence[Agreement], forms: _Forms, wish: WeightWish
) -> tuple[tuple[WeightTable, ...], int]:
    heads: dict[tuple[str, ...], FormPart] = {}
    tables: dict[tuple[str, ...], list[WeightRow]] = {}
    without = 0
    for row in rows:
        assert row.member is not None
        _items, parts = forms[row.member.pk]
        terms = [goal.terms for goal in row.goals.all()]
        part = _part_of(parts, terms, wish.item)
        if part is None:
            without += 1
            continue
        key = (part.name.zh, *part.weights)
        heads.setdefault(key, part)
        tables.setdefault(key, []).append(_row(row, row.member, part, terms, wish))
    return tuple(
        WeightTable(name=heads[key].name, items=heads[key].names, rows=tuple(found))
        for key, found in tables.items()
    ), without


def _part_of(parts: Sequence[FormPart], goals: Sequence[GoalTerms], item: str) -> FormPart | None:
    """The dimension in which a draft has a goal for the item."""
    if not any(goal.key == item and goal.kind == "kpi" for goal in goals):
        return None
    return next((part for part in parts if item in part.weights), None)


def _row(
    agreement: Agreement,
    member: Member,
    part: FormPart,
    goals: Sequence[GoalTerms],
    wish: WeightWish,
) -> WeightRow:
    found: Reweighed | None = None
    fault: Invalid | None = None
    try:
        found = reweighed(part, goals, wish)
    except Invalid as refusal:
        fault = refusal
    own = {goal.key for goal in goals}
    return WeightRow(
        member=member,
        agreement=agreement,
        cells=tuple(
            WeightCell(
                before=before,
                after=found.after[key] if found else None,
                goal=key in own,
            )
            for key, before in weights_in(part, goals).items()
        ),
        found=found,
        fault=fault,
    )
