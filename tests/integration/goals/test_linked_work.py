"""Work linked with a goal, and what is said of it on its page: both sides, others, bad input."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
PLAN = {"title": "十月投放计划", "address": "https://docs.example.com/plan?id=7&v=2"}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def goal(company: builders.Company) -> Any:
    return build.an_agreed_goal("mql_count", "120", member=company.subject)


def test_either_side_links_work_with_an_agreed_goal_and_takes_it_away(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.audit import queries as audit

    member, manager = client_of(company.subject), client_of(company.manager)
    before = goal.agreement.number

    linked = member.post(f"/goals/{goal.pk}/links/", PLAN)
    page = manager.get(f"/goals/{goal.pk}/").content.decode()
    link = goal.work.get()
    taken = manager.post(f"/goals/{goal.pk}/links/{link.pk}/remove/")

    assert (linked.status_code, taken.status_code) == (302, 302)
    assert 'href="https://docs.example.com/plan?id=7&amp;v=2" rel="noopener noreferrer' in page
    assert not goal.work.exists()
    last, first = audit.history("agreement", goal.agreement_id)[:2]
    assert (first.who, first.evidence["title"]) == ("subject", "十月投放计划")
    assert (last.who, last.evidence["address"]) == ("manager", PLAN["address"])
    goal.agreement.refresh_from_db()
    assert goal.agreement.number == before


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (PLAN | {"title": " "}, "必填"),
        (
            PLAN | {"address": "javascript:alert(1)"},
            "不是网址。填以 https:// 或 http:// 开头的网址",
        ),
        (PLAN | {"address": "ftp://files.example.com/plan"}, "不是网址"),
        (PLAN | {"address": "https://"}, "不是网址"),
    ],
)
def test_what_is_no_link_is_refused_with_what_was_typed_kept(
    company: builders.Company, client_of: ClientOf, goal: Any, sent: dict[str, str], said: str
) -> None:
    answer = client_of(company.subject).post(f"/goals/{goal.pk}/links/", sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert f'value="{escape(sent["address"])}"' in page
    assert not goal.work.exists()


def test_the_same_address_is_linked_once(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.subject)
    client.post(f"/goals/{goal.pk}/links/", PLAN)

    again = client.post(f"/goals/{goal.pk}/links/", PLAN | {"title": "另一个名称"})

    assert again.status_code == 422
    assert "已经关联过" in again.content.decode()


def test_links_of_one_goal_are_not_taken_away_by_the_address_of_another(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    other = build.an_agreed_goal("nps", "40", member=company.subject, period="2026Q2")
    client = client_of(company.subject)
    client.post(f"/goals/{goal.pk}/links/", PLAN)

    answer = client.post(f"/goals/{other.pk}/links/{goal.work.get().pk}/remove/")

    assert answer.status_code == 404
    assert goal.work.exists()


def test_who_only_reads_sees_links_and_talk_and_can_add_neither(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client_of(company.subject).post(f"/goals/{goal.pk}/links/", PLAN)
    partner = client_of(company.hr_partner)

    page = partner.get(f"/goals/{goal.pk}/").content.decode()

    assert PLAN["title"] in page
    assert f"/goals/{goal.pk}/links/" not in page
    assert f"/goals/agreements/{goal.agreement_id}/comment/" not in page
    assert (
        partner.post(
            f"/goals/{goal.pk}/links/", PLAN | {"address": "https://x.example"}
        ).status_code
        == 403
    )


def test_what_is_said_on_the_page_of_a_goal_stands_there_and_in_the_agreement(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    client = client_of(company.subject)
    talk = f"/goals/agreements/{goal.agreement_id}/comment/"
    said = {"text": "展会延到十一月。", "key": goal.item, "goal": goal.pk}

    answer = client.post(talk, said)
    client.post(talk, {"text": "说的是全部目标。", "key": ""})

    assert answer["Location"] == f"/goals/{goal.pk}/"
    page = client.get(f"/goals/{goal.pk}/").content.decode()
    assert "展会延到十一月" in page
    assert "说的是全部目标" not in page
    assert (
        "展会延到十一月" in client.get(f"/goals/agreements/{goal.agreement_id}/").content.decode()
    )
