"""The goals of a team at a glance: members against metrics, and goals against what they serve."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
GRID, MATRIX = "/goals/team/growth/grid/", "/goals/team/growth/alignment/"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def growth(company: builders.Company) -> Any:
    from mingji.people import queries as people

    return people.teams_by_code()["growth"]


def the_grid(member: Any) -> Any:
    from mingji.goals import queries

    return queries.goals_grid(builders.a_viewer(member), "growth", build.PERIOD)


def the_matrix(member: Any) -> Any:
    from mingji.goals import queries

    return queries.alignment_matrix(builders.a_viewer(member), "growth", build.PERIOD)


def link(child: Any, parent: Any, share: str = "1") -> None:
    from mingji.goals.models import Alignment

    Alignment.objects.create(child=child, parent=parent, share=Decimal(share))


def test_members_stand_against_what_they_are_measured_by(
    company: builders.Company, growth: Any, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "300", team=growth)
    goal = build.an_agreed_goal("mql_count", "120", member=company.subject)
    build.an_agreed_goal("mql_count", "140", member=company.peer)
    build.an_agreed_goal("nps", "40", member=company.peer)
    build.an_observation("mql_count", "10", member=company.subject)

    found = the_grid(company.manager)
    page = client_of(company.manager).get(GRID).content.decode()

    assert [column.key for column in found.columns] == ["mql_count", "nps"]
    targets = {
        row.code: [[str(line.target) for line in cell] for cell in row.cells] for row in found.rows
    }
    assert targets == {"manager": [[], []], "peer": [["140"], ["40"]], "subject": [["120"], []]}
    assert [[str(line.target) for line in cell] for cell in found.of_team] == [["300"], []]
    assert f'href="/goals/{goal.pk}/"' in page
    assert "已偏离" in page
    assert '<th scope="col">净推荐值（NPS）</th>' in page or "净推荐值" in page


def test_what_few_are_measured_by_stands_in_the_last_column_under_its_name(
    company: builders.Company, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mingji.goals.queries import grid

    monkeypatch.setattr(grid, "COLUMNS", 1)
    for member in (company.subject, company.peer):
        build.an_agreed_goal("mql_count", "120", member=member)
    build.an_agreed_goal("nps", "40", member=company.peer)

    found = the_grid(company.manager)
    page = client_of(company.manager).get(GRID).content.decode()

    assert [column.key for column in found.columns] == ["mql_count", "other"]
    assert "净推荐值（NPS）</a>" in page


def test_a_colleagues_goals_are_not_in_the_grid(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject)
    build.an_agreed_goal("mql_count", "177", member=company.peer)

    page = client_of(company.subject).get(GRID).content.decode()

    assert "120" in page
    assert "177" not in page
    assert "单飞" in page  # a colleague's name is no secret


@pytest.mark.parametrize("address", [GRID, MATRIX])
@pytest.mark.parametrize(
    ("role", "status"), [("peer", 200), ("hr_partner", 200), ("other_manager", 404)]
)
def test_a_team_is_for_those_in_it_and_those_who_lead_it(
    company: builders.Company, client_of: ClientOf, role: str, status: int, address: str
) -> None:
    assert client_of(getattr(company, role)).get(address).status_code == status


def test_a_large_team_is_read_page_by_page(
    company: builders.Company, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mingji.goals.queries import grid, paging

    monkeypatch.setattr(grid, "PAGE", 1)
    monkeypatch.setattr(paging, "PAGE", 1)
    for member in (company.subject, company.peer):
        build.an_agreed_goal("mql_count", "120", member=member)
    manager = client_of(company.manager)

    for address in (GRID, MATRIX):
        seen, following = "", ""
        for _ in range(3):
            page = manager.get(address + following).content.decode()
            seen += page
            if 'rel="next"' not in page:
                break
            following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
            following = following.replace("&amp;", "&")
        assert "单飞" in seen
        assert "曾小曼" in seen


def test_the_matrix_shows_shares_and_their_sums(
    company: builders.Company, growth: Any, client_of: ClientOf
) -> None:
    team = build.an_agreed_goal("mql_count", "300", team=growth)
    money = build.an_agreed_goal("won_revenue", "900", team=growth)
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)
    link(own, team, "0.6")
    link(own, money)

    found = the_matrix(company.manager)
    page = client_of(company.manager).get(MATRIX).content.decode()

    assert [column.goal.pk for column in found.columns] == [team.pk, money.pk]
    row = next(row for row in found.rows if row.goal.pk == own.pk)
    assert row.cells == (Decimal("0.6"), Decimal(1))
    assert [(str(each.share), each.measured.en) for each in row.sums] == [
        ("0.6000", "MQLs"),
        ("1.0000", "Marketing-sourced revenue"),
    ]
    assert "60.0%" in page
    assert "重复计入" not in page


def test_what_counts_twice_and_what_serves_nothing_is_marked(
    company: builders.Company, growth: Any, client_of: ClientOf
) -> None:
    from mingji.people import queries as people

    team = build.an_agreed_goal("mql_count", "300", team=growth)
    top = build.an_agreed_goal("mql_count", "900", team=people.teams_by_code()["company"])
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)
    build.an_agreed_goal("nps", "40", member=company.peer)
    link(own, team, "0.7")
    link(own, top, "0.5")
    link(team, top)

    page = client_of(company.director).get(MATRIX).content.decode()

    assert "重复计入" in page
    assert "一共被计入 120%" in page
    assert page.count("没有支撑任何目标") == 1


def test_goals_above_that_are_not_the_readers_to_see_are_counted(
    company: builders.Company, growth: Any, client_of: ClientOf
) -> None:
    from mingji.people import queries as people

    team = build.an_agreed_goal("mql_count", "300", team=growth)
    top = build.an_agreed_goal("won_revenue", "912", team=people.teams_by_code()["company"])
    link(team, top)

    page = client_of(company.subject).get(MATRIX).content.decode()

    assert "1 个目标不在你的范围内" in page
    assert "没有支撑任何目标" not in page
    assert "company组 · " not in page
