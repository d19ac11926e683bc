"""Promised support is followed up by either side: works, not yours, read-only, bad input, stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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
    """An agreed goal with support that was due before today."""
    made = build.an_agreed_goal(
        "mql_count", "120", member=company.subject, support="10 月底前补一名投放专员"
    )
    with build.unsealed():
        type(made).objects.update(support_due=date(2026, 10, 31))
    return made


def test_both_sides_say_what_became_of_it_and_all_of_it_stays(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.audit import queries as audit

    member, manager = client_of(company.subject), client_of(company.manager)
    late = {"state": "not_given", "note": "招聘还在面试"}

    first = member.post(f"/goals/{goal.pk}/support/", late)
    second = manager.post(f"/goals/{goal.pk}/support/", {"state": "given", "note": "12 日到岗"})
    page = member.get(f"/goals/{goal.pk}/").content.decode()

    assert (first.status_code, second.status_code) == (302, 302)
    assert page.index("12 日到岗") < page.index("招聘还在面试")
    assert "已到位" in page
    told = audit.history("agreement", goal.agreement_id)[0]
    assert (told.who, told.evidence["state"]) == ("manager", "given")


def test_support_whose_day_has_come_stands_as_due_until_somebody_reports(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.subject)
    agreement = f"/goals/agreements/{goal.agreement_id}/"

    before = client.get(agreement).content.decode()
    client.post(f"/goals/{goal.pk}/support/", {"state": "partly", "note": "只批了一半预算"})
    after = client.get(agreement).content.decode()

    assert "10 月底前补一名投放专员" in before
    assert "到期了，还没有人填" in before
    assert "到期了，还没有人填" not in after
    assert "部分到位" in after
    assert "只批了一半预算" in after


def test_a_promise_that_is_due_waits_for_the_manager_until_somebody_reports(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    address = f"/goals/{goal.pk}/support/"

    homes = {
        role: address in client_of(getattr(company, role)).get("/").content.decode()
        for role in ("manager", "director", "subject", "ex_manager", "hr_partner")
    }
    client_of(company.subject).post(address, {"state": "given"})
    after = client_of(company.manager).get("/").content.decode()

    assert {role for role, waits in homes.items() if waits} == {"manager"}
    assert address not in after


@pytest.mark.parametrize("later", [{"support_due": date(2026, 11, 21)}, {"support": ""}])
def test_what_is_not_due_or_not_promised_waits_for_nobody(
    company: builders.Company, client_of: ClientOf, goal: Any, later: dict[str, Any]
) -> None:
    with build.unsealed():
        type(goal).objects.update(**later)

    page = client_of(company.manager).get("/").content.decode()

    assert f"/goals/{goal.pk}/support/" not in page


def test_an_hr_partner_reads_the_promise_and_does_not_report(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.hr_partner)

    page = client.get(f"/goals/{goal.pk}/").content.decode()
    answer = client.post(f"/goals/{goal.pk}/support/", {"state": "given"})

    assert "10 月底前补一名投放专员" in page
    assert f"/goals/{goal.pk}/support/" not in page
    assert answer.status_code == 403


def test_a_goal_that_is_not_yours_does_not_exist(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    answer = client_of(company.peer).post(f"/goals/{goal.pk}/support/", {"state": "given"})

    assert answer.status_code == 404
    assert not goal.support_updates.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "error-summary"),
        ({"state": "perhaps", "note": "x"}, "error-summary"),
        ({"state": "partly", "note": "  "}, "没有写还缺什么"),
        ({"state": "not_given"}, "没有写还缺什么"),
    ],
)
def test_a_report_that_leaves_out_what_matters_is_refused_and_nothing_kept(
    company: builders.Company, client_of: ClientOf, goal: Any, sent: dict[str, str], words: str
) -> None:
    answer = client_of(company.manager).post(f"/goals/{goal.pk}/support/", sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not goal.support_updates.exists()


def test_support_is_followed_up_once_it_is_agreed_and_only_where_some_was_promised(
    company: builders.Company, client_of: ClientOf
) -> None:
    draft = build.a_draft(company.manager, company.subject)
    bare = build.an_agreed_goal("nps", "40", member=company.peer).pk
    client = client_of(company.manager)

    answers = [client.post(f"/goals/{each}/support/", {"state": "given"}) for each in (draft, bare)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "没有承诺支持" in answers[1].content.decode()


def test_a_report_on_support_changes_nothing_of_what_was_signed(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    signed = goal.agreement.versions.get().digest
    client_of(company.manager).post(f"/goals/{goal.pk}/support/", {"state": "given"})

    goal.refresh_from_db()

    assert goal.agreement.versions.get().digest == signed
    assert goal.support == "10 月底前补一名投放专员"


def test_promises_cost_the_same_queries_for_one_goal_and_for_many(
    company: builders.Company, goal: Any, django_assert_num_queries: Any
) -> None:
    from mingji.goals import actions, queries

    viewer = builders.a_viewer(company.subject)
    made = [
        build.an_agreed_goal(metric, "40", member=company.subject, support="预算")
        for metric in ("nps", "event_count", "webinar_attendees")
    ]
    for each in (goal, *made):
        said = actions.SupportReport(state="given")
        actions.follow_support(viewer, each.pk, said, at=builders.NOW)
    lines = queries.goals_for(viewer, "subject", build.PERIOD)
    for some in (lines[:1], lines):
        with django_assert_num_queries(2):
            assert len(queries.promises(viewer, some)) == len(some)
