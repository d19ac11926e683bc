"""How each system spells its owners, and the dated mapping from a spelling to a member."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mingji.demo import stories
from mingji.demo.people import Member, People, Posting

#: Which system keeps each table.
SOURCES = {
    "leads": "crm",
    "follow_ups": "crm",
    "opportunities": "crm",
    "payments": "finance",
    "spend": "budget",
    "content": "cms",
    "events": "events",
    "surveys": "surveys",
    "partners": "partners",
    "mentions": "media",
    "deliverables": "projects",
    "orders": "erp",
    "market_size": "research",
    "audience": "audience",
    "web_visits": "web",
    "listening": "listening",
}
#: Only these families have a login where few people work.
LOGINS = {
    "research": ("MR",),
    "audience": ("GR", "CT"),
    "web": ("CT",),
    "listening": ("BR",),
}


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """In `source`, `owner` is `member` from `starts_on` up to before `ends_on` (None: still)."""

    source: str
    owner: str
    member: str
    starts_on: dt.date
    ends_on: dt.date | None


def spelling(source: str, member: Member, team_name: str) -> str:
    """What a system calls a member while they are in a team."""
    surname, given = member.name_en.lower().split(" ")
    return {
        "crm": member.email,
        "surveys": member.email,
        "finance": member.code,
        "cms": surname + given,
        "budget": f"{member.name}（{member.focus or '公共'}）",
        "partners": f"{member.name}-{member.focus or '总部'}",
        "projects": f"{member.name}@{team_name}",
    }.get(source, member.name)


def links(people: People) -> tuple[OwnerLink, ...]:
    """The whole mapping: each member in each system, and the shared mailbox that changed hands."""
    members = {member.code: member for member in people.members}
    names = {team.code: team.name.zh for team in people.teams}
    found = [
        link
        for posting in people.postings
        for source in sorted(set(SOURCES.values()))
        if (link := _link(source, posting, members, names)) is not None
    ]
    start = members[stories.SHARED_FIRST].hired_on
    handed = stories.SHARED_HANDED_ON
    found += [
        OwnerLink("crm", stories.SHARED_OWNER, stories.SHARED_FIRST, start, handed),
        OwnerLink("crm", stories.SHARED_OWNER, stories.SHARED_THEN, handed, None),
    ]
    return tuple(found)


def _link(
    source: str, posting: Posting, members: dict[str, Member], names: dict[str, str]
) -> OwnerLink | None:
    if posting.family not in LOGINS.get(source, (posting.family,)):
        return None
    if (posting.member, source) == (stories.NO_DATA_MEMBER, stories.NO_DATA_SOURCE):
        return None
    owner = spelling(source, members[posting.member], names[posting.team])
    return OwnerLink(source, owner, posting.member, posting.starts_on, posting.ends_on)
