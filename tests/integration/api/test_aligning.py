"""Goals are aligned through the API as on the page: the same rights, the same arithmetic."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import builders
import goal_builders as build
from mingji.goals.models import Alignment, Goal

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture
def company():
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def cost(company):
    from mingji.people import queries as people

    return build.an_agreed_goal("cost_per_lead", "80", team=people.teams_by_code()["growth"])


@pytest.fixture
def spend(company):
    return build.an_agreed_goal("spend_total", "100000", member=company.subject)


@pytest.fixture
def leads(company):
    return build.an_agreed_goal("leads_created", "1200", member=company.peer)


def send(who, method, path, body=None):
    program = builders.a_program(who)
    return program.generic(
        method, f"{BASE}{path}", json.dumps(body or {}), content_type="application/json"
    )


def serve(who, child, parent, **said):
    return send(who, "PUT", f"/goals/{child.pk}/serves/{parent.pk}", said)


def test_what_serves_what_adds_up_and_what_closes_the_gap(company, cost, spend, leads):
    serve(company.manager, spend, cost)
    answer = serve(company.manager, leads, cost, part="denominator")
    told = send(company.manager, "GET", f"/goals/{cost.pk}/alignment").json()

    assert answer.status_code == 200
    assert [each["goal"] for each in answer.json()["above"]] == [cost.pk]
    assert (told["mode"], told["chosen"], told["hidden"]) == ("ratio_of_sums", "", 0)
    assert "sum" not in told["modes"]
    assert [(each["goal"], each["carries"], each["part"]) for each in told["below"]] == [
        (spend.pk, "numerator", ""),
        (leads.pk, "denominator", "denominator"),
    ]
    check = told["check"]
    assert check["verdict"] == "gap"
    assert check["words"]["en"] == "83.3333 together miss the target 80 by 3.3333 (4.1667 %)"
    assert [each["code"] for each in check["ways"]] == ["numerators", "denominators", "parent"]
    assert Decimal(check["ways"][1]["change"]) == 50


def test_every_number_opens(company, cost, spend, leads):
    for goal in (spend, leads):
        serve(company.manager, goal, cost)
    path = f"/goals/{cost.pk}/alignment/explanation"

    whole = send(company.manager, "GET", path).json()
    way = send(company.manager, "GET", f"{path}?way=1&path=needed").json()

    assert whole["rule"] == "goals.difference"
    assert (way["rule"], Decimal(way["value"])) == ("goals.needed", Decimal(1250))
    assert send(company.manager, "GET", f"{path}?way=7").status_code == 404


def test_a_funnel_is_set_in_one_call(company, leads):
    from mingji.people import queries as people

    above = build.an_agreed_goal("won_revenue", "1000000", team=people.teams_by_code()["growth"])
    rate = build.an_agreed_goal("win_rate", "0.05", member=company.subject)
    size = build.an_agreed_goal("average_deal", "9000", member=company.subject)
    for goal in (leads, rate, size):
        serve(company.manager, goal, above)
    parts = [
        {"goal": leads.pk, "part": "count"},
        {"goal": rate.pk, "part": "rate", "volume": "1200"},
        {"goal": size.pk, "part": "value"},
    ]

    sent = {"mode": "shared_funnel", "parts": parts}
    answer = send(company.manager, "PUT", f"/goals/{above.pk}/combine", sent)

    told = answer.json()
    assert (answer.status_code, told["mode"], told["chosen"]) == (200, *["shared_funnel"] * 2)
    assert Decimal(told["check"]["combined"]) == 540000
    assert {each["part"]: each["volume"] for each in told["below"]}["rate"] == "1200"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"share": "0"}, "share_out_of_bounds"),
        ({"part": "denominator"}, "part_makes_no_sense"),
        ({"volume": "0"}, "volume_out_of_bounds"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(company, cost, spend, sent, code):
    refused = serve(company.manager, spend, cost, **sent)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert not Alignment.objects.exists()


def test_a_goal_named_twice_is_refused(company, cost, spend):
    serve(company.manager, spend, cost)
    parts = [{"goal": spend.pk, "part": "numerator"}, {"goal": spend.pk, "part": ""}]

    refused = send(company.manager, "PUT", f"/goals/{cost.pk}/combine", {"parts": parts})

    assert (refused.status_code, refused.json()["code"]) == (422, "goal_twice")
    assert Alignment.objects.get().part == ""


def test_a_circle_and_a_rate_that_is_summed_are_refused(company, cost, spend):
    serve(company.manager, spend, cost)

    back = serve(company.manager, cost, spend)
    summed = send(company.manager, "PUT", f"/goals/{cost.pk}/combine", {"mode": "sum"})

    assert (back.status_code, back.json()["code"]) == (422, "alignment_cycle")
    assert (summed.status_code, summed.json()["code"]) == (422, "mode_not_allowed")
    assert Goal.objects.get(pk=cost.pk).combine == ""


def test_an_alignment_is_ended(company, cost, spend):
    serve(company.manager, spend, cost)

    ended = send(company.manager, "DELETE", f"/goals/{spend.pk}/serves/{cost.pk}")

    assert ended.status_code == 204
    assert not Alignment.objects.exists()


def test_rights_are_those_of_the_page(company, cost, spend, leads):
    for goal in (spend, leads):
        serve(company.manager, goal, cost)
    path = f"/goals/{cost.pk}/alignment"

    own = send(company.subject, "GET", path).json()
    elsewhere = send(company.other_manager, "GET", path)
    partner = serve(company.hr_partner, spend, cost, share="50")
    peer = serve(company.peer, spend, cost, share="50")
    combined = send(company.subject, "PUT", f"/goals/{cost.pk}/combine", {"mode": "min"})

    assert (own["hidden"], own["check"]) == (1, None)
    assert [each["goal"] for each in own["below"]] == [spend.pk]
    assert send(company.subject, "GET", f"{path}/explanation").status_code == 404
    assert (elsewhere.status_code, partner.status_code, peer.status_code) == (404, 403, 404)
    assert combined.status_code == 403
