"""Pages of goals: what they show, to whom, and that every number opens."""

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
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def goal(company: builders.Company) -> Any:
    build.an_observation("mql_count", "40", member=company.subject)
    build.an_observation("mql_count", "97", member=company.subject, period=build.LAST_PERIOD)
    return build.an_agreed_goal("mql_count", "120", member=company.subject)


def test_my_goals_show_value_target_status_and_the_period_before(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    page = client_of(company.subject).get("/goals/").content.decode()

    # 51 of 92 days are over: 66.52 expected, 40 reached, 60.13 %.
    assert "市场合格线索数" in page
    assert "60.1" in page
    assert "已偏离" in page
    assert "97" in page


def test_a_metric_without_rows_is_no_data_not_zero(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("nps", "40", member=company.subject)

    page = client_of(company.subject).get("/goals/").content.decode()

    assert "无数据" in page
    assert "已偏离" not in page


def test_a_rate_is_expected_at_its_target_all_the_time(company: builders.Company) -> None:
    from mingji.goals import queries

    build.an_observation("cost_per_lead", "90", member=company.subject)
    build.an_agreed_goal("cost_per_lead", "60", member=company.subject)

    (line,) = queries.goals_for(builders.a_viewer(company.subject), "subject", build.PERIOD)

    assert str(line.health.attainment) == "66.67"
    assert line.health.status == "off_track"


def test_the_attainment_opens_down_to_the_source_rows(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.subject)

    root = client.get(f"/goals/{goal.pk}/why/").content.decode()
    current = client.get(f"/goals/{goal.pk}/why/?path=current").content.decode()
    target = client.get(f"/goals/{goal.pk}/why/?path=expected/target").content.decode()

    assert "path=current" in root
    assert "path=expected" in root
    assert "leads.csv" in current
    assert "目标确认书" in target
    assert client.get(f"/goals/{goal.pk}/why/?path=nothing").status_code == 404


def test_a_member_reads_the_pages_in_english(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.subject)
    client.post("/people/preferences/", {"language": "en"})

    page = client.get(f"/goals/{goal.pk}/").content.decode()

    assert "Path over the quarters" in page
    assert "走势" not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("subject", 200),
        ("manager", 200),
        ("director", 200),
        ("hr_partner", 200),
        ("peer", 404),
        ("ex_manager", 404),
        ("other_manager", 404),
        ("other_hr_partner", 404),
        ("analyst", 404),
    ],
)
@pytest.mark.parametrize("page", ["/goals/{}/", "/goals/{}/why/", "/goals/of/subject/"])
def test_who_reads_a_members_goals(
    company: builders.Company, client_of: ClientOf, goal: Any, role: str, status: int, page: str
) -> None:
    answer = client_of(getattr(company, role)).get(page.format(goal.pk))

    assert answer.status_code == status


def test_another_period_is_one_click_away_and_nonsense_is_refused(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    build.an_agreed_goal("mql_count", "100", member=company.subject, period=build.LAST_PERIOD)
    client = client_of(company.subject)

    assert "?period=2026Q3" in client.get("/goals/").content.decode()
    assert "2026年第三季度" in client.get("/goals/?period=2026Q3").content.decode()
    assert client.get("/goals/?period=soon").status_code == 422


def test_team_goals_are_for_the_team_and_those_who_lead_it(company: builders.Company) -> None:
    from mingji.goals import queries
    from mingji.people import queries as people

    growth = people.teams_by_code()["growth"]
    build.an_agreed_goal("won_revenue", "1000000", team=growth, item="team_won_revenue")

    seen = {
        name: len(queries.goals_of_teams(builders.a_viewer(member), None, build.PERIOD))
        for name, member in company.roles().items()
    }

    readers = {name for name, count in seen.items() if count}
    assert readers >= {"subject", "peer", "manager", "director", "hr_partner"}
    assert not readers & {"ex_manager", "other_manager", "other_hr_partner", "analyst"}


def test_themes_count_how_their_goals_stand_for_this_reader(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions
    from mingji.rules.text import Text

    actions.set_theme("growth", year=2026, name=Text("新客增长", "New business"), at=builders.NOW)
    build.an_observation("mql_count", "10", member=company.subject)
    build.an_agreed_goal("mql_count", "120", member=company.subject, theme="growth")

    manager = client_of(company.manager).get("/goals/strategy/").content.decode()
    peer = client_of(company.peer).get("/goals/strategy/").content.decode()

    assert "新客增长" in manager
    assert "已偏离" in manager
    assert "新客增长" in peer
    assert "已偏离" not in peer


def test_reading_a_list_costs_the_same_queries_for_one_goal_and_for_many(
    company: builders.Company,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingji.goals import queries

    viewer = builders.a_viewer(company.director)
    counts = []
    for metric in ("mql_count", "nps", "cost_per_lead"):
        build.an_observation(metric, "40", member=company.subject)
        build.an_agreed_goal(metric, "120", member=company.subject)
        with CaptureQueriesContext(connection) as spent:
            queries.goals_of_members(viewer, None, build.PERIOD)
        counts.append(len(spent))

    assert len(set(counts)) == 1
