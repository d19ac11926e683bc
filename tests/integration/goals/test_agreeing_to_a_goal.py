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


@pytest.fixture
def steps(draft: int) -> str:
    """Where the steps of the drafted agreement are taken."""
    return f"/goals/agreements/{build.agreement_of(draft).pk}"


def test_proposed_by_the_manager_and_accepted_by_the_member_it_is_sealed(
    company: builders.Company, client_of: ClientOf, draft: int, steps: str
) -> None:
    from mingji.audit import queries as audit

    proposed = client_of(company.manager).post(f"{steps}/propose/")
    client_of(company.subject).post(f"{steps}/accept/", build.as_read(draft))
    goal = client_of(company.subject).get(f"/goals/{draft}/")

    agreement = build.agreement_of(draft)
    assert proposed.status_code == 302
    assert (agreement.status, agreement.turn) == ("agreed", "")
    assert (agreement.proposed_by, agreement.accepted_by) == ("manager", "subject")
    assert (agreement.proposed_at, agreement.accepted_at) == (builders.NOW, builders.NOW)
    assert 'class="seal"' in goal.content.decode()
    said = audit.history("agreement", agreement.pk)
    assert [event.who for event in said] == ["subject", "manager", "manager"]


def test_a_member_proposes_and_the_manager_accepts(
    company: builders.Company, client_of: ClientOf, draft: int, steps: str
) -> None:
    client_of(company.subject).post(f"{steps}/propose/")
    own = client_of(company.subject).post(f"{steps}/accept/", build.as_read(draft))
    other = client_of(company.manager).post(f"{steps}/accept/", build.as_read(draft))

    assert (own.status_code, other.status_code) == (409, 302)
    assert build.agreement_of(draft).accepted_by == "manager"


@pytest.mark.parametrize("role", ["manager", "director"])
def test_nobody_above_accepts_what_was_proposed_from_above(
    company: builders.Company, client_of: ClientOf, draft: int, steps: str, role: str
) -> None:
    client_of(company.manager).post(f"{steps}/propose/")

    answer = client_of(getattr(company, role)).post(f"{steps}/accept/", build.as_read(draft))

    assert answer.status_code == 409


@pytest.mark.parametrize("step", ["propose", "accept", "withdraw"])
def test_an_hr_partner_reads_and_takes_no_step(
    company: builders.Company, client_of: ClientOf, steps: str, step: str
) -> None:
    client = client_of(company.hr_partner)

    assert client.get(f"{steps}/").status_code == 200
    assert client.post(f"{steps}/{step}/").status_code == 403


@pytest.mark.parametrize("role", ["peer", "other_manager", "ex_manager", "analyst"])
@pytest.mark.parametrize("step", ["propose", "accept", "withdraw"])
def test_an_agreement_that_is_not_yours_does_not_exist(
    company: builders.Company, client_of: ClientOf, steps: str, role: str, step: str
) -> None:
    client = client_of(getattr(company, role))

    assert client.get(f"{steps}/").status_code == 404
    assert client.post(f"{steps}/{step}/").status_code == 404


def test_a_draft_cannot_be_accepted_before_it_is_proposed(
    company: builders.Company, client_of: ClientOf, draft: int, steps: str
) -> None:
    answer = client_of(company.subject).post(f"{steps}/accept/", build.as_read(draft))

    assert answer.status_code == 409


def test_nobody_agrees_to_what_was_changed_since_they_read_it(
    company: builders.Company, client_of: ClientOf, draft: int, steps: str
) -> None:
    manager, member = client_of(company.manager), client_of(company.subject)
    manager.post(f"{steps}/propose/")
    read = build.as_read(draft)
    page = member.get(f"{steps}/").content.decode()
    manager.post(f"{steps}/withdraw/")
    manager.post(f"/goals/{draft}/edit/", {"target": "150"})
    manager.post(f"{steps}/propose/")

    stale = [member.post(f"{steps}/accept/", sent) for sent in (read, {})]

    assert f'name="number" value="{read["number"]}"' in page
    assert [answer.status_code for answer in stale] == [409, 409]
    assert "对方改过这些目标" in stale[0].content.decode()
    assert build.agreement_of(draft).status == "proposed"
    assert member.post(f"{steps}/accept/", build.as_read(draft)).status_code == 302


def test_a_proposal_cannot_be_proposed_again(
    company: builders.Company, client_of: ClientOf, steps: str
) -> None:
    client = client_of(company.manager)
    client.post(f"{steps}/propose/")

    assert client.post(f"{steps}/propose/").status_code == 409


@pytest.mark.parametrize("step", ["propose", "accept", "withdraw"])
def test_reading_an_address_that_writes_is_refused(
    company: builders.Company, client_of: ClientOf, steps: str, step: str
) -> None:
    assert client_of(company.manager).get(f"{steps}/{step}/").status_code == 405


def test_goals_that_exist_already_are_not_imported_twice(company: builders.Company) -> None:
    from mingji.goals import actions
    from mingji.goals.models import Goal
    from mingji.rules.errors import Invalid
    from mingji.rules.goal_terms import GoalTerms

    goal = build.an_agreed_goal("mql_count", "120", member=company.subject)
    again = actions.AgreedGoal(
        member_id=company.subject.pk,
        period=build.PERIOD,
        terms=GoalTerms(key="nps", metric="nps", target=goal.target),
        proposed_by="manager",
        proposed_at=builders.NOW,
        accepted_by="subject",
        accepted_at=builders.NOW,
    )

    with pytest.raises(Invalid, match="exist already"):
        actions.import_agreed([again], at=builders.NOW)

    assert Goal.objects.get().target == goal.target


def test_the_appraisal_gets_only_what_was_agreed(company: builders.Company, draft: int) -> None:
    from mingji.goals import queries

    build.an_agreed_goal("nps", "40", member=company.peer)

    found = queries.agreed_targets([company.subject.pk, company.peer.pk], build.PERIOD)

    assert list(found) == [(company.peer.pk, "nps")]
    source = found[company.peer.pk, "nps"].source
    assert (source.kind, source.by) == ("agreement", "manager · peer")
    assert source.at == builders.NOW.isoformat()


def test_a_draft_waits_for_the_manager_of_today_alone(
    company: builders.Company, draft: int
) -> None:
    from mingji.goals import queries

    waiting = {
        name: len(queries.waiting_agreements(builders.a_viewer(member)))
        for name, member in company.roles().items()
    }

    assert [name for name, count in waiting.items() if count] == ["manager"]
