"""Definitions over the API, and what one value rests on: versions, conditions, batches, rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from integration.metrics.api_of_facts import get, pages, post
from integration.metrics.test_defining import OWN

NUMBER = "metrics/leads_created/observations/2026Q3"


def publish(company, document, reason="we sell by region now"):
    from mingji.metrics.actions import defining

    answer = post(company.analyst, "definitions", {"document": document, "reason": reason})
    defining.put_in_force()
    return answer


def test_a_draft_is_tried_and_nothing_is_saved(refreshed):
    told = post(refreshed.analyst, "definitions/check", {"document": OWN}).json()

    assert [each["metric"] for each in told["changes"]] == ["east_leads"]
    (change,) = told["changes"]
    assert (change["metric"], change["kind"], change["after"]) == ("east_leads", "added", "3")
    assert get(refreshed.subject, "definitions").json()["items"] == []
    assert get(refreshed.subject, "metrics/east_leads").status_code == 404


def test_a_draft_with_errors_names_line_and_remedy(refreshed):
    broken = OWN.replace("agg: count", "agg: counting")

    refused = post(refreshed.analyst, "definitions/check", {"document": broken})
    (finding,) = refused.json()["findings"]
    assert refused.status_code == 422
    assert "6" in finding["place"]
    assert finding["remedy"]


def test_versions_and_the_history_of_a_metric(refreshed):
    assert publish(refreshed, OWN).json()["number"] == 1
    publish(refreshed, OWN.replace("'east'", "'west'"), "the west, of course")
    publish(refreshed, "# nothing of our own\n", "back to the library")

    versions = pages(refreshed.subject, "definitions")
    assert [each["number"] for each in versions] == [3, 2, 1]
    history = pages(refreshed.peer, "metrics/east_leads/history")
    assert [(each["number"], each["kind"]) for each in history] == [
        (3, "gone"),
        (2, "changed"),
        (1, "added"),
    ]
    assert "region = 'west'" in history[1]["words"]
    two = get(refreshed.subject, "definitions/2").json()
    assert two["difference"] == ["-    filter: region = 'east'", "+    filter: region = 'west'"]
    assert get(refreshed.subject, "definitions/9").status_code == 404
    assert get(refreshed.subject, "metrics/never_there/history").status_code == 404


def test_only_the_analyst_tries_and_publishes(refreshed):
    for address in ("definitions", "definitions/check"):
        body = {"document": OWN, "reason": "mine"}
        body = body if address == "definitions" else {"document": OWN}
        assert post(refreshed.manager, address, body).status_code == 403


def test_a_metric_tells_what_it_reads_and_what_hangs_on_it(refreshed):
    told = get(refreshed.subject, "metrics/mql_count/dependence").json()

    (table,) = [each for each in told["tables"] if each["id"] == "leads"]
    assert "mql_on" in [each["id"] for each in table["columns"]]
    assert "mql_rate" in told["used_by"] or told["used_by"]
    assert told["data_owner"] is None
    made = get(refreshed.subject, f"metrics/{told['used_by'][0]}/dependence").json()
    assert made["inputs"] or made["tables"]


def test_a_value_rests_on_a_version_conditions_and_batches(refreshed):
    told = get(refreshed.subject, f"{NUMBER}/basis", member="subject").json()

    assert (told["value"], told["definitions_version"]) == ("3", None)
    assert len(told["definitions_digest"]) == 64
    assert [each["table"] for each in told["conditions"]] == ["leads"]
    assert [(each["file"], each["read"], each["loaded"]) for each in told["items"]] == [
        ("leads.csv", 6, 6)
    ]
    assert get(refreshed.peer, f"{NUMBER}/basis", member="subject").status_code == 404


def test_the_rows_of_a_value_come_in_pages_and_are_those_that_count(refreshed):
    rows = pages(refreshed.subject, f"{NUMBER}/rows", member="subject")
    head = get(refreshed.subject, f"{NUMBER}/rows", member="subject").json()["columns"]

    at = [each["id"] for each in head].index("lead_id")
    assert [row[at] for row in rows] == ["L1", "L2", "L3"]
    assert get(refreshed.peer, f"{NUMBER}/rows", member="subject").status_code == 404


def test_rows_of_a_team_leave_out_owners_beyond_ones_reach(refreshed):
    told = get(refreshed.subject, f"{NUMBER}/rows", team="growth").json()

    at = [each["id"] for each in told["columns"]].index("owner")
    assert {row[at] for row in told["items"]} == {"subject", ""}
    assert told["owners_hidden"] is True
    assert "peer" not in str(told["items"])


@pytest.mark.parametrize("part", ["rows", "basis"])
def test_a_page_of_a_value_costs_as_many_queries_for_one_row_as_for_all(refreshed, part):
    program = builders.a_program(refreshed.analyst)
    program.get("/api/v1/me")

    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as counted:
            program.get(f"/api/v1/{NUMBER}/{part}", {"limit": limit})
        return len(counted)

    assert queries(1) == queries(200)
