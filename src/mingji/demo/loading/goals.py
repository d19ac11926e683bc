"""Strategy themes, and the goals that everybody agreed to at the start of each quarter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from mingji.demo.company import Company
from mingji.demo.loading.agreements import FOLLOWED
from mingji.demo.targets import Target
from mingji.goals import actions
from mingji.people import queries as people
from mingji.rules.calendar import Period
from mingji.rules.form import form_for
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.scheme import Item, Scheme
from mingji.rules.text import Text
from mingji.schemes import queries as schemes

if TYPE_CHECKING:
    from mingji.people.models import Member


def load_goals(company: Company, scheme_version: int) -> None:
    """Set the themes and take over the agreed goals of every quarter with targets."""
    scheme = schemes.scheme_of(scheme_version)
    for theme in company.themes:
        actions.set_theme(theme.code, year=theme.year, name=theme.name, at=_day("2026Q1", 1))
    members = people.members_by_code([member.code for member in company.members])
    teams = people.teams_by_code()
    for quarter in (*company.quarters, company.running_quarter):
        targets = {
            (target.unit, target.metric): target
            for target in company.targets
            if target.quarter == quarter
        }
        wanted = {
            (unit, item.id): (unit, item, proposer, accepter)
            for unit, item, proposer, accepter in _wanted(company, scheme, quarter)
        }
        goals = [
            actions.AgreedGoal(
                member_id=members[unit].pk if unit in members else None,
                team_id=teams[unit].pk if unit in teams else None,
                period=quarter,
                terms=_terms(item, targets[unit, item.metric]),
                proposed_by=proposer,
                proposed_at=_day(quarter, 2),
                accepted_by=accepter,
                accepted_at=_day(quarter, 5),
            )
            for unit, item, proposer, accepter in wanted.values()
            if (unit, item.metric) in targets
        ]
        if quarter == company.running_quarter:
            goals += _objectives(goals, members)
        actions.import_agreed(goals, at=_day(quarter, 5))


def _wanted(company: Company, scheme: Scheme, quarter: str) -> Iterator[tuple[str, Item, str, str]]:
    """Unit, item, who proposed and who accepted: a member's form, and each team's own items."""
    period = Period.parse(quarter)
    last = min(period.end, company.today)
    for member in company.members:
        posting = company.people.posting_on(member.code, last)
        if posting is None or not posting.manager or not member.appraised:
            continue
        form = form_for(scheme, level=posting.level, family=posting.family)
        on_team = form.level.measured_on == "team"
        for _, item in form.items():
            if item.source == "metric":
                unit = posting.team if on_team else member.code
                yield unit, item, posting.manager, member.code
    managers = {team.code: team.manager for team in company.teams}
    partner = next(duty.member for duty in company.duties if duty.kind == "hr_partner")
    for team in company.teams:
        for item in scheme.team_items:
            yield team.code, item, managers.get(team.parent, partner), team.manager


def _objectives(
    goals: list[actions.AgreedGoal], members: Mapping[str, Member]
) -> list[actions.AgreedGoal]:
    """The objectives of those who work on something new, agreed with their other goals."""
    first = {goal.member_id: goal for goal in reversed(goals)}
    return [
        replace(first[members[code].pk], terms=terms)
        for code, objective in FOLLOWED.items()
        for terms in objective
    ]


def _terms(item: Item, target: Target) -> GoalTerms:
    """Without the baseline where it is the target: progress from there would be undefined."""
    return GoalTerms(
        key=item.id,
        metric=item.metric,
        target=target.target,
        baseline=target.baseline if target.baseline != target.target else None,
        threshold=target.threshold,
        stretch=target.stretch,
        theme=target.theme,
        support=_support(item),
    )


def _support(item: Item) -> str:
    return _SUPPORT.in_("zh") if item.data_owner else ""


_SUPPORT = Text(zh="数据口径由营销运营每周核对", en="Marketing operations checks the data weekly")


def _day(quarter: str, number: int) -> datetime:
    start = Period.parse(quarter).start + timedelta(days=number - 1)
    return datetime.combine(start, time(2, 0), tzinfo=UTC)
