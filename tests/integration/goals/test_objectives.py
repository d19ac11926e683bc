"""Objectives with key results: drafted, agreed, followed by data and by reports, and scored."""

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
OBJECTIVE = {"title": "让新客户更快看到价值", "commitment": "committed"}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def objective(company: builders.Company, client_of: ClientOf) -> Any:
    """An objective with three key results, drafted by the member."""
    from mingji.goals.models import Goal

    member = client_of(company.subject)
    made = member.post("/goals/of/subject/new/?kind=objective", OBJECTIVE)
    assert made.status_code == 302, made.content.decode()
    found = Goal.objects.get(kind="objective")
    for sent in (
        {"title": "MQL 从 80 到 120", "measure": "metric", "metric": "mql_count"}
        | {"baseline": "80", "target": "120"},
        {"title": "客户案例从 2 篇到 6 篇", "measure": "manual", "unit": "篇"}
        | {"baseline": "2", "target": "6"},
        {"title": "上线新手引导", "measure": "milestones"}
        | {"milestones": "方案通过；40；2026-10-20\n上线；60；2026-12-10"},
    ):
        answer = member.post(f"/goals/{found.pk}/key-results/new/", sent)
        assert answer.status_code == 302, answer.content.decode()
    return found


def agreed(company: builders.Company, client_of: ClientOf, goal: Any) -> str:
    """Where the steps of the agreement are, after both sides have agreed."""
    steps = f"/goals/agreements/{goal.agreement_id}"
    client_of(company.subject).post(f"{steps}/propose/")
    answer = client_of(company.manager).post(f"{steps}/accept/", build.as_read(goal.pk))
    assert answer.status_code == 302
    return steps


def result(title: str) -> Any:
    from mingji.goals.models import Goal

    return Goal.objects.get(title=title)


def test_key_results_hang_on_their_objective_with_their_milestones(objective: Any) -> None:
    below = list(objective.key_results.order_by("item"))

    assert [each.measure for each in below] == ["metric", "manual", "milestones"]
    assert [each.item for each in below] == [f"objective-1-kr-{n}" for n in (1, 2, 3)]
    steps = [(each.title, each.weight) for each in below[2].milestones.all()]
    assert steps == [("方案通过", Decimal(40)), ("上线", Decimal(60))]


def test_progress_follows_the_data_and_what_was_reported(
    company: builders.Company, client_of: ClientOf, objective: Any
) -> None:
    agreed(company, client_of, objective)
    build.an_observation("mql_count", "100", member=company.subject)
    member = client_of(company.subject)
    cases, guide = result("客户案例从 2 篇到 6 篇"), result("上线新手引导")
    member.post(f"/goals/{cases.pk}/report/", {"value": "3", "evidence": "官网案例页"})
    member.post(f"/goals/{guide.pk}/report/", {"steps": ["0"], "evidence": "评审纪要 1020"})

    page = member.get(f"/goals/{objective.pk}/").content.decode()
    why = member.get(f"/goals/{objective.pk}/why/?path=current").content.decode()

    # (100 − 80)/(120 − 80) = 0.5; (3 − 2)/(6 − 2) = 0.25; 40 of 100 = 0.4: together 0.3833…
    assert "38.3" in page
    assert "objective-1-kr-2" in why
    deep = member.get(f"/goals/{cases.pk}/why/?path=current/reported").content.decode()
    assert "官网案例页" in deep


