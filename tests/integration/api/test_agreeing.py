"""Goals are negotiated and changed through the API as on the pages, and locked as there."""

from __future__ import annotations

import json

import pytest

import builders
import goal_builders as build
from mingji.goals.models import Agreement, ChangeRequest, ProgressUpdate
from mingji.goals.queries import terms_of
from mingji.rules.goal_terms import digest

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
LEADS = {"key": "mql_count", "target": "120", "threshold": "96.5", "stretch": "150"}
NPS = {"key": "nps", "target": "42"}


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def send(who, method, path, body=None):
    program = builders.a_program(who)
    return program.generic(
        method, f"{BASE}{path}", json.dumps(body or {}), content_type="application/json"
    )


def drafted(company, *goals, by=None):
    body = {"member": "subject", "period": "2027Q1", "goals": list(goals)}
    return send(by or company.manager, "PUT", "/agreements", body)


def agreed(company):
    number = drafted(company, LEADS).json()["id"]
    send(company.manager, "POST", f"/agreements/{number}/propose", {"note": "As spoken."})
    version = send(company.subject, "GET", f"/agreements/{number}").json()["number"]
    answer = send(company.subject, "POST", f"/agreements/{number}/accept", {"number": version})
    assert answer.json()["status"] == "agreed"
    return number


def test_a_draft_is_what_was_sent_last(company):
    drafted(company, LEADS, NPS)
    answer = drafted(company, LEADS)

    told = answer.json()
    assert (answer.status_code, told["status"], told["member"]) == (200, "draft", "subject")
    assert [(goal["key"], goal["target"], goal["threshold"]) for goal in told["goals"]] == [
        ("mql_count", "120", "96.5")
    ]
    assert told["digest"] == digest(terms_of(Agreement.objects.get(pk=told["id"])))


def test_an_objective_brings_its_key_results_with_milestones(company):
    objective = {"key": "o1", "kind": "objective", "title": "进入华东市场"}
    steps = [
        {"title": "签约", "weight": "60", "due": "2027-02-01"},
        {"title": "上线", "weight": "40"},
    ]
    result = {
        "key": "kr1",
        "kind": "key_result",
        "objective": "o1",
        "title": "渠道上线",
        "measure": "milestones",
        "milestones": steps,
        "weight": "100",
    }

    told = drafted(company, result, objective).json()

    by_key = {goal["key"]: goal for goal in told["goals"]}
    assert by_key["kr1"]["objective"] == "o1"
    assert [step["title"] for step in by_key["kr1"]["milestones"]] == ["签约", "上线"]


@pytest.mark.parametrize(
    ("goals", "code"),
    [
        (
            [
                {
                    "key": "kr1",
                    "kind": "key_result",
                    "title": "T",
                    "objective": "o9",
                    "measure": "yes_no",
                }
            ],
            "objective_unknown",
        ),
        ([LEADS, LEADS], "goal_twice"),
        ([{"key": "no_such_item", "metric": "no_such_metric", "target": "1"}], "unknown_item"),
        ([{"key": "mql_count", "target": "1", "theme": "no_such_theme"}], "unknown_theme"),
    ],
)
def test_goals_that_cannot_be_are_refused_and_nothing_is_written(company, goals, code):
    answer = drafted(company, *goals)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Agreement.objects.exists()


def test_both_sides_negotiate_and_what_is_agreed_is_locked(company):
    number = drafted(company, LEADS).json()["id"]
    send(company.manager, "POST", f"/agreements/{number}/propose")
    less = LEADS | {"target": "100"}
    countered = send(
        company.subject, "POST", f"/agreements/{number}/counter", {"goals": [less], "note": "少些"}
    ).json()
    own = send(company.subject, "POST", f"/agreements/{number}/accept", {"number": 2})
    stale = send(company.manager, "POST", f"/agreements/{number}/accept", {"number": 1})
    done = send(
        company.manager, "POST", f"/agreements/{number}/accept", {"number": countered["number"]}
    ).json()

    assert (countered["status"], countered["awaited"]) == ("countered", "above")
    assert (own.status_code, stale.status_code) == (409, 409)
    assert (done["status"], done["goals"][0]["target"]) == ("agreed", "100")


def test_no_operation_changes_what_is_agreed(company):
    number = agreed(company)
    row = Agreement.objects.get(pk=number)
    goal, before = row.goals.get(), digest(terms_of(row))
    less = {"goals": [LEADS | {"target": "1"}]}
    tried = [
        ("PUT", "/agreements", {"member": "subject", "period": "2027Q1"} | less),
        ("POST", f"/agreements/{number}/propose", {}),
        ("POST", f"/agreements/{number}/withdraw", {}),
        ("POST", f"/agreements/{number}/counter", less),
        ("POST", f"/agreements/{number}/accept", {"number": row.number}),
    ]
    for who in (company.subject, company.manager, company.director, company.peer):
        for method, path, body in tried:
            assert send(who, method, path, body).status_code in (403, 404, 409)
        send(who, "POST", f"/goals/{goal.pk}/progress", {"confidence": "at_risk"})
        send(who, "POST", f"/agreements/{number}/comments", {"text": "为什么？"})

    row.refresh_from_db()
    assert (row.status, digest(terms_of(row))) == ("agreed", before)
    assert ProgressUpdate.objects.filter(goal=goal).exists()


def test_only_a_change_that_both_sides_and_a_third_want_changes_it(company):
    number = agreed(company)
    why = {"category": "market", "reason": "展会取消", "evidence": "通知 7 号"}
    asked = send(
        company.subject,
        "POST",
        f"/agreements/{number}/changes",
        {"goals": [LEADS | {"target": "100"}], **why},
    ).json()
    path = f"/changes/{asked['id']}/answer"
    early = send(company.director, "POST", path, {"step": "approve"})
    send(company.manager, "POST", path, {"step": "accept"})
    own = send(company.manager, "POST", path, {"step": "approve"})
    done = send(company.director, "POST", path, {"step": "approve"}).json()

    assert (early.status_code, own.status_code) == (409, 403)
    assert done["status"] == "in_force"
    told = send(company.subject, "GET", f"/agreements/{number}").json()
    assert (told["goals"][0]["target"], told["change"]) == ("100", None)


def test_a_change_is_refused_with_a_reason(company):
    number = agreed(company)
    why = {"category": "market", "reason": "展会取消", "evidence": "通知 7 号"}
    goals = [LEADS | {"target": "100"}]
    asked = send(company.subject, "POST", f"/agreements/{number}/changes", {"goals": goals, **why})
    path = f"/changes/{asked.json()['id']}/answer"

    silent = send(company.manager, "POST", path, {"step": "refuse"})
    told = send(company.manager, "POST", path, {"step": "refuse", "answer": "另有展会"}).json()

    assert silent.status_code == 422
    assert (told["status"], told["answer"]) == ("refused", "另有展会")
    assert ChangeRequest.objects.get().decided_by == "manager"


def test_goals_of_a_team_are_drafted_by_who_leads_it(company):
    body = {"team": "growth", "period": "2027Q1", "goals": [LEADS]}

    told = send(company.manager, "PUT", "/agreements", body).json()

    assert (told["team"], told["member"]) == ("growth", None)
    assert send(company.peer, "PUT", "/agreements", body | {"period": "2027Q2"}).status_code in (
        403,
        404,
    )


def test_whose_goals_they_are_is_said_once(company):
    body = {"member": "subject", "team": "growth", "period": "2027Q1", "goals": []}

    answer = send(company.manager, "PUT", "/agreements", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "whose_goals")
