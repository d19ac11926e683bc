"""A marked number of a member turns up on no page of anybody whom it is not for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

import builders
import goal_builders as build
from policy_matrix import ask, routes
from policy_samples import samples

PERIOD = "2026Q3"
MARK = re.compile(r"77,?131|暗号七七")
HEAD = "opportunity_id,created_on,closed_on,stage,kind,channel,amount,owner"
OPPORTUNITIES = f"""{HEAD}
O1,2026-07-01,2026-09-01,won,new,search,77131.13,subject
O2,2026-07-01,2026-09-01,won,new,search,1000,peer
O3,2026-07-01,2026-09-01,won,new,search,2000,manager
"""
NOT_THEIRS = ("peer", "other_manager", "ex_manager", "other_hr_partner")
THEIRS = ("subject", "manager", "director", "hr_partner", "company_hr_partner", "analyst")
METRIC = "/metrics/won_revenue"
ABOUT = "member=subject"
NARROWED = ("only=owner&value=subject", "only=member&value=subject", "only=amount&value=77131.13")


def addresses() -> Iterator[str]:
    """Every page of a metric, asked for about the subject in every way that one could try."""
    yield from (
        "/metrics/",
        f"/metrics/?period={PERIOD}",
        f"{METRIC}/",
        f"{METRIC}/?period={PERIOD}",
    )
    for page in ("why", "rows", "rows.csv", "dispute"):
        tail = "" if page.endswith("csv") else "/"
        yield f"{METRIC}/{PERIOD}/{page}{tail}?{ABOUT}"
    for key in ("member", "owner", "opportunity_id", "team", "channel"):
        yield f"{METRIC}/explore/?period={PERIOD}&by={key}"
        yield f"{METRIC}/explore.csv?period={PERIOD}&by={key}"
        yield f"{METRIC}/explore.xlsx?period={PERIOD}&by={key}"
        for page in ("why", "rows"):
            yield f"{METRIC}/explore/{page}/?period={PERIOD}&by={key}&key=subject"
        yield f"{METRIC}/explore/rows.csv?period={PERIOD}&by={key}&key=subject"
    for narrowed in NARROWED:
        for page in (
            "explore/",
            "explore.csv",
            "explore/rows/",
            "explore/rows.csv",
            "explore/why/",
        ):
            yield f"{METRIC}/{page}?period={PERIOD}&{narrowed}"
    yield from ("/metrics/disputes/", "/metrics/data/corrections/", "/metrics/data/", "/goals/")


def programs() -> Iterator[str]:
    """The same for the API."""
    yield f"/api/v1/metrics/won_revenue/observations?period={PERIOD}&{ABOUT}"
    yield f"/api/v1/metrics/won_revenue/observations?period={PERIOD}"
    yield f"/api/v1/metrics/won_revenue/observations/{PERIOD}/explanation?{ABOUT}"


@pytest.fixture
def marked(company: builders.Company, load: Any) -> builders.Company:
    """The subject's revenue, a goal on it, a dispute of it, and a correction that answers it."""
    from mingji.metrics import actions
    from mingji.metrics.queries import Slice

    load("opportunities", OPPORTUNITIES, name="deals.csv")
    actions.refresh("system", [PERIOD], builders.NOW)
    build.an_agreed_goal("won_revenue", "77131", member=company.subject, period=PERIOD)
    actions.raise_dispute(
        builders.a_viewer(company.subject),
        Slice("won_revenue", PERIOD, member="subject"),
        actions.Complaint(ground="wrong_owner", text="暗号七七", table="", row=()),
        at=builders.NOW,
    )
    proposal = actions.Proposal(
        table="opportunities",
        kind="change",
        key=("O1",),
        values={"amount": "77131.99"},
        reason="暗号七七",
    )
    analyst = builders.a_viewer(company.analyst)
    actions.propose_correction(analyst, proposal, at=builders.NOW)
    return company


def told(answer: Any) -> str:
    """All that an answer says, with what is in the sheets of a workbook."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("role", NOT_THEIRS)
def test_no_page_about_a_number_shows_it_to_whom_it_is_not_for(
    marked: builders.Company, client_of: Any, role: str
) -> None:
    client = client_of(getattr(marked, role))
    leaks = [
        address
        for address in addresses()
        if MARK.search(re.sub(r"value=77131\.13", "", told(client.get(address, follow=True))))
    ]
    program = builders.a_program(getattr(marked, role))
    leaks += [address for address in programs() if MARK.search(told(program.get(address)))]
    assert leaks == []


def test_the_mark_is_found_where_it_may_be_seen(marked: builders.Company, client_of: Any) -> None:
    for role in THEIRS:
        page = client_of(getattr(marked, role)).get(f"{METRIC}/{PERIOD}/why/?{ABOUT}")
        assert MARK.search(told(page)), role
        program = builders.a_program(getattr(marked, role))
        assert any(MARK.search(told(program.get(address))) for address in programs()), role


def test_no_address_of_the_product_shows_it_to_a_former_lead_or_another_team_s(
    marked: builders.Company, client_of: Any
) -> None:
    known = samples(marked)
    for role in NOT_THEIRS:
        client = client_of(getattr(marked, role))
        for route in routes():
            if route.app == "metrics" and not route.is_api and "GET" in route.methods:
                answer = ask(client, route, known[str(route)], "GET")
                assert not MARK.search(told(answer)), (role, str(route))
