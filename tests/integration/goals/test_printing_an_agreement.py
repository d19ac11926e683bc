"""The goal agreement as a PDF: complete, in either language or both, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import builders
import goal_builders as build
from mingji.kit import pdf as printer
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms
from pdf_text import pdf_text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
STEPS = (
    MilestoneTerms(title="方案通过", weight=Decimal(40), due=date(2026, 10, 20)),
    MilestoneTerms(title="上线", weight=Decimal(60), due=date(2026, 12, 10)),
)
KPI = GoalTerms(
    key="mql_count",
    target=Decimal(12000),
    support="预算 *3 万* 元 #[急]",
    support_due=date(2026, 10, 31),
)
OBJECTIVE = (
    GoalTerms(key="o", kind="objective", title="让新客户更快看到价值"),
    GoalTerms(
        key="o-1",
        kind="key_result",
        objective="o",
        title="客户案例",
        measure="manual",
        unit="篇",
        baseline=Decimal(2),
        target=Decimal(6),
    ),
    GoalTerms(
        key="o-2",
        kind="key_result",
        objective="o",
        title="新手引导",
        measure="milestones",
        milestones=STEPS,
    ),
)


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def draft(company: builders.Company) -> Any:
    """A KPI, and an objective with two key results, drafted by the manager."""
    from mingji.goals import actions
    from mingji.goals.models import Agreement
    from mingji.goals.queries import Owner

    viewer, owner = builders.a_viewer(company.manager), Owner(member=company.subject)
    for terms in (KPI, *OBJECTIVE):
        actions.set_goal(viewer, owner, period=build.PERIOD, terms=terms, at=builders.NOW)
    return Agreement.objects.get()


@pytest.fixture
def signed(company: builders.Company, draft: Any) -> Any:
    from mingji.goals import actions

    actions.propose(builders.a_viewer(company.manager), draft.pk, at=builders.NOW)
    later = builders.NOW + timedelta(days=1)
    actions.accept(builders.a_viewer(company.subject), draft.pk, number=1, at=later)
    draft.refresh_from_db()
    return draft


def printed(client: Client, agreement: Any, language: str = "zh") -> str:
    """The words of the printed agreement, without line breaks."""
    answer = client.get(f"/goals/agreements/{agreement.pk}/print/?language={language}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'inline; filename="goal-agreement-subject-2026Q4-{language}.pdf"'
    )
    return pdf_text(answer.content).replace("\n", "")


def test_a_signed_agreement_has_everything_that_was_signed(
    company: builders.Company, client_of: ClientOf, signed: Any
) -> None:
    words = printed(client_of(company.subject), signed)

    for expected in (
        "目标确认书",
        "曾小曼",
        "2026年第四季度",
        "2026年10月1日至2026年12月31日",
        "12,000",
        "越高越好",
        "让新客户更快看到价值",
        "2 篇",
        "方案通过  40%  2026-10-20",
        "预算 *3 万* 元 #[急]",
        "2026年10月31日",
        "提出",
        "同意",
        "2026年11月20日 10:00",
        "2026年11月21日 10:00",
    ):
        assert expected in words
    assert signed.versions.get(number=2).digest in words
    assert "草稿" not in words
    assert "Goal agreement" not in words


def test_both_languages_stand_side_by_side(
    company: builders.Company, client_of: ClientOf, signed: Any
) -> None:
    client = client_of(company.subject)

    both, english = printed(client, signed, "both"), printed(client, signed, "en")

    for expected in (
        "目标确认书",
        "Goal agreement",
        "2026年第四季度",
        "Q4 2026",
        "曾小曼",
        "Subject",
    ):
        assert expected in both
    assert "Higher is better" in english
    assert "目标确认书" not in english


def test_without_a_language_it_is_the_readers_own(
    company: builders.Company, client_of: ClientOf, signed: Any
) -> None:
    client = client_of(company.subject)
    client.post("/people/preferences/", {"language": "en"})

    answer = client.get(f"/goals/agreements/{signed.pk}/print/")

    assert "Goal agreement" in pdf_text(answer.content)


def test_a_draft_and_a_proposal_are_marked_as_such_and_carry_no_digest(
    company: builders.Company, client_of: ClientOf, draft: Any
) -> None:
    from mingji.goals import actions

    client = client_of(company.manager)
    before = printed(client, draft)
    actions.propose(builders.a_viewer(company.manager), draft.pk, at=builders.NOW)
    proposed = printed(client, draft, "both")

    assert before.startswith("草稿")
    assert proposed.startswith("草稿 DRAFT")
    assert "SHA-256" not in before
    assert draft.versions.get().digest not in proposed


def test_a_change_that_was_approved_is_told_with_its_reason(
    company: builders.Company, client_of: ClientOf, signed: Any
) -> None:
    from mingji.goals import actions

    terms = [GoalTerms(key="mql_count", target=Decimal(9000)), *OBJECTIVE]
    grounds = actions.Grounds(category="market", reason="展会取消", evidence="公告 1012")
    asked = actions.request_change(
        builders.a_viewer(company.subject), signed.pk, terms, grounds, at=builders.NOW
    )
    actions.accept_change(builders.a_viewer(company.manager), asked, at=builders.NOW)
    actions.approve_change(builders.a_viewer(company.director), asked, at=builders.NOW)

    words = printed(client_of(company.subject), signed)

    assert "9,000" in words
    assert "12,000" not in words
    assert "第 3 版经变更申请修改，2026年11月20日 10:00 由林岚批准。原因：展会取消" in words
    assert signed.versions.get(number=3).digest in words


def test_the_same_agreement_gives_the_same_bytes(
    company: builders.Company, client_of: ClientOf, signed: Any, settings: Any
) -> None:
    address = f"/goals/agreements/{signed.pk}/print/?language=both"

    first = client_of(company.subject).get(address).content
    settings.MINGJI_NOW = builders.NOW + timedelta(days=400)
    second = client_of(company.subject).get(address).content

    assert first == second


def test_every_name_can_be_printed(company: builders.Company, client_of: ClientOf) -> None:
    type(company.subject).objects.filter(pk=company.subject.pk).update(name="曾䶮")
    goal = build.an_agreed_goal("mql_count", "120", member=company.subject)

    assert "曾䶮" in printed(client_of(company.subject), goal.agreement)


def test_a_teams_agreement_names_the_team(company: builders.Company, client_of: ClientOf) -> None:
    from mingji.people.models import Team

    goal = build.an_agreed_goal("mql_count", "120", team=Team.objects.get(code="growth"))

    address = f"/goals/agreements/{goal.agreement_id}/print/?language=zh"
    words = pdf_text(client_of(company.manager).get(address).content).replace("\n", "")

    assert "growth组" in words
    assert "姓名" not in words


@pytest.mark.parametrize(("role", "status"), [("peer", 404), ("hr_partner", 200)])
def test_who_reads_the_agreement_prints_it(
    company: builders.Company, client_of: ClientOf, signed: Any, role: str, status: int
) -> None:
    answer = client_of(getattr(company, role)).get(f"/goals/agreements/{signed.pk}/print/")

    assert answer.status_code == status


def test_another_language_is_refused_with_those_there_are(
    company: builders.Company, client_of: ClientOf, signed: Any
) -> None:
    answer = client_of(company.subject).get(f"/goals/agreements/{signed.pk}/print/?language=fr")

    assert answer.status_code == 422
    assert "双语（both）" in answer.content.decode()


def test_an_installation_without_the_font_says_so(
    company: builders.Company,
    client_of: ClientOf,
    signed: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(printer, "_FONTS", tmp_path)
    printer._fonts.cache_clear()

    answer = client_of(company.subject).get(f"/goals/agreements/{signed.pk}/print/")

    printer._fonts.cache_clear()
    assert answer.status_code == 409
    assert "make assets" in answer.content.decode()
