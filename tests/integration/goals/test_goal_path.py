"""A goal over time: what was reached by which day, against what was expected by then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
HEAD = (
    "lead_id,created_on,channel,campaign,region,industry,owner,"
    "mql_on,sql_on,rejected_on,reject_reason\n"
)
# Three leads of the subject in the fourth quarter, one of the peer, and two of a year ago.
DAYS = {
    "subject": ("2026-10-02", "2026-10-08", "2026-11-19", "2025-10-20", "2025-12-20"),
    "peer": ("2026-10-03",),
}
LEADS = HEAD + "".join(
    f"{owner}-{day},{day},search,,east,auto,{owner},{day},,,\n"
    for owner, days in DAYS.items()
    for day in days
)


@pytest.fixture
def company(settings: Any, tmp_path: Path) -> builders.Company:
    from mingji.metrics import actions

    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    build.a_scheme()
    found = builders.a_company()
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    actions.load_table("system", "leads", path, builders.NOW)
    return found


def way(goal: Any, reader: Any, shape: str = "even") -> Any:
    from mingji.goals import queries

    return queries.goal_path(builders.a_viewer(reader), goal, shape)


def points(found: Any) -> dict[str, str]:
    """The actual values by day."""
    return {str(day): str(value) for day, value in found.actual}


def test_leads_are_added_up_week_by_week_until_today(company: builders.Company) -> None:
    goal = build.an_agreed_goal("mql_count", "92", member=company.subject)

    found = way(goal, company.subject)

    assert points(found) == {
        "2026-10-07": "1",
        "2026-10-14": "2",
        "2026-10-21": "2",
        "2026-10-28": "2",
        "2026-11-04": "2",
        "2026-11-11": "2",
        "2026-11-18": "2",
        "2026-11-20": "3",
    }
    # One a day: 92 days, 92 leads.
    assert found.expected[0] == (date(2026, 10, 1), 0)
    assert found.expected[1] == (date(2026, 10, 7), 7)
    assert found.expected[-1] == (date(2026, 12, 31), 92)


def test_a_team_counts_the_leads_of_all_its_members(company: builders.Company) -> None:
    from mingji.people import queries as people

    goal = build.an_agreed_goal("mql_count", "92", team=people.teams_by_code()["growth"])

    assert points(way(goal, company.manager))["2026-10-14"] == "3"


def test_the_expected_path_may_run_as_last_year_or_late(company: builders.Company) -> None:
    goal = build.an_agreed_goal("mql_count", "100", member=company.peer)
    own = build.an_agreed_goal("mql_count", "100", member=company.subject)

    season, late = way(own, company.subject, "season"), way(own, company.subject, "late")
    unknown = way(goal, company.peer, "season")

    assert season.shapes == ("even", "season", "late")
    # Last year one lead in October, none in November, one in December.
    by_day = dict(season.expected)
    assert by_day[date(2026, 11, 11)] == 50
    assert dict(late.expected)[date(2026, 11, 11)] < 25
    assert unknown.shape == "even"
    assert "往期" in unknown.refusal.zh


def test_a_rate_shows_its_weeks_and_its_target_all_the_time(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal = build.an_agreed_goal("mql_to_sql_rate", "0.4", member=company.subject)

    found = way(goal, company.subject)
    page = client_of(company.subject).get(f"/goals/{goal.pk}/path/").content.decode()

    assert found.expected == ()
    assert found.shapes == ("even",)
    assert [day.weekday() for day, _ in found.actual[:-1]] == [6] * 6
    assert found.actual[0][0] == date(2026, 10, 11)
    assert "全程都按目标值要求" in page


def test_without_rows_the_page_says_so_and_draws_what_was_expected(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal = build.an_agreed_goal("won_revenue", "1000", member=company.subject)

    page = client_of(company.subject).get(f"/goals/{goal.pk}/path/").content.decode()

    assert way(goal, company.subject).actual == ()
    assert "本期还没有数据行" in page
    assert 'class="aim"' in page
    assert 'class="point"' not in page


def test_a_period_that_has_not_begun_has_nothing_yet(company: builders.Company) -> None:
    goal = build.an_agreed_goal("mql_count", "92", member=company.subject, period="2027Q1")

    assert way(goal, company.subject).actual == ()


def test_a_goal_of_a_year_goes_by_months(company: builders.Company) -> None:
    goal = build.an_agreed_goal("mql_count", "365", member=company.subject, period="2026")

    found = points(way(goal, company.subject))

    assert len(found) == 11
    assert (found["2026-09-30"], found["2026-10-31"], found["2026-11-20"]) == ("0", "2", "3")


def an_objective(company: builders.Company, client_of: ClientOf) -> Any:
    """An agreed objective with a reported number and milestones."""
    from mingji.goals.models import Goal

    member = client_of(company.subject)
    member.post(
        "/goals/of/subject/new/?kind=objective", {"title": "做好口碑", "commitment": "committed"}
    )
    top = Goal.objects.get(kind="objective")
    for sent in (
        {"title": "客户案例从 2 篇到 6 篇", "measure": "manual", "unit": "篇"}
        | {"baseline": "2", "target": "6"},
        {"title": "上线新手引导", "measure": "milestones"}
        | {"milestones": "方案通过；40；2026-10-20\n上线；60；2026-12-10"},
    ):
        answer = member.post(f"/goals/{top.pk}/key-results/new/", sent)
        assert answer.status_code == 302, answer.content.decode()
    steps = f"/goals/agreements/{top.agreement_id}"
    member.post(f"{steps}/propose/")
    client_of(company.manager).post(f"{steps}/accept/", build.as_read(top.pk))
    return top


def test_what_is_reported_is_drawn_by_the_day_of_the_report(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions

    top = an_objective(company, client_of)
    cases = top.key_results.get(measure="manual")
    for days, value in ((10, "3"), (3, "4")):
        said = actions.Report(value=Decimal(value), evidence="官网")
        at = builders.NOW - timedelta(days=days)
        actions.report(builders.a_viewer(company.subject), cases.pk, said, at=at)

    found = way(cases, company.subject)

    assert points(found) == {"2026-11-10": "3", "2026-11-17": "4"}
    assert (found.expected[0][1], found.expected[-1][1]) == (2, 6)
    assert found.shapes == ("even", "late")


def test_milestones_climb_when_they_are_done_and_were_due_by_their_days(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions

    top = an_objective(company, client_of)
    guide = top.key_results.get(measure="milestones")
    said = actions.Report(steps=(0,), evidence="评审纪要")
    actions.report(
        builders.a_viewer(company.subject), guide.pk, said, at=builders.NOW - timedelta(days=5)
    )

    found = way(guide, company.subject)

    done = [(day, share) for day, share in found.actual]
    assert [share for _, share in done] == [0, 0, Decimal("0.4"), Decimal("0.4")]
    due = dict(found.expected)
    assert (due[date(2026, 10, 19)], due[date(2026, 10, 20)]) == (0, Decimal("0.4"))


def test_an_objective_has_no_path_but_its_key_results_have(
    company: builders.Company, client_of: ClientOf
) -> None:
    top = an_objective(company, client_of)
    member = client_of(company.subject)

    assert member.get(f"/goals/{top.pk}/path/").status_code == 404
    assert f"/goals/{top.pk}/path/" not in member.get(f"/goals/{top.pk}/").content.decode()


def test_the_page_of_the_goal_fetches_the_chart_and_works_without_scripts(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal = build.an_agreed_goal("mql_count", "92", member=company.subject)
    member = client_of(company.subject)
    address = f"/goals/{goal.pk}/path/"

    page = member.get(f"/goals/{goal.pk}/").content.decode()
    part = member.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = member.get(address).content.decode()

    assert f'hx-get="{address}"' in page
    assert f'<a href="{address}">' in page
    assert "<html" not in part
    assert "<html" in whole
    for each in (part, whole):
        assert "按现有的数据行逐日累加" in each
        assert '<th scope="row">11月20日 周五</th>' in each  # the same numbers as a table


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("peer", 404), ("analyst", 404)])
def test_the_path_is_for_those_who_may_see_the_goal(
    company: builders.Company, client_of: ClientOf, role: str, status: int
) -> None:
    goal = build.an_agreed_goal("mql_count", "92", member=company.subject)

    answer = client_of(getattr(company, role)).get(f"/goals/{goal.pk}/path/")

    assert answer.status_code == status
