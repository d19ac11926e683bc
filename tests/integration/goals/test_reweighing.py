"""Changing the weights of many drafts in one go."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
NEXT = "2027Q1"
PAGE = "/goals/weights/"
# The whole of the first dimension of the form of performance ads: 35, 25, 25 and 15.
RESULTS = {"mql_count": "100", "cost_per_mql": "900", "roas": "4", "budget_use_rate": "0.95"}
LESS = {"item": "mql_count", "how": "less", "points": "10", "period": NEXT}


@pytest.fixture
def company() -> builders.Company:
    """Two of the manager's people in performance ads, each with a draft of the whole dimension."""
    from mingji.people.actions import NewPost, post

    build.a_scheme()
    company = builders.a_company()
    move = NewPost(team="growth", job_family="DG", level="specialist", manager="manager")
    post("system", "subject", move, starts_on=builders.TODAY, at=builders.NOW)
    for member in (company.subject, company.peer):
        a_whole_draft(company.manager, member)
    return company


def a_whole_draft(actor: Any, member: Any) -> None:
    for item, target in RESULTS.items():
        build.a_draft(actor, member, item=item, target=target, period=NEXT)


def weights(code: str) -> dict[str, str | None]:
    from mingji.goals.models import Goal

    rows = Goal.objects.filter(member__code=code, period=NEXT).order_by("pk")
    return {row.item: None if row.weight is None else f"{row.weight:f}" for row in rows}


def look(client: Client, **wish: str) -> Any:
    return client.get(PAGE, LESS | wish)


def seen_on(answer: Any) -> str:
    found: str = answer.context["page"].written
    return found


def save(client: Client, *who: str, **wish: str) -> Any:
    """Look at the weights, then save them for these members."""
    sent = {"seen": seen_on(look(client, **wish)), "who": [*who]}
    return client.post(PAGE, LESS | sent | wish)


UNTOUCHED = dict.fromkeys(RESULTS)
TEN_LESS = {
    "mql_count": "25",
    "cost_per_mql": "28.85",
    "roas": "28.84",
    "budget_use_rate": "17.31",
}


