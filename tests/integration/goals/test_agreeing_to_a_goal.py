"""Propose and accept: works, not yours, read-only, wrong stage; GET never writes."""

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
def draft(company: builders.Company) -> int:
    return build.a_draft(company.manager, company.subject)


def test_proposed_by_the_manager_and_accepted_by_the_member_it_is_sealed(
    company: builders.Company, client_of: ClientOf, draft: int
) -> None:
    from mingji.audit import queries as audit
    from mingji.goals.models import Goal

    proposed = client_of(company.manager).post(f"/goals/{draft}/propose/")
    member = client_of(company.subject)
    accepted = member.post(f"/goals/{draft}/accept/", build.as_read(draft), follow=True)

    goal = Goal.objects.get()
    assert proposed.status_code == 302
    assert (goal.status, goal.proposed_by, goal.accepted_by) == ("agreed", "manager", "subject")
    assert (goal.proposed_at, goal.accepted_at) == (builders.NOW, builders.NOW)
    assert 'class="seal"' in accepted.content.decode()
    assert [event.who for event in audit.history("goal", draft)] == [
        "subject",
        "manager",
        "manager",
    ]


@pytest.mark.parametrize("role", ["manager", "director", "hr_partner"])
def test_nobody_accepts_in_the_members_place(
    company: builders.Company, client_of: ClientOf, draft: int, role: str
) -> None:
    client_of(company.manager).post(f"/goals/{draft}/propose/")

    answer = client_of(getattr(company, role)).post(f"/goals/{draft}/accept/")

    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["subject", "hr_partner"])
def test_only_those_above_propose(
    company: builders.Company, client_of: ClientOf, draft: int, role: str
) -> None:
    answer = client_of(getattr(company, role)).post(f"/goals/{draft}/propose/")

    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["peer", "other_manager", "ex_manager", "analyst"])
@pytest.mark.parametrize("step", ["propose", "accept"])
def test_a_goal_that_is_not_yours_does_not_exist(
    company: builders.Company, client_of: ClientOf, draft: int, role: str, step: str
) -> None:
    answer = client_of(getattr(company, role)).post(f"/goals/{draft}/{step}/")

    assert answer.status_code == 404


def test_a_draft_cannot_be_accepted_before_it_is_proposed(
    company: builders.Company, client_of: ClientOf, draft: int
) -> None:
    answer = client_of(company.subject).post(f"/goals/{draft}/accept/")

    assert answer.status_code == 409


def test_nobody_agrees_to_what_was_changed_since_they_read_it(
    company: builders.Company, client_of: ClientOf, draft: int
) -> None:
    from mingji.goals.models import Goal

    manager, member = client_of(company.manager), client_of(company.subject)
    manager.post(f"/goals/{draft}/propose/")
    read = build.as_read(draft)
    page = member.get(f"/goals/{draft}/").content.decode()
    manager.post(f"/goals/{draft}/edit/", {"target": "150"})
    manager.post(f"/goals/{draft}/propose/")

    stale = [member.post(f"/goals/{draft}/accept/", sent) for sent in (read, {})]

    assert f'name="terms" value="{read["terms"]}"' in page
    assert [answer.status_code for answer in stale] == [409, 409]
    assert "上级改过这个目标" in stale[0].content.decode()
    assert Goal.objects.get().status == "proposed"
    assert member.post(f"/goals/{draft}/accept/", build.as_read(draft)).status_code == 302


def test_a_proposal_cannot_be_proposed_again(
    company: builders.Company, client_of: ClientOf, draft: int
) -> None:
    client = client_of(company.manager)
    client.post(f"/goals/{draft}/propose/")

    assert client.post(f"/goals/{draft}/propose/").status_code == 409


@pytest.mark.parametrize("step", ["propose", "accept"])
def test_reading_an_address_that_writes_is_refused(
    company: builders.Company, client_of: ClientOf, draft: int, step: str
) -> None:
    assert client_of(company.manager).get(f"/goals/{draft}/{step}/").status_code == 405


def test_goals_that_exist_already_are_not_imported_twice(company: builders.Company) -> None:
    from mingji.goals.models import Goal
    from mingji.rules.errors import Invalid

    build.an_agreed_goal("mql_count", "120", member=company.subject)

    with pytest.raises(Invalid, match="exists already"):
        build.an_agreed_goal("mql_count", "130", member=company.subject)

    assert Goal.objects.count() == 1


def test_the_appraisal_gets_only_what_was_agreed(company: builders.Company, draft: int) -> None:
    from mingji.goals import queries

    build.an_agreed_goal("nps", "40", member=company.subject)

    found = queries.agreed_targets([company.subject.pk], build.PERIOD)

    assert list(found) == [(company.subject.pk, "nps")]
    source = found[company.subject.pk, "nps"].source
    assert (source.kind, source.by) == ("agreement", "manager · subject")
    assert source.at == builders.NOW.isoformat()


def test_a_draft_waits_for_the_manager_of_today_alone(
    company: builders.Company, draft: int
) -> None:
    from mingji.goals import queries

    waiting = {
        name: len(queries.goals_to_propose(builders.a_viewer(member)))
        for name, member in company.roles().items()
    }

    assert [name for name, count in waiting.items() if count] == ["manager"]
