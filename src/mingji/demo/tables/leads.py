"""Leads and their follow-up by sales support."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import NamedTuple

from mingji.demo import stories, words
from mingji.demo.quarters import first_day
from mingji.demo.rows import FollowUp, Lead
from mingji.demo.world import (
    HISTORY,
    Stint,
    World,
    after,
    chosen,
    numbered,
    own_rate,
    some_days,
)


class Inflow(NamedTuple):
    """Leads of a full quarter, and the shares that become MQL and then SQL."""

    leads: float
    mql: float
    sql: float


INFLOWS = {
    "search_ads": Inflow(96, 0.46, 0.50),
    "feed_ads": Inflow(122, 0.33, 0.40),
    "video_ads": Inflow(90, 0.36, 0.44),
    "directory": Inflow(70, 0.44, 0.50),
    "content": Inflow(42, 0.40, 0.47),
    "event": Inflow(54, 0.42, 0.44),
    "trial": Inflow(34, 0.56, 0.58),
    "partner": Inflow(28, 0.60, 0.60),
    "referral": Inflow(48, 0.50, 0.55),
    "hotline": Inflow(36, 0.48, 0.52),
    "brand": Inflow(24, 0.40, 0.46),
    "web_form": Inflow(30, 0.34, 0.44),
}
CHANNELS = {
    "BR": "brand",
    "CT": "content",
    "EV": "event",
    "PM": "trial",
    "CH": "partner",
    "GR": "referral",
    "SS": "hotline",
    "OP": "web_form",
}
#: Who answers qualified leads, and how large a part of them.
CREW = {"SS": 1.0, "OP": 0.25}
#: What is left of the decaying channel's leads, one factor a quarter.
DECAY = 0.85
#: How the team that only reaches its leads keeps adding to them.
PUSH = 1.05


def channel_of(stint: Stint) -> str:
    """The channel a posting brings leads on."""
    return CHANNELS.get(stint.family) or stint.member.focus


def leads(world: World) -> list[Lead]:
    """All leads up to today, in order."""
    found = _agency(world)
    for stint, quarter, rng in world.work("leads", "DG", *CHANNELS):
        found += _of(world, stint, quarter, rng)
    found = [_as_known(lead, world.today) for lead in found if lead.created_on <= world.today]
    return numbered("L", "lead_id", sorted(found, key=lambda lead: lead.created_on))


def _of(world: World, stint: Stint, quarter: str, rng: Random) -> list[Lead]:
    channel = channel_of(stint)
    inflow = INFLOWS[channel]
    base = inflow.leads
    if channel == stories.DECAYING_CHANNEL:
        base *= DECAY ** world.step(quarter)
    if stint.posting.team == stories.LEADS_NOT_REVENUE_TEAM:
        base *= PUSH ** world.step(quarter)
    count = round(world.volume(base, stint, quarter, rng, "leads"))
    days = some_days(rng, stint.days(quarter), count)
    owners = [world.crm_owner(stint, day, nth) for nth, day in enumerate(days)]
    mql = own_rate(world, "mql", stint, inflow.mql)
    sql = own_rate(world, "sql", stint, inflow.sql)
    return _rows(rng, days, channel, owners, (mql, sql))


def _rows(
    rng: Random,
    days: Sequence[dt.date],
    channel: str,
    owners: Sequence[str],
    rates: tuple[float, float],
) -> list[Lead]:
    bank = words.bank("words")
    qualified = sorted(chosen(rng, days, rates[0]))
    accepted = {qualified[at] for at in chosen(rng, qualified, rates[1])}
    open_still = [at for at in qualified if at not in accepted]
    rejected = {open_still[at] for at in chosen(rng, open_still, 0.55)}
    found = []
    for at, day in enumerate(days):
        mql_on = after(day, rng.uniform(0, 9)) if at in qualified else None
        decided_on = after(mql_on, rng.uniform(1, 11)) if mql_on else None
        found.append(
            Lead(
                created_on=day,
                channel=channel,
                campaign=rng.choice(bank["campaigns"][channel]),
                region=rng.choices(bank["regions"], (5, 4, 3, 2, 2))[0],
                industry=rng.choice(bank["industries"]),
                owner=owners[at],
                mql_on=mql_on,
                sql_on=decided_on if at in accepted else None,
                rejected_on=decided_on if at in rejected else None,
                reject_reason=rng.choice(bank["reject_reasons"]) if at in rejected else "",
            )
        )
    return found


def _agency(world: World) -> list[Lead]:
    """What an agency brought until it left: its login is still in the CRM and matches nobody."""
    rng = world.rng("leads", "agency")
    length = (stories.LEFT_AGENCY_UNTIL - first_day(HISTORY)).days
    days = sorted(after(first_day(HISTORY), rng.uniform(0, length)) for _ in range(130))
    return _rows(rng, days, "feed_ads", [stories.LEFT_AGENCY] * len(days), (0.3, 0.35))


def _as_known(lead: Lead, today: dt.date) -> Lead:
    """The lead without what has not happened yet."""

    def past(day: dt.date | None) -> dt.date | None:
        return day if day is not None and day <= today else None

    rejected_on = past(lead.rejected_on)
    return replace(
        lead,
        mql_on=past(lead.mql_on),
        sql_on=past(lead.sql_on),
        rejected_on=rejected_on,
        reject_reason=lead.reject_reason if rejected_on else "",
    )


def follow_ups(world: World, known: Sequence[Lead]) -> list[FollowUp]:
    """Each qualified lead handed to somebody in sales support who was at work that day."""
    crew = [stint for stint in world.stints if stint.family in CREW]
    parts = [CREW[stint.family] for stint in crew]
    rng = world.rng("follow_ups")
    pace = {stint.member.code: own_rate(world, "response", stint, 0.9, 0.25) for stint in crew}
    qualified = [(lead.mql_on, lead.lead_id, lead.sql_on) for lead in known if lead.mql_on]
    found = []
    for assigned_on, lead_id, sql_on in sorted(qualified, key=lambda each: each[:2]):
        stint = rng.choices(crew, parts)[0]
        hours = rng.lognormvariate(1.25, 0.75) * pace[stint.member.code]
        found.append(
            FollowUp(
                lead_id=lead_id,
                assigned_on=assigned_on,
                owner=world.owner("crm", stint),
                response_hours=Decimal(round(hours * 10)).scaleb(-1),
                sla_hours=Decimal(8),
                accepted=sql_on is not None,
            )
        )
    return numbered("F", "follow_up_id", found)
