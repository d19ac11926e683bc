"""Every address that answers to GET, in a company of sixty and in one of thousands.

A page or an operation takes as many queries in both, but for a fixed few that it saves where a list
is empty or short, and its answer stays small: lists go on by key. Exports alone grow.
`make test-scale` runs it: minutes, so not in the daily run (`test_query_counts.py` is), first with
two thousand members as those who see most, then with ten thousand as everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from large_addresses import addresses
from large_company import a_large_company

pytestmark = [pytest.mark.scale, pytest.mark.django_db]

SMALL, LARGE, HUGE = 60, 2_000, 10_000
# More queries than in the small company, which has less of some kinds; and the most of any page.
SPARED, AT_MOST = 4, 48
LARGEST_ANSWER = 400_000
# Answers that hold everything asked for, a piece at a time: neither bound is theirs.
EXPORTS = {
    "goals:export_csv",
    "goals:export_xlsx",
    "metrics:rows_csv",
    "metrics:explore_csv",
    "metrics:explore_xlsx",
}
# Who asks for what of two thousand: who sees everybody, has most reports, or reads the data.
SHORTER = {
    "director": ("goals", "insights", "appraisals", "people", "schemes", "web"),
    "flat_head": ("goals", "insights", "appraisals"),
    "hr_partner": ("goals", "insights", "appraisals", "audit"),
    "analyst": ("metrics", "insights"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer took."""

    status: int
    queries: int
    size: int


Costs = dict[tuple[str, str, int], Cost]


def _costs(members: int, shorter: bool) -> Costs:
    """What each address takes for each role, in a company that is gone afterwards."""
    with transaction.atomic():
        company = a_large_company(members)
        every = {route: found for route, found in addresses(company).items() if found}
        found = {}
        for role, member in company.personas().items():
            apps = SHORTER.get(role, ()) if shorter else None
            browser, program = _clients(member)
            for route, number, address in (
                (route, number, address)
                for route, all_of_it in every.items()
                for number, address in enumerate(all_of_it)
                if apps is None or route.partition(":")[0] in apps
            ):
                if not (shorter and route in EXPORTS):
                    client = program if ":api." in route else browser
                    found[role, route, number] = _cost(client, address)
        transaction.set_rollback(True)
    return found


def _clients(member: object) -> tuple[Client, Client]:
    browser, program = Client(), builders.a_program(member)
    browser.force_login(builders.a_login(member))
    program.get("/api/v1/me")  # the first call of the day notes that the token was used
    return browser, program


def _cost(client: Client, address: str) -> Cost:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Cost(answer.status_code, len(queries), len(sent))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        from django.conf import settings

        patched.setattr(settings, "MINGJI_WAREHOUSE", tmp_path_factory.mktemp("scale"))
        yield


@pytest.fixture(scope="module")
def shorter(django_db_setup, django_db_blocker, warehouse) -> tuple[Costs, Costs]:
    with django_db_blocker.unblock():
        return _costs(SMALL, shorter=True), _costs(LARGE, shorter=True)


def test_no_address_costs_more_queries_in_a_company_of_thousands(shorter):
    assert _dearer(*shorter) == {}


def test_no_answer_grows_with_the_company(shorter):
    assert _too_large(shorter[1]) == {}


def test_ten_thousand_members_cost_everybody_no_more(warehouse):
    small, huge = _costs(SMALL, shorter=False), _costs(HUGE, shorter=False)

    assert (_dearer(small, huge), _too_large(huge)) == ({}, {})


def _dearer(small: Costs, large: Costs) -> dict[tuple[str, str, int], tuple[Cost, Cost]]:
    """What takes more queries than it may; beside the small company only where it was answered
    in the same way, a page beside a page."""
    return {
        asked: (small[asked], cost)
        for asked, cost in large.items()
        if asked[1] not in EXPORTS
        and (
            cost.queries > AT_MOST
            or (cost.status == small[asked].status and cost.queries > small[asked].queries + SPARED)
        )
    }


def _too_large(found: Costs) -> dict[tuple[str, str, int], Cost]:
    return {
        asked: cost
        for asked, cost in found.items()
        if asked[1] not in EXPORTS and cost.size > LARGEST_ANSWER
    }
