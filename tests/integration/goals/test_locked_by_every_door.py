"""A locked goal cannot be changed by any route (page, API, import, admin) without a change request.

Every address is tried on agreements that both sides signed; the same attempts on drafts and on
proposals do change them, so that a refusal here is the lock's and not a form's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

import builders
import goal_builders as build
import policy_matrix
from locked_goals import PERIOD, Signed, all_signed, assert_as_signed, doors, state
from policy_sample import Sample

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
ROLES = ("subject", "manager", "director", "hr_partner", "peer", "analyst")


@pytest.fixture
def signed(client_of: ClientOf) -> Signed:
    return all_signed(client_of)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_changes_what_both_sides_have_signed(
    signed: Signed, client_of: ClientOf, role: str
) -> None:
    assert_as_signed(signed)

    changing, taken = doors(signed, client_of(getattr(signed.company, role)))

    assert changing == set()
    if role in ("subject", "manager"):
        # What follows a goal goes on, and so do goals of others and requests to change it.
        assert {"report", "support", "comment", "ask_change", "align"} <= taken
    assert_as_signed(signed)


def test_the_same_attempts_change_a_draft_and_a_proposal(
    signed: Signed, client_of: ClientOf
) -> None:
    from mingji.goals.models import Agreement

    one = {"new", "new_of_team", "edit", "new_key_result", "remove", "propose", "deadline"}
    many = {"copy_of_member", "copy_of_team", "copy_many", "plan", "upload_sheet", "weights"}
    of_drafts = one | many
    of_proposals = {"accept", "counter", "deadline"}
    both = Agreement.objects.filter(pk__in=(signed.member.pk, signed.team.pk))
    manager = client_of(signed.company.manager)

    with build.unsealed():
        both.update(status="draft", turn="", proposed_by="", proposed_at=None)
        drafts, _ = doors(signed, manager, of_drafts)
        both.update(status="proposed", turn="above")
        proposals, _ = doors(signed, manager, of_proposals)

    assert (drafts, proposals) == (of_drafts, of_proposals)


@pytest.mark.parametrize("role", ROLES)
def test_no_operation_of_the_api_changes_what_both_sides_have_signed(
    signed: Signed, role: str
) -> None:
    client = builders.a_program(getattr(signed.company, role))
    before = state(signed)
    body = json.dumps({"target": "1", "weight": "7", "title": "别的", "status": "draft"})
    locked = [{"goal_id": pk} for pk in (*signed.goals.values(), signed.of_team)]
    tried = 0

    for route in (each for each in policy_matrix.routes() if each.is_api):
        sample = signed.found[str(route)]
        for kwargs in locked if "goal_id" in sample.kwargs else [sample.kwargs]:
            address = route.address(Sample(sample.kwargs | kwargs))
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                with transaction.atomic():
                    client.generic(
                        method,
                        address,
                        "" if method == "GET" else body,
                        content_type="application/json",
                        query_params=sample.query | {"period": PERIOD},
                    )
                    assert state(signed) == before, (method, address)
                    transaction.set_rollback(True)
                tried += 1

    assert tried > 100
    assert_as_signed(signed)


def test_taking_goals_over_from_elsewhere_does_not_write_over_what_is_signed(
    signed: Signed,
) -> None:
    from mingji.goals import actions
    from mingji.rules.errors import Invalid
    from mingji.rules.goal_terms import GoalTerms

    before = state(signed)
    for owner in (
        {"member_id": signed.member.member_id, "team_id": None},
        {"member_id": None, "team_id": signed.team.team_id},
    ):
        given = actions.AgreedGoal(
            **owner,
            period=PERIOD,
            terms=GoalTerms(key="mql_count", metric="mql_count", target=Decimal(1)),
            proposed_by="manager",
            proposed_at=builders.NOW,
            accepted_by="subject",
            accepted_at=builders.NOW,
        )
        with pytest.raises(Invalid):
            actions.import_agreed([given], at=builders.NOW)

    assert state(signed) == before


@pytest.mark.parametrize("address", ["/admin/", "/admin/goals/goal/", "/django-admin/"])
def test_there_is_no_admin_site_through_which_rows_could_be_edited(address: str) -> None:
    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(Resolver404):
        resolve(address)


def test_a_change_request_that_both_sides_and_a_third_agree_to_is_the_one_way(
    signed: Signed, client_of: ClientOf
) -> None:
    """Asked for by the manager, who speaks for the team; accepted above; approved by HR."""
    from mingji.goals.models import Goal

    step = f"/goals/changes/{signed.asked}"
    before = state(signed)
    early = client_of(signed.company.hr_partner).post(f"{step}/approve/", {"answer": "同意"})
    accepted = client_of(signed.company.director).post(f"{step}/accept/")
    after_two = state(signed)
    by_a_side = [
        client_of(each).post(f"{step}/approve/", {"answer": "同意"}).status_code
        for each in (signed.company.manager, signed.company.director)
    ]
    after_sides = state(signed)
    approved = client_of(signed.company.hr_partner).post(f"{step}/approve/", {"answer": "同意"})

    assert early.status_code == 409
    assert accepted.status_code == 302
    assert by_a_side == [403, 403]
    assert after_two == after_sides == before
    assert approved.status_code == 302
    assert Goal.objects.get(pk=signed.of_team).target == 9
    assert signed.team.versions.get(number=3).kind == "changed"
    assert_as_signed(signed)
