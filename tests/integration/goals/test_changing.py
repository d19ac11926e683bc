"""Change requests: asked with grounds, accepted by the other side, approved by a third."""

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
GROUNDS = {"category": "market", "reason": "展会取消", "evidence": "主办方通知 1103"}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def goal(company: builders.Company) -> Any:
    build.an_observation("mql_count", "60", member=company.subject)
    return build.an_agreed_goal("mql_count", "120", member=company.subject)


@pytest.fixture
def asked(company: builders.Company, client_of: ClientOf, goal: Any) -> str:
    """A change from 120 to 80 that the member asked for; where its steps are taken."""
    answer = client_of(company.subject).post(
        f"/goals/agreements/{goal.agreement_id}/change/", {"mql_count-target": "80"} | GROUNDS
    )
    assert answer.status_code == 302, answer.content.decode()
    place: str = answer["Location"].rstrip("/")
    return place


def target(goal: Any) -> Decimal:
    goal.refresh_from_db()
    value: Decimal = goal.target
    return value


def test_a_change_is_in_force_once_both_accept_and_a_third_approves(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str
) -> None:
    from mingji.goals.models import Version

    accepted = client_of(company.manager).post(f"{asked}/accept/")
    before = target(goal)
    approved = client_of(company.director).post(f"{asked}/approve/", {"answer": "同意"})

    assert (accepted.status_code, approved.status_code) == (302, 302)
    assert (before, target(goal)) == (Decimal(120), Decimal(80))
    last = Version.objects.order_by("-number").first()
    assert last is not None
    assert (last.number, last.kind, last.by, last.note) == (2, "changed", "director", "展会取消")
    assert build.agreement_of(goal.pk).status == "agreed"


def test_the_effect_on_the_score_is_shown_before_it_is_approved_and_opens(
    company: builders.Company, client_of: ClientOf, asked: str
) -> None:
    client = client_of(company.director)

    page = client.get(f"{asked}/").content.decode()
    why = client.get(f"{asked}/effect/after/").content.decode()

    # The ratio method: 60/120 = 50 %, 60/80 = 75 % of the item's 40 points of the dimension.
    assert "市场合格线索数" in page
    assert "指标部分，变更前" in page
    assert f'href="{asked}/effect/after/"' in page
    assert "path=" in why


@pytest.mark.parametrize("role", ["subject", "manager"])
def test_neither_side_approves(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str, role: str
) -> None:
    client_of(company.manager).post(f"{asked}/accept/")

    answer = client_of(getattr(company, role)).post(f"{asked}/approve/")

    assert answer.status_code == 403
    assert target(goal) == Decimal(120)


@pytest.mark.parametrize("role", ["director", "hr_partner", "company_hr_partner"])
def test_nobody_approves_before_the_other_side_has_accepted(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str, role: str
) -> None:
    answer = client_of(getattr(company, role)).post(f"{asked}/approve/")

    assert answer.status_code == 409
    assert target(goal) == Decimal(120)


def test_the_hr_partner_of_the_unit_can_be_the_third(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str
) -> None:
    client_of(company.manager).post(f"{asked}/accept/")

    client_of(company.hr_partner).post(f"{asked}/approve/")

    assert target(goal) == Decimal(80)


@pytest.mark.parametrize(
    "role", ["peer", "other_manager", "ex_manager", "other_hr_partner", "analyst"]
)
@pytest.mark.parametrize(
    "step", ["", "accept/", "approve/", "refuse/", "withdraw/", "effect/after/"]
)
def test_a_request_that_is_not_yours_does_not_exist(
    company: builders.Company, client_of: ClientOf, asked: str, role: str, step: str
) -> None:
    client = client_of(getattr(company, role))
    ask = client.get if step in ("", "effect/after/") else client.post

    assert ask(f"{asked}/{step}").status_code == 404


def test_a_refusal_needs_a_reason_and_leaves_everything_as_it_was(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str
) -> None:
    manager = client_of(company.manager)

    silent = manager.post(f"{asked}/refuse/", {"answer": " "})
    refused = manager.post(f"{asked}/refuse/", {"answer": "其他渠道能补上"})
    late = manager.post(f"{asked}/accept/")

    assert (silent.status_code, refused.status_code, late.status_code) == (422, 302, 409)
    assert target(goal) == Decimal(120)
    page = client_of(company.subject).get(f"{asked}/").content.decode()
    assert "其他渠道能补上" in page


def test_the_side_that_asked_takes_it_back_and_may_ask_again(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str
) -> None:
    member = client_of(company.subject)
    address = f"/goals/agreements/{goal.agreement_id}/change/"

    second = member.post(address, {"mql_count-target": "70"} | GROUNDS)
    member.post(f"{asked}/withdraw/")
    again = member.post(address, {"mql_count-target": "70"} | GROUNDS)

    assert (second.status_code, again.status_code) == (409, 302)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": ""}, "error-summary"),
        ({"evidence": " "}, "error-summary"),
        ({"category": "mood"}, "error-summary"),
        ({"mql_count-target": "120"}, "没有改动"),
        ({"mql_count-target": "0"}, "anchors"),
    ],
)
def test_a_request_without_grounds_or_difference_is_refused(
    company: builders.Company,
    client_of: ClientOf,
    goal: Any,
    sent: dict[str, str],
    words: str,
) -> None:
    from mingji.goals.models import ChangeRequest

    answer = client_of(company.subject).post(
        f"/goals/agreements/{goal.agreement_id}/change/",
        {"mql_count-target": "80"} | GROUNDS | sent,
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_what_is_not_agreed_is_changed_directly(
    company: builders.Company, client_of: ClientOf
) -> None:
    draft = build.a_draft(company.manager, company.subject)
    address = f"/goals/agreements/{build.agreement_of(draft).pk}/change/"

    assert client_of(company.subject).get(address).status_code == 409


def test_requests_wait_for_those_who_must_answer_or_decide(
    company: builders.Company, client_of: ClientOf, asked: str
) -> None:
    from mingji.goals import queries

    def waiting() -> dict[str, str]:
        return {
            name: each.kind
            for name, member in company.roles().items()
            for each in queries.waiting_changes(builders.a_viewer(member))
        }

    first = waiting()
    client_of(company.manager).post(f"{asked}/accept/")
    then = waiting()

    assert first == {"manager": "answer_change"}
    assert then == {
        "director": "decide_change",
        "hr_partner": "decide_change",
        "company_hr_partner": "decide_change",
    }
    assert asked in client_of(company.director).get("/").content.decode()


def test_what_a_cycle_froze_does_not_move_with_a_later_change(
    company: builders.Company, client_of: ClientOf, goal: Any, asked: str
) -> None:
    from mingji.appraisals.frozen import facts_of_members

    frozen = facts_of_members([company.subject.pk], build.PERIOD)
    client_of(company.manager).post(f"{asked}/accept/")
    client_of(company.director).post(f"{asked}/approve/")

    key = (company.subject.pk, "mql_count")
    assert frozen.agreed[key].target == Decimal(120)
    assert facts_of_members([company.subject.pk], build.PERIOD).agreed[key].target == Decimal(80)