def test_a_value_that_moved_the_wrong_way_is_below_zero_and_scores_zero(
    company: builders.Company, client_of: ClientOf, objective: Any
) -> None:
    from mingji.goals import queries

    agreed(company, client_of, objective)
    build.an_observation("mql_count", "40", member=company.subject)

    (line,) = queries.goals_for(builders.a_viewer(company.subject), "subject", build.PERIOD)

    first = line.key_results[0]
    assert first.standing.share == Decimal(-1)
    # The number that nobody reported gives its weight away; no milestone is done.
    assert line.standing.share == Decimal("-0.5")
    assert line.standing.score == Decimal(0)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"value": "3"}, "没有写依据"),
        ({}, "还没有填任何内容"),
        ({"value": "三", "evidence": "x"}, "error-summary"),
    ],
)
def test_a_report_without_evidence_or_without_anything_is_refused(
    company: builders.Company,
    client_of: ClientOf,
    objective: Any,
    sent: dict[str, str],
    words: str,
) -> None:
    from mingji.goals.models import ProgressUpdate

    agreed(company, client_of, objective)
    cases = result("客户案例从 2 篇到 6 篇")

    answer = client_of(company.subject).post(f"/goals/{cases.pk}/report/", sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ProgressUpdate.objects.exists()


def test_nothing_is_reported_before_both_sides_have_agreed(
    company: builders.Company, client_of: ClientOf, objective: Any
) -> None:
    answer = client_of(company.subject).post(
        f"/goals/{objective.pk}/report/", {"confidence": "on_track"}
    )

    assert answer.status_code == 409


def test_a_metric_speaks_for_itself_and_takes_no_reported_value(
    company: builders.Company, objective: Any, client_of: ClientOf
) -> None:
    from mingji.goals import actions
    from mingji.rules.errors import Invalid

    agreed(company, client_of, objective)
    said = actions.Report(value=Decimal(999), evidence="trust me")

    with pytest.raises(Invalid, match="data gives the value"):
        actions.report(
            builders.a_viewer(company.subject),
            result("MQL 从 80 到 120").pk,
            said,
            at=builders.NOW,
        )


@pytest.mark.parametrize("count", [0, 1, 6])
def test_an_objective_is_proposed_with_two_to_five_key_results(
    company: builders.Company, client_of: ClientOf, count: int
) -> None:
    from mingji.goals.models import Goal

    member = client_of(company.subject)
    member.post("/goals/of/subject/new/?kind=objective", OBJECTIVE)
    goal = Goal.objects.get()
    for number in range(count):
        member.post(
            f"/goals/{goal.pk}/key-results/new/", {"title": f"第 {number} 项", "measure": "yes_no"}
        )

    answer = member.post(f"/goals/agreements/{goal.agreement_id}/propose/")

    assert answer.status_code == 422
    assert f"有 {count} 个关键结果" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"measure": "metric", "metric": "mql_count", "target": "120"}, "关键结果要有起始值"),
        ({"measure": "metric", "target": "120", "baseline": "1"}, "没有选指标"),
        (
            {"measure": "manual", "target": "5", "baseline": "5"},
            "起始值和目标值相同",
        ),
        ({"measure": "milestones"}, "还没有里程碑"),
        ({"measure": "milestones", "milestones": "方案；50"}, "50"),
        ({"measure": "milestones", "milestones": "方案"}, "第 1 行看不懂"),
        ({"measure": "yes_no", "title": ""}, "error-summary"),
    ],
)
def test_a_key_result_that_cannot_be_followed_is_refused_at_its_field(
    company: builders.Company, client_of: ClientOf, sent: dict[str, str], words: str
) -> None:
    from mingji.goals.models import Goal

    member = client_of(company.subject)
    member.post("/goals/of/subject/new/?kind=objective", OBJECTIVE)
    goal = Goal.objects.get()

    answer = member.post(f"/goals/{goal.pk}/key-results/new/", {"title": "一项"} | sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Goal.objects.count() == 1


def test_taking_an_objective_out_takes_its_key_results_too(
    company: builders.Company, client_of: ClientOf, objective: Any
) -> None:
    from mingji.goals.models import Goal

    client_of(company.subject).post(f"/goals/{objective.pk}/remove/")

    assert not Goal.objects.exists()


def test_a_number_beside_the_form_is_followed(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    answer = client_of(company.subject).post(
        "/goals/of/subject/new/?kind=kpi",
        {"title": "媒体报道", "measure": "manual", "unit": "篇", "target": "12", "baseline": "3"},
    )

    goal = Goal.objects.get()
    assert answer.status_code == 302
    assert (goal.item, goal.title, goal.target) == ("kpi-1", "媒体报道", Decimal(12))
