"""The demo company as one value: who works there, and what their systems know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from mingji.demo import owners, words
from mingji.demo.actuals import Actuals, add_up
from mingji.demo.owners import OwnerLink
from mingji.demo.people import Duty, Leave, Member, People, Posting, Team, build_people
from mingji.demo.quarters import first_day, following, previous, quarter_of, quarters_between
from mingji.demo.ratings import By, Rating, rate
from mingji.demo.rows import Row
from mingji.demo.strategy import DepartmentGoal, Theme, department_goals, themes
from mingji.demo.tables.audience import audience, listening, web_visits
from mingji.demo.tables.deals import opportunities, payments
from mingji.demo.tables.encounters import events, partners, surveys
from mingji.demo.tables.leads import follow_ups, leads
from mingji.demo.tables.reach import content, mentions, spend
from mingji.demo.tables.results import credited, market_size, orders, settled
from mingji.demo.tables.work import deliverables
from mingji.demo.targets import Target, set_targets
from mingji.demo.world import HISTORY, World, stints_of
from mingji.rules.text import Text

SEED = 20261122
TODAY = dt.date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything the demo knows.

    `tables` are the rows of the canonical model by table name, owners spelt as their systems spell
    them; `owners` says who that is, when. `quarters` are the complete quarters that have targets.
    """

    name: Text
    seed: int
    today: dt.date
    people: People
    owners: tuple[OwnerLink, ...]
    tables: Mapping[str, Sequence[Row]]
    actuals: Actuals
    targets: tuple[Target, ...]
    themes: tuple[Theme, ...]
    goals: tuple[DepartmentGoal, ...]

    @property
    def teams(self) -> tuple[Team, ...]:
        return self.people.teams

    @property
    def members(self) -> tuple[Member, ...]:
        return self.people.members

    @property
    def postings(self) -> tuple[Posting, ...]:
        return self.people.postings

    @property
    def duties(self) -> tuple[Duty, ...]:
        return self.people.duties

    @property
    def leaves(self) -> tuple[Leave, ...]:
        return self.people.leaves

    @property
    def running_quarter(self) -> str:
        """The quarter of the company's today."""
        return quarter_of(self.today)

    @property
    def quarters(self) -> tuple[str, ...]:
        """The complete quarters with targets, oldest first."""
        return quarters_between(HISTORY, previous(self.running_quarter))[1:]

    def targets_of(self, member: str, quarter: str) -> tuple[Target, ...]:
        """A member's targets of a quarter; who leads a team answers for the team's.

        A team's target (`scope` is `team`) is met by the team's rows, not by the lead's own.
        """
        led = {team.code for team in self.teams if team.manager == member}
        return tuple(
            target
            for target in self.targets
            if target.quarter == quarter and (target.unit == member or target.unit in led)
        )

    def rating(self, member: str, quarter: str, item: str, *, by: By) -> Rating:
        """What the member, or the manager at the quarter's end, says on a rated item."""
        rated = self.member(member)
        last = first_day(following(quarter)) - dt.timedelta(days=1)
        posting = self.people.posting_on(member, min(last, rated.left_on or last))
        rater = posting.manager if posting and by == "manager" else member
        return rate(self.seed, rated, quarter, item, by=by, rater=rater)

    def member(self, code: str) -> Member:
        """The member with a code."""
        return next(member for member in self.members if member.code == code)


def build(seed: int = SEED, today: dt.date = TODAY) -> Company:
    """Makes the demo company; the same seed and day give the same company to the last byte.

    Args:
        seed: Any whole number; the default is the one that the documentation describes.
        today: The company's today. Nothing later is known; the quarter it falls in is running.
    """
    people = build_people()
    world = World(seed, today, people, stints_of(people))
    found_leads = leads(world)
    deals = settled(world, opportunities(world, found_leads))
    sold = orders(world, deals)
    name = words.bank("people")["company"]
    held = events(world)
    tables: dict[str, Sequence[Row]] = {
        "leads": found_leads,
        "follow_ups": follow_ups(world, found_leads),
        "opportunities": deals,
        "payments": payments(world, deals),
        "spend": credited(world, spend(world, held), deals),
        "content": content(world),
        "events": held,
        "surveys": surveys(world),
        "partners": partners(world),
        "mentions": mentions(world),
        "deliverables": deliverables(world),
        "orders": sold,
        "market_size": market_size(world, sold),
        "audience": audience(world),
        "web_visits": web_visits(world),
        "listening": listening(world),
    }
    mapping = owners.links(people)
    actuals = add_up(people, mapping, tables)
    planned = quarters_between(following(HISTORY), quarter_of(today))
    return Company(
        name=Text(name["zh"], name["en"]),
        seed=seed,
        today=today,
        people=people,
        owners=mapping,
        tables=MappingProxyType(tables),
        actuals=actuals,
        targets=set_targets(world.stints, actuals, planned),
        themes=themes(),
        goals=department_goals(),
    )
