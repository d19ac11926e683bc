"""Teams, members with their posts, duties and logins of the demo company."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mingji.demo.company import Company
from mingji.demo.people import Member, Posting
from mingji.people import actions

DUTIES = {"hr_partner": "hr_partner", "data_analyst": "analyst"}


def load_people(company: Company, *, at: datetime) -> None:
    """Found the teams, hire everybody in the order of the reporting line, then later moves."""
    for team in company.teams:
        actions.make_team(
            "system",
            code=team.code,
            name_zh=team.name.zh,
            name_en=team.name.en,
            parent=team.parent or None,
            at=at,
        )
    hired = {member.code: member.hired_on for member in company.members}
    first: dict[str, Posting] = {}
    later: list[tuple[date, Posting]] = []
    for posting in sorted(company.postings, key=lambda each: each.starts_on):
        if posting.member in first:
            later.append((posting.starts_on, posting))
        else:
            first[posting.member] = posting
    top = next(each.member for each in first.values() if not each.manager)
    for member in sorted(company.members, key=lambda each: _depth(each, first)):
        posting = first[member.code]
        manager = posting.manager
        if manager and hired[manager] > member.hired_on:
            later.append((hired[manager], posting))
            manager = top if hired[top] <= member.hired_on else ""
        _hire(member, posting, manager, at)
    for day, posting in sorted(later, key=lambda each: (each[0], each[1].member)):
        actions.post(
            "system", posting.member, _post(posting, posting.manager), starts_on=day, at=at
        )
    _leave_and_serve(company, at)


def _depth(member: Member, first: dict[str, Posting]) -> tuple[int, str]:
    """Managers before those who report to them."""
    depth, manager = 0, first[member.code].manager
    while manager:
        depth, manager = depth + 1, first[manager].manager
    return depth, member.code


def _hire(member: Member, posting: Posting, manager: str, at: datetime) -> None:
    actions.hire(
        "system",
        code=member.code,
        name=member.name,
        name_en=member.name_en,
        hired_on=member.hired_on,
        post=_post(posting, manager),
        email=member.email,
        at=at,
    )


def _post(posting: Posting, manager: str) -> actions.NewPost:
    return actions.NewPost(
        team=posting.team,
        job_family=posting.family,
        level=posting.level,
        manager=manager or None,
        title_zh=posting.title.zh,
        title_en=posting.title.en,
    )


def _leave_and_serve(company: Company, at: datetime) -> None:
    for member in company.members:
        if member.left_on:
            actions.leave("system", member.code, left_on=member.left_on + timedelta(days=1), at=at)
    for duty in company.duties:
        if duty.kind in DUTIES:
            start = company.member(duty.member).hired_on
            actions.give_duty(
                "system", duty.member, DUTIES[duty.kind], duty.team, starts_on=start, at=at
            )
    personas = _personas(company)
    for member in company.members:
        if member.left_on is None:
            actions.give_login(
                "system", member.code, member.email, persona=personas.get(member.code, ""), at=at
            )


def _personas(company: Company) -> dict[str, str]:
    duties = {duty.member: DUTIES.get(duty.kind, "") for duty in company.duties}
    by_level = {"head": "director", "lead": "lead", "specialist": "marketer"}
    return {
        member.code: duties.get(member.code) or by_level[member.level]
        for member in company.members
        if member.persona
    }
