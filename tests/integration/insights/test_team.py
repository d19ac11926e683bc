"""The team page: whose values show to whom, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]


@pytest.fixture
def company() -> builders.Company:
    from mingji.people import queries as people

    build.a_scheme()
    found = builders.a_company()
    growth = people.teams_by_code()["growth"]
    build.an_observation("won_revenue", "1284000", team=growth)
    build.an_agreed_goal("won_revenue", "3000000", team=growth, item="team_won_revenue")
    build.an_observation("mql_count", "43210", member=found.subject)
    build.an_agreed_goal("mql_count", "50000", member=found.subject)
    return found


def test_a_manager_sees_the_teams_goals_and_those_of_each_member(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = client_of(company.manager).get("/team/", follow=True).content.decode()

    assert "128.4" in page
    assert "43,210" in page
    assert "/goals/of/subject/" in page


def test_a_member_sees_the_teams_goals_and_names_but_not_a_colleagues_values(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = client_of(company.peer).get("/team/growth/").content.decode()

    assert "128.4" in page
    assert "曾小曼" in page
    assert "43,210" not in page
    assert "/goals/of/subject/" not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("subject", 200),
        ("peer", 200),
        ("manager", 200),
        ("director", 200),
        ("hr_partner", 200),
        ("ex_manager", 404),
        ("other_manager", 404),
        ("other_hr_partner", 404),
        ("analyst", 404),
    ],
)
def test_whose_team_it_is(
    company: builders.Company, client_of: ClientOf, role: str, status: int
) -> None:
    assert client_of(getattr(company, role)).get("/team/growth/").status_code == status


def test_a_made_up_team_or_period_is_refused(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)

    assert client.get("/team/nowhere/").status_code == 404
    assert client.get("/team/growth/?period=x").status_code == 422


def test_the_page_costs_the_same_queries_for_sixty_members_and_for_two_thousand(
    company: builders.Company,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingji.insights import queries

    spent = []
    for team, count in (("sixty", 60), ("crowd", 2000)):
        builders.many_members(count, team=team, manager="manager")
        viewer = builders.a_viewer(company.manager)
        with CaptureQueriesContext(connection) as captured:
            page = queries.team_page(viewer, team, build.PERIOD)
        assert len(page.members) == 50
        spent.append(len(captured))

    assert spent[0] == spent[1]


def test_a_large_team_is_read_page_by_page_without_gap_or_repetition(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.insights import queries

    builders.many_members(120, team="crowd", manager="manager")
    viewer = builders.a_viewer(company.manager)

    names: list[str] = []
    after = ""
    for _ in range(3):
        page = queries.team_page(viewer, "crowd", build.PERIOD, after)
        names += [member.code for member in page.members]
        after = page.next

    assert after == ""
    assert names == [f"crowd-{number}" for number in range(120)]
    client = client_of(company.manager)
    assert 'rel="next"' in client.get("/team/crowd/").content.decode()
    assert client.get("/team/crowd/?after=made~up").status_code == 200
