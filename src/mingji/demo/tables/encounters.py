"""Where people meet: events, survey answers, channel partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from mingji.demo import words
from mingji.demo.rows import Answer, Event, Partner
from mingji.demo.world import (
    Stint,
    World,
    after,
    chosen,
    money,
    numbered,
    own_rate,
    shares,
    some_days,
)

EVENTS, SEATS, COST = 4, 92, 41_000
PARTNERS = 4.2
#: Survey, family it is about, answers in a full quarter, mean, spread, lowest, highest.
SURVEYS = (
    ("brand", "BR", 42, 3.95, 0.75, 1, 5),
    ("nps", "GR", 55, 8.25, 1.7, 0, 10),
    ("csat", "GR", 26, 4.2, 0.7, 1, 5),
    ("enablement", "PM", 14, 4.05, 0.7, 1, 5),
    ("enablement", "SS", 18, 4.0, 0.7, 1, 5),
    ("partner", "CH", 14, 4.1, 0.7, 1, 5),
    ("event", "EV", 56, 4.3, 0.65, 1, 5),
    *(
        ("csat", family, 9, 4.1, 0.75, 1, 5)
        for family in ("BR", "DG", "CT", "PM", "CH", "EV", "SS")
    ),
)


def events(world: World) -> list[Event]:
    """Events held up to today."""
    found = []
    for stint, quarter, rng in world.work("events", "EV"):
        count = max(1, round(world.volume(EVENTS, stint, quarter, rng, "flat")))
        seats = shares(rng, world.volume(EVENTS * SEATS, stint, quarter, rng, "leads"), count, 0.25)
        cost = shares(rng, COST * count * rng.lognormvariate(0, 0.08), count, 0.3)
        rate = own_rate(world, "profile", stint, 0.42)
        for day, places, paid in zip(
            some_days(rng, stint.days(quarter), count), seats, cost, strict=True
        ):
            if day <= world.today:
                found.append(_event(world, stint, rng, day, (places, paid, rate)))
    found.sort(key=lambda row: (row.held_on, row.owner))
    return numbered("E", "event_id", found)


def _event(
    world: World, stint: Stint, rng: Random, day: dt.date, size: tuple[float, float, float]
) -> Event:
    bank = words.bank("words")
    seats, cost, rate = size
    attended = seats * own_rate(world, "show", stint, 0.6) * rng.lognormvariate(0, 0.05)
    leads = attended * rng.uniform(0.42, 0.5)
    city = rng.choice(bank["cities"])
    return Event(
        held_on=day,
        name=f"{city}{rng.choice(bank['event_names'])}",
        kind=rng.choices(bank["event_kinds"], (5, 1, 4, 2))[0],
        city=city,
        registered=round(seats),
        attended=round(attended),
        leads=round(leads),
        qualified_leads=round(leads * rate * rng.lognormvariate(0, 0.06)),
        cost=money(cost, 10),
        owner=world.owner("events", stint),
    )


def surveys(world: World) -> list[Answer]:
    """Answers given up to today."""
    found = []
    for survey, family, base, *scale in SURVEYS:
        for stint, quarter, rng in world.work(f"surveys-{survey}", str(family)):
            count = round(world.volume(base, stint, quarter, rng, "flat"))
            found += [
                _answer(world, stint, rng, day, survey, scale)
                for day in some_days(rng, stint.days(quarter), count)
                if day <= world.today
            ]
    found.sort(key=lambda row: (row.answered_on, row.survey, row.owner))
    return numbered("A", "answer_id", found)


def _answer(
    world: World,
    stint: Stint,
    rng: Random,
    day: dt.date,
    survey: str,
    scale: Sequence[float],
) -> Answer:
    mean, spread, lowest, highest = scale
    own = mean + world.rng("survey", survey, stint.member.code).gauss(0, 0.18) * spread
    score = min(max(round(rng.gauss(own, spread)), int(lowest)), int(highest))
    return Answer(
        answered_on=day,
        survey=survey,
        respondent="销售同事" if survey == "enablement" else rng.choice(_respondents()),
        score=Decimal(score),
        owner=world.owner("surveys", stint),
    )


def _respondents() -> list[str]:
    found: list[str] = words.bank("words")["respondents"]
    return found


def partners(world: World) -> list[Partner]:
    """Partners signed up to today; some are activated later, a few end again."""
    found = []
    for stint, quarter, rng in world.work("partners", "CH"):
        count = max(1, round(world.volume(PARTNERS, stint, quarter, rng, "flat")))
        days = some_days(rng, stint.days(quarter), count)
        active = chosen(rng, days, own_rate(world, "activate", stint, 0.72))
        for at, day in enumerate(days):
            ended = after(day, rng.uniform(190, 420)) if rng.random() < 0.2 else None
            found.append(_partner(world, stint, rng, (day, at in active, ended)))
    known = [row for row in found if row.signed_on <= world.today]
    known.sort(key=lambda row: (row.signed_on, row.owner))
    return numbered("K", "partner_id", known)


def _partner(
    world: World, stint: Stint, rng: Random, life: tuple[dt.date, bool, dt.date | None]
) -> Partner:
    bank = words.bank("words")
    signed_on, active, ended_on = life
    activated_on = after(signed_on, rng.uniform(15, 70)) if active else None
    city, prefix = rng.choice(bank["cities"]), rng.choice(bank["partner_prefixes"])
    return Partner(
        name=f"{city}{prefix}{rng.choice(bank['partner_suffixes'])}",
        region=stint.member.focus,
        signed_on=signed_on,
        activated_on=activated_on if activated_on and activated_on <= world.today else None,
        ended_on=ended_on if ended_on and ended_on <= world.today else None,
        owner=world.owner("partners", stint),
    )
