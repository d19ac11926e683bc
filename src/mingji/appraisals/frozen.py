"""Put together the facts that a cycle freezes: the post, what was measured, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from mingji.goals import queries as goals
from mingji.goals.queries import AgreedObjective, GoalFact
from mingji.metrics import queries as metrics
from mingji.metrics.queries import ObservationFact
from mingji.people import queries as people
from mingji.rules.calendar import Period
from mingji.rules.facts import ItemFacts, MemberFacts, TeamFacts
from mingji.rules.form import form_for
from mingji.rules.scheme import Item, Scheme

if TYPE_CHECKING:
    from mingji.people.models import Member, Team

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Observations by (id, metric), agreed goals by (id, item) and agreed objectives by id: of
    members, or of teams."""

    observed: Mapping[Key, ObservationFact]
    agreed: Mapping[Key, GoalFact]
    objectives: Mapping[int, tuple[AgreedObjective, ...]]


def facts_of_members(ids: Iterable[int], period: str) -> Facts:
    """What was measured of members and what they agreed to; a fixed number of look-ups."""
    ids = list(ids)
    return Facts(
        metrics.facts_for(ids, period),
        goals.agreed_targets(ids, period),
        goals.agreed_objectives(ids, period, Period.parse(period).end),
    )


def facts_of_teams(ids: Iterable[int], period: str) -> Facts:
    """What was measured of teams and what was agreed for them; a fixed number of look-ups."""
    ids = list(ids)
    return Facts(
        metrics.facts_for_teams(ids, period),
        goals.agreed_team_targets(ids, period),
        goals.agreed_objectives(ids, period, Period.parse(period).end, whose="team"),
    )


@dataclass(frozen=True, slots=True)
class Post:
    """The post in which somebody is appraised: the one held when the period ended."""

    member: str
    team: str
    manager: str | None
    job_family: str
    level: str
    presence: Decimal

    def people(self) -> Iterable[str]:
        """The codes of the member and, if there is one, the manager."""
        return (self.member, self.manager) if self.manager else (self.member,)


def posts_at_end(period: Period) -> list[Post]:
    """Who held which post on the last day of a period, and for which share of it they were here.

    Presence is in calendar days over all posts of the period, so a transfer does not lower it.
    """
    days: dict[str, int] = {}
    last: dict[str, people.PostingFact] = {}
    for fact in people.postings_overlapping(period.start, period.end):
        first = max(fact.starts_on, period.start)
        end = min(fact.ends_on or period.end + timedelta(days=1), period.end + timedelta(days=1))
        days[fact.member] = days.get(fact.member, 0) + (end - first).days
        if fact.ends_on is None or fact.ends_on > period.end:
            last[fact.member] = fact
    whole = (period.end - period.start).days + 1
    return [
        Post(
            member=fact.member,
            team=fact.team,
            manager=fact.manager,
            job_family=fact.job_family,
            level=fact.level,
            presence=Decimal(days[fact.member]) / Decimal(whole),
        )
        for fact in last.values()
    ]


def member_facts(
    scheme: Scheme, post: Post, member: Member, team: Team, own: Facts, teams: Facts
) -> MemberFacts:
    """What is known of a member for every measured item of the form of the post.

    At a level that is measured on its team, the figures and targets are the team's.
    """
    form = form_for(scheme, level=post.level, family=post.job_family)
    items = (item for _, item in form.items())
    on_team = form.level.measured_on == "team"
    return MemberFacts(
        member=post.member,
        name=member.name,
        level=post.level,
        family=post.job_family,
        team=post.team,
        presence=post.presence,
        items=_measured(items, team.pk, teams) if on_team else _measured(items, member.pk, own),
    )


def team_facts(scheme: Scheme, team: Team, facts: Facts) -> TeamFacts:
    """What is known of a team for each of the team's own items."""
    return TeamFacts(
        team=team.code, name=team.name_zh, items=_measured(scheme.team_items, team.pk, facts)
    )


def _measured(items: Iterable[Item], owner: int, facts: Facts) -> dict[str, ItemFacts]:
    found: dict[str, ItemFacts] = {}
    for item in items:
        if item.source == "metric":
            agreed = facts.agreed.get((owner, item.id))
            counted = as_signed(item, agreed)
            found[item.id] = _item_facts(facts.observed.get((owner, counted)), agreed)
        elif item.source == "objectives":
            own = facts.objectives.get(owner, ())
            found[item.id] = ItemFacts(
                parts=goals.parts_of(own, stretch_counts=item.stretch_counts),
                sources=tuple(dict.fromkeys(each.source for each in own)),
            )
    return found


def as_signed(item: Item, agreed: GoalFact | None) -> str:
    """The metric that an item is measured by: what its metric meant when the goal was signed."""
    return agreed.counted if agreed and agreed.metric == item.metric else item.metric


def _item_facts(observed: ObservationFact | None, agreed: GoalFact | None) -> ItemFacts:
    return ItemFacts(
        actual=observed.value if observed else None,
        node=observed.node if observed else None,
        target=agreed.target if agreed else None,
        baseline=agreed.baseline if agreed else None,
        stretch=agreed.stretch if agreed else None,
        threshold=agreed.threshold if agreed else None,
        weight=agreed.weight if agreed else None,
        overrides=agreed.scoring if agreed else {},
        sources=(agreed.source,) if agreed else (),
    )