def test_one_item_weighs_less_and_the_others_take_it_over_in_proportion(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    page = look(client).content.decode()
    before = weights("subject")
    done = save(client, "subject", "peer", reason="新品上市，投放更看成本")

    assert "35% →" in page
    assert "28.85%" in page
    assert before == UNTOUCHED
    assert done.status_code == 302
    assert weights("subject") == weights("peer") == TEN_LESS
    assert sum(Decimal(each or 0) for each in weights("peer").values()) == 100


def test_what_changed_and_why_is_in_the_history_of_the_agreement(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.audit import queries as audit
    from mingji.goals.models import Agreement

    save(client_of(company.manager), "peer", reason="新品上市")
    save(client_of(company.manager), "peer", how="to", points="25")

    agreement = Agreement.objects.get(member=company.peer, period=NEXT)
    events = audit.history("agreement", agreement.pk)
    assert [each.detail for each in events if each.what.en == "Changed the weights of many"] == [
        "新品上市"
    ], "the second time nothing differs, so nothing is written"
    assert events[0].evidence["weights"]["mql_count"] == "35 → 25"


def test_who_is_not_ticked_keeps_their_weights(
    company: builders.Company, client_of: ClientOf
) -> None:
    save(client_of(company.manager), "peer")

    assert weights("subject") == UNTOUCHED
    assert weights("peer") == TEN_LESS


def test_items_that_stay_and_items_without_a_goal_keep_their_weight(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    Goal.objects.filter(member=company.peer, item="budget_use_rate").delete()

    answer = save(client_of(company.manager), "peer", stays="roas")

    assert answer.status_code == 302
    assert weights("peer") == {"mql_count": "25", "cost_per_mql": "35", "roas": None}


def test_an_exact_weight_and_a_draft_that_was_weighed_before(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    save(client, "peer")
    save(client, "subject", "peer", how="to", points="40")

    assert weights("subject")["mql_count"] == weights("peer")["mql_count"] == "40"
    for code in ("subject", "peer"):
        assert sum(Decimal(each or 0) for each in weights(code).values()) == 100


def test_a_draft_that_cannot_take_it_is_named_and_saved_with_nobody_else(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    save(client, "peer", how="to", points="8")
    after = weights("peer")

    page = look(client)
    refused = save(client, "subject", "peer")

    assert "现在是 8%，改后是 -2%" in page.content.decode()
    assert [row.member.code for row in page.context["faulty"]] == ["peer"]
    assert refused.status_code == 422
    assert weights("subject") == UNTOUCHED
    assert weights("peer") == after
    assert save(client, "subject").status_code == 302


def test_only_the_weights_that_were_looked_at_are_saved(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.manager)
    seen = seen_on(look(client))
    save(client, "peer", how="to", points="50")
    after = weights("peer")

    refused = client.post(PAGE, LESS | {"who": ["subject", "peer"], "seen": seen})

    assert refused.status_code == 422
    assert "权重与你刚才看的不一样" in refused.content.decode()
    assert weights("peer") == after
    assert weights("subject") == UNTOUCHED


def test_what_is_proposed_or_agreed_is_listed_and_left_alone(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions
    from mingji.goals.models import Agreement

    client = client_of(company.manager)
    seen = seen_on(look(client))
    proposed = Agreement.objects.get(member=company.peer, period=NEXT)
    actions.propose(builders.a_viewer(company.manager), proposed.pk, at=builders.NOW)

    page = look(client)
    refused = client.post(PAGE, LESS | {"who": ["peer"], "seen": seen})

    assert [row.member.code for row in page.context["page"].rows] == ["subject"]
    assert f"/goals/agreements/{proposed.pk}/" in page.content.decode()
    assert "只能通过变更申请改" in page.content.decode()
    assert refused.status_code == 422
    assert weights("peer") == UNTOUCHED


@pytest.mark.parametrize("points", ["", "many", "0", "-5", "2.345", "1e400", "NaN"])
def test_points_that_are_no_number_change_nothing(
    company: builders.Company, client_of: ClientOf, points: str
) -> None:
    answer = client_of(company.manager).post(
        PAGE, LESS | {"points": points, "who": ["peer"], "seen": "peer:"}
    )

    assert answer.status_code == 422
    assert weights("peer") == UNTOUCHED


def test_nobody_ticked_is_said(company: builders.Company, client_of: ClientOf) -> None:
    answer = client_of(company.manager).post(PAGE, LESS)

    assert answer.status_code == 422
    assert "没有选人" in answer.content.decode()


def test_hr_partners_weigh_drafts_of_the_teams_they_serve_and_not_their_own(
    company: builders.Company, client_of: ClientOf
) -> None:
    own, item = company.company_hr_partner, "budget_use_rate"
    build.a_draft(own, own, item=item, target="0.95", period=NEXT)

    of_growth = look(client_of(company.hr_partner)).context["page"]
    of_events = look(client_of(company.other_hr_partner)).context["page"]
    of_all = look(client_of(own), item=item).context["page"]
    done = save(client_of(company.hr_partner), "peer")

    assert {row.member.code for row in of_growth.rows} == {"subject", "peer"}
    assert of_events.items == {}
    assert {row.member.code for row in of_all.rows} == {"subject", "peer"}
    assert done.status_code == 302


@pytest.mark.parametrize("role", ["subject", "peer", "analyst"])
def test_who_leads_nobody_and_serves_no_team_is_refused(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    client = client_of(getattr(company, role))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, LESS | {"who": ["peer"], "seen": ""}).status_code == 403


@pytest.mark.parametrize("role", ["other_manager", "other_hr_partner"])
def test_nobody_weighs_the_goals_of_others_people(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    answer = client_of(getattr(company, role)).post(PAGE, LESS | {"who": ["peer"], "seen": ""})

    assert answer.status_code == 403
    assert weights("peer") == UNTOUCHED


def _crowd(company: builders.Company, size: int, team: str) -> None:
    from mingji.goals.models import Agreement, Goal

    members = builders.many_members(size, team=team, manager="director")
    rows = Agreement.objects.bulk_create(Agreement(member=each, period=NEXT) for each in members)
    Goal.objects.bulk_create(
        Goal(agreement=row, member=row.member, period=NEXT, item=item, metric=item, target=target)
        for row in rows
        for item, target in RESULTS.items()
    )


def test_many_drafts_cost_as_many_queries_as_a_few(
    company: builders.Company, client_of: ClientOf
) -> None:
    client = client_of(company.director)
    counts = []
    for size, team in ((3, "few"), (200, "many")):
        _crowd(company, size, team)
        with CaptureQueriesContext(connection) as queries:
            page = look(client, team=team)
        assert len(page.context["page"].rows) == size
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


def test_more_drafts_than_a_page_holds_ask_for_a_team(
    company: builders.Company, client_of: ClientOf
) -> None:
    _crowd(company, 301, "crowd")

    page = client_of(company.director).get(PAGE, LESS).content.decode()

    assert "草稿太多，一页放不下" in page
