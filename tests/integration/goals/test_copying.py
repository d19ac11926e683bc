"""Copying goals of an earlier period into the drafts of a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
import goal_builders as build
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
LAST, NEXT = build.LAST_PERIOD, "2027Q1"
OF_SUBJECT = f"/goals/of/subject/copy/?from={LAST}&period={NEXT}"
MANY = f"/goals/copy/?from={LAST}&period={NEXT}"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def agreed(member: Any, *terms: GoalTerms, period: str = LAST) -> None:
    """Goals that both sides had agreed to."""
    from mingji.goals import actions

    actions.import_agreed(
        [
            actions.AgreedGoal(
                member_id=member.pk,
                period=period,
                terms=each,
                proposed_by="manager",
                proposed_at=builders.NOW,
                accepted_by=member.code,
                accepted_at=builders.NOW,
            )
            for each in terms
        ],
        at=builders.NOW,
    )


LEADS = GoalTerms(
    key="mql_count",
    metric="mql_count",
    target=Decimal(100),
    threshold=Decimal(80),
    stretch=Decimal(130),
    weight=Decimal(60),
    support="一名实习生",
    support_due=date(2026, 8, 1),
    scoring={"method": "ratio", "out_of": "", "direction": "up", "cap": "1.1"},
)
RATE = GoalTerms(key="mql_to_sql_rate", metric="mql_to_sql_rate", target=Decimal("0.4"))
RETURN = GoalTerms(key="roas", metric="roas", target=Decimal(4))
OKR = (
    GoalTerms(key="objective-1", kind="objective", title="进入新市场", due=date(2026, 9, 30)),
    GoalTerms(
        key="objective-1-kr-1",
        kind="key_result",
        objective="objective-1",
        title="线索",
        metric="mql_count",
        baseline=Decimal(10),
        target=Decimal(40),
        weight=Decimal(60),
    ),
    GoalTerms(
        key="objective-1-kr-2",
        kind="key_result",
        objective="objective-1",
        title="上线",
        measure="milestones",
        weight=Decimal(40),
        milestones=(MilestoneTerms(title="评审", weight=Decimal(100), due=date(2026, 8, 1)),),
    ),
)


def drafted(code: str, period: str = NEXT) -> dict[str, GoalTerms]:
    from mingji.goals import queries
    from mingji.goals.models import Agreement

    found = Agreement.objects.filter(member__code=code, period=period).first()
    return {each.key: each for each in queries.terms_of(found)} if found else {}


def copy(client: Client, address: str, *names: str, **typed: str) -> Any:
    """Tick these goals and save, with targets as proposed, or as typed by goal or member:goal."""
    page = client.get(address)
    sent: dict[str, Any] = {"copy": []}
    for section, lines in page.context["sections"]:
        for line in lines:
            if line.row.goal.item in names:
                sent["copy"].append(str(line.row.goal.pk))
            for each in (line, *line.below):
                item = each.row.goal.item
                own = typed.get(item, each.value)
                code = section.owner.member.code if section.owner.member else ""
                sent[each.name] = typed.get(f"{code}:{item}", own)
    return client.post(address, sent)


def test_the_same_targets_are_copied_with_weights_and_scoring_but_without_dates_and_promises(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)
    build.an_observation("mql_count", "90", period=LAST, member=company.subject)

    done = copy(client_of(company.manager), OF_SUBJECT, "mql_count", "mql_to_sql_rate")

    assert done.status_code == 302
    found = drafted("subject")
    assert found["mql_count"] == replace(LEADS, baseline=Decimal(90), support="", support_due=None)
    assert found["mql_to_sql_rate"].target == Decimal("0.4")


def test_targets_are_raised_by_a_percentage_where_they_add_up(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)

    copy(client_of(company.manager), f"{OF_SUBJECT}&percent=5", "mql_count", "mql_to_sql_rate")

    found = drafted("subject")
    assert found["mql_count"].target == 105
    assert (found["mql_count"].threshold, found["mql_count"].stretch) == (84, 137)
    assert found["mql_to_sql_rate"].target == Decimal("0.4")


def test_targets_start_from_what_was_reached(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)
    build.an_observation("mql_count", "90", period=LAST, member=company.subject)

    copy(
        client_of(company.manager),
        f"{OF_SUBJECT}&basis=actual&percent=10",
        "mql_count",
        "mql_to_sql_rate",
    )

    found = drafted("subject")
    assert found["mql_count"].target == 99
    assert found["mql_to_sql_rate"].target == Decimal("0.4"), "nothing was observed"


def test_only_what_is_ticked_is_copied_with_the_target_that_was_typed(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)

    copy(client_of(company.subject), OF_SUBJECT, "mql_to_sql_rate", mql_to_sql_rate="42.5")

    assert {key: goal.target for key, goal in drafted("subject").items()} == {
        "mql_to_sql_rate": Decimal("0.425")
    }


def test_an_objective_comes_with_its_key_results_and_milestones_without_their_dates(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, *OKR)

    copy(client_of(company.manager), OF_SUBJECT, "objective-1", **{"objective-1-kr-1": "50"})

    found = drafted("subject")
    assert set(found) == {"objective-1", "objective-1-kr-1", "objective-1-kr-2"}
    assert found["objective-1"].due is None
    assert found["objective-1-kr-1"].target == 50
    assert found["objective-1-kr-1"].baseline == 10
    assert found["objective-1-kr-2"].milestones == (
        MilestoneTerms(title="评审", weight=Decimal(100)),
    )


def test_another_objective_of_the_draft_is_not_overwritten(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions
    from mingji.goals.queries import Owner

    agreed(company.subject, *OKR)
    other = GoalTerms(key="objective-1", kind="objective", title="留住老客户")
    actions.set_goal(
        builders.a_viewer(company.manager),
        Owner(member=company.subject),
        period=NEXT,
        terms=other,
        at=builders.NOW,
    )

    copy(client_of(company.manager), OF_SUBJECT, "objective-1")

    found = drafted("subject")
    assert found["objective-1"].title == "留住老客户"
    assert found["objective-2"].title == "进入新市场"
    assert {key for key, goal in found.items() if goal.objective == "objective-2"} == {
        "objective-2-kr-1",
        "objective-2-kr-2",
    }


def test_what_the_draft_says_already_is_not_ticked_and_named(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)
    build.a_draft(company.manager, company.subject, target="77", period=NEXT)

    page = client_of(company.manager).get(OF_SUBJECT)

    ((_section, lines),) = page.context["sections"]
    assert {line.row.goal.item: line.chosen for line in lines} == {
        "mql_count": False,
        "mql_to_sql_rate": True,
    }
    assert "会被替换" in page.content.decode()


def test_copying_twice_changes_nothing_the_second_time(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.audit.models import AuditRecord

    agreed(company.subject, LEADS)
    client = client_of(company.manager)

    copy(client, OF_SUBJECT, "mql_count")
    before = drafted("subject")
    copy(client, OF_SUBJECT, "mql_count")

    assert drafted("subject") == before
    assert AuditRecord.objects.filter(action="copy").count() == 1


def test_a_whole_team_is_copied_together_or_not_at_all(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS)
    agreed(company.peer, replace(LEADS, target=Decimal(200), stretch=None), RETURN)
    client = client_of(company.manager)

    refused = copy(client, MANY, "mql_count", "roas", **{"peer:mql_count": "0"})
    nothing = drafted("subject") | drafted("peer")
    done = copy(client, MANY, "mql_count", "roas")

    assert refused.status_code == 422
    assert 'class="num has-error"' in refused.content.decode()
    assert nothing == {}
    assert done.status_code == 302
    assert drafted("subject")["mql_count"].target == 100
    assert drafted("peer")["mql_count"].target == 200


def test_goals_of_a_whole_team_can_be_narrowed_to_some(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS, RATE)
    agreed(company.peer, LEADS)

    page = client_of(company.manager).get(f"{MANY}&only=mql_to_sql_rate")

    shown = [line.row.goal.item for _section, lines in page.context["sections"] for line in lines]
    assert shown == ["mql_to_sql_rate"]


def test_goals_of_a_team_are_copied_by_who_leads_it(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal
    from mingji.people.queries import teams_by_code

    team = teams_by_code()["growth"]
    build.an_agreed_goal("mql_count", "300", team=team, period=LAST)
    address = f"/goals/team/growth/copy/?from={LAST}&period={NEXT}"

    done = copy(client_of(company.manager), address, "mql_count")

    assert done.status_code == 302
    assert Goal.objects.get(team=team, period=NEXT).target == 300
    assert client_of(company.subject).get(address).status_code == 403
    assert client_of(company.other_manager).get(address).status_code == 404


def test_nothing_is_copied_into_goals_that_are_proposed_or_agreed(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, LEADS)
    agreed(company.peer, LEADS)
    client = client_of(company.manager)
    goal = client.get(MANY).context["sections"][0][1][0]
    owner = goal.row.goal.member.code
    build.an_agreed_goal("mql_count", "120", member=goal.row.goal.member, period=NEXT)

    page = client.get(MANY)
    answer = client.post(MANY, {"copy": [str(goal.row.goal.pk)], goal.name: "1"})

    assert [section.owner.member.code for section in page.context["settled"]] == [owner]
    assert answer.status_code == 422
    assert drafted(owner)["mql_count"].target == 120


@pytest.mark.parametrize("typed", ["", "many", "1,50O"])
def test_a_target_that_is_no_number_is_shown_at_its_field(
    company: builders.Company, client_of: ClientOf, typed: str
) -> None:
    agreed(company.subject, LEADS)

    answer = copy(client_of(company.manager), OF_SUBJECT, "mql_count", mql_count=typed)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert drafted("subject") == {}


def test_a_goal_that_left_the_form_is_named_and_not_ticked(
    company: builders.Company, client_of: ClientOf
) -> None:
    agreed(company.subject, replace(LEADS, key="won_revenue", metric="won_revenue"))

    page = client_of(company.manager).get(OF_SUBJECT)

    ((_section, (line,)),) = page.context["sections"]
    assert (line.row.beside, line.chosen) == (True, False)


@pytest.mark.parametrize("role", ["peer", "analyst", "other_manager", "ex_manager"])
def test_others_neither_see_nor_copy_somebodys_goals(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    client = client_of(getattr(company, role))

    assert client.get(OF_SUBJECT).status_code == 404
    assert client.post(OF_SUBJECT, {}).status_code == 404


def test_the_hr_partner_reads_and_does_not_copy(
    company: builders.Company, client_of: ClientOf
) -> None:
    assert client_of(company.hr_partner).get(OF_SUBJECT).status_code == 403


def test_a_page_of_many_costs_as_many_queries_as_one_of_few(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.people.models import Member

    client = client_of(company.director)
    counts = []
    for size, team in ((2, "few"), (30, "many")):
        for member in builders.many_members(size, team=team, manager="director"):
            agreed(Member.objects.get(pk=member.pk), LEADS, *OKR)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(MANY)
        assert page.status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 26


def test_too_many_people_for_one_page_are_told_where_to_go(
    company: builders.Company, client_of: ClientOf
) -> None:
    builders.many_members(41, team="crowd", manager="director")

    answer = client_of(company.director).get(MANY)

    assert answer.status_code == 422
    assert "一页放不下" in answer.content.decode()
