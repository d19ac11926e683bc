"""Disputes, corrections and typed-in values over the API: as on the pages, and no further."""

from __future__ import annotations

import base64
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from integration.metrics.api_of_facts import get, pages, post
from integration.metrics.dispute_builders import METRIC, PERIOD, a_correction, a_dispute
from integration.metrics.test_typed import typed

COMPLAINT = {
    "metric": METRIC,
    "period": PERIOD,
    "member": "subject",
    "ground": "wrong_owner",
    "text": "L5 was mine: I took it over from the agency.",
    "table": "leads",
    "row": ["L5"],
}
CHANGE = {
    "table": "leads",
    "kind": "change",
    "key": ["L5"],
    "values": {"owner": "subject"},
    "reason": "Handed over on 6 September, see the mail.",
}
TYPED = {"period": PERIOD, "team": "growth", "value": "62.5", "evidence": "Agency report, page 4."}
BYTES = b"From: agency\nL5 is yours now."
FILE = {"name": "mail.txt", "content": base64.b64encode(BYTES).decode()}


@pytest.fixture
def company(company, settings, tmp_path):
    settings.MINGJI_EVIDENCE = tmp_path / "evidence"
    return company


def test_from_the_complaint_to_the_settled_dispute(refreshed):
    raised = post(refreshed.subject, "disputes", {**COMPLAINT, "file": FILE}).json()
    one = f"disputes/{raised['id']}"
    assert (raised["status"], raised["value"], raised["row"]) == ("open", "3", ["L5"])
    assert raised["file"]["sha256"] == hashlib.sha256(BYTES).hexdigest()

    waiting = get(refreshed.analyst, "disputes", part="answer").json()["items"]
    assert [each["id"] for each in waiting] == [raised["id"]]
    proposed = post(refreshed.analyst, "corrections", {**CHANGE, "dispute": raised["id"]}).json()
    number = f"corrections/{proposed['number']}"
    assert (proposed["before"]["owner"], proposed["changes"]) == ("agency-x", {"owner": "subject"})
    assert post(refreshed.analyst, f"{number}/decide", {"decision": "approve"}).status_code == 403

    decided = post(refreshed.company_hr_partner, f"{number}/decide", {"decision": "approve"})
    assert decided.json()["status"] == "approved"
    settled = post(refreshed.subject, f"{one}/follow-up", {"step": "settle"}).json()
    assert settled["status"] == "settled"
    steps = [(each["kind"], each["author"]) for each in settled["steps"]]
    assert steps == [
        ("raised", "subject"),
        ("proposed", "analyst"),
        ("approved", "hr-company"),
        ("settled", "subject"),
    ]


def test_an_answer_with_a_reason_can_be_reopened_once(refreshed):
    one = f"disputes/{a_dispute(refreshed.subject).pk}"

    answered = post(refreshed.analyst, f"{one}/answer", {"reason": "The agency kept it."})
    assert answered.json()["steps"][-1]["text"] == "The agency kept it."
    again = {"step": "reopen", "text": "Not after 6 September."}
    assert post(refreshed.subject, f"{one}/follow-up", again).json()["status"] == "open"
    post(refreshed.analyst, f"{one}/answer", {"reason": "Still so."})
    refused = post(refreshed.subject, f"{one}/follow-up", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "reopened_before")


def test_a_correction_that_is_rejected_says_why(refreshed):
    made = post(refreshed.analyst, "corrections", CHANGE).json()
    number = f"corrections/{made['number']}/decide"

    silent = post(refreshed.company_hr_partner, number, {"decision": "reject"})
    assert silent.json()["findings"][0]["place"] == "words"
    told = post(refreshed.company_hr_partner, number, {"decision": "reject", "words": "No mail."})
    assert (told.json()["status"], told.json()["decision"]) == ("rejected", "No mail.")


def test_what_a_row_cannot_be_corrected_to_is_refused_and_nothing_written(refreshed):
    refused = post(refreshed.analyst, "corrections", {**CHANGE, "key": ["L99"]})

    assert refused.status_code == 422
    assert get(refreshed.analyst, "corrections").json()["items"] == []


def test_a_typed_in_value_counts_once_a_second_person_approved_it(refreshed):
    made = post(refreshed.analyst, "metrics/brand_index/typed", TYPED).json()
    assert made["key"] == ["brand_index", PERIOD, "team", "growth"]
    post(refreshed.company_hr_partner, f"corrections/{made['number']}/decide",
         {"decision": "approve"})  # fmt: skip

    (line,) = get(refreshed.analyst, "metrics/brand_index/typed").json()["items"]
    assert (line["value"], line["counts"], line["who"]) == ("62.5", True, "growth")
    assert line["evidence"] == "Agency report, page 4."


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"evidence": ""}, "evidence"),
        ({"period": "2031Q1"}, "period"),
        ({"team": "nowhere"}, "who"),
        ({"member": "subject"}, "team"),
        ({"value": "6.123456789"}, "body.value"),
        ({"file": {**FILE, "content": "abc"}}, "file"),
        ({"file": {**FILE, "sha256": "0" * 64}}, "file"),
        ({"file": {**FILE, "name": "mail.exe"}}, "file"),
    ],
)
def test_a_typed_in_value_without_a_foundation_names_what_is_missing(refreshed, changed, place):
    refused = post(refreshed.analyst, "metrics/brand_index/typed", {**TYPED, **changed})

    assert refused.status_code == 422
    assert [each["place"] for each in refused.json()["findings"]] == [place]


def test_a_file_comes_back_as_it_was_given_and_only_to_who_may_see_the_dispute(refreshed):
    raised = post(refreshed.subject, "disputes", {**COMPLAINT, "file": FILE}).json()
    address = f"disputes/{raised['id']}/file"

    told = get(refreshed.analyst, address).json()
    assert (told["name"], base64.b64decode(told["content"])) == ("mail.txt", BYTES)
    assert get(refreshed.peer, address).status_code == 404


def test_a_token_that_only_reads_raises_no_dispute(refreshed):
    program = builders.a_program(refreshed.subject, writes=False)

    answer = program.post("/api/v1/disputes", COMPLAINT, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "token_only_reads")


def test_disputes_come_in_pages_that_lead_through_each_once(refreshed):
    rows = [("L1",), ("L2",), ("L3",), ("L4",), ("L5",)]
    made = [a_dispute(refreshed.subject, row=row).pk for row in rows]

    for part, who in (("mine", "subject"), ("reach", "manager"), ("answer", "analyst")):
        found = pages(getattr(refreshed, who), "disputes", part=part)
        assert [each["id"] for each in found] == made[::-1]
    assert pages(refreshed.peer, "disputes", part="reach") == []
    assert get(refreshed.analyst, "disputes", after="9" * 40).status_code == 200


def test_a_list_costs_as_many_queries_for_twenty_as_for_two(refreshed):
    def queries() -> int:
        program = builders.a_program(refreshed.analyst)
        program.get("/api/v1/me")
        with CaptureQueriesContext(connection) as counted:
            program.get("/api/v1/disputes?part=reach")
            program.get("/api/v1/corrections")
            program.get("/api/v1/metrics/brand_index/typed")
        return len(counted)

    def some(keys):
        for key in keys:
            a_dispute(refreshed.subject, row=(f"L{key}",))
            a_correction(refreshed.analyst, values={"region": f"r{key}"})
            typed(refreshed.analyst, level="member", who=f"crowd-{key}")

    builders.many_members(12)
    some([1, 2])
    few = queries()
    some(range(3, 12))
    assert queries() == few
