"""Goals that serve others: shares, circles refused, and whether the targets below add up."""

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
def team_goal(company: builders.Company) -> Any:
    from mingji.people import queries as people

    growth = people.teams_by_code()["growth"]
    return build.an_agreed_goal("mql_count", "300", team=growth)


def serve(client: Client, child: Any, parent: Any, share: str = "100") -> Any:
    return client.post(f"/goals/{child.pk}/align/", {"parent": parent.pk, "share": share})


def test_the_targets_below_are_added_up_and_the_gap_is_closed_in_words(
    company: builders.Company, client_of: ClientOf, team_goal: Any
) -> None:
    one = build.an_agreed_goal("mql_count", "120", member=company.subject)
    two = build.an_agreed_goal("mql_count", "140", member=company.peer)
    manager = client_of(company.manager)
    serve(manager, one, team_goal)
    serve(manager, two, team_goal)

    page = manager.get(f"/goals/{team_goal.pk}/alignment/").content.decode()
    why = manager.get(f"/goals/{team_goal.pk}/alignment/why/").content.decode()

    assert "260" in page
    assert "−40" in page
    assert "不足" in page
    assert "怎样补齐" in page
    assert "path=" in why


def test_a_share_counts_only_in_part(
    company: builders.Company, client_of: ClientOf, team_goal: Any
) -> None:
    one = build.an_agreed_goal("mql_count", "600", member=company.subject)

    serve(client_of(company.manager), one, team_goal, "50")

    page = client_of(company.manager).get(f"/goals/{team_goal.pk}/alignment/").content.decode()
    assert "相符" in page


def test_who_does_not_see_every_part_gets_no_sum(
    company: builders.Company, client_of: ClientOf, team_goal: Any
) -> None:
    one = build.an_agreed_goal("mql_count", "123", member=company.subject)
    two = build.an_agreed_goal("mql_count", "177", member=company.peer)
    for goal in (one, two):
        serve(client_of(company.manager), goal, team_goal)
    member = client_of(company.subject)

    page = member.get(f"/goals/{team_goal.pk}/alignment/").content.decode()

    assert "另有 1 个支撑目标不在你的范围内" in page
    assert "177" not in page
    assert member.get(f"/goals/{team_goal.pk}/alignment/why/").status_code == 404


def test_a_circle_is_refused_naming_the_way(company: builders.Company, client_of: ClientOf) -> None:
    goals = [
        build.an_agreed_goal(metric, "100", member=company.subject)
        for metric in ("mql_count", "nps", "cost_per_lead")
    ]
    manager = client_of(company.manager)
    assert serve(manager, goals[0], goals[1]).status_code == 302
    assert serve(manager, goals[1], goals[2]).status_code == 302

    back = serve(manager, goals[2], goals[0])
    itself = serve(manager, goals[0], goals[0])

    assert (back.status_code, itself.status_code) == (422, 422)
    assert "市场合格线索数（MQL） → 净推荐值（NPS） → 单条线索成本" in back.content.decode()


def test_shares_over_goals_of_one_metric_stay_within_the_whole(
    company: builders.Company, client_of: ClientOf, team_goal: Any
) -> None:
    from mingji.goals.models import Alignment
    from mingji.people import queries as people

    other = build.an_agreed_goal("mql_count", "900", team=people.teams_by_code()["company"])
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)
    director = client_of(company.director)
    serve(director, own, team_goal, "70")

    refused = serve(director, own, other, "40")
    accepted = serve(director, own, other, "30")

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert "110%" in refused.content.decode()
    assert Alignment.objects.count() == 2


@pytest.mark.parametrize("share", ["0", "101", "-5", "much", "NaN"])
def test_a_share_that_is_none_is_refused(
    company: builders.Company, client_of: ClientOf, team_goal: Any, share: str
) -> None:
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)

    assert serve(client_of(company.manager), own, team_goal, share).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"), [("hr_partner", 403), ("peer", 404), ("other_manager", 404)]
)
def test_only_the_two_sides_align_a_goal(
    company: builders.Company, client_of: ClientOf, team_goal: Any, role: str, status: int
) -> None:
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)

    assert serve(client_of(getattr(company, role)), own, team_goal).status_code == status


def test_a_rate_is_not_added_up(company: builders.Company, client_of: ClientOf) -> None:
    from mingji.people import queries as people

    team = build.an_agreed_goal("win_rate", "0.3", team=people.teams_by_code()["growth"])
    manager = client_of(company.manager)

    refused = manager.post(f"/goals/{team.pk}/combine/", {"mode": "sum"})
    nonsense = manager.post(f"/goals/{team.pk}/combine/", {"mode": "magic"})
    accepted = manager.post(f"/goals/{team.pk}/combine/", {"mode": "min"})

    assert (refused.status_code, nonsense.status_code) == (422, 422)
    assert accepted.status_code == 302


def test_an_alignment_is_ended_and_the_agreement_stays_as_signed(
    company: builders.Company, client_of: ClientOf, team_goal: Any
) -> None:
    from mingji.goals import queries
    from mingji.goals.models import Alignment

    own = build.an_agreed_goal("mql_count", "120", member=company.subject)
    before = queries.terms_of(own.agreement)
    manager = client_of(company.manager)
    serve(manager, own, team_goal)

    manager.post(f"/goals/{own.pk}/align/{team_goal.pk}/end/")

    assert not Alignment.objects.exists()
    assert queries.terms_of(own.agreement) == before
