"""The pages of metrics cost as many queries for two thousand members as for sixty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders

PAGES = {
    "/metrics/": 13,
    "/metrics/leads_created/?period=2026Q3": 15,
    "/metrics/leads_created/2026Q3/why/?member=crowd-1": 13,
    "/metrics/leads_created/explore/?period=2026Q3&by=member&compare=year": 20,
}
HX = 'hx-get="/metrics/leads_created/2026Q3/why/?member=crowd-'
TREE = {
    "key": "leads_created",
    "label": {"zh": "线索", "en": "Leads"},
    "value": "7",
    "rule": "given",
}


def _observed(run, members):
    from mingji.metrics.models import Observation

    whose = [{"member": member} for member in members]
    Observation.objects.bulk_create(
        Observation(
            run=run, metric="leads_created", period="2026Q3", value=7, rows=7, tree=TREE, **each
        )
        for each in whose
    )


def _counts(director):
    client = Client()
    client.force_login(builders.a_login(director))
    counts = {}
    for address in PAGES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[address] = len(queries)
    return counts


@pytest.fixture
def run(db, settings, tmp_path):
    from mingji.metrics.models import Observation, RefreshRun

    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    made = RefreshRun.objects.create(at=builders.NOW, definitions_digest="-")
    Observation.objects.create(
        run=made, metric="leads_created", period="2026Q3", value=7, rows=7, tree=TREE
    )
    return made


def test_two_thousand_members_cost_as_many_queries_as_sixty(run):
    from mingji.metrics import queries

    builders.a_team("company")
    director = builders.a_member("director", "company", level="head", family="MG")
    few = builders.many_members(60, team="crowd", manager="director")
    _observed(run, few)
    small = _counts(director)
    many = builders.many_members(1940, team="more", manager="director")
    _observed(run, many)

    assert _counts(director) == small
    assert all(small[address] <= most for address, most in PAGES.items()), small
    with CaptureQueriesContext(connection) as asked:
        facts = queries.facts_for([member.pk for member in few + many], "2026Q3")
    assert (len(facts), len(asked)) == (2000, 1)


def test_members_are_paged_by_key(run):
    builders.a_team("company")
    director = builders.a_member("director", "company", level="head", family="MG")
    _observed(run, builders.many_members(60, team="crowd", manager="director"))
    client = Client()
    client.force_login(builders.a_login(director))

    first = client.get("/metrics/leads_created/?period=2026Q3").content.decode()
    after = first.split("after=")[1].split("#")[0]
    second = client.get(f"/metrics/leads_created/?period=2026Q3&after={after}").content.decode()

    assert first.count(HX) == 50
    assert second.count(HX) == 10


def test_the_pages_of_typed_in_values_and_the_inbox_cost_the_same_with_one_as_with_thirty(
    refreshed,
):
    from integration.metrics.test_typed import PAGE, rejected, typed

    client = Client()
    client.force_login(builders.a_login(refreshed.analyst))

    def counts():
        found = []
        for address in (PAGE, "/metrics/data/corrections/", "/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    rejected(typed(refreshed.analyst, level="member", who="subject"), refreshed.company_hr_partner)
    typed(refreshed.analyst)
    few = counts()
    typed(refreshed.analyst, level="company", who="", value="5")
    for member in ("peer", "manager", "director"):
        for number in range(9):
            value = typed(refreshed.analyst, level="member", who=member, value=str(number + 1))
            rejected(value, refreshed.company_hr_partner)

    assert counts() == few
