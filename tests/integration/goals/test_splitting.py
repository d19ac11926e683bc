"""A team's target split over its members: parts that add up, drafts that serve the team's goal."""

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
BOTH = ["peer", "subject"]


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def goal(company: builders.Company) -> Any:
    return team_goal("mql_count", "301")


def team_goal(metric: str, target: str, *, team: str = "growth", period: str = build.PERIOD) -> Any:
    from mingji.people import queries as people

    return build.an_agreed_goal(metric, target, team=people.teams_by_code()[team], period=period)


def look(client: Client, goal: Any, **sent: Any) -> Any:
    cells = {name.replace("__", ":"): value for name, value in sent.items()}
    return client.post(f"/goals/{goal.pk}/split/", {"who": BOTH} | cells)


def save(client: Client, goal: Any, **sent: Any) -> Any:
    """Look at the parts, then save what was seen."""
    found = look(client, goal, **sent).context["found"]
    return look(client, goal, **sent, seen=found.written, save="1")


def parts() -> dict[str, Decimal]:
    from mingji.goals.models import Goal

    rows = Goal.objects.filter(metric="mql_count", member__isnull=False).select_related("member")
    return {row.member.code: row.target for row in rows if row.member}


def test_equal_parts_add_up_to_the_target_and_serve_it(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals.models import Agreement, Alignment

    manager = client_of(company.manager)
    first = manager.get(f"/goals/{goal.pk}/split/")
    nothing = parts()

    done = save(manager, goal)

    assert first.status_code == 200
    assert nothing == {}
    assert done.status_code == 302
    assert parts() == {"peer": Decimal(151), "subject": Decimal(150)}
    links = Alignment.objects.filter(parent=goal)
    assert {(link.child.member.code, link.share) for link in links} == {
        ("peer", Decimal(1)),
        ("subject", Decimal(1)),
    }
    drafts = Agreement.objects.filter(member__code__in=BOTH)
    assert {each.status for each in drafts} == {"draft"}
    assert "相符" in manager.get(done["Location"]).content.decode()


def test_history_gives_the_newcomer_half_of_the_median(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    build.an_observation("mql_count", "200", period=build.LAST_PERIOD, member=company.peer)

    page = look(client_of(company.manager), goal, basis="history")
    done = save(client_of(company.manager), goal, basis="history")

    assert "按历史下限计" in page.content.decode()
    assert done.status_code == 302
    assert parts() == {"peer": Decimal(201), "subject": Decimal(100)}


def test_capacity_counts_the_working_days_in_the_team(
    company: builders.Company, client_of: ClientOf
) -> None:
    """The subject came on 15 August: 33 of the 66 weekdays of the quarter."""
    goal = team_goal("mql_count", "300", period=build.LAST_PERIOD)

    found = look(client_of(company.manager), goal, basis="capacity").context["found"]

    assert found.written == "peer=200;subject=100"


def test_weights_and_bounds_are_kept_as_typed(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    typed = {"weight__peer": "3", "weight__subject": "1", "high__peer": "2百"}
    manager = client_of(company.manager)

    refused = look(manager, goal, basis="weights", **typed)
    typed["high__peer"] = "200"
    seen = look(manager, goal, basis="weights", **typed)
    done = save(manager, goal, basis="weights", **typed)

    assert refused.status_code == 422
    assert 'href="#high:peer"' in refused.content.decode()
    assert "按上下限" in seen.content.decode()
    assert done.status_code == 302
    assert parts() == {"peer": Decimal(200), "subject": Decimal(101)}


@pytest.mark.parametrize(
    "sent",
    [
        {"who": []},
        {"basis": "history"},
        {"basis": "weights"},
        {"basis": "weights", "weight__peer": "1", "weight__subject": "0"},
        {"low__peer": "200", "low__subject": "200"},
        {"high__peer": "100", "high__subject": "100"},
        {"low__peer": "20", "high__peer": "10"},
    ],
    ids=["nobody", "no history", "no weights", "a part of nothing", "lows", "highs", "crossed"],
)
def test_what_cannot_be_split_is_refused_with_words(
    company: builders.Company, client_of: ClientOf, goal: Any, sent: dict[str, Any]
) -> None:
    answer = look(client_of(company.manager), goal, **sent, save="1")

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert parts() == {}


def test_only_the_parts_that_were_looked_at_are_saved(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    manager = client_of(company.manager)
    seen = look(manager, goal).context["found"].written

    answer = look(manager, goal, low__subject="200", seen=seen, save="1")

    assert answer.status_code == 422
    assert "不一样" in answer.content.decode()
    assert answer.context["found"].written == "peer=101;subject=200"
    assert parts() == {}


def test_the_same_split_again_changes_nothing(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.audit.models import AuditRecord
    from mingji.goals.models import Alignment, Goal

    def everything() -> Any:
        return (
            list(Goal.objects.values()),
            list(Alignment.objects.values()),
            AuditRecord.objects.count(),
        )

    manager = client_of(company.manager)
    save(manager, goal)
    before = everything()

    again = save(manager, goal)

    assert again.status_code == 302
    assert everything() == before


def test_a_draft_takes_its_new_part_and_keeps_the_rest(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals.models import Goal

    drafted = build.a_draft(company.manager, company.subject, target="100")
    other = build.a_draft(company.manager, company.subject, item="nps", target="40")
    Goal.objects.filter(pk=drafted).update(threshold=Decimal(80), support="预算")

    save(client_of(company.manager), goal, low__subject="200")

    kept = Goal.objects.get(pk=drafted)
    assert (kept.target, kept.threshold, kept.support) == (Decimal(200), Decimal(160), "预算")
    assert Goal.objects.get(pk=other).target == Decimal(40)
    assert parts() == {"peer": Decimal(101), "subject": Decimal(200)}


def test_what_is_agreed_counts_first_and_stays_as_signed(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals import actions

    signed = build.an_agreed_goal("mql_count", "120", member=company.subject)
    viewer = builders.a_viewer(company.manager)
    actions.align(viewer, signed.pk, goal.pk, at=builders.NOW)
    manager = client_of(company.manager)

    page = manager.get(f"/goals/{goal.pk}/split/").content.decode()
    done = save(manager, goal)

    assert "已提出或已确认" in page
    assert done.status_code == 302
    assert parts() == {"peer": Decimal(181), "subject": Decimal(120)}
    assert "相符" in manager.get(done["Location"]).content.decode()


def test_what_is_agreed_and_does_not_serve_it_is_pointed_out(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    signed = build.an_agreed_goal("mql_count", "120", member=company.subject)

    answer = client_of(company.manager).get(f"/goals/{goal.pk}/split/")

    page = answer.content.decode()
    assert answer.context["found"].written == "peer=301"
    assert f'href="/goals/{signed.pk}/alignment/"' in page
    assert "没有计入" in page


def test_who_is_left_out_with_a_draft_that_serves_it_counts_first(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    manager = client_of(company.manager)
    save(manager, goal)

    answer = look(manager, goal, who=["peer"])

    assert answer.context["found"].written == "peer=151"


def test_nothing_is_left_once_all_of_it_is_carried(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals import actions

    signed = build.an_agreed_goal("mql_count", "301", member=company.subject)
    actions.align(builders.a_viewer(company.manager), signed.pk, goal.pk, at=builders.NOW)

    answer = look(client_of(company.manager), goal)

    assert answer.status_code == 422
    assert "没有剩下可分摊的" in answer.content.decode()


def test_a_part_that_counts_elsewhere_already_is_refused_and_nothing_is_saved(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals import actions

    drafted = build.a_draft(company.manager, company.subject, target="100")
    other = team_goal("mql_count", "900", team="company")
    actions.align(builders.a_viewer(company.director), drafted, other.pk, at=builders.NOW)

    answer = save(client_of(company.manager), goal)

    assert answer.status_code == 422
    assert "一共被计入 200%" in answer.content.decode()
    assert parts() == {"subject": Decimal(100)}


def test_a_goal_that_serves_one_of_them_is_not_split_over_them(
    company: builders.Company, client_of: ClientOf, goal: Any
) -> None:
    from mingji.goals import actions

    drafted = build.a_draft(company.manager, company.subject, target="100")
    actions.align(builders.a_viewer(company.director), goal.pk, drafted, at=builders.NOW)

    answer = save(client_of(company.manager), goal)

    assert answer.status_code == 422
    assert "对齐绕成了一圈" in answer.content.decode()
    assert parts() == {"subject": Decimal(100)}


def test_a_metric_beside_the_form_becomes_a_goal_of_its_own(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    goal = team_goal("partners_activated", "30")
    page = client_of(company.manager).get(f"/goals/{goal.pk}/split/").content.decode()

    done = save(client_of(company.manager), goal)

    assert "不在考核表里" in page
    assert done.status_code == 302
    rows = Goal.objects.filter(member__isnull=False)
    assert {(row.item, row.metric, row.target) for row in rows} == {
        ("kpi-partners_activated", "partners_activated", Decimal(15))
    }


@pytest.mark.parametrize("metric", ["win_rate", "nps"])
def test_rates_and_scores_are_not_split(
    company: builders.Company, client_of: ClientOf, metric: str
) -> None:
    goal = team_goal(metric, "0.3")
    manager = client_of(company.manager)

    assert manager.get(f"/goals/{goal.pk}/split/").status_code == 422
    assert "/split/" not in manager.get(f"/goals/{goal.pk}/alignment/").content.decode()


def test_a_goal_of_one_member_is_not_split(company: builders.Company, client_of: ClientOf) -> None:
    own = build.an_agreed_goal("mql_count", "120", member=company.subject)

    assert client_of(company.manager).get(f"/goals/{own.pk}/split/").status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("subject", 403),
        ("peer", 403),
        ("hr_partner", 403),
        ("analyst", 404),
        ("other_manager", 404),
    ],
)
def test_only_those_who_lead_the_team_split_its_goal(
    company: builders.Company, client_of: ClientOf, goal: Any, role: str, status: int
) -> None:
    client = client_of(getattr(company, role))

    assert client.get(f"/goals/{goal.pk}/split/").status_code == status
    assert look(client, goal, save="1", seen="peer=151;subject=150").status_code == status
    assert parts() == {}


def test_a_page_of_many_costs_as_many_queries_as_one_of_few(
    company: builders.Company, client_of: ClientOf
) -> None:
    director = client_of(company.director)
    counts = []
    for team, size in (("few", 3), ("crowd", 150)):
        builders.many_members(size, team=team, manager="director")
        goal = team_goal("mql_count", "100000", team=team)
        with CaptureQueriesContext(connection) as spent:
            page = director.get(f"/goals/{goal.pk}/split/")
        assert page.status_code == 200
        assert len(page.context["found"].parts) == size
        counts.append(len(spent))

    assert counts[0] == counts[1]


def test_a_team_too_large_for_a_page_is_sent_to_the_spreadsheet(
    company: builders.Company, client_of: ClientOf
) -> None:
    builders.many_members(201, team="crowd", manager="director")
    goal = team_goal("mql_count", "100000", team="crowd")

    answer = client_of(company.director).get(f"/goals/{goal.pk}/split/")

    assert answer.status_code == 422
    assert "从表格导入" in answer.content.decode()
