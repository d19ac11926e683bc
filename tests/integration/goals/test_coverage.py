"""What strategy, goals and people leave open, counted on the map and listed behind the counts."""

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
LISTS = "/goals/strategy/coverage/"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    build.themes_of_2026()
    return builders.a_company()


def found(member: Any) -> dict[str, tuple[str, ...]]:
    """What is open for this reader, by kind."""
    from mingji.goals import queries
    from mingji.rules.calendar import Period

    known = queries.covered(builders.a_viewer(member), Period.parse(build.PERIOD))
    return {gap: tuple(known.keys(gap)) for gap, _ in known.counts}


def serve(actor: Any, child: Any, parent: Any) -> None:
    from mingji.goals import actions

    actions.align(builders.a_viewer(actor), child.pk, parent.pk, at=builders.NOW)


def test_themes_are_covered_by_anybodys_goal(company: builders.Company) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject, theme="growth-2026")

    assert found(company.director)["themes"] == ("brand-2026",)
    assert found(company.other_manager)["themes"] == ("brand-2026",)


def test_a_goal_reaches_a_theme_through_goals_that_the_reader_may_not_see(
    company: builders.Company,
) -> None:
    from mingji.people import queries as people

    teams = people.teams_by_code()
    top = build.an_agreed_goal("mql_count", "900", team=teams["company"], theme="growth-2026")
    team = build.an_agreed_goal("mql_count", "300", team=teams["growth"])
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)
    alone = build.an_agreed_goal("nps", "40", member=company.subject)
    serve(company.director, team, top)
    serve(company.director, own, team)

    assert found(company.subject)["goals"] == (str(alone.pk),)
    assert found(company.director)["goals"] == (str(alone.pk),)


def test_people_without_goals_are_those_in_reach_who_need_their_own(
    company: builders.Company,
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject)

    assert found(company.manager)["people"] == ("peer",)  # the manager answers for the team
    assert found(company.subject)["people"] == ()
    assert {"peer", "analyst"} <= set(found(company.director)["people"])


def test_too_many_goals_and_too_much_weight_are_overload_and_one_goal_is_little(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    for number in range(11):
        build.an_agreed_goal("mql_count", "120", member=company.subject, item=f"item-{number}")
    one = build.an_agreed_goal("nps", "40", member=company.peer)
    with build.unsealed():
        Goal.objects.filter(pk=one.pk).update(
            kind="objective", title="做好口碑", weight=Decimal(120)
        )

    assert found(company.manager)["overloaded"] == ("peer", "subject")
    assert found(company.manager)["underloaded"] == ("peer",)
    page = client_of(company.manager).get(f"{LISTS}?what=overloaded").content.decode()
    assert "11 个目标，超过 10 个" in page
    assert "权重合计 120%" in page


def test_the_map_counts_what_is_open_for_those_who_lead(
    company: builders.Company, client_of: ClientOf
) -> None:
    leads = client_of(company.manager).get("/goals/strategy/").content.decode()
    works = client_of(company.peer).get("/goals/strategy/").content.decode()

    assert "还有哪些没覆盖" in leads
    assert "what=people" in leads
    assert "还有哪些没覆盖" not in works


def test_a_list_is_read_page_by_page(
    company: builders.Company, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mingji.goals.queries import gaps

    monkeypatch.setattr(gaps, "PAGE", 1)
    one = build.an_agreed_goal("mql_count", "120", member=company.subject)
    two = build.an_agreed_goal("nps", "40", member=company.subject)
    manager = client_of(company.manager)

    first = manager.get(f"{LISTS}?what=goals").content.decode()
    second = manager.get(f"{LISTS}?what=goals&after={one.pk}").content.decode()

    assert f"after={one.pk}" in first
    assert f'href="/goals/{two.pk}/alignment/"' in second
    assert 'rel="next"' not in second
    assert manager.get(f"{LISTS}?what=goals&after=nonsense").content.decode().count("/alignment/")


def test_goals_of_others_are_in_no_list_and_a_made_up_list_is_none(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("nps", "40", member=company.subject)

    assert found(company.other_manager)["goals"] == ()
    assert found(company.peer)["people"] == ("peer",)
    assert client_of(company.manager).get(f"{LISTS}?what=secrets").status_code == 404
