"""What is spent and published: advertising, content, press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from mingji.demo import stories, words
from mingji.demo.quarters import days_of
from mingji.demo.rows import Content, Event, Mention, Spend
from mingji.demo.tables.leads import INFLOWS
from mingji.demo.world import (
    SEASONS,
    Stint,
    World,
    chosen,
    money,
    numbered,
    own_rate,
    shares,
    some_days,
)


class Price(NamedTuple):
    """Money for a lead, money for a click, clicks for an impression."""

    lead: float
    click: float
    rate: float


PRICES = {
    "search_ads": Price(1250, 28.0, 0.032),
    "feed_ads": Price(880, 12.0, 0.011),
    "video_ads": Price(960, 9.0, 0.014),
    "directory": Price(1300, 30.0, 0.020),
}
BRAND = Price(0, 6.0, 0.005)
BRAND_BUDGET = 90_000
#: Channel and budget of a full quarter where money is spent by the week and not on advertising.
PROGRAMMES = {
    "CT": ("content", 42_000),
    "PM": ("trial", 56_000),
    "CH": ("partner", 66_000),
    "GR": ("referral", 40_000),
    "SS": ("hotline", 26_000),
    "OP": ("web_form", 30_000),
    "PR": ("press", 45_000),
}
#: Pieces in a full quarter, views of a piece, leads of a piece.
PIECES = {"CT": (14, 1900, 3.2), "BR": (5, 2600, 0.8)}
MENTIONS = {"PR": 28, "BR": 6}


def spend(world: World, held: Sequence[Event]) -> list[Spend]:
    """Advertising by day, programmes by week, events as they are held."""
    found = [_for_event(world, event) for event in held]
    for stint, quarter, rng in world.work("spend", "DG", "BR", *PROGRAMMES):
        by_week = stint.family in PROGRAMMES
        found += (_programme if by_week else _advertising)(world, stint, quarter, rng)
    found.sort(key=lambda row: (row.spent_on, row.owner))
    return numbered("S", "spend_id", found)


def _advertising(world: World, stint: Stint, quarter: str, rng: Random) -> list[Spend]:
    focus = stint.member.focus
    price = PRICES.get(focus, BRAND)
    total = INFLOWS[focus].leads * price.lead if focus in PRICES else BRAND_BUDGET
    total *= SEASONS["leads"][int(quarter[5]) - 1]
    habit = own_rate(world, "budget", stint, 0.93, 0.04) * rng.lognormvariate(0.03, 0.03)
    campaigns = words.bank("words")["campaigns"][focus]
    owner = world.owner("budget", stint)
    end = stint.posting.ends_on or dt.date.max
    found = []
    for day in days_of(quarter):
        pace = 0.6 if day.weekday() >= 5 else 1.15
        amount = total / len(days_of(quarter)) * pace * habit * rng.lognormvariate(0, 0.12)
        clicks = round(amount / (price.click * rng.lognormvariate(0, 0.08)))
        rate = own_rate(world, "ctr", stint, price.rate, 0.08) * rng.lognormvariate(0, 0.06)
        if not stint.posting.starts_on <= day < end or day > world.today:
            continue
        found.append(
            Spend(
                spent_on=day,
                channel=focus if focus in PRICES else "brand_ads",
                campaign=campaigns[day.toordinal() // 7 % len(campaigns)],
                amount=money(amount),
                budget=money(total / len(days_of(quarter)) * pace, 10),
                impressions=round(clicks / rate),
                clicks=clicks,
                owner=owner,
            )
        )
    return found


def _programme(world: World, stint: Stint, quarter: str, rng: Random) -> list[Spend]:
    channel, total = PROGRAMMES[stint.family]
    weeks = [day for day in stint.days(quarter) if day.weekday() == 3 and day <= world.today]
    habit = own_rate(world, "budget", stint, 0.95, 0.04) * rng.lognormvariate(0.02, 0.03)
    campaigns = words.bank("words")["campaigns"][channel]
    return [
        Spend(
            spent_on=day,
            channel=channel,
            campaign=rng.choice(campaigns),
            amount=money(total / 13 * habit * rng.lognormvariate(0, 0.15)),
            budget=money(total / 13, 10),
            impressions=None,
            clicks=None,
            owner=world.owner("budget", stint),
        )
        for day in weeks
    ]


def _for_event(world: World, event: Event) -> Spend:
    """The cost of an event as the budget ledger has it: planned in round thousands."""
    rng = world.rng("spend", event.event_id)
    stint = next(x for x in world.stints if x.member.name == event.owner)
    return Spend(
        spent_on=event.held_on,
        channel="event",
        campaign=event.name,
        amount=event.cost,
        budget=money(float(event.cost) * rng.uniform(0.92, 1.1), 1000),
        impressions=None,
        clicks=None,
        owner=world.owner("budget", stint),
    )


def content(world: World) -> list[Content]:
    """Pieces published up to today with what they have brought since."""
    found = []
    for stint, quarter, rng in world.work("content", *PIECES):
        pieces, views, leads = PIECES[stint.family]
        count = round(world.volume(pieces, stint, quarter, rng, "flat"))
        reads = shares(rng, world.volume(pieces * views, stint, quarter, rng, "flat"), count, 0.6)
        brought = shares(rng, world.volume(pieces * leads, stint, quarter, rng, "leads"), count)
        rate = own_rate(world, "engage", stint, 0.034, 0.15) * rng.lognormvariate(0, 0.08)
        days = some_days(rng, stint.days(quarter), count)
        for day, seen, left in zip(days, reads, brought, strict=True):
            if day <= world.today:
                found.append(_piece(world, stint, rng, day, (seen, seen * rate, left)))
    found.sort(key=lambda row: (row.published_on, row.owner))
    return numbered("C", "content_id", found)


def _piece(
    world: World, stint: Stint, rng: Random, day: dt.date, result: tuple[float, float, float]
) -> Content:
    bank = words.bank("words")
    views, interactions, leads = result
    title = f"{rng.choice(bank['content_topics'])}（{rng.choice(bank['content_forms'])}）"
    return Content(
        published_on=day,
        kind=rng.choices(bank["content_kinds"], (8, 4, 2, 1, 1))[0],
        title=title,
        platform=rng.choices(bank["content_platforms"], (6, 4, 2, 2, 1))[0],
        views=round(views),
        interactions=round(interactions * rng.lognormvariate(0, 0.1)),
        leads=round(leads),
        owner=world.owner("cms", stint),
    )


def mentions(world: World) -> list[Mention]:
    """Press items up to today; the tool has no account for one member (see `stories`)."""
    bank = words.bank("words")["outlets"]
    found = []
    for stint, quarter, rng in world.work("mentions", *MENTIONS):
        if stint.member.code == stories.NO_DATA_MEMBER:
            continue
        base = MENTIONS[stint.family]
        count = round(world.volume(base, stint, quarter, rng, "flat"))
        days = some_days(rng, stint.days(quarter), count)
        positive = chosen(rng, days, own_rate(world, "tone", stint, 0.66))
        others = [at for at in range(count) if at not in positive]
        negative = {others[at] for at in chosen(rng, others, 0.18)}
        core = chosen(rng, days, own_rate(world, "core", stint, 0.3))
        for at, day in enumerate(days):
            tier = "core" if at in core else "other"
            tone = "positive" if at in positive else "negative" if at in negative else "neutral"
            found.append(
                Mention(
                    published_on=day,
                    outlet=rng.choice(bank[tier]),
                    tier=tier,
                    tone=tone,
                    reach=round(rng.lognormvariate(9.2, 0.7)),
                    owner=world.owner("media", stint),
                )
            )
    known = [row for row in found if row.published_on <= world.today]
    known.sort(key=lambda row: (row.published_on, row.owner))
    return numbered("M", "mention_id", known)
