"""The pace of work: who is at work when, how much comes of it, and on which days.

Amounts are decided first (a quarter's count or sum, with a little noise), rows afterwards, so that
people's results scatter like real ones and not like dice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Literal, TypeVar

from mingji.demo import stories
from mingji.demo.owners import spelling
from mingji.demo.people import Member, People, Posting
from mingji.demo.quarters import first_day, following, quarter_of, quarters_between, working_days

#: The first quarter with data; targets begin one quarter later.
HISTORY = "2025Q3"
Curve = Literal["leads", "revenue", "flat", "none"]
SEASONS: dict[Curve, tuple[float, float, float, float]] = {
    "leads": (0.84, 1.02, 1.0, 1.12),
    "revenue": (0.76, 1.0, 0.98, 1.25),
    "flat": (0.95, 1.0, 1.0, 1.02),
    "none": (1.0, 1.0, 1.0, 1.0),
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stint:
    """One posting of one member, with the working days they were there."""

    member: Member
    posting: Posting
    absent: tuple[tuple[dt.date, dt.date], ...]

    @property
    def family(self) -> str:
        return self.posting.family

    def days(self, quarter: str) -> tuple[dt.date, ...]:
        """The working days of a quarter on which the member worked in this posting."""
        end = self.posting.ends_on or dt.date.max
        return _days(self.posting.starts_on, end, self.absent, quarter)

    def share(self, quarter: str) -> float:
        """How much of a quarter's working days the member was there, 0 to 1."""
        return len(self.days(quarter)) / len(working_days(quarter))


@cache
def _days(
    start: dt.date, end: dt.date, absent: tuple[tuple[dt.date, dt.date], ...], quarter: str
) -> tuple[dt.date, ...]:
    return tuple(
        day
        for day in working_days(quarter)
        if start <= day < end and not any(first <= day < last for first, last in absent)
    )


@dataclass(frozen=True, slots=True)
class World:
    """Everything a table's generator may look at."""

    seed: int
    today: dt.date
    people: People
    stints: tuple[Stint, ...]

    @property
    def quarters(self) -> tuple[str, ...]:
        """From the first quarter with data to the one after today's: deals still open then."""
        return quarters_between(HISTORY, following(quarter_of(self.today)))

    def rng(self, *purpose: str) -> Random:
        """Chance for one purpose, so that a change in one table leaves the others as they are."""
        return Random("/".join((str(self.seed), *purpose)))  # noqa: S311 - a made-up company

    def step(self, quarter: str) -> int:
        """How many quarters after the first one with data."""
        return (int(quarter[:4]) - int(HISTORY[:4])) * 4 + int(quarter[5]) - int(HISTORY[5])

    def work(
        self, table: str, *families: str, also: tuple[str, ...] = ()
    ) -> Iterator[tuple[Stint, str, Random]]:
        """Each posting of the families in each quarter worked, with its own chance.

        `also` names quarters before the first one with data.
        """
        for stint in self.stints:
            if families and stint.family not in families:
                continue
            for quarter in also + self.quarters:
                if stint.days(quarter):
                    yield stint, quarter, self.rng(table, stint.member.code, quarter, stint.family)

    def volume(self, base: float, stint: Stint, quarter: str, rng: Random, curve: Curve) -> float:
        """What a member brings in a quarter: skill, season, own trend, presence, a slow start."""
        skill = self.rng("skill", stint.member.code).lognormvariate(0, 0.15)
        season = SEASONS[curve][int(quarter[5]) - 1]
        trend = self.rng("trend", stint.member.code).gauss(1.02, 0.03)
        growth = trend ** self.step(quarter)
        begun = stint.posting.starts_on
        new = begun > first_day(HISTORY) and quarter_of(begun) == quarter
        slow = 0.75 if new else 1.0
        noise = rng.lognormvariate(0, 0.09)
        return base * skill * season * growth * stint.share(quarter) * slow * noise

    def owner(self, source: str, stint: Stint) -> str:
        """What a system calls the member of a posting."""
        team = next(team for team in self.people.teams if team.code == stint.posting.team)
        return spelling(source, stint.member, team.name.zh)

    def crm_owner(self, stint: Stint, day: dt.date, nth: int) -> str:
        """The CRM's owner of a member's nth lead: now and then a shared mailbox or a slip."""
        code = stint.member.code
        handed = day >= stories.SHARED_HANDED_ON
        if nth % 3 == 0 and code == (stories.SHARED_THEN if handed else stories.SHARED_FIRST):
            return stories.SHARED_OWNER
        if nth % 40 == 7 and code == stories.MISSPELT_MEMBER:
            return stories.MISSPELT_OWNER
        return self.owner("crm", stint)


def stints_of(people: People) -> tuple[Stint, ...]:
    """All postings with their absences."""
    members = {member.code: member for member in people.members}
    return tuple(
        Stint(
            members[posting.member],
            posting,
            tuple((x.starts_on, x.ends_on) for x in people.leaves if x.member == posting.member),
        )
        for posting in people.postings
        if members[posting.member].appraised
    )


def some_days(
    rng: Random, days: Sequence[dt.date], count: int, *, late: float = 0
) -> list[dt.date]:
    """Picks days for `count` things: few around New Year; `late` pulls to the period's end."""
    weights = [_weight(day) * (1 + late * at / len(days)) for at, day in enumerate(days)]
    return sorted(rng.choices(days, weights, k=count)) if days and count > 0 else []


def _weight(day: dt.date) -> float:
    if dt.date(day.year, 2, 5) <= day <= dt.date(day.year, 2, 28):
        return 0.55
    return 1.35 if day.month == 11 and day.day <= 11 else 1.0


def shares(rng: Random, total: float, count: int, sigma: float = 0.35) -> list[float]:
    """Splits a total into `count` uneven parts that add up to it."""
    parts = [rng.lognormvariate(0, sigma) for _ in range(count)]
    return [total * part / sum(parts) for part in parts]


def chosen(rng: Random, items: Sequence[T], rate: float) -> set[int]:
    """Positions of about `rate` of the items (the number is fixed, who it is left to chance)."""
    count = round(len(items) * min(max(rate * rng.lognormvariate(0, 0.05), 0), 1))
    return set(rng.sample(range(len(items)), count))


def own_rate(world: World, what: str, stint: Stint, base: float, spread: float = 0.06) -> float:
    """A member's own level of a rate, the same in every quarter."""
    rate = base * world.rng("rate", what, stint.member.code).lognormvariate(0, spread)
    return min(rate, 0.97)


def money(value: float, step: int = 1) -> Decimal:
    """An amount in yuan and fen; `step` rounds as people do when they name a price."""
    cents = round(value * 100) if step == 1 else round(value / step) * step * 100
    return Decimal(cents).scaleb(-2)


def after(day: dt.date, days: float) -> dt.date:
    """The day so many days later."""
    return day + dt.timedelta(days=round(days))


def numbered(prefix: str, key: str, rows: list[Any]) -> list[Any]:
    """Gives rows, already in order, their running numbers."""
    return [
        replace(row, **{key: f"{prefix}{number:05d}"}) for number, row in enumerate(rows, start=1)
    ]
