"""The home page of each role: what it answers, from which numbers, and where they open."""

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


def _teams() -> Any:
    from mingji.people import queries as people

    return people.teams_by_code()


def test_a_marketer_sees_what_waits_and_their_goals(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("nps", "31", member=company.subject)
    build.an_agreed_goal("nps", "40", member=company.subject)
    goal_id = build.a_draft(company.manager, company.subject, period="2027Q1")
    address = f"/goals/agreements/{build.agreement_of(goal_id).pk}/"
    client_of(company.manager).post(f"{address}propose/")

    page = client_of(company.subject).get("/").content.decode()

    assert f'href="{address}"' in page
    assert "答复上级提出的目标" in page
    assert "还没有发布过结果" in page
    assert "path=current" in page


def test_a_marketer_does_not_see_a_colleagues_values(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("mql_count", "87654", member=company.subject)
    build.an_agreed_goal("mql_count", "99", member=company.subject)
    client = client_of(company.peer)

    for address in ("/", "/team/", "/goals/", "/goals/strategy/"):
        assert "87,654" not in client.get(address, follow=True).content.decode()


def test_a_lead_sees_who_needs_help_with_the_reason(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("mql_count", "10", member=company.subject)
    build.an_agreed_goal("mql_count", "120", member=company.subject)
    build.an_observation("mql_count", "100", member=company.peer)
    build.an_agreed_goal("mql_count", "110", member=company.peer)

    page = client_of(company.manager).get("/").content.decode()

    assert "谁需要帮助" in page
    assert "/goals/of/subject/" in page
    assert "/goals/of/peer/" not in page


def test_the_directors_questions_are_answered_by_numbers_that_open(
    company: builders.Company, client_of: ClientOf
) -> None:
    teams = _teams()
    for code, value in (("company", "4000000"), ("growth", "900000"), ("brand", "50000")):
        build.an_observation("won_revenue", value, team=teams[code])
        build.an_agreed_goal("won_revenue", "5000000", team=teams[code], item="team_won_revenue")
    for period, counts in (("2026Q4", (200, 50, 10, 8, 2)), ("2026Q3", (200, 80, 20, 16, 5))):
        for metric, count in zip(
            ("leads_created", "mql_count", "sql_count", "lead_opportunities", "lead_won_deals"),
            counts,
            strict=True,
        ):
            build.an_observation(metric, str(count), period=period)
    build.an_observation("roas", "3.2")
    build.an_observation("roas", "3.6", period="2026Q3")
    client = client_of(company.director)

    page = client.get("/").content.decode()

    # 4,000,000 of 5,000,000 · 51/92 = 144.31 %
    assert "144.3" in page
    # MQL: 25 % against 40 %: the step that kept least of its rate
    assert "新增线索数 → 市场合格线索数（MQL）" in page
    assert "/why/?period=2026Q4&amp;path=mql_count_rate" in page
    assert "−15" in page
    assert "3.2" in page

    reasons = client.get("/why/?period=2026Q4&path=mql_count_rate").content.decode()
    assert "50 ÷" in reasons
    assert client.get("/why/?period=2026Q4&path=mql_count_change").status_code == 200
    assert client.get("/why/?period=2026Q4").status_code == 200


def test_the_director_is_told_when_there_is_nothing_to_answer_with(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = client_of(company.director).get("/").content.decode()

    assert "还没有同意的部门目标" in page
    assert "还没有线索或成交" in page
    assert "没有人的目标已偏离" in page


@pytest.mark.parametrize("role", ["subject", "manager", "hr_partner", "analyst"])
def test_only_the_director_opens_the_reasons_of_the_company(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    assert client_of(getattr(company, role)).get("/why/").status_code == 403


def test_an_hr_partner_sees_the_board_and_what_is_missing(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.a_draft(company.manager, company.subject)

    page = client_of(company.hr_partner).get("/").content.decode()

    assert "还没有考核周期" in page
    assert "还没同意的目标" in page
    assert "/goals/of/subject/" in page


def test_an_hr_partner_of_another_unit_sees_nothing_of_it(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.a_draft(company.manager, company.subject)

    assert "/goals/of/subject/" not in client_of(company.other_hr_partner).get("/").content.decode()


def test_an_analyst_sees_how_the_sources_are(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("mql_count", "40")

    page = client_of(company.analyst).get("/").content.decode()

    assert "最近刷新" in page
    assert "没有对应成员的负责人" in page


def test_every_home_page_reads_in_english(company: builders.Company, client_of: ClientOf) -> None:
    words = {
        "subject": "Needs you",
        "manager": "Who needs help, and why",
        "director": "Where does it leak?",
        "hr_partner": "No appraisal cycle yet",
        "analyst": "Unmatched owners",
    }
    for role, expected in words.items():
        client = client_of(getattr(company, role))
        client.post("/people/preferences/", {"language": "en"})
        assert expected in client.get("/").content.decode()


def test_a_home_page_is_for_people_who_have_signed_in() -> None:
    assert Client().get("/").status_code == 302


@pytest.mark.parametrize("role", ["director", "manager", "hr_partner"])
def test_a_home_page_costs_the_same_queries_for_few_and_for_many(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(getattr(company, role))
    spent = []
    for member in (company.subject, company.peer):
        for metric in ("mql_count", "nps", "cost_per_lead"):
            build.an_observation(metric, "1", member=member)
            build.an_agreed_goal(metric, "120", member=member)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        spent.append(len(captured))

    assert spent[0] == spent[1]


def test_a_home_page_names_the_first_thirty_needs_and_counts_the_others(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Agreement

    crowd = builders.many_members(42, manager="manager")
    Agreement.objects.bulk_create(Agreement(member=each, period="2027Q1") for each in crowd)

    page = client_of(company.manager).get("/").content.decode()

    assert page.count('class="need-what"') == 30
    assert "还有 12 项待办" in page


def test_goals_are_counted_as_their_own_pages_show_them(company: builders.Company) -> None:
    from mingji.goals import queries

    viewer = builders.a_viewer(company.director)
    for member, value in ((company.subject, "10"), (company.peer, "100")):
        build.an_observation("mql_count", value, member=member)
        build.an_agreed_goal("mql_count", "120", member=member)
        build.an_agreed_goal("nps", "40", member=member)

    lines = queries.goals_of_members(viewer, None, build.PERIOD)

    assert {line.health.status for line in lines} == {"off_track", "on_track", "no_data"}
    assert {
        each.goal: each.status for each in queries.statuses_of_members(viewer, build.PERIOD)
    } == {line.goal.pk: line.health.status for line in lines}
