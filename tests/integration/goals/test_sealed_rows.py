"""Rows that both sides signed: no program changes them in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

import builders
import goal_builders as build
from locked_goals import GROUNDS, Signed, all_signed, assert_as_signed, state
from mingji.cli import main

pytestmark = pytest.mark.django_db
Write = Callable[[Signed], object]


@pytest.fixture
def signed(client_of: Any) -> Signed:
    return all_signed(client_of)


def _save(signed: Signed) -> None:
    goal = signed.member.goals.get(item="mql_count")
    goal.target = 1
    goal.save()


def _save_the_agreement(signed: Signed) -> None:
    signed.member.status = "draft"
    signed.member.save()


def _bulk_update(signed: Signed) -> None:
    goals = list(signed.member.goals.all())
    for goal in goals:
        goal.weight = 7
    type(goals[0]).objects.bulk_update(goals, ["weight"])


def _add(signed: Signed) -> None:
    signed.member.goals.create(member=signed.member.member, period="2027Q4", item="nps", target=1)


def _add_in_bulk(signed: Signed) -> None:
    new = signed.member.goals.model(
        agreement=signed.member, member=signed.member.member, period="2027Q4", item="nps"
    )
    type(new).objects.bulk_create([new])


def _take_in_another(signed: Signed) -> None:
    """A goal of a draft is put under an agreement that is signed."""
    goal = build.a_draft(signed.company.manager, signed.company.peer, period="2028Q1")
    signed.member.goals.model.objects.filter(pk=goal).update(agreement=signed.member)


def _give_away(signed: Signed) -> None:
    goal = build.a_draft(signed.company.manager, signed.company.peer, period="2028Q1")
    signed.member.goals.filter(item="mql_count").update(agreement=build.agreement_of(goal))


def _agreement(signed: Signed) -> Any:
    return type(signed.member).objects.filter(pk=signed.member.pk)


def _steps(signed: Signed) -> Any:
    return signed.member.goals.get(item="kr-2").milestones


def _forge_a_version(signed: Signed) -> None:
    last = signed.member.versions.get(number=2)
    last.pk, last.number, last.kind = None, 3, "changed"
    last.save()


def _sql(statement: str) -> Write:
    def write(signed: Signed) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(id=signed.member.pk))

    return write


def _force(signed: Signed) -> None:
    """A change that only one side asked for, put in force at once, and its terms written."""
    signed.team.requests.update(status="in_force", accepted_by="director", decided_by="hr")
    signed.team.goals.update(target=9)


def _force_a_new_one(signed: Signed) -> None:
    ask = signed.team.requests.get()
    ask.pk, ask.status, ask.agreement = None, "in_force", signed.member
    ask.accepted_by, ask.decided_by, ask.base = "subject", "hr", 2
    ask.save()
    signed.member.goals.update(target=1)


def _other_terms(signed: Signed) -> None:
    signed.team.requests.update(terms=[{"key": "mql_count", "target": "1"}])


WRITES: dict[str, Write] = {
    "save": _save,
    "save the agreement": _save_the_agreement,
    "update": lambda signed: signed.member.goals.update(target=1),
    "update to nothing": lambda signed: signed.member.goals.update(target=None),
    "update the owner": lambda signed: signed.member.goals.update(member=signed.company.peer),
    "update the scoring": lambda signed: signed.member.goals.update(scoring={"cap": "200"}),
    "bulk_update": _bulk_update,
    "create": _add,
    "bulk_create": _add_in_bulk,
    "take in another": _take_in_another,
    "give away": _give_away,
    "delete": lambda signed: signed.member.goals.filter(item="kr-2").delete(),
    "delete a queryset": lambda signed: signed.member.goals.filter(kind="kpi").delete(),
    "change a step": lambda signed: _steps(signed).update(weight=50),
    "delete a step": lambda signed: _steps(signed).filter(position=1).delete(),
    "add a step": lambda signed: _steps(signed).create(position=9, title="x", weight=1),
    "reopen": lambda signed: _agreement(signed).update(status="draft"),
    "sign for another": lambda signed: _agreement(signed).update(accepted_by="peer"),
    "a higher number": lambda signed: _agreement(signed).update(number=3),
    "another period": lambda signed: _agreement(signed).update(period="2028Q1"),
    "rewrite a version": lambda signed: signed.member.versions.update(terms=[]),
    "forget a version": lambda signed: signed.member.versions.filter(number=1).delete(),
    "forge a version": _forge_a_version,
    "force a request": _force,
    "force a new request": _force_a_new_one,
    "other terms of a request": _other_terms,
    "forget a request": lambda signed: signed.team.requests.all().delete(),
    "sql": _sql("UPDATE goals_goal SET target = 1 WHERE agreement_id = {id}"),
    "sql delete": _sql("DELETE FROM goals_version WHERE agreement_id = {id}"),
    "sql delete all": _sql("DELETE FROM goals_agreement"),
}


@pytest.mark.parametrize("write", WRITES)
def test_the_database_refuses_a_write_past_the_actions(signed: Signed, write: str) -> None:
    before = state(signed)

    with pytest.raises(IntegrityError, match="signed by both sides"), transaction.atomic():
        WRITES[write](signed)

    assert state(signed) == before
    assert_as_signed(signed)


def test_what_follows_a_signed_goal_is_written_as_ever(signed: Signed) -> None:
    goal = signed.member.goals.get(item="mql_count")
    goal.combine = "sum"
    goal.save()
    _steps(signed).filter(position=0).update(done_on="2027-10-19", evidence="验收单 7")

    assert_as_signed(signed)


def test_a_change_in_force_opens_the_goals_once(signed: Signed) -> None:
    from mingji.goals import actions

    director, hr = (
        builders.a_viewer(each) for each in (signed.company.director, signed.company.hr_partner)
    )
    actions.accept_change(director, signed.asked, at=builders.NOW)
    actions.approve_change(hr, signed.asked, at=builders.NOW)
    signed.team.refresh_from_db()
    after = state(signed)

    with pytest.raises(IntegrityError), transaction.atomic():
        signed.team.goals.update(target=1)

    assert (signed.team.number, signed.team.goals.get().target) == (3, 9)
    assert state(signed) == after
    assert signed.team.requests.get().category == GROUNDS["category"]


def test_migrating_puts_the_seals_back_and_the_check_misses_them_until_then(
    signed: Signed,
) -> None:
    from mingji.goals import seals

    seals.remove()
    without = CliRunner().invoke(main, ["verify", "--goals", "--lang", "zh"])
    call_command("migrate", verbosity=0)
    put_back = CliRunner().invoke(main, ["verify", "--goals", "--lang", "zh"])

    assert without.exit_code == 2
    assert without.stderr.count("封条") >= 5, "one for each table"
    assert ("封条" in put_back.stderr, seals.missing()) == (False, [])


def test_a_form_that_was_opened_before_the_goals_were_locked_loses_nothing_typed(
    client_of: Any,
) -> None:
    from mingji.goals import actions

    build.a_scheme()
    company = builders.a_company()
    goal = build.a_draft(company.manager, company.subject)
    number = build.agreement_of(goal).pk
    opened = client_of(company.manager).get(f"/goals/{goal}/edit/")
    actions.propose(builders.a_viewer(company.subject), number, at=builders.NOW)
    actions.accept(builders.a_viewer(company.manager), number, number=1, at=builders.NOW)

    typed = {"target": "77.5", "support": "加投 30 万元"}
    answer = client_of(company.manager).post(f"/goals/{goal}/edit/", typed)

    page = answer.content.decode()
    assert (opened.status_code, answer.status_code) == (200, 409)
    assert "要改就提变更申请" in page
    assert "77.5" in page
    assert "加投 30 万元" in page
    assert build.agreement_of(goal).goals.get().target == 120
