"""A company of any number of members with a year of work behind it, written in bulk.

For counting what pages cost, not for rules: the rows are what the actions would have left, in the
shape of a real company. Departments of 25 teams, twelve people to a lead, one department in which
everybody reports to its head, and everything that there is of goals, values and appraisals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

import builders
from builders import HIRED, NOW
from large_goals import agreed_goals, next_goals
from large_records import appraisals, facts, trail
from large_rows import written

REPORTS, TEAMS = 12, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeCompany:
    """Who looks, by role, and what of it belongs to the `marketer`."""

    director: Any
    department_head: Any
    flat_head: Any
    lead: Any
    marketer: Any
    hr_partner: Any
    unit_hr_partner: Any
    analyst: Any
    department: Any
    flat: Any
    team: Any

    def personas(self) -> dict[str, Any]:
        """The members who look, by role."""
        places = {"department", "flat", "team"}
        return {name: getattr(self, name) for name in self.__slots__ if name not in places}


def a_large_company(members: int) -> LargeCompany:
    """A company of so many members, at least 60."""
    company = _people(members)
    agreed_goals(company.marketer)
    next_goals()
    facts(company.analyst)
    appraisals()
    trail(company.marketer, members * 10)
    with connection.cursor() as cursor:
        # As autovacuum would by then: on numbers of an emptier day PostgreSQL plans for minutes.
        cursor.execute("ANALYZE")
    return company


def _people(count: int) -> LargeCompany:
    from mingji.people import actions
    from mingji.people.models import Team

    company = builders.a_team("company")
    director = builders.a_member("director", "company", level="head", family="MG")
    office = {
        code: builders.a_member(code, "company", "director", family="OP")
        for code in ("hr-company", "hr-unit", "analyst")
    }
    builders.a_team("flat", "company")
    flat_count = count * 15 // 100
    in_teams = count - flat_count - len(office) - 1
    teams = max(1, in_teams // (REPORTS + 1))
    departments = -(-teams // TEAMS)
    units = written(
        [_team(f"dep{number}", company) for number in range(departments)],
    )
    small = written(_team(f"team{n}", units[n % departments]) for n in range(teams))
    heads = written(_member(f"head{number}") for number in range(departments + 1))
    leads = written(_member(f"lead{number}") for number in range(teams))
    left = in_teams - len(heads) - len(leads)
    crowd = written(_member(f"member{number}") for number in range(left))
    flat = written(_member(f"flat{number}") for number in range(flat_count))
    flat_team = Team.objects.get(code="flat")
    written(
        [
            *(
                _post(head, unit, director, "head")
                for head, unit in zip(heads, [*units, flat_team], strict=True)
            ),
            *(_post(leads[n], small[n], heads[n % departments], "lead") for n in range(teams)),
            *(_post(each, small[n % teams], leads[n % teams]) for n, each in enumerate(crowd)),
            *(_post(each, flat_team, heads[-1]) for each in flat),
        ]
    )
    actions.rebuild_reporting_lines()
    for code, kind, team in (
        ("hr-company", "hr_partner", "company"),
        ("hr-unit", "hr_partner", "dep0"),
        ("analyst", "analyst", "company"),
    ):
        actions.give_duty("system", code, kind, team, starts_on=HIRED, at=NOW)
    return LargeCompany(
        director=director,
        department_head=heads[0],
        flat_head=heads[-1],
        lead=leads[0],
        marketer=crowd[0],
        hr_partner=office["hr-company"],
        unit_hr_partner=office["hr-unit"],
        analyst=office["analyst"],
        department=units[0],
        flat=flat_team,
        team=small[0],
    )


def _team(code: str, above: Any) -> Any:
    from mingji.people.models import Team

    return Team(code=code, name_zh=f"{code}组", name_en=code.title(), parent=above)


def _member(code: str) -> Any:
    from mingji.people.models import Member

    return Member(
        code=code,
        name=f"成员{code}",
        name_en=f"Member {code}",
        name_sort=f"cheng yuan {code:>12}",
        name_search=f"成员{code} chengyuan{code} member {code}",
        hired_on=HIRED,
    )


def _post(member: Any, team: Any, manager: Any, level: str = "specialist") -> Any:
    from mingji.people.models import Posting

    return Posting(
        member=member, team=team, manager=manager, job_family="DG", level=level, starts_on=HIRED
    )
