"""Agreed goals stay what both sides signed: no action changes them, and a change by SQL shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from django.db.models import F

import builders
import goal_builders as build
from mingji.cli import main
from mingji.rules.errors import MingjiError
from mingji.rules.goal_terms import GoalTerms

pytestmark = pytest.mark.django_db
OTHER = (GoalTerms(key="mql_count", metric="mql_count", target=Decimal(10)),)


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def signed(company: builders.Company) -> Any:
    """An agreement that the manager proposed and the member accepted."""
    return an_agreement(company)


def an_agreement(company: builders.Company, period: str = build.PERIOD) -> Any:
    from mingji.goals import actions

    goal = build.a_draft(company.manager, company.subject, period=period)
    number = build.agreement_of(goal).pk
    actions.propose(builders.a_viewer(company.manager), number, at=builders.NOW)
    actions.accept(builders.a_viewer(company.subject), number, number=1, at=builders.NOW)
    return build.agreement_of(goal)


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["verify", "--goals", *arguments])


def a_change(company: builders.Company, signed: Any) -> int:
    """A change that the member asked for and the manager accepted."""
    from mingji.goals import actions

    grounds = actions.Grounds(category="market", reason="展会取消", evidence="公告 1012")
    member, manager = (builders.a_viewer(each) for each in (company.subject, company.manager))
    asked = actions.request_change(member, signed.pk, OTHER, grounds, at=builders.NOW)
    actions.accept_change(manager, asked, at=builders.NOW)
    return asked


def _set(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions
    from mingji.goals.queries import Owner

    owner = Owner(member=signed.member)
    actions.set_goal(viewer, owner, period=signed.period, terms=OTHER[0], at=builders.NOW)


def _add(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions
    from mingji.goals.queries import Owner

    terms = GoalTerms(key="nps", target=Decimal(40))
    owner = Owner(member=signed.member)
    actions.set_goal(viewer, owner, period=signed.period, terms=terms, at=builders.NOW)


def _remove(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.remove_goal(viewer, signed.goals.get().pk, at=builders.NOW)


def _counter(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.counter(viewer, signed.pk, OTHER, at=builders.NOW)


def _propose(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.propose(viewer, signed.pk, at=builders.NOW)


def _withdraw(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.withdraw(viewer, signed.pk, at=builders.NOW)


def _deadline(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.set_deadline(viewer, signed.pk, None, at=builders.NOW)


def _import(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    given = actions.AgreedGoal(
        member_id=signed.member_id,
        period=signed.period,
        terms=OTHER[0],
        proposed_by="manager",
        proposed_at=builders.NOW,
        accepted_by="subject",
        accepted_at=builders.NOW,
    )
    actions.import_agreed([given], at=builders.NOW, actor=viewer.code)


def _plan(viewer: Any, signed: Any) -> None:
    from mingji.goals import actions

    actions.plan(viewer, {"subject": OTHER}, period=signed.period, propose=True, at=builders.NOW)


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner"])
@pytest.mark.parametrize(
    "change", [_set, _add, _remove, _counter, _propose, _withdraw, _deadline, _import, _plan]
)
def test_no_action_changes_what_is_agreed(
    company: builders.Company, signed: Any, role: str, change: Callable[[Any, Any], None]
) -> None:
    viewer = builders.a_viewer(getattr(company, role))

    with pytest.raises(MingjiError):
        change(viewer, signed)

    goal = signed.goals.get()
    assert (goal.item, goal.target) == ("mql_count", Decimal(120))
    assert verify().exit_code == 0


def test_only_an_approved_change_changes_it_and_the_check_still_holds(
    company: builders.Company, signed: Any
) -> None:
    from mingji.goals import actions

    asked = a_change(company, signed)
    before = signed.goals.get().target
    actions.approve_change(builders.a_viewer(company.director), asked, at=builders.NOW)

    told = json.loads(verify("--format", "json").stdout)
    assert (before, signed.goals.get().target) == (Decimal(120), Decimal(10))
    assert [(row["owner"], row["version"], row["same"]) for row in told["results"]] == [
        ("Subject", "3", "yes")
    ]
    assert [found["code"] for found in told["findings"]] == ["audit_holds"]


def _lower(signed: Any) -> None:
    signed.goals.update(target=100)


def _other_support(signed: Any) -> None:
    signed.goals.update(support="投放预算 20 万元")


def _drop(signed: Any) -> None:
    signed.goals.all().delete()


def _move(signed: Any) -> None:
    from mingji.people.models import Member

    signed.goals.update(member=Member.objects.get(code="peer"))


def _reopen(signed: Any) -> None:
    type(signed).objects.update(status="draft")


def _sign_for_another(signed: Any) -> None:
    type(signed).objects.update(accepted_by="peer")


def _sign_earlier(signed: Any) -> None:
    type(signed).objects.update(proposed_at=F("proposed_at") - timedelta(days=30))


def _forge(signed: Any) -> None:
    """The goals, the version and its digest, all in accord with each other."""
    from mingji.rules.goal_terms import as_data, digest

    signed.goals.update(target=100)
    terms = [goal.terms for goal in signed.goals.all()]
    signed.versions.filter(number=2).update(terms=as_data(terms), digest=digest(terms))


def _rewrite_history(signed: Any) -> None:
    signed.versions.filter(number=1).update(terms=[{"key": "mql_count", "target": "140"}])


def _spoil(signed: Any) -> None:
    signed.versions.filter(number=2).update(terms=[{"goal": "mql_count", "target": "many"}])


def _forget(signed: Any) -> None:
    signed.versions.filter(number=1).delete()


def _delete(signed: Any) -> None:
    signed.goals.all().delete()
    signed.versions.all().delete()
    signed.delete()


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (_lower, "mql_count 的目标值 120 → 100"),
        (_other_support, "mql_count 的承诺的支持 – → “投放预算 20 万元”"),
        (_drop, "少了 mql_count"),
        (_move, "被挪动过"),
        (_reopen, "双方签过"),
        (_sign_for_another, "签署人或签署时间与审计记录不一致"),
        (_sign_earlier, "签署人或签署时间与审计记录不一致"),
        (_forge, "与签署时的摘要不一致"),
        (_rewrite_history, "与签署时的摘要不一致"),
        (_spoil, "与签署时的摘要不一致"),
        (_forget, "有版本被删除或插入过"),
        (_delete, "被删除过"),
    ],
)
def test_a_change_past_the_actions_is_named(
    signed: Any, tamper: Callable[[Any], None], words: str
) -> None:
    with build.unsealed():
        tamper(signed)

    answer = verify("--lang", "zh")

    assert answer.exit_code == 2
    assert words in answer.stderr
    assert "从备份中对照这份目标确认书" in answer.stderr


def test_goals_put_back_changed_and_signed_once_more_are_named(
    company: builders.Company, signed: Any
) -> None:
    from mingji.goals import actions
    from mingji.goals.models import Agreement

    with build.unsealed():
        Agreement.objects.update(status="proposed", turn="own")
        actions.accept(builders.a_viewer(company.subject), signed.pk, number=2, at=builders.NOW)

    answer = verify("--lang", "en")

    assert answer.exit_code == 2
    assert "Subject 2026Q4: error: Both sides had signed" in answer.stderr


def test_goals_agreed_elsewhere_are_held_to_what_was_imported(company: builders.Company) -> None:
    goal = build.an_agreed_goal("nps", "42.123456", member=company.subject)
    well = verify("--lang", "en")
    with build.unsealed():
        _forge_import(goal.agreement)

    badly = verify("--lang", "en")

    assert (well.exit_code, badly.exit_code) == (0, 2)
    assert "differs from the digest" in badly.stderr


def _forge_import(agreement: Any) -> None:
    from mingji.rules.goal_terms import as_data, digest

    agreement.goals.update(target=100)
    terms = [each.terms for each in agreement.goals.all()]
    agreement.versions.update(terms=as_data(terms), digest=digest(terms))


def test_goals_proposed_once_more_for_a_whole_team_are_as_signed(
    company: builders.Company,
) -> None:
    from mingji.goals import actions

    member, manager = (builders.a_viewer(each) for each in (company.subject, company.manager))
    asked = build.agreement_of(build.a_draft(company.subject, company.subject)).pk
    actions.propose(member, asked, at=builders.NOW)
    actions.withdraw(member, asked, at=builders.NOW)
    later = builders.NOW + timedelta(days=1)
    actions.plan(manager, {"subject": OTHER}, period=build.PERIOD, propose=True, at=later)
    actions.accept(member, asked, number=2, at=later)

    answer = verify("--lang", "en")

    assert answer.exit_code == 0, answer.stderr


def test_drafts_and_proposals_are_no_fault(company: builders.Company) -> None:
    from mingji.goals import actions

    build.a_draft(company.manager, company.subject, period="2027Q1")
    asked = build.agreement_of(build.a_draft(company.manager, company.subject)).pk
    actions.propose(builders.a_viewer(company.manager), asked, at=builders.NOW)
    actions.withdraw(builders.a_viewer(company.manager), asked, at=builders.NOW)

    assert verify().exit_code == 0


def test_one_of_a_cycle_and_the_goals_is_checked_at_a_time(company: builders.Company) -> None:
    neither = CliRunner().invoke(main, ["verify"])
    both = CliRunner().invoke(main, ["verify", "q3", "--goals"])

    assert (neither.exit_code, both.exit_code) == (2, 2)
    assert "one of the three" in neither.stderr


def test_the_check_costs_the_same_queries_for_one_agreement_and_for_many(
    company: builders.Company, signed: Any, django_assert_num_queries: Any
) -> None:
    from mingji.goals.proof import prove

    with django_assert_num_queries(5):
        assert len(list(prove())) == 1
    for period in ("2027Q1", "2027Q2", "2027Q3"):
        an_agreement(company, period)

    with django_assert_num_queries(5):
        assert len(list(prove())) == 4
