"""`mingji remind` on a real mail server: who is written to, when, in which language, and once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

import builders
import goal_builders as build
from mail_server import MailServer, mail_server
from mingji.cli import main

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.DEFAULT_FROM_EMAIL = "mingji@example.com"
        settings.MINGJI_URL = "https://mingji.example.com"
        yield found


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    company = builders.a_company()
    for member in (company.subject, company.manager):
        builders.a_login(member)
    return company


@pytest.fixture
def asked(company: builders.Company) -> Any:
    """The agreement that the manager proposed to the subject, to be answered in ten days."""
    from mingji.goals import actions

    manager = builders.a_viewer(company.manager)
    row = build.agreement_of(build.a_draft(company.manager, company.subject, item="mql_count"))
    deadline = builders.TODAY + timedelta(days=10)
    actions.set_deadline(manager, row.pk, deadline, at=builders.NOW)
    actions.propose(manager, row.pk, note="", at=builders.NOW)
    row.refresh_from_db()
    return row


def remind(*more: str) -> Result:
    return CliRunner().invoke(main, ["remind", "--lang", "zh", *more])


def test_who_has_to_answer_is_told_what_and_where_without_any_number(
    server: MailServer, asked: Any
) -> None:
    from mingji.audit import queries as audit

    told = remind()

    assert (told.exit_code, told.stderr) == (0, "")
    ((address, mail),) = server.mails
    assert address == mail["To"] == "subject@example.com"
    assert mail["From"] == "mingji@example.com"
    assert mail["Subject"] == "明绩：有 1 件事等你处理"
    body = mail.get_content()
    assert "曾小曼，你好" in body
    assert "答复上级提出的目标（2026年第四季度，2026年11月30日 周一截止）" in body
    assert f"https://mingji.example.com/goals/agreements/{asked.pk}/" in body
    assert "120" not in body
    event = audit.history("member", "subject")[0]
    assert (event.who, event.evidence) == ("system", {"things": 1})


def test_each_stage_is_told_once_however_often_it_runs(
    server: MailServer, asked: Any, settings: Any
) -> None:
    told = []
    for days in (0, 1, 7, 8, 9, 10, 11, 12, 30):
        settings.MINGJI_NOW = builders.NOW + timedelta(days=days)
        remind()
        told.append(len(server.mails))

    # Asked; two days before the deadline; when it has passed.
    assert told == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_new_deadline_is_news_and_what_came_back_is_told_again(
    server: MailServer, company: builders.Company, asked: Any
) -> None:
    from mingji.goals import actions

    manager = builders.a_viewer(company.manager)
    remind()
    deadline = builders.TODAY + timedelta(days=20)
    actions.set_deadline(manager, asked.pk, deadline, at=builders.NOW)
    remind()
    actions.withdraw(manager, asked.pk, at=builders.NOW)
    remind()
    to_manager = [address for address, _ in server.mails[2:]]
    actions.propose(manager, asked.pk, note="", at=builders.NOW)
    remind()

    addresses = [address for address, _ in server.mails]
    assert addresses.count("subject@example.com") == 3
    assert to_manager == ["manager@example.com"]


def test_the_mail_is_in_the_language_of_its_reader(
    server: MailServer, company: builders.Company, asked: Any, client_of: ClientOf
) -> None:
    client_of(company.subject).post("/people/preferences/", {"language": "en"})

    remind()

    ((_, mail),) = server.mails
    assert mail["Subject"] == "Mingji: 1 thing waits for you"
    assert "Answer the goals proposed to you (Q4 2026, due " in mail.get_content()


def test_who_switched_reminders_off_and_who_has_left_get_none(
    server: MailServer, company: builders.Company, asked: Any, client_of: ClientOf, settings: Any
) -> None:
    client = client_of(company.subject)
    client.post("/people/preferences/", {"reminders": "off", "next": "/"})
    page = client.get("/").content.decode()

    assert 'name="reminders" value="off" aria-pressed="true"' in page
    assert (remind().exit_code, server.mails) == (0, [])
    client.post("/people/preferences/", {"reminders": "on"})
    type(company.subject).objects.filter(code="subject").update(left_on=builders.TODAY)
    assert (remind().exit_code, server.mails) == (0, [])


def test_one_refused_address_stops_nobody_and_is_tried_again(
    server: MailServer, company: builders.Company, asked: Any
) -> None:
    build.a_draft(company.manager, company.peer, item="mql_count")
    server.refused.add("manager@example.com")

    first = remind()
    server.refused.clear()
    second = remind()

    assert first.exit_code == 1
    assert "manager@example.com" in first.stderr
    assert "no such box" in first.stderr
    assert second.exit_code == 0
    assert [address for address, _ in server.mails] == [
        "subject@example.com",
        "manager@example.com",
    ]


def test_a_dry_run_lists_and_sends_nothing(asked: Any) -> None:
    told = remind("--dry-run", "--format", "json")

    assert told.exit_code == 0
    assert json.loads(told.stdout)["reminders"] == [
        {
            "member": "subject",
            "address": "subject@example.com",
            "waits": "1",
            "news": "1",
            "sent": "–",
        }
    ]
    assert remind("--dry-run", "--format", "json").stdout == told.stdout


def test_what_is_not_set_is_named_and_nothing_is_sent(asked: Any, settings: Any) -> None:
    settings.EMAIL_HOST, settings.MINGJI_URL = "", ""
    settings.DEFAULT_FROM_EMAIL = "mingji@example.com"

    told = remind()

    assert told.exit_code == 2
    assert "缺 MINGJI_MAIL, MINGJI_URL" in told.stderr
    assert "Traceback" not in told.output


def test_a_server_that_does_not_answer_is_told_and_nothing_is_kept(
    server: MailServer, asked: Any, settings: Any
) -> None:
    settings.EMAIL_PORT = 1

    told = remind()
    settings.EMAIL_PORT = server.port
    after = remind()

    assert told.exit_code == 2
    assert "没有接受连接" in told.stderr
    assert (after.exit_code, len(server.mails)) == (0, 1)


def test_a_proposal_that_comes_back_changed_is_told_again(
    server: MailServer, company: builders.Company, asked: Any
) -> None:
    from mingji.goals import actions, queries

    member, manager = builders.a_viewer(company.subject), builders.a_viewer(company.manager)
    remind()
    for side, target in ((member, 90), (manager, 100)):
        (goal,) = queries.terms_of(asked)
        wanted = [replace(goal, target=Decimal(target), threshold=None, stretch=None)]
        actions.counter(side, asked.pk, wanted, note="再商量", at=builders.NOW)
    remind()

    assert [address for address, _ in server.mails] == ["subject@example.com"] * 2
