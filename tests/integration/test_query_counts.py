"""A page costs as many queries for two thousand members as for sixty, and not many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from goal_builders import LAST_PERIOD, PERIOD, a_scheme, an_agreed_goal, an_observation
from mingji.appraisals.models import Appraisal, AppraisalCycle
from mingji.goals.models import Agreement, Alignment, Goal
from mingji.metrics.models import Dispute, Observation
from mingji.people.models import Member
from mingji.schemes.queries import scheme_of

pytestmark = pytest.mark.django_db

SMALL, LARGE = 60, 2_000
# For each page the most queries it may take. Seven of them are the frame of every page: session,
# login, member, post, reports, duties and the teams that an HR partner serves.
AT_MOST = {
    ("hr-company", "/people/"): 9,
    ("hr-company", "/people/?q=chengyuan"): 9,
    ("hr-company", "/people/members/crowd-1/"): 10,
    ("hr-company", "/audit/"): 9,
    ("hr-company", "/"): 26,
    ("director", "/"): 29,
    ("crowd-1", "/"): 24,
    ("director", "/goals/"): 20,
    ("director", "/goals/of/crowd-1/"): 20,
    ("director", "/goals/templates/"): 12,
    ("director", "/goals/weights/?period=2026Q4"): 15,
    ("hr-company", "/goals/weights/?period=2026Q4"): 15,
    ("director", "/goals/of/crowd-1/copy/?from=2026Q4&period=2027Q1"): 25,
    ("director", "/goals/export.xlsx?below&progress"): 20,
    ("director", "/goals/{goal}/path/"): 18,
    ("director", "/goals/{goal}/"): 32,
    ("director", "/goals/strategy/"): 37,
    ("director", "/goals/strategy/?as=table"): 37,
    ("director", "/goals/strategy/coverage/?what=people"): 18,
    ("director", "/goals/strategy/coverage/?what=goals"): 26,
    ("director", "/goals/strategy/?theme=none"): 26,
    ("director", "/goals/strategy/?open={goal}"): 26,
    ("director", "/team/crowd/"): 25,
    ("director", "/goals/team/crowd/grid/"): 22,
    ("director", "/goals/team/crowd/alignment/"): 16,
    ("director", "/goals/{goal}/alignment/"): 20,
    ("director", "/goals/{goal}/alignment/why/?way=0"): 20,
    ("director", "/api/v1/goals/{goal}/alignment"): 18,
    ("director", "/metrics/"): 8,
    ("director", "/metrics/mql_count/"): 13,
    ("director", "/metrics/disputes/"): 8,
    ("crowd-1", "/metrics/disputes/"): 8,
    ("hr-company", "/metrics/data/corrections/"): 11,
    ("crowd-1", "/metrics/mql_count/2026Q4/why/?member=crowd-1"): 11,
    ("crowd-1", "/appraisals/"): 8,
    ("director", "/appraisals/cycles/"): 8,
    ("hr-company", "/appraisals/cycles/cycle-2026q3/"): 13,
    ("director", "/schemes/"): 8,
    ("director", "/api/v1/me"): 9,
    ("director", "/api/v1/members?limit=20"): 9,
    ("hr-company", "/api/v1/directory?limit=20"): 9,
    ("director", "/api/v1/teams"): 9,
    ("director", "/api/v1/metrics/mql_count/observations?limit=20"): 9,
    ("director", "/api/v1/goals?member=crowd-1"): 15,
    ("hr-company", "/api/v1/cycles/cycle-2026q3/appraisals?limit=20"): 9,
}


@pytest.fixture(scope="module")
def crowds(django_db_setup, django_db_blocker):
    """The same counts taken in a company of sixty and in one of two thousand."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        _company()
        counts = {}
        cycle = _cycle()
        scheme_of(cycle.scheme_version_id)  # read once in a process: not what is counted here
        for team, size in (("crowd", SMALL), ("more", LARGE - SMALL)):
            _their_quarter(builders.many_members(size, team=team, manager="director"), cycle)
            with connection.cursor() as cursor:
                # As autovacuum would by then: on numbers of an emptier day PostgreSQL plans for
                # minutes of work.
                cursor.execute("ANALYZE")
            counts[SMALL if team == "crowd" else LARGE] = {
                (code, address): _queries(code, address) for code, address in AT_MOST
            }
        transaction.set_rollback(True)
    return counts


def _company() -> None:
    from mingji.people import actions

    builders.a_team("company")
    builders.a_member("director", "company", level="head", family="MG")
    builders.a_member("hr-company", "company", "director", family="OP")
    actions.give_duty(
        "system", "hr-company", "hr_partner", "company", starts_on=builders.HIRED, at=builders.NOW
    )


def _cycle() -> AppraisalCycle:
    return AppraisalCycle.objects.create(
        code="cycle-2026q3",
        period=LAST_PERIOD,
        scheme_version=a_scheme(),
        name_zh="",
        name_en="",
        opened_at=builders.NOW,
        opened_by="system",
        self_review_due=builders.TODAY,
        manager_review_due=builders.TODAY,
    )


def _their_quarter(members: list[Any], cycle: AppraisalCycle) -> None:
    """A goal, its value and an appraisal for each member, written in bulk."""
    value = an_observation("mql_count", "7", member=members[0])
    Observation.objects.bulk_create(
        Observation(
            run_id=value.run_id,
            metric="mql_count",
            period=PERIOD,
            member=member,
            value=7,
            rows=7,
            tree=value.tree,
        )
        for member in members[1:]
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(member=member, period=PERIOD, status=Agreement.Status.AGREED)
        for member in members
    )
    goals = Goal.objects.bulk_create(
        Goal(
            agreement=agreement,
            member_id=agreement.member_id,
            period=PERIOD,
            item="mql_count",
            metric="mql_count",
            target=100,
        )
        for agreement in agreements
    )
    team_goal = an_agreed_goal("mql_count", "5000", team=members[0].postings.get().team)
    Alignment.objects.bulk_create(Alignment(child=goal, parent=team_goal) for goal in goals)
    Dispute.objects.bulk_create(
        Dispute(
            member=member,
            metric="mql_count",
            period=LAST_PERIOD,
            ground="other",
            text="Eight, not seven.",
            raised_by=member,
            raised_at=builders.NOW,
        )
        for member in members
    )
    manager = Member.objects.get(code="director")
    team = members[0].postings.get().team
    Appraisal.objects.bulk_create(
        Appraisal(cycle=cycle, member=member, reviewer=manager, team=team, facts={})
        for member in members
    )


def _queries(code: str, address: str) -> int:
    address = address.format(goal=Goal.objects.filter(member=None).latest("pk").pk)
    client = _client(Member.objects.get(code=code), address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _client(member: Member, address: str) -> Client:
    if address.startswith("/api/"):
        program: Client = builders.a_program(member)
        program.get("/api/v1/me")  # the first call of the day notes that the token was used
        return program
    client = Client()
    client.force_login(builders.a_login(member))
    return client


@pytest.mark.parametrize("page", AT_MOST, ids=" ".join)
def test_two_thousand_members_cost_as_many_queries_as_sixty(crowds, page):
    assert crowds[LARGE][page] == crowds[SMALL][page]


@pytest.mark.parametrize("page", AT_MOST, ids=" ".join)
def test_a_page_keeps_to_its_number_of_queries(crowds, page):
    assert crowds[LARGE][page] <= AT_MOST[page]


def test_every_address_is_known_to_the_large_company(db) -> None:
    """`make test-scale` takes minutes: that it can begin is seen every day."""
    from large_addresses import addresses
    from large_company import a_large_company

    assert all(addresses(a_large_company(60)).values())
