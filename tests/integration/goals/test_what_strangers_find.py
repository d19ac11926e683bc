"""Words and numbers of somebody's goals, looked for by everyone who must not see them.

Each address of the product is asked for, pages and API, lists, exports and printed ones, by a
browser or a program of each stranger; what was written among the two sides has a mark that nothing
else has, and must not be in any answer.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build
import policy_matrix
from policy_sample import Sample
from policy_samples import samples

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
MARK = "73917"
STRANGERS = ("peer", "other_manager", "ex_manager", "other_hr_partner", "analyst", "left")
EXPORTS = ("goals:export_csv", "goals:export_xlsx")


class Marked:
    """The company, the objects that carry the mark, and the samples of every route with them."""

    def __init__(self) -> None:
        from mingji.goals import actions
        from mingji.goals.models import Comment, Goal
        from mingji.people import actions as people

        self.company = builders.a_company()
        self.found = samples(self.company)
        gone = builders.a_member("gone", "growth", "manager", name="走了")
        # The login and its tokens stay; the post has ended.
        people.leave("system", "gone", left_on=builders.TODAY, at=builders.NOW)
        self.left = gone
        agreement = self._signed()
        manager = builders.a_viewer(self.company.manager)
        goal = agreement.goals.get(item="kr-9").pk
        actions.comment(manager, agreement.pk, f"私下说 {MARK}", at=builders.NOW)
        said = actions.Report(value=Decimal(3), evidence=f"凭证 {MARK}", note=f"备注 {MARK}")
        actions.report(manager, goal, said, at=builders.NOW)
        why = actions.Grounds(category="market", reason=f"因 {MARK}", evidence=f"据 {MARK}")
        terms = [
            replace(each.terms, support=f"另批 {MARK}") if each.pk == goal else each.terms
            for each in agreement.goals.all()
        ]
        asked = actions.request_change(manager, agreement.pk, terms, why, at=builders.NOW)
        self.kwargs: dict[str, list[int]] = {
            "goal_id": list(agreement.goals.values_list("pk", flat=True)),
            "agreement_id": [agreement.pk],
            "request_id": [asked],
        }
        assert Comment.objects.filter(text__contains=MARK).exists()
        assert Goal.objects.filter(target=Decimal(f"{MARK}01")).exists()

    def _signed(self) -> Any:
        from mingji.goals import actions
        from mingji.goals.models import Agreement
        from mingji.goals.queries import Owner
        from mingji.rules.goal_terms import GoalTerms

        owner = Owner(member=self.company.subject)
        result = GoalTerms(
            key="kr-9", kind="key_result", objective="o-9", title=f"结果 {MARK}", measure="manual"
        )
        terms = [
            GoalTerms(key="o-9", kind="objective", title=f"目标 {MARK}", weight=Decimal(100)),
            replace(
                result,
                unit="篇",
                baseline=Decimal(0),
                target=Decimal(f"{MARK}01"),
                support=f"支持 {MARK}",
            ),
            replace(result, key="kr-8", unit="次", baseline=Decimal(1), target=Decimal(9)),
        ]
        self.period = "2027Q4"
        manager = builders.a_viewer(self.company.manager)
        at = builders.NOW
        made = actions.set_goals(manager, owner, period=self.period, terms=terms, at=at)
        actions.propose(manager, made, note=f"附言 {MARK}", at=at)
        actions.accept(builders.a_viewer(self.company.subject), made, number=1, at=at)
        return Agreement.objects.get(pk=made)

    def addresses(self) -> Iterator[tuple[policy_matrix.Route, str, dict[str, str]]]:
        """Every address that can be read, of the marked objects where it names any."""
        for route in policy_matrix.routes():
            sample = self.found[str(route)]
            names = self.kwargs.keys() & sample.kwargs.keys()
            for number in self.kwargs[min(names)] if names else [None]:
                kwargs = sample.kwargs if number is None else sample.kwargs | {min(names): number}
                for query in self._queries(route, sample):
                    yield route, route.address(Sample(kwargs)), query

    def _queries(self, route: policy_matrix.Route, sample: Sample) -> list[dict[str, str]]:
        asked = [sample.query, sample.query | {"period": self.period}]
        if str(route) in EXPORTS:
            asked += [
                {"period": self.period, "progress": "1", **whose}
                for whose in ({"member": "subject"}, {"team": "growth"}, {"below": "1"})
            ]
        return asked


@pytest.fixture
def marked() -> Marked:
    return Marked()


def said(answer: Any) -> str:
    """All that an answer holds, also inside a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return str(body.decode("utf-8", "replace"))


@pytest.mark.parametrize("role", STRANGERS)
def test_no_address_tells_a_stranger_what_two_sides_agreed(
    marked: Marked, client_of: ClientOf, role: str
) -> None:
    who = marked.left if role == "left" else getattr(marked.company, role)
    browser = client_of(who)
    program = builders.a_program(who) if role != "left" else browser
    looked = 0

    for route, address, query in marked.addresses():
        client = program if route.is_api else browser
        answer = client.get(address, query)
        looked += 1
        assert answer.status_code < 500, address
        assert MARK not in said(answer), (address, query)
        named = marked.kwargs.keys() & marked.found[str(route)].kwargs.keys()
        if named and answer.status_code == 200:
            pytest.fail(f"{address} is open to {role}")

    assert looked > 150


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner"])
def test_the_mark_is_found_by_those_who_may(marked: Marked, client_of: ClientOf, role: str) -> None:
    """So that a stranger who finds nothing has looked where there is something."""
    browser = client_of(getattr(marked.company, role))
    with_mark = {
        route.name
        for route, address, query in marked.addresses()
        if route.app == "goals" and not route.is_api and MARK in said(browser.get(address, query))
    }

    assert {"goal", "agreement", "versions", "change", "export_csv", "export_xlsx"} <= with_mark


def test_a_former_lead_sees_no_goal_of_after_the_day_on_which_somebody_moved(
    client_of: ClientOf,
) -> None:
    from mingji.people import actions as people

    build.a_scheme()
    company = builders.a_company()
    goal = build.a_draft(company.manager, company.subject)
    move = people.NewPost(
        team="events", job_family="EV", level="specialist", manager="other-manager"
    )
    lead, later = client_of(company.manager), client_of(company.other_manager)
    before = [each.get(f"/goals/{goal}/").status_code for each in (lead, later)]

    people.post("system", "subject", move, starts_on=builders.TODAY, at=builders.NOW)

    after = [each.get(f"/goals/{goal}/").status_code for each in (lead, later)]
    assert (before, after) == ([200, 404], [404, 200])
    assert lead.post(f"/goals/{goal}/edit/", {"target": "1"}).status_code == 404
