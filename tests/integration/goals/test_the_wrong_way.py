"""Values that move the wrong way, by every door: below zero, off track, and a score of nothing.

The cases that other products get wrong (scoring.md §1): a cost per lead from 80 to 50 that worsens
to 90, and leads from 100 to 200 that fall to 40.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
COST, LEADS, BOTH = "线索成本从 80 到 50", "MQL 从 100 到 200", "获客又多又省"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def goals(company: builders.Company) -> dict[str, int]:
    """An agreed objective whose two key results both got worse, by their titles."""
    from mingji.goals import actions
    from mingji.goals.models import Goal
    from mingji.goals.queries import Owner
    from mingji.rules.goal_terms import GoalTerms

    def result(key: str, title: str, metric: str, start: int, target: int) -> GoalTerms:
        return GoalTerms(
            key=key,
            kind="key_result",
            objective="objective-1",
            title=title,
            metric=metric,
            baseline=Decimal(start),
            target=Decimal(target),
        )

    terms = (
        GoalTerms(key="objective-1", kind="objective", title=BOTH),
        result("kr-1", COST, "cost_per_mql", 80, 50),
        result("kr-2", LEADS, "mql_count", 100, 200),
    )
    manager, owner = builders.a_viewer(company.manager), Owner(member=company.subject)
    made = actions.set_goals(manager, owner, period=build.PERIOD, terms=terms, at=builders.NOW)
    actions.propose(manager, made, at=builders.NOW)
    actions.accept(builders.a_viewer(company.subject), made, number=1, at=builders.NOW)
    build.an_observation("cost_per_mql", "90", member=company.subject)
    build.an_observation("mql_count", "40", member=company.subject)
    return {goal.title: goal.pk for goal in Goal.objects.all()}


def main_of(client: Client, address: str) -> str:
    return str(client.get(address).content.decode()).split("<main")[1]


def test_each_goal_page_shows_it_below_zero_and_off_track(
    company: builders.Company, goals: dict[str, int], client_of: ClientOf
) -> None:
    member = client_of(company.subject)

    cost, leads, both = (main_of(member, f"/goals/{goals[each]}/") for each in (COST, LEADS, BOTH))

    assert "−33.3%" in cost
    assert "−60.0%" in leads
    assert "−46.7%" in both
    assert all("已偏离" in page and "已达标" not in page for page in (cost, leads, both))
    score = both.split("得分")[1][:200]
    assert ">0<" in score.replace(" ", "").replace("\n", "")


def test_the_number_on_the_page_is_the_one_that_its_reasons_come_to(
    company: builders.Company, goals: dict[str, int]
) -> None:
    from mingji.goals import queries
    from mingji.goals.models import Goal

    viewer = builders.a_viewer(company.subject)

    for pk in goals.values():
        goal = queries.goal_for(viewer, pk)
        line = queries.goal_line(viewer, goal)
        assert queries.goal_reasons(viewer, goal).value == line.health.attainment, goal
    assert Goal.objects.count() == 3


def test_the_path_of_a_count_begins_at_nothing_and_meets_what_the_page_expects(
    company: builders.Company, goals: dict[str, int]
) -> None:
    from mingji.goals import queries

    viewer = builders.a_viewer(company.subject)
    paths = {
        title: queries.goal_path(viewer, queries.goal_for(viewer, goals[title]))
        for title in (COST, LEADS)
    }

    starts = {title: path.expected[0][1] for title, path in paths.items()}
    ends = {title: path.expected[-1][1] for title, path in paths.items()}
    assert starts == {COST: 80, LEADS: 0}
    assert ends == {COST: 50, LEADS: 200}


def test_map_grid_and_lists_show_the_objective_off_track(
    company: builders.Company, goals: dict[str, int], client_of: ClientOf
) -> None:
    member = client_of(company.subject)

    for address in (
        f"/goals/?period={build.PERIOD}",
        "/goals/strategy/",
        f"/goals/team/growth/grid/?period={build.PERIOD}",
    ):
        page = main_of(member, address)
        assert "−46.7%" in page, address
        assert "已偏离" in page, address
        assert "有风险" not in page, address


def test_the_api_tells_the_share_of_the_way_and_the_health(
    company: builders.Company, goals: dict[str, int]
) -> None:
    program = builders.a_program(company.subject)

    told = {each: program.get(f"/api/v1/goals/{pk}").json() for each, pk in goals.items()}

    assert {each: row["progress"] for each, row in told.items()} == {
        COST: "-0.3333",
        LEADS: "-0.6000",
        BOTH: "-0.4667",
    }
    assert {row["health"] for row in told.values()} == {"off_track"}


def test_what_is_exported_says_the_same(
    company: builders.Company, goals: dict[str, int], client_of: ClientOf
) -> None:
    member = client_of(company.subject)

    answer = member.get("/goals/export.csv", {"period": build.PERIOD, "progress": "1"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["标题"]: row for row in csv.DictReader(io.StringIO(text))}

    assert rows[COST]["进度达成率"] == "-60.13%"
    assert rows[BOTH]["进度达成率"] == "-84.18%"


@pytest.mark.parametrize("target", ["0", "-50"])
def test_a_ratio_over_nothing_is_refused_and_the_alternatives_are_named(
    company: builders.Company, client_of: ClientOf, target: str
) -> None:
    from mingji.goals.models import Goal

    page = client_of(company.manager).post(
        "/goals/of/subject/new/?item=mql_count", {"target": target}
    )
    program = builders.a_program(company.manager)
    told = program.put(
        "/api/v1/agreements",
        data={
            "member": "subject",
            "period": build.PERIOD,
            "goals": [{"key": "mql_count", "target": target}],
        },
        content_type="application/json",
    )

    assert page.status_code == 422
    for name in ("基准分±步长法", "锚点插值法", "说明法"):
        assert name in page.content.decode()
    assert told.status_code == 422, told.content
    assert "anchors" in told.content.decode() or "锚点" in told.content.decode()
    assert not Goal.objects.exists()


def test_a_key_result_that_starts_at_its_target_is_refused(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    sent = {"title": "获客", "commitment": "committed"}
    client_of(company.manager).post("/goals/of/subject/new/?kind=objective", sent)
    objective = Goal.objects.get().pk
    sent = {"title": "不动", "measure": "manual", "unit": "篇", "baseline": "5", "target": "5"}

    page = client_of(company.manager).post(f"/goals/{objective}/key-results/new/", sent)

    assert page.status_code == 422
    assert "起始值" in page.content.decode()
    assert not Goal.objects.filter(kind="key_result").exists()
