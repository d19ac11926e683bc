"""The strategy map: what hangs on which theme and serves what, as a tree and as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
MAP = "/goals/strategy/"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    build.themes_of_2026()
    return builders.a_company()


@pytest.fixture
def chain(company: builders.Company) -> list[Any]:
    """A goal of the department, one of the team, and two of its members, each serving the next."""
    from mingji.people import queries as people

    teams = people.teams_by_code()
    top = build.an_agreed_goal("mql_count", "900", team=teams["company"], theme="growth-2026")
    team = build.an_agreed_goal("mql_count", "300", team=teams["growth"], theme="growth-2026")
    own = build.an_agreed_goal("mql_count", "120", member=company.subject, theme="growth-2026")
    peers = build.an_agreed_goal("mql_count", "140", member=company.peer)
    build.an_observation("mql_count", "160", team=teams["growth"])
    build.an_observation("mql_count", "10", member=company.subject)
    for child, parent in ((team, top), (own, team), (peers, team)):
        serve(company.director, child, parent)
    return [top, team, own, peers]


def serve(actor: Any, child: Any, parent: Any, share: str = "1") -> None:
    from decimal import Decimal

    from mingji.goals import actions

    viewer = builders.a_viewer(actor)
    actions.align(viewer, child.pk, parent.pk, share=Decimal(share), at=builders.NOW)


def the_map(member: Any) -> dict[str, Any]:
    """The themes of the map by code, as this member sees them."""
    from mingji.goals import queries
    from mingji.rules.calendar import Period

    found = queries.strategy_map(builders.a_viewer(member), Period.parse(build.PERIOD))
    return {theme.code: theme for theme in found}


def below(nodes: Any) -> list[Any]:
    """The targets of a tree of goals, those below in a list behind theirs."""
    found: list[Any] = []
    for node in nodes:
        found.append(str(node.line.target))
        if node.children:
            found.append(below(node.children))
    return found


def test_goals_hang_below_what_they_serve_from_the_theme_down(
    company: builders.Company, chain: list[Any]
) -> None:
    found = the_map(company.director)

    assert below(found["growth-2026"].nodes) == ["900", ["300", ["140", "120"]]]
    assert found["brand-2026"].nodes == ()
    assert "none" not in found


def test_each_goal_shows_how_it_stands_and_whether_those_below_make_it_up(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    page = client_of(company.director).get(MAP).content.decode()

    assert "新客增长" in page
    assert "已偏离" in page  # 10 of 120 after 51 of 92 days
    assert "不足" in page  # 260 below 300
    assert "3 个目标支撑它" not in page
    assert "2 个目标支撑它" in page
    assert page.count("<details") >= 4


def test_the_same_map_is_a_table_with_levels(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    page = client_of(company.director).get(f"{MAP}?as=table").content.decode()

    assert page.count('scope="row"') == 4
    assert [f'<td class="num" data-label="层级">{level}</td>' in page for level in (1, 2, 3)] == [
        True
    ] * 3
    assert '<table class="stack map-table">' in page


def test_a_goal_that_serves_two_stands_below_both_and_says_so(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    from mingji.people import queries as people

    other = build.an_agreed_goal(
        "won_revenue", "500", team=people.teams_by_code()["growth"], theme="brand-2026"
    )
    serve(company.director, chain[2], other, "0.5")

    found = the_map(company.director)
    page = client_of(company.director).get(MAP).content.decode()

    assert below(found["brand-2026"].nodes) == ["500", ["120"]]
    assert below(found["growth-2026"].nodes) == ["900", ["300", ["140", "120"]]]
    assert page.count("还支撑") == 2
    assert "计入上级的份额 50.0%" in page


def test_what_is_not_the_readers_to_see_is_counted_and_not_named(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    found = the_map(company.subject)
    page = client_of(company.subject).get(MAP).content.decode()

    assert below(found["growth-2026"].nodes) == ["300", ["120"]]
    (team,) = found["growth-2026"].nodes
    assert (team.hidden, team.hidden_above, team.check) == (1, 1, None)
    assert found["growth-2026"].hidden == 1
    assert "这个主题另有 1 个目标不在你的范围内" in page
    assert "900" not in page
    assert "140" not in page


def test_somebody_without_any_part_in_it_sees_numbers_of_goals_only(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    found = the_map(company.other_manager)

    assert found["growth-2026"].nodes == ()
    assert found["growth-2026"].hidden == 3
    answer = client_of(company.other_manager).get(f"{MAP}?open={chain[1].pk}")
    assert answer.status_code == 404


def test_goals_of_the_year_stand_with_those_of_the_quarter(company: builders.Company) -> None:
    from mingji.people import queries as people

    team = people.teams_by_code()["growth"]
    year = build.an_agreed_goal("mql_count", "1000", team=team, period="2026", theme="growth-2026")
    serve(company.director, build.an_agreed_goal("mql_count", "300", team=team), year)

    assert below(the_map(company.director)["growth-2026"].nodes) == ["1000", ["300"]]


def test_goals_without_a_theme_stand_last_until_they_serve_one_with_it(
    company: builders.Company, chain: list[Any]
) -> None:
    alone = build.an_agreed_goal("nps", "40", member=company.subject)

    before = the_map(company.director)
    serve(company.director, alone, chain[1])
    after = the_map(company.director)

    assert list(before) == ["brand-2026", "growth-2026", "none"]
    assert below(before["none"].nodes) == ["40"]
    assert "none" not in after


def test_of_many_members_goals_are_counted_and_open_page_by_page(
    company: builders.Company, chain: list[Any], client_of: ClientOf, monkeypatch: Any
) -> None:
    from mingji.goals.queries import paging, theme_map

    monkeypatch.setattr(theme_map, "FEW", 1)
    monkeypatch.setattr(paging, "PAGE", 1)
    director = client_of(company.director)

    whole = director.get(MAP).content.decode()
    first = director.get(f"{MAP}?open={chain[1].pk}").content.decode()
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = director.get(MAP + following.replace("&amp;", "&")).content.decode()

    assert below(the_map(company.director)["growth-2026"].nodes) == ["900", ["300"]]
    assert f"?period=2026Q4&amp;open={chain[1].pk}" in whole
    assert "再看 2 个支撑它的目标" in whole
    assert ("单飞" in first, "曾小曼" in first) == (True, False)
    assert ("单飞" in second, "曾小曼" in second) == (False, True)
    assert "company组 · 市场合格线索数" in first
    assert 'rel="next"' not in second


def test_a_theme_opens_into_the_goals_that_hang_on_it_directly(
    company: builders.Company, chain: list[Any], client_of: ClientOf, monkeypatch: Any
) -> None:
    from mingji.goals.queries import theme_map

    monkeypatch.setattr(theme_map, "FEW", 0)
    monkeypatch.setattr(theme_map, "ON_THEME", 1)
    for member in (company.subject, company.peer):
        build.an_agreed_goal("nps", "40", member=member, theme="brand-2026")
    director = client_of(company.director)

    whole = director.get(MAP).content.decode()
    opened = director.get(f"{MAP}?theme=brand-2026").content.decode()

    assert len(the_map(company.director)["brand-2026"].nodes) == 1
    assert "?period=2026Q4&amp;theme=brand-2026" in whole
    assert "还有 1 个目标直接挂在这个主题上" in whole
    assert ("曾小曼" in opened, "单飞" in opened) == (True, True)
    assert director.get(f"{MAP}?theme=nothing").status_code == 404


@pytest.mark.parametrize("asked", ["open=nothing", "open=99999999", "open=" + "9" * 30, "open="])
def test_a_goal_that_is_none_is_not_found(
    company: builders.Company, client_of: ClientOf, asked: str
) -> None:
    assert client_of(company.director).get(f"{MAP}?{asked}").status_code == 404


def test_a_made_up_key_begins_at_the_beginning(
    company: builders.Company, chain: list[Any], client_of: ClientOf
) -> None:
    director = client_of(company.director)

    for key in ("~", "x", "a~" + "9" * 40, "~-1"):
        answer = director.get(MAP, {"open": chain[1].pk, "after": key})
        assert "单飞" in answer.content.decode()
