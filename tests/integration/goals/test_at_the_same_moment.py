"""Two people press at the same moment: one of them is first, the other is told, nothing is lost.

On SQLite writers wait for one another; on PostgreSQL (`make test-postgres`) rows are locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections
from django.test import Client

import builders
import goal_builders as build
from mingji.cli import main
from mingji.rules.errors import MingjiError
from mingji.rules.goal_terms import GoalTerms

ROUNDS = 4
Step = Callable[[], object]


@pytest.fixture
def company(transactional_db: None) -> Iterator[builders.Company]:
    from mingji.goals import seals

    build.a_scheme()
    yield builders.a_company()
    seals.remove()  # the tables are emptied now; what follows that puts them back


def at_once(*steps: Step) -> list[str]:
    """What came of steps that start together: `302`, the code of a refusal, or `done`."""
    gate = Barrier(len(steps))

    def run(step: Step) -> str:
        try:
            gate.wait(10)
            answer = step()
        except MingjiError as error:
            return error.code
        finally:
            connections.close_all()
        return str(getattr(answer, "status_code", "done"))

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, steps))


def browser(member: Any) -> Client:
    client = Client()
    client.force_login(builders.a_login(member))
    return client


def post(member: Any, address: str, **form: Any) -> Step:
    client = browser(member)
    return lambda: client.post(address, form)


def proposed(company: builders.Company, number: int) -> Any:
    """An agreement of a period of its own that waits for the member."""
    from mingji.goals import actions

    goal = build.a_draft(company.manager, company.subject, period=period(number))
    agreement = build.agreement_of(goal)
    actions.propose(builders.a_viewer(company.manager), agreement.pk, at=builders.NOW)
    return agreement


def signed(company: builders.Company, number: int) -> Any:
    from mingji.goals import actions

    found = proposed(company, number)
    subject = builders.a_viewer(company.subject)
    actions.accept(subject, found.pk, number=1, at=builders.NOW)
    found.refresh_from_db()
    return found


def period(number: int) -> str:
    return f"{2027 + number // 4}Q{number % 4 + 1}"


def all_hold() -> None:
    answer = CliRunner().invoke(main, ["verify", "--goals"])
    assert answer.exit_code == 0, answer.stderr


def other(target: str = "90", **more: Any) -> dict[str, str]:
    return {"mql_count-target": target, **more}


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("second", ["accept", "counter", "withdraw"])
def test_one_answer_counts(company: builders.Company, second: str, number: int) -> None:
    found = proposed(company, number)
    at = f"/goals/agreements/{found.pk}"
    answers = {
        "accept": post(company.subject, f"{at}/accept/", number="1"),
        "counter": post(company.subject, f"{at}/counter/", **other()),
        "withdraw": post(company.manager, f"{at}/withdraw/"),
    }

    came = at_once(post(company.subject, f"{at}/accept/", number="1"), answers[second])

    found.refresh_from_db()
    status = "agreed" if found.accepted_by else {"counter": "countered"}.get(second, "draft")
    target = found.goals.get().target
    assert came == ["302", "409"]
    assert (found.status, target) == (status, 90 if status == "countered" else 120)
    all_hold()


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("second", ["approve", "refuse", "withdraw"])
def test_a_change_is_decided_once(company: builders.Company, second: str, number: int) -> None:
    from mingji.goals import actions

    found = signed(company, number)
    grounds = actions.Grounds(category="market", reason="展会取消", evidence="公告 1012")
    terms = [GoalTerms(key="mql_count", metric="mql_count", target=Decimal(9))]
    member, manager = (builders.a_viewer(each) for each in (company.subject, company.manager))
    asked = actions.request_change(member, found.pk, terms, grounds, at=builders.NOW)
    actions.accept_change(manager, asked, at=builders.NOW)
    at = f"/goals/changes/{asked}"
    steps = {
        "approve": post(company.hr_partner, f"{at}/approve/", answer="同意"),
        "refuse": post(company.hr_partner, f"{at}/refuse/", answer="不合适"),
        "withdraw": post(company.subject, f"{at}/withdraw/"),
    }

    came = at_once(post(company.director, f"{at}/approve/", answer="同意"), steps[second])

    found.refresh_from_db()
    in_force = found.requests.get().status == "in_force"
    assert came == ["302", "409"]
    assert in_force or second != "approve"
    assert (found.number, found.goals.get().target) == ((3, 9) if in_force else (2, 120))
    all_hold()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_request_for_a_change_is_open(company: builders.Company, number: int) -> None:
    found = signed(company, number)
    form = other() | {"category": "market", "reason": "展会取消", "evidence": "公告 1012"}
    at = f"/goals/agreements/{found.pk}/change/"

    came = at_once(post(company.subject, at, **form), post(company.manager, at, **form))

    assert came == ["302", "409"]
    assert found.requests.count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_is_reported_while_a_change_comes_into_force_is_kept(
    company: builders.Company, number: int
) -> None:
    from mingji.goals import actions
    from mingji.goals.models import Goal, Milestone
    from mingji.goals.queries import Owner
    from mingji.rules.goal_terms import MilestoneTerms

    steps = tuple(MilestoneTerms(title=each, weight=Decimal(50)) for each in ("方案", "上线"))
    terms = [
        GoalTerms(key="objective-1", kind="objective", title="新手引导"),
        *(
            GoalTerms(
                key=f"kr-{n}",
                kind="key_result",
                objective="objective-1",
                title=f"结果 {n}",
                measure="milestones",
                milestones=steps,
            )
            for n in (1, 2)
        ),
    ]
    member, manager, director = (
        builders.a_viewer(each) for each in (company.subject, company.manager, company.director)
    )
    owner, when = Owner(member=company.subject), builders.NOW
    number_of = actions.set_goals(manager, owner, period=period(number), terms=terms, at=when)
    actions.propose(manager, number_of, at=when)
    actions.accept(member, number_of, number=1, at=when)
    why = actions.Grounds(category="market", reason="展会取消", evidence="公告 1012")
    said = [*terms[:2], replace(terms[2], title="另一个结果")]
    asked = actions.request_change(member, number_of, said, why, at=when)
    actions.accept_change(manager, asked, at=when)
    goal = Goal.objects.get(agreement=number_of, item="kr-1").pk
    done = actions.Report(confidence="on_track", steps=(0,), evidence="验收单 7")

    at_once(
        lambda: actions.report(member, goal, done, at=when),
        lambda: actions.approve_change(director, asked, at=when),
    )

    assert [each.done_on is not None for each in Milestone.objects.filter(goal=goal)] == [
        True,
        False,
    ]
    all_hold()


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("second", ["set", "plan", "import"])
def test_goals_are_begun_once(company: builders.Company, second: str, number: int) -> None:
    """Where there are none yet, two begin them; what the second had typed is told, not lost."""
    from mingji.goals import actions
    from mingji.goals.models import Agreement
    from mingji.goals.queries import Owner

    manager, when = builders.a_viewer(company.manager), builders.NOW
    subject = builders.a_viewer(company.subject)
    terms = GoalTerms(key="mql_count", metric="mql_count", target=Decimal(70))
    given = actions.AgreedGoal(
        member_id=company.subject.pk,
        period=period(number),
        terms=terms,
        proposed_by="manager",
        proposed_at=when,
        accepted_by="subject",
        accepted_at=when,
    )
    owner = Owner(member=company.subject)
    one = {"subject": [terms]}
    steps: dict[str, Step] = {
        "set": lambda: actions.set_goal(
            subject, owner, period=period(number), terms=terms, at=when
        ),
        "plan": lambda: actions.plan(manager, one, period=period(number), at=when),
        "import": lambda: actions.import_agreed([given], at=when),
    }

    came = at_once(
        lambda: actions.plan(manager, one, period=period(number), propose=True, at=when),
        steps[second],
    )

    known = {"done", "agreement_exists", "goal_exists", "goals_settled", "goals_proposed"}
    assert set(came) <= known
    assert "done" in came
    assert Agreement.objects.get(period=period(number)).goals.get().target == 70
    all_hold()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_goal_is_changed_and_taken_out_of_a_draft(company: builders.Company, number: int) -> None:
    from mingji.goals import actions
    from mingji.goals.queries import Owner

    goal = build.a_draft(company.manager, company.subject, period=period(number))
    agreement = build.agreement_of(goal)
    member, manager = (builders.a_viewer(each) for each in (company.subject, company.manager))
    terms = GoalTerms(key="mql_count", target=Decimal(70))
    owner = Owner(member=company.subject)

    came = at_once(
        lambda: actions.set_goal(
            member, owner, period=period(number), terms=terms, at=builders.NOW
        ),
        lambda: actions.remove_goal(manager, goal, at=builders.NOW),
    )

    assert set(came) <= {"done", "no_goal"}
    assert [each.target for each in agreement.goals.all()] in ([], [70])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_weights_are_changed_while_the_draft_is_proposed(
    company: builders.Company, number: int
) -> None:
    found = build.agreement_of(
        build.a_draft(company.manager, company.subject, period=period(number))
    )
    at = f"/goals/agreements/{found.pk}/propose/"
    form = {"target": "70", "save": "1"}
    goal = found.goals.get().pk

    came = at_once(post(company.subject, at), post(company.manager, f"/goals/{goal}/edit/", **form))

    found.refresh_from_db()
    assert found.status == "proposed"
    assert came in (["302", "302"], ["302", "409"])
    assert found.goals.get().target == found.versions.get().goals[0].target
    all_hold()
