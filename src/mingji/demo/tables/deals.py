"""Opportunities and the payments of the deals won."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import NamedTuple

from mingji.demo import stories, words
from mingji.demo.people import Member
from mingji.demo.rows import Lead, Opportunity, Payment
from mingji.demo.tables.leads import channel_of
from mingji.demo.world import (
    Stint,
    World,
    after,
    money,
    numbered,
    own_rate,
    shares,
    some_days,
)


class Yield(NamedTuple):
    """Deals won in a full quarter, the win rate, and the usual amount in yuan."""

    kind: str
    wins: float
    rate: float
    amount: float


YIELDS = {
    "BR": (Yield("new", 2.0, 0.30, 90_000),),
    "SS": (Yield("new", 3.0, 0.31, 76_000),),
    "DG": (Yield("new", 5.6, 0.30, 92_000),),
    "CT": (Yield("new", 3.0, 0.30, 86_000),),
    "EV": (Yield("new", 4.2, 0.28, 105_000),),
    "PM": (Yield("new", 3.6, 0.34, 128_000),),
    "CH": (Yield("new", 5.0, 0.36, 118_000),),
    "GR": (Yield("new", 2.6, 0.33, 78_000), Yield("renewal", 5.0, 0.72, 58_000)),
}
#: Deals of the quarter before the first one with data: their money comes in after it has begun.
BEFORE = ("2025Q2",)
#: How the revenue of the team that only reaches its leads wears away, quarter by quarter.
FADING = (1.0, 0.95, 0.86, 0.76, 0.64, 0.56, 0.5)


def opportunities(world: World, leads: Sequence[Lead]) -> list[Opportunity]:
    """All opportunities created up to today; those that close later are still open."""
    found: list[Opportunity] = []
    for stint, quarter, rng in world.work("opportunities", *YIELDS, also=BEFORE):
        for line in YIELDS[stint.family]:
            found += _closing(world, stint, quarter, rng, line)
    found += _agency(world)
    found = [_as_known(deal, world.today) for deal in found if deal.created_on <= world.today]
    found.sort(key=lambda deal: (deal.created_on, deal.owner, deal.amount))
    return numbered("O", "opportunity_id", _with_leads(world, found, leads))


def _closing(
    world: World, stint: Stint, quarter: str, rng: Random, line: Yield
) -> list[Opportunity]:
    expected = world.volume(line.wins, stint, quarter, rng, "revenue")
    if stint.posting.team == stories.LEADS_NOT_REVENUE_TEAM:
        expected *= FADING[min(max(world.step(quarter), 0), len(FADING) - 1)]
    rate = own_rate(world, "win", stint, line.rate)
    wins = max(1, round(expected))
    losses = round(expected * (1 - rate) / rate * rng.lognormvariate(0, 0.08))
    amounts = shares(rng, expected * line.amount, wins) + [
        line.amount * rng.lognormvariate(0, 0.4) for _ in range(losses)
    ]
    days = some_days(rng, stint.days(quarter), wins + losses, late=0.8)
    rng.shuffle(days)
    return [
        deal
        for at, (day, amount) in enumerate(zip(days, amounts, strict=True))
        if (deal := _deal(world, stint, rng, line, day, amount, won=at < wins)) is not None
    ]


def _deal(
    world: World,
    stint: Stint,
    rng: Random,
    line: Yield,
    closed_on: dt.date,
    amount: float,
    *,
    won: bool,
) -> Opportunity | None:
    """A deal closing on a day; None if its owner had not even begun when it must have opened."""
    bank = words.bank("words")
    median = 34 if line.kind == "renewal" else 62
    lag = min(max(median * rng.lognormvariate(0, 0.4), 8), 190)
    created_on = max(after(closed_on, -lag), after(stint.posting.starts_on, 2))
    if created_on >= closed_on:
        return None
    focus = stint.member.focus
    return Opportunity(
        created_on=created_on,
        closed_on=closed_on,
        stage="won" if won else "lost",
        kind=line.kind,
        product=focus if focus in bank["products"] else rng.choice(bank["products"]),
        channel=channel_of(stint),
        region=focus if focus in bank["regions"] else rng.choice(bank["regions"]),
        amount=money(amount, 100),
        owner=world.crm_owner(stint, created_on, rng.randrange(1000)),
    )


def _agency(world: World) -> list[Opportunity]:
    rng = world.rng("opportunities", "agency")
    bank = words.bank("words")
    return [
        Opportunity(
            created_on=after(stories.LEFT_AGENCY_UNTIL, -rng.uniform(120, 250)),
            closed_on=after(stories.LEFT_AGENCY_UNTIL, -rng.uniform(0, 90)),
            stage="won" if nth % 3 == 0 else "lost",
            kind="new",
            product=rng.choice(bank["products"]),
            channel="feed_ads",
            region=rng.choice(bank["regions"]),
            amount=money(70_000 * rng.lognormvariate(0, 0.3), 100),
            owner=stories.LEFT_AGENCY,
        )
        for nth in range(12)
    ]


def _as_known(deal: Opportunity, today: dt.date) -> Opportunity:
    if deal.closed_on is not None and deal.closed_on <= today:
        return deal
    return replace(deal, closed_on=None, stage="open")


def _with_leads(
    world: World, deals: Sequence[Opportunity], leads: Sequence[Lead]
) -> list[Opportunity]:
    """Ties a new deal to the last lead of its owner that sales had accepted by then."""
    ready: dict[str, list[tuple[dt.date, str]]] = {}
    for lead in leads:
        if lead.sql_on:
            ready.setdefault(lead.owner, []).append((lead.sql_on, lead.lead_id))
    for known in ready.values():
        known.sort()
    found = []
    for deal in deals:
        known = ready.get(deal.owner, [])
        at = bisect_right(known, (deal.created_on, "~"))
        tied = known.pop(at - 1)[1] if at and deal.kind == "new" else ""
        found.append(replace(deal, lead_id=tied))
    return found


def payments(world: World, deals: Sequence[Opportunity]) -> list[Payment]:
    """Two instalments of each deal won that fell due by today; some come late, a few not yet."""
    people = {world.owner("crm", stint): stint.member for stint in world.stints}
    found = [
        payment
        for deal in deals
        if deal.stage == "won" and deal.owner in people
        for payment in _instalments(world, deal, people[deal.owner])
        if payment.due_on <= world.today
    ]
    return numbered("P", "payment_id", sorted(found, key=lambda x: (x.due_on, x.opportunity_id)))


def _instalments(world: World, deal: Opportunity, member: Member) -> list[Payment]:
    rng = world.rng("payments", deal.opportunity_id)
    if deal.closed_on is None:
        return []
    slow = world.rng("rate", "collect", member.code).uniform(0.03, 0.12)
    first = (deal.amount * Decimal(rng.choice(("0.3", "0.4", "0.5")))).quantize(Decimal("0.01"))
    found = []
    for wait, amount in ((12, first), (rng.uniform(45, 75), deal.amount - first)):
        due_on = after(deal.closed_on, wait)
        paid_on = after(due_on, rng.choices((-3, 4, 18, 40), (3, 4, 2, 1))[0])
        unpaid = rng.random() < slow or paid_on > world.today
        found.append(
            Payment(
                opportunity_id=deal.opportunity_id,
                due_on=due_on,
                due_amount=amount,
                paid_on=None if unpaid else paid_on,
                paid_amount=None if unpaid else amount,
                owner=member.code,
            )
        )
    return found
