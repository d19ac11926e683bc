"""A goal of a year, a half-year or a month is followed by the values of that very period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import builders
import goal_builders as build

HEAD = (
    "lead_id,created_on,channel,campaign,region,industry,owner,"
    "mql_on,sql_on,rejected_on,reject_reason\n"
)
# Q2: 1 of 1 MQLs became an SQL; Q3: 1 of 3. The year is 2 of 4, not the mean of 1 and 1/3.
LEADS = f"""{HEAD}L1,2026-05-02,search,,east,auto,subject,2026-05-03,2026-05-09,,
L2,2026-07-20,search,,east,auto,subject,2026-07-21,2026-07-22,,
L3,2026-08-01,events,,east,auto,subject,2026-08-02,,,
L4,2026-09-05,events,,east,auto,subject,2026-09-07,,,
L5,2025-05-05,events,,east,auto,subject,2025-05-06,,,
"""
TODAY = date(2026, 11, 10)


@pytest.fixture
def leads(company: builders.Company, load: Callable[[str, str], object]) -> builders.Company:
    load("leads", LEADS)
    return company


def refresh() -> list[str]:
    from mingji.metrics import actions
    from mingji.metrics.queries import periods_to_refresh

    periods = periods_to_refresh(TODAY)
    actions.refresh("system", periods, builders.NOW)
    return periods


def line(company: builders.Company, goal: Any) -> Any:
    from mingji.goals.queries import goal_line

    return goal_line(builders.a_viewer(company.subject), goal)


def test_without_such_goals_only_quarters_are_computed(leads: builders.Company) -> None:
    build.an_agreed_goal("mql_count", "10", member=leads.subject, period="2026Q4")

    assert refresh() == ["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4"]


def test_a_count_a_rate_and_the_year_before_are_those_of_the_year(leads: builders.Company) -> None:
    count = build.an_agreed_goal("mql_count", "10", member=leads.subject, period="2026")
    rate = build.an_agreed_goal("mql_to_sql_rate", "0.6", member=leads.subject, period="2026")

    periods = refresh()

    assert {"2025", "2026"} <= set(periods)
    assert (line(leads, count).value, line(leads, count).previous) == (Decimal(4), Decimal(1))
    assert line(leads, rate).value == Decimal("0.5")


def test_a_half_year_and_a_month_of_a_team(leads: builders.Company) -> None:
    from mingji.people import queries as people

    team = people.teams_by_code()["company"]
    half = build.an_agreed_goal("mql_count", "10", team=team, period="2026H2")
    month = build.an_agreed_goal("mql_count", "10", team=team, period="2026-08")
    refresh()

    assert (line(leads, half).value, line(leads, half).previous) == (Decimal(3), Decimal(1))
    assert (line(leads, month).value, line(leads, month).previous) == (Decimal(1), Decimal(1))


def test_periods_to_come_and_long_past_are_not_computed(leads: builders.Company) -> None:
    from mingji.goals.queries import periods_followed

    for period in ("2027", "2024", "2026-01", "2026H1", "2026-11"):
        build.an_agreed_goal("mql_count", "10", member=leads.subject, period=period)

    assert periods_followed(TODAY) == ["2026-11", "2026-10", "2026H1", "2025H2"]
