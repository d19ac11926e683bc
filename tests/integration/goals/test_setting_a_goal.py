"""A manager drafts a goal for a member: works, not yours, not above, bad input, wrong stage."""

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


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def test_a_manager_drafts_a_goal_in_the_unit_of_the_metric(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.audit import queries as audit
    from mingji.goals.models import Goal

    answer = client_of(company.manager).post(
        "/goals/of/subject/new/?item=mql_to_sql_rate",
        {"target": "25", "threshold": "20", "stretch": "30", "support": "预算 5 万"},
    )

    goal = Goal.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/goals/{goal.pk}/"
    assert (goal.period, goal.item, goal.status) == ("2026Q4", "mql_to_sql_rate", "draft")
    assert (goal.target, goal.threshold, goal.stretch) == tuple(
        Decimal(text) for text in ("0.25", "0.2", "0.3")
    )
    assert goal.support == "预算 5 万"
    (event,) = audit.history("agreement", goal.agreement_id)
    assert (event.who, event.evidence["goal"]["target"]) == ("manager", "0.25")


def test_the_director_above_the_manager_may_do_the_same(
    company: builders.Company, client_of: ClientOf
) -> None:
    answer = client_of(company.director).post(
        "/goals/of/subject/new/?item=mql_count", {"target": "120"}
    )

    assert answer.status_code == 302


def test_the_page_offers_only_measured_items_without_a_goal(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.a_draft(company.manager, company.subject, item="mql_count")

    page = client_of(company.manager).get("/goals/of/subject/new/").content.decode()

    assert "item=mql_to_sql_rate" in page
    assert "item=mql_count" not in page
    assert "item=cooperation" not in page


@pytest.mark.parametrize("role", ["other_manager", "ex_manager", "peer", "analyst"])
def test_whose_record_is_not_yours_does_not_exist(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    client = client_of(getattr(company, role))

    assert client.get("/goals/of/subject/new/").status_code == 404
    answer = client.post("/goals/of/subject/new/?item=mql_count", {"target": "1"})
    assert answer.status_code == 404


def test_a_member_drafts_their_own_goals(company: builders.Company, client_of: ClientOf) -> None:
    answer = client_of(company.subject).post(
        "/goals/of/subject/new/?item=mql_count", {"target": "120"}
    )

    assert answer.status_code == 302


def test_who_may_only_see_it_cannot_set_it(company: builders.Company, client_of: ClientOf) -> None:
    answer = client_of(company.hr_partner).post(
        "/goals/of/subject/new/?item=mql_count", {"target": "120"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("item", "typed", "words"),
    [
        ("mql_count", {"target": "0"}, "anchors"),
        ("mql_count", {"target": "-5"}, "base_step"),
        ("mql_count", {"target": "100", "baseline": "100"}, "起始值和目标值相同"),
        ("mql_count", {"target": "100", "threshold": "110"}, "门槛值应当比目标值容易达到"),
        ("mql_count", {"target": "100", "stretch": "90"}, "挑战值应当比目标值更难达到"),
        ("cost_per_lead", {"target": "100", "stretch": "120"}, "挑战值应当比目标值更难达到"),
        ("mql_count", {"target": "100", "weight": "0"}, "权重要在 0 到 100 之间"),
        ("mql_count", {"target": "多"}, "error-summary"),
        ("mql_count", {"target": "NaN"}, "error-summary"),
        ("mql_count", {}, "error-summary"),
        ("mql_count", {"target": "100", "theme": "nowhere"}, "error-summary"),
    ],
)
def test_values_that_cannot_be_scored_or_followed_are_refused_with_the_remedy(
    company: builders.Company, client_of: ClientOf, item: str, typed: dict[str, str], words: str
) -> None:
    from mingji.goals.models import Goal

    answer = client_of(company.manager).post(f"/goals/of/subject/new/?item={item}", typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Goal.objects.exists()


def test_an_item_that_is_not_on_the_form_leads_back_to_those_that_are(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = client_of(company.manager).get("/goals/of/subject/new/?item=cooperation")

    assert "item=mql_count" in page.content.decode()


def test_what_is_proposed_is_not_edited_until_it_is_taken_back(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    goal_id = build.a_draft(company.manager, company.subject)
    agreement = build.agreement_of(goal_id).pk
    client = client_of(company.manager)
    client.post(f"/goals/agreements/{agreement}/propose/")

    refused = client.post(f"/goals/{goal_id}/edit/", {"target": "150"})
    client.post(f"/goals/agreements/{agreement}/withdraw/")
    answer = client.post(f"/goals/{goal_id}/edit/", {"target": "150"})

    goal = Goal.objects.get()
    assert (refused.status_code, answer.status_code) == (409, 302)
    assert (goal.target, goal.status) == (Decimal(150), "draft")


def test_a_goal_is_taken_out_of_the_draft(company: builders.Company, client_of: ClientOf) -> None:
    from mingji.goals.models import Goal

    goal_id = build.a_draft(company.manager, company.subject)

    answer = client_of(company.manager).post(f"/goals/{goal_id}/remove/")

    assert answer.status_code == 302
    assert not Goal.objects.exists()


def test_the_form_shows_rates_in_percent_as_they_were_typed(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal_id = build.a_draft(
        company.manager, company.subject, item="mql_to_sql_rate", target="0.225"
    )

    page = client_of(company.manager).get(f"/goals/{goal_id}/edit/").content.decode()

    assert 'value="22.5"' in page


def test_an_agreed_goal_is_locked_on_every_way_in(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal = build.an_agreed_goal("mql_count", "120", member=company.subject)
    client = client_of(company.manager)

    agreement = f"/goals/agreements/{goal.agreement_id}"

    answers = [
        client.get(f"/goals/{goal.pk}/edit/"),
        client.post(f"/goals/{goal.pk}/edit/", {"target": "1"}),
        client.post(f"/goals/{goal.pk}/remove/"),
        client.post("/goals/of/subject/new/?item=nps", {"target": "1"}),
        client.post(f"{agreement}/propose/"),
        client.post(f"{agreement}/withdraw/"),
        client_of(company.subject).post(f"{agreement}/accept/", {"number": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [409] * 7
    goal.refresh_from_db()
    assert (goal.target, goal.status) == (Decimal(120), "agreed")
