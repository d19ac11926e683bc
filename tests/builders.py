"""Plain functions that build what a test needs, through the actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from remembering import remembered

# Friday 20 November 2026, 10:00 in Shanghai.
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
HIRED = date(2025, 1, 6)
TRANSFERRED = date(2026, 8, 15)


def a_team(code: str = "company", parent: str | None = None) -> Any:
    """A team named after its code."""
    from mingji.people import actions

    return actions.make_team(
        "system", code=code, name_zh=f"{code}组", name_en=code.title(), parent=parent, at=NOW
    )


def a_member(
    code: str,
    team: str,
    manager: str | None = None,
    *,
    level: str = "specialist",
    family: str = "DG",
    hired_on: date = HIRED,
    name: str = "张伟",
) -> Any:
    """A member in a first post."""
    from mingji.people import actions

    post = actions.NewPost(team=team, job_family=family, level=level, manager=manager)
    return actions.hire(
        "system",
        code=code,
        name=name,
        name_en=code.replace("-", " ").title(),
        hired_on=hired_on,
        post=post,
        email=f"{code}@example.com",
        at=NOW,
    )


def a_login(member: Any, password: str | None = None) -> Any:
    """The login of a member, made when there is none yet."""
    from mingji.people import actions
    from mingji.people.models import User

    found = User.objects.filter(member=member).first()
    return found or actions.give_login(
        "system", member.code, f"{member.code}@example.com", password=password, at=NOW
    )


def a_viewer(member: Any, on: date = TODAY) -> Any:
    """The member as somebody who looks, on a day."""
    from mingji.people.viewer import viewer_for

    return viewer_for(a_login(member), on)


@dataclass(frozen=True, slots=True)
class Company:
    """Every relation to the subject that the product knows, each played by one member."""

    subject: Any
    peer: Any
    manager: Any
    other_manager: Any
    ex_manager: Any
    director: Any
    hr_partner: Any
    other_hr_partner: Any
    company_hr_partner: Any
    analyst: Any

    def roles(self) -> dict[str, Any]:
        """The members by the name of their relation, in the order of the policy matrix."""
        return {name: getattr(self, name) for name in self.__slots__}


@remembered
def a_company() -> Company:
    """Three teams; the subject moved from brand to growth in mid-quarter."""
    from mingji.people import actions

    a_team("company")
    for team in ("growth", "brand", "events"):
        a_team(team, "company")
    director = a_member("director", "company", level="head", family="MG", name="林岚")
    manager = a_member("manager", "growth", "director", level="lead")
    ex_manager = a_member("ex-manager", "brand", "director", level="lead", family="BR")
    other_manager = a_member("other-manager", "events", "director", level="lead", family="EV")
    subject = a_member("subject", "brand", "ex-manager", family="BR", name="曾小曼")
    move = actions.NewPost(team="growth", job_family="GR", level="specialist", manager="manager")
    actions.post("system", "subject", move, starts_on=TRANSFERRED, at=NOW)
    company = Company(
        subject=subject,
        peer=a_member("peer", "growth", "manager", name="单飞"),
        manager=manager,
        other_manager=other_manager,
        ex_manager=ex_manager,
        director=director,
        hr_partner=a_member("hr-growth", "company", "director", family="OP"),
        other_hr_partner=a_member("hr-events", "company", "director", family="OP"),
        company_hr_partner=a_member("hr-company", "company", "director", family="OP"),
        analyst=a_member("analyst", "company", "director", family="OP"),
    )
    for code, kind, team in (
        ("hr-growth", "hr_partner", "growth"),
        ("hr-events", "hr_partner", "events"),
        ("hr-company", "hr_partner", "company"),
        ("analyst", "analyst", "company"),
    ):
        actions.give_duty("system", code, kind, team, starts_on=HIRED, at=NOW)
    return company


def many_members(count: int, *, team: str = "crowd", manager: str | None = None) -> list[Any]:
    """`count` members in one new team, written in bulk: for counting queries, not for rules."""
    from mingji.people.actions import rebuild_reporting_lines
    from mingji.people.models import Member, Posting

    unit = a_team(team, "company")
    above = Member.objects.filter(code=manager).first()
    members = Member.objects.bulk_create(
        Member(
            code=f"{team}-{number}",
            name=f"成员{number}",
            name_en=f"Member {number}",
            name_sort=f"cheng yuan {number:05}",
            name_search=f"成员{number} chengyuan{number} member {number}",
            hired_on=HIRED,
        )
        for number in range(count)
    )
    Posting.objects.bulk_create(
        Posting(
            member=member,
            team=unit,
            manager=above,
            job_family="DG",
            level="specialist",
            starts_on=HIRED,
        )
        for member in members
    )
    rebuild_reporting_lines([member.pk for member in members])
    return members


def a_token(member: Any, *, writes: bool = True, expires_on: date | None = None) -> str:
    """The secret of a new API token of a member."""
    from mingji.people import actions

    made = actions.create_token(
        a_viewer(member),
        name="a test",
        writes=writes,
        expires_on=expires_on or date(2027, 1, 31),
        at=NOW,
    )
    return made.secret


def a_program(member: Any, *, writes: bool = True, language: str = "en") -> Any:
    """A client that calls the API for a member."""
    from django.test import Client

    secret = a_token(member, writes=writes)
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": language})
