"""A page costs as many queries for two thousand members as for sixty, and not many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders

pytestmark = pytest.mark.django_db

SMALL, LARGE = 60, 2_000
# For each page the most queries it may take. Seven of them are the frame of every page: session,
# login, member, post, reports, duties and the teams that an HR partner serves.
AT_MOST = {
    "/people/": 9,
    "/people/?q=chengyuan": 9,
    "/people/members/crowd-1/": 10,
    "/audit/": 8,
}


@pytest.fixture(scope="module")
def crowds(django_db_setup, django_db_blocker):
    """The same counts taken in a company of sixty and in one of two thousand."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        director = _company()
        counts = {}
        for team, size in (("crowd", SMALL), ("more", LARGE - SMALL)):
            builders.many_members(size, team=team, manager="director")
            counts[SMALL if team == "crowd" else LARGE] = {
                address: _queries(director, address) for address in AT_MOST
            }
        transaction.set_rollback(True)
    return counts


def _company() -> object:
    from mingji.people import actions

    builders.a_team("company")
    director = builders.a_member("director", "company", level="head", family="MG")
    actions.give_duty(
        "system", "director", "hr_partner", "company", starts_on=builders.HIRED, at=builders.NOW
    )
    return director


def _queries(member: object, address: str) -> int:
    client = Client()
    client.force_login(builders.a_login(member))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", AT_MOST)
def test_two_thousand_members_cost_as_many_queries_as_sixty(crowds, address):
    assert crowds[LARGE][address] == crowds[SMALL][address]


@pytest.mark.parametrize("address", AT_MOST)
def test_a_page_keeps_to_its_number_of_queries(crowds, address):
    assert crowds[LARGE][address] <= AT_MOST[address]
