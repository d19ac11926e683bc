"""The SMART check beside the form: while it is typed, after it is sent, and on the goal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
WHILE_TYPING = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "smart"}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    found = builders.a_company()
    quarters = ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
    for quarter, value in zip(quarters, ("90", "96", "101", "99", "104", "108"), strict=True):
        build.an_observation("mql_count", value, member=found.subject, period=quarter)
    return found


def typed(client: Client, address: str, **sent: str) -> str:
    answer = client.post(address, sent, **WHILE_TYPING)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    assert "<html" not in page
    return page


def test_the_letters_follow_what_is_typed_and_nothing_is_saved(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Agreement

    address = "/goals/of/subject/new/?item=mql_count&period=2027Q1"
    client = client_of(company.manager)

    sober = typed(client, address, target="112", baseline="108")
    dream = typed(client, address, target="900", baseline="108")
    sandbag = typed(client, address, target="60", baseline="108")

    assert 'class="smart-good"' in sober
    assert sober.count("smart-mend") < dream.count("smart-mend")
    assert "99" in dream
    assert sober.count("smart-mend") < sandbag.count("smart-mend")
    assert not Agreement.objects.exists()


def test_without_history_it_says_so_and_makes_no_number_up(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = typed(
        client_of(company.manager),
        "/goals/of/peer/new/?item=mql_count&period=2027Q1",
        target="100",
    )

    assert "smart-unknown" in page
    assert "历史" in page


def test_vague_words_of_an_objective_are_named(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = typed(
        client_of(company.subject),
        "/goals/of/subject/new/?kind=objective&period=2027Q1",
        title="进一步加强品牌建设",
    )

    assert "加强" in page
    assert "smart-mend" in page


def test_in_english_the_letters_are_english(company: builders.Company, client_of: ClientOf) -> None:
    client = client_of(company.manager)
    client.post("/people/preferences/", {"language": "en"})

    page = typed(client, "/goals/of/subject/new/?item=mql_count&period=2027Q1", target="112")

    assert "measurable" in page
    assert "可衡量" not in page


def test_half_typed_values_are_no_error(company: builders.Company, client_of: ClientOf) -> None:
    client = client_of(company.subject)

    for kind in ("objective", "kpi"):
        address = f"/goals/of/subject/new/?kind={kind}&period=2027Q1"
        assert "smart" in typed(client, address, title="", target="1e", due="2027-")


def test_the_goal_page_and_the_form_show_the_letters_without_a_script(
    company: builders.Company, client_of: ClientOf
) -> None:
    goal = build.a_draft(company.manager, company.subject)
    client = client_of(company.manager)

    for address in (f"/goals/{goal}/", f"/goals/{goal}/edit/"):
        assert client.get(address).content.decode().count("<details") >= 5


@pytest.mark.parametrize("role", ["hr_partner", "peer"])
def test_who_sets_no_goals_gets_no_letters(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    client = client_of(getattr(company, role))

    answer = client.post("/goals/of/subject/new/?item=mql_count", {"target": "1"}, **WHILE_TYPING)

    assert answer.status_code in (403, 404)
