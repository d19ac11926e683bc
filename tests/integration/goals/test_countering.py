"""Counter-proposals: other terms on one page, side-by-side differences, versions, discussion."""

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


@pytest.fixture
def proposed(company: builders.Company, client_of: ClientOf) -> str:
    """Two goals that the manager has proposed; where their steps are taken."""
    goal = build.a_draft(company.manager, company.subject)
    build.a_draft(company.manager, company.subject, item="mql_to_sql_rate", target="0.3")
    steps = f"/goals/agreements/{build.agreement_of(goal).pk}"
    client_of(company.manager).post(f"{steps}/propose/", {"note": "和预算一致"})
    return steps


def sheet(**typed: str) -> dict[str, str]:
    """The counter form as a browser sends it: every field of every goal."""
    plain = {"mql_count-target": "120", "mql_to_sql_rate-target": "30"}
    return plain | {name.replace("__", "-"): value for name, value in typed.items()}


def agreement() -> Any:
    from mingji.goals.models import Agreement

    return Agreement.objects.get()


def targets() -> dict[str, Decimal]:
    from mingji.goals.models import Goal

    return {goal.item: goal.target for goal in Goal.objects.all()}


def test_the_member_counters_and_the_manager_sees_both_versions_and_accepts(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    member, manager = client_of(company.subject), client_of(company.manager)

    form = member.get(f"{proposed}/counter/").content.decode()
    sent = member.post(
        f"{proposed}/counter/", sheet(mql_count__target="100", note="十月少一场展会")
    )
    page = manager.get(f"{proposed}/").content.decode()
    accepted = manager.post(f"{proposed}/accept/", {"number": "2"})

    assert 'name="mql_to_sql_rate-target" value="30"' in form
    assert sent.status_code == 302
    assert "十月少一场展会" in page
    assert page.index("120") < page.index("<strong>100</strong>")
    assert accepted.status_code == 302
    assert targets() == {"mql_count": Decimal(100), "mql_to_sql_rate": Decimal("0.3")}
    found = agreement()
    assert (found.status, found.proposed_by, found.accepted_by) == ("agreed", "subject", "manager")
    kinds = list(found.versions.values_list("number", "kind", "by"))
    assert kinds == [
        (1, "proposed", "manager"),
        (2, "countered", "subject"),
        (3, "agreed", "manager"),
    ]


def test_a_counter_can_be_countered_until_one_side_accepts(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    member, manager = client_of(company.subject), client_of(company.manager)
    member.post(f"{proposed}/counter/", sheet(mql_count__target="100"))

    again = member.post(f"{proposed}/counter/", sheet(mql_count__target="90"))
    answer = manager.post(f"{proposed}/counter/", sheet(mql_count__target="110"))

    assert (again.status_code, answer.status_code) == (409, 302)
    assert agreement().turn == "own"
    assert targets()["mql_count"] == Decimal(110)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "没有改动"),
        ({"mql_count__target": "0"}, "anchors"),
        ({"mql_count__target": "很多"}, "error-summary"),
        ({"mql_count__target": ""}, "还没有填目标值"),
        ({"mql_count__weight": "10", "mql_count__target": "100"}, "权重合计"),
    ],
)
def test_what_cannot_be_signed_is_refused_and_nothing_typed_is_lost(
    company: builders.Company,
    client_of: ClientOf,
    proposed: str,
    typed: dict[str, str],
    words: str,
) -> None:
    answer = client_of(company.subject).post(f"{proposed}/counter/", sheet(note="听我说", **typed))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "听我说" in page
    assert agreement().status == "proposed"
    assert targets()["mql_count"] == Decimal(120)


def test_a_goal_is_taken_out_by_a_counter_proposal(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    member = client_of(company.subject)
    member.post(f"{proposed}/counter/", sheet(mql_to_sql_rate__drop="on"))

    assert list(targets()) == ["mql_count"]
    assert "移除" in client_of(company.manager).get(f"{proposed}/").content.decode()


def test_both_sides_discuss_and_the_hr_partner_reads(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    said = client_of(company.subject).post(
        f"{proposed}/comment/", {"text": "渠道预算没定", "key": "mql_count"}
    )
    empty = client_of(company.manager).post(f"{proposed}/comment/", {"text": "  "})
    partner = client_of(company.hr_partner)

    page = partner.get(f"{proposed}/").content.decode()
    assert (said.status_code, empty.status_code) == (302, 422)
    assert "渠道预算没定" in page
    assert 'name="text"' not in page
    assert partner.post(f"{proposed}/comment/", {"text": "我也说"}).status_code == 403


def test_versions_are_compared_two_by_two(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    member = client_of(company.subject)
    member.post(f"{proposed}/counter/", sheet(mql_count__target="100"))

    page = member.get(f"{proposed}/versions/?from=2&to=1").content.decode()
    missing = member.get(f"{proposed}/versions/?from=1&to=9")

    assert page.index("100") < page.index("<strong>120</strong>")
    assert missing.status_code == 404


def test_a_version_is_what_was_signed_even_after_a_later_change(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    from mingji.rules.goal_terms import digest

    client_of(company.subject).post(f"{proposed}/accept/", {"number": "1"})

    last = agreement().versions.order_by("-number").first()
    assert last.digest == digest(last.goals)
    assert {goal.key: goal.target for goal in last.goals} == targets()


def test_a_deadline_is_set_from_above_and_shown_when_it_has_passed(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    manager = client_of(company.manager)
    wrong = manager.post(f"{proposed}/deadline/", {"deadline": "2026-13-40"})
    manager.post(f"{proposed}/deadline/", {"deadline": "2026-11-01"})

    page = client_of(company.subject).get(f"{proposed}/").content.decode()
    own = client_of(company.subject).post(f"{proposed}/deadline/", {"deadline": ""})

    assert wrong.status_code == 422
    assert "已逾期" in page
    assert own.status_code == 403


def test_threshold_and_stretch_move_with_a_lowered_target_unless_said_otherwise(
    company: builders.Company, client_of: ClientOf, proposed: str
) -> None:
    from mingji.goals.models import Goal

    Goal.objects.filter(item="mql_count").update(threshold=100, stretch=150)
    member = client_of(company.subject)
    same = {"mql_count__target": "80", "mql_count__threshold": "100", "mql_count__stretch": "150"}
    form = member.get(f"{proposed}/counter/").content.decode()

    refused = member.post(f"{proposed}/counter/", sheet(**same))
    sent = member.post(
        f"{proposed}/counter/",
        sheet(**same, mql_count__keep="on") | {"mql_count-stretch": "110"},
    )

    goal = Goal.objects.get(item="mql_count")
    assert 'name="mql_count-keep"' in form
    assert "门槛值、挑战值随目标值一起变" in form
    assert 'name="mql_to_sql_rate-keep"' not in form
    assert (refused.status_code, sent.status_code) == (422, 302)
    # 100 of 120 is 66.67 of 80, and a count is whole; the stretch target was typed.
    assert (goal.threshold, goal.stretch) == (67, 110)
