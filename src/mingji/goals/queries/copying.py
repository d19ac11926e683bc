"""Goals of an earlier period, prepared to be copied into the drafts of a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from mingji.engine.model import ADDITIVE, Metric
from mingji.goals.copying import CopyRule, copied, copied_target, free_key
from mingji.goals.models import Agreement, Goal
from mingji.goals.queries.items import MeasuredItem, Owner, items_by_member, measured_items
from mingji.goals.queries.standings import Standings, metric_of
from mingji.goals.queries.themes import theme_choices
from mingji.goals.suggesting import Before
from mingji.rules.calendar import Period
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.splitting import places_for
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """A goal of the earlier period: its terms under the key that they would have in the draft,
    what was reached, and the target that is proposed (None where a goal has none).

    `draft` is the goal of the draft that the copy would replace; `beside` says that a KPI is on
    the form no more. An objective carries its key results.
    """

    goal: Goal
    terms: GoalTerms
    metric: Metric
    before: Before
    proposed: Decimal | None
    draft: GoalTerms | None
    beside: bool
    below: tuple[CopyRow, ...] = ()

    @property
    def name(self) -> Text:
        """What the goal is called."""
        return Text.same(self.goal.title) if self.goal.title else self.metric.name

    @property
    def has_target(self) -> bool:
        """Whether it is measured by a number, so that a target can be typed."""
        return self.goal.kind != "objective" and self.goal.measure in ("metric", "manual")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySection:
    """The goals of one member or team. `settled` is their agreement of the new period, if that is
    proposed or agreed: then nothing is copied into it."""

    owner: Owner
    name: Text
    rows: tuple[CopyRow, ...]
    settled: Agreement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPage:
    """Whose goals can be copied from where; `over` says that the earlier period has ended."""

    sections: tuple[CopySection, ...]
    over: bool
    themes: frozenset[str]

    @property
    def items(self) -> dict[str, Text]:
        """What the goals are called, by the key that they had."""
        rows = [row for section in self.sections for row in section.rows]
        return {row.goal.item: row.name for row in rows}

    def terms(self, row: CopyRow, target: Decimal | None) -> GoalTerms:
        """The goal of a row with this target, as it would be drafted."""
        reached = row.before.value if self.over and row.has_target else None
        return copied(row.terms, target, reached=reached, themes=self.themes)


def copy_page(
    owners: Sequence[Owner], *, source: str, period: str, rule: CopyRule, on: date
) -> CopyPage:
    """The goals of these owners, for a caller that has asked whether they may be set. A fixed
    number of queries for any number of members."""
    agreements = _agreements(owners, (source, period))
    goals = [
        goal for (_, when), row in agreements.items() if when == source for goal in row.goals.all()
    ]
    standings = Standings([goal for goal in goals if goal.objective_id is None], on)
    forms = _forms(owners, period)
    sections = []
    for owner in owners:
        earlier, now = agreements.get((owner, source)), agreements.get((owner, period))
        settled = now if now and now.status != Agreement.Status.DRAFT else None
        draft = [goal.terms for goal in _in_order(now)] if now else []
        rows = () if settled else _rows(_in_order(earlier), draft, forms[owner], standings, rule)
        whose = owner.member or owner.team
        assert whose is not None
        sections.append(
            CopySection(owner=owner, name=whose.known_as, rows=tuple(rows), settled=settled)
        )
    start = Period.parse(period).start
    return CopyPage(
        sections=tuple(sections),
        over=Period.parse(source).end < on,
        themes=frozenset(code for code, _name in theme_choices(start.year)),
    )


def _agreements(
    owners: Sequence[Owner], periods: tuple[str, str]
) -> dict[tuple[Owner, str], Agreement]:
    of_member = {each.member.pk: each for each in owners if each.member}
    of_team = {each.team.pk: each for each in owners if each.team}
    wanted = Q(member_id__in=list(of_member)) | Q(team_id__in=list(of_team))
    rows = Agreement.objects.filter(wanted, period__in=periods).select_related("member", "team")
    rows = rows.prefetch_related("goals__theme", "goals__objective", "goals__milestones")
    found = {}
    for row in rows:
        owner = of_member[row.member_id] if row.member_id else of_team[row.team_id or 0]
        found[owner, row.period] = row
    return found


def _forms(owners: Sequence[Owner], period: str) -> dict[Owner, Mapping[str, MeasuredItem]]:
    members = [each.member for each in owners if each.member]
    by_member = items_by_member(members, period) if members else {}
    return {
        each: by_member[each.member.pk][0] if each.member else measured_items(each, period)
        for each in owners
    }


def _in_order(agreement: Agreement | None) -> list[Goal]:
    return sorted(agreement.goals.all(), key=lambda goal: goal.pk) if agreement else []


def _rows(
    goals: Sequence[Goal],
    draft: Sequence[GoalTerms],
    items: Mapping[str, MeasuredItem],
    standings: Standings[Goal],
    rule: CopyRule,
) -> Iterable[CopyRow]:
    known = {goal.key: goal for goal in draft}
    taken = set(known)
    for goal in goals:
        if goal.objective_id is not None:
            continue
        key, old = _key(goal, known, taken, items)
        taken.add(key)
        row = _row(goal, replace(goal.terms, key=key), old, standings, rule)
        below = [each for each in goals if each.objective_id == goal.pk]
        yield replace(
            row,
            beside=goal.kind == Goal.Kind.KPI and bool(goal.metric) and key not in items,
            below=tuple(_below(below, goal.item, key, known, taken, standings, rule)),
        )


def _below(
    goals: Sequence[Goal],
    was: str,
    objective: str,
    known: Mapping[str, GoalTerms],
    taken: set[str],
    standings: Standings[Goal],
    rule: CopyRule,
) -> Iterable[CopyRow]:
    """The key results of an objective under its new key."""
    for goal in goals:
        key = goal.item
        if was != objective:
            key = free_key(f"{objective}-kr-1", taken)
        taken.add(key)
        terms = replace(goal.terms, key=key, objective=objective)
        yield _row(goal, terms, known.get(key), standings, rule)


def _key(
    goal: Goal,
    known: Mapping[str, GoalTerms],
    taken: set[str],
    items: Mapping[str, MeasuredItem],
) -> tuple[str, GoalTerms | None]:
    """The key of the copy, and the goal of the draft that it replaces: one for the same item, or
    one of the same title; another goal that happens to have the key is left alone."""
    there = known.get(goal.item)
    if there is None or goal.item in items or (there.kind, there.title) == (goal.kind, goal.title):
        return goal.item, there
    return free_key(goal.item, taken), None


def _row(
    goal: Goal, terms: GoalTerms, old: GoalTerms | None, standings: Standings[Goal], rule: CopyRule
) -> CopyRow:
    metric = metric_of(goal)
    standing = standings.of(goal)
    before = Before(
        value=standing.value,
        target=goal.target,
        threshold=goal.threshold,
        stretch=goal.stretch,
    )
    row = CopyRow(
        goal=goal,
        terms=terms,
        metric=metric,
        before=before,
        proposed=None,
        draft=old,
        beside=False,
    )
    if not row.has_target:
        return row
    adds_up = metric.agg in ADDITIVE and metric.direction == "up"
    # Raised counts and amounts are written whole, as `suggested` does.
    places = 0 if adds_up else places_for(unit=metric.unit, scale=min(metric.scale, 4))
    proposed = copied_target(before, rule, adds_up=adds_up, places=places)
    return replace(row, proposed=proposed)
