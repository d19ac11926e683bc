"""Who follows the company, who visits its site, and how much it is talked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from mingji.demo.quarters import days_of
from mingji.demo.rows import Audience, Listening, WebVisit
from mingji.demo.world import Stint, World, numbered, own_rate

#: New followers, visits to the site and mentions of the brand that a member brings in a month.
FOLLOWERS, VISITS, MENTIONS = 260, 1800, 420


def audience(world: World) -> list[Audience]:
    """The account of each month on the platforms that growth and content look after."""
    found = []
    members: dict[str, int] = {}
    for stint, quarter, rng in world.work("audience", "GR", "CT"):
        wecom = stint.family == "GR"
        active = own_rate(world, "active", stint, 0.31, 0.1)
        for day in _month_ends(world, stint, quarter):
            gained = round(world.volume(FOLLOWERS, stint, quarter, rng, "leads"))
            lost = round(gained * rng.uniform(0.2, 0.35))
            before = members.get(stint.member.code, 4_000)
            members[stint.member.code] = before + gained - lost
            awake = round(members[stint.member.code] * active * rng.lognormvariate(0, 0.05))
            found.append(
                Audience(
                    measured_on=day,
                    platform="企业微信" if wecom else "公众号",
                    gained=gained,
                    lost=lost,
                    tagged=round(gained * min(rng.gauss(0.68, 0.06), 1)),
                    members=members[stint.member.code],
                    active=awake,
                    referred=round(awake * rng.uniform(0.02, 0.04))
                    if stint.family == "GR"
                    else None,
                    owner=world.owner("audience", stint),
                )
            )
    found.sort(key=lambda row: (row.measured_on, row.owner))
    return numbered("G", "audience_id", found)


def web_visits(world: World) -> list[WebVisit]:
    """The visits of each month: to articles from organic search, to papers from everywhere."""
    found = []
    for stint, quarter, rng in world.work("web_visits", "CT"):
        wanted = own_rate(world, "download", stint, 0.07, 0.12)
        for day in _month_ends(world, stint, quarter):
            for source, page, part in (("organic", "articles", 1.0), ("paid", "papers", 0.3)):
                visits = round(world.volume(VISITS * part, stint, quarter, rng, "leads"))
                papers = page == "papers"
                found.append(
                    WebVisit(
                        visited_on=day,
                        source=source,
                        page=page,
                        visits=visits,
                        downloads=_some(rng, visits * wanted) if papers else None,
                        owner=world.owner("web", stint),
                    )
                )
    found.sort(key=lambda row: (row.visited_on, row.owner, row.source))
    return numbered("V", "visit_id", found)


def listening(world: World) -> list[Listening]:
    """What the listening tool counts for each month: the brand, and its whole category."""
    found = []
    for stint, quarter, rng in world.work("listening", "BR"):
        voice = own_rate(world, "voice", stint, 0.12, 0.1)
        for day in _month_ends(world, stint, quarter):
            own = round(world.volume(MENTIONS, stint, quarter, rng, "flat"))
            found.append(
                Listening(
                    measured_on=day,
                    platform="微博与行业社区",
                    own_mentions=own,
                    category_mentions=round(own / (voice * rng.lognormvariate(0, 0.08))),
                    owner=world.owner("listening", stint),
                )
            )
    found.sort(key=lambda row: (row.measured_on, row.owner))
    return numbered("N", "reading_id", found)


def _some(rng: Random, expected: float) -> int:
    return round(expected * rng.lognormvariate(0, 0.1))


def _month_ends(world: World, stint: Stint, quarter: str) -> Iterator[dt.date]:
    """The last days of the months at whose end somebody was in the posting."""
    end = stint.posting.ends_on or dt.date.max
    for day in days_of(quarter):
        last = (day + dt.timedelta(days=1)).month != day.month
        if last and stint.posting.starts_on <= day < end and day <= world.today:
            yield day
