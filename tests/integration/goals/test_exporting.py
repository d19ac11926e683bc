"""Goals as a spreadsheet: who gets which, and the way back through the upload."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
import goal_builders as build
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
NEXT = "2027Q1"
D = Decimal

OBJECTIVE = GoalTerms(
    key="objective-1",
    kind="objective",
    title="=cmd|'/C calc'!A0",
    description='第一行\n第二行，带“引号”和 "quotes"',
    weight=D(100),
    commitment="stretch",
    due=date(2027, 3, 1),
    theme="growth",
    support="追加预算",
    support_due=date(2027, 1, 15),
)
KEY_RESULTS = (
    GoalTerms(
        key="objective-1-kr-1",
        kind="key_result",
        objective="objective-1",
        title="@上线三个版本",
        measure="milestones",
        weight=D("33.33"),
        milestones=(
            MilestoneTerms(title="稿件; 定稿", weight=D("40.5"), due=date(2027, 2, 1)),
            MilestoneTerms(title="-上线", weight=D("59.5")),
        ),
    ),
    GoalTerms(
        key="objective-1-kr-2",
        kind="key_result",
        objective="objective-1",
        title="访谈客户",
        measure="manual",
        unit="次",
        baseline=D(-3),
        target=D("20.25"),
        weight=D("66.67"),
    ),
)
KPIS = (
    GoalTerms(
        key="mql_count",
        metric="mql_count",
        target=D("1234567890123456.5"),
        support="'=1",
        scoring={"method": "ratio", "out_of": "", "direction": "up", "cap": "1.1"},
    ),
    GoalTerms(key="budget_use_rate", metric="budget_use_rate", target=D("0.9511")),
    GoalTerms(key="kpi-1", title="表外指标", metric="roas", target=D("3.5")),
)
EVERY = (*KPIS, OBJECTIVE, *KEY_RESULTS)


@pytest.fixture
def company() -> builders.Company:
    from mingji.goals import actions
    from mingji.rules.text import Text

    build.a_scheme()
    actions.set_theme("growth", year=2027, name=Text("增长", "Growth"), at=builders.NOW)
    return builders.a_company()


def draft(company: builders.Company, *terms: GoalTerms) -> Any:
    from mingji.goals import actions
    from mingji.goals.models import Agreement

    actions.plan(
        builders.a_viewer(company.manager), {"subject": terms}, period=NEXT, at=builders.NOW
    )
    return Agreement.objects.get(member=company.subject, period=NEXT)


def exported(client: Client, kind: str, query: str = "below") -> bytes:
    answer = client.get(f"/goals/export.{kind}?period={NEXT}&{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(client: Client, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(exported(client, "csv", query).decode("utf-8-sig"))))


def taken_over(client: Client, name: str, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    seen = client.post("/goals/upload/sheet/", {"file": file, "period": NEXT})
    assert seen.status_code == 200, seen.context["faults"]
    sent = {"sheet": seen.context["sheet"], "commit": "1", "period": NEXT, **more}
    return client.post("/goals/upload/sheet/", sent)


def everything() -> dict[str, list[dict[str, Any]]]:
    from mingji.goals import models

    kept = (models.Agreement, models.Goal, models.Milestone, models.Version)
    return {each.__name__: list(each.objects.order_by("pk").values()) for each in kept}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_export_that_nobody_edited_changes_nothing(
    company: builders.Company, client_of: ClientOf, kind: str, language: str
) -> None:
    draft(company, *EVERY)
    manager = client_of(company.manager)
    manager.cookies["django_language"] = language
    before = everything()

    for query in ("below", "below&progress"):
        content = exported(manager, kind, query)
        assert taken_over(manager, f"goals.{kind}", content).status_code == 302

    assert everything() == before


def test_what_was_edited_is_what_changes(company: builders.Company, client_of: ClientOf) -> None:
    from mingji.goals import queries
    from mingji.rules.goal_terms import differences

    agreement = draft(company, *EVERY)
    before = queries.terms_of(agreement)
    manager = client_of(company.manager)
    content = exported(manager, "csv").decode("utf-8-sig").replace("20.25", "25")

    assert taken_over(manager, "goals.csv", content.encode()).status_code == 302

    found = differences(before, queries.terms_of(agreement))
    assert [(each.goal.key, each.term, each.after) for each in found] == [
        ("objective-1-kr-2", "target", D(25))
    ]


def test_a_sheet_sets_objectives_with_their_key_results_and_proposes_them(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import queries

    agreement = draft(company, *EVERY)
    manager = client_of(company.manager)
    content = exported(manager, "csv").decode("utf-8-sig").replace("subject", "peer")
    before = {goal.key: goal for goal in queries.terms_of(agreement)}

    done = taken_over(manager, "goals.csv", content.encode(), propose="1")

    assert done.status_code == 302
    found = type(agreement).objects.get(member=company.peer, period=NEXT)
    assert found.status == "proposed"
    assert {goal.key: goal for goal in queries.terms_of(found)} == before


def test_locked_goals_pass_unchanged_and_are_refused_once_edited(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject, period=NEXT)
    manager, before = client_of(company.manager), everything()
    content = exported(manager, "csv")

    assert taken_over(manager, "goals.csv", content).status_code == 302
    edited = content.decode("utf-8-sig").replace(",120,", ",100,").encode()
    seen = taken_over(manager, "goals.csv", edited)

    assert seen.status_code == 422
    assert "已经锁定" in seen.content.decode()
    assert everything() == before


def test_no_cell_is_a_formula(company: builders.Company, client_of: ClientOf) -> None:
    draft(company, *EVERY)

    lines = csv.reader(StringIO(exported(client_of(company.manager), "csv").decode("utf-8-sig")))

    cells = [cell for line in lines for cell in line]
    assert "'=cmd|'/C calc'!A0" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert [cell for cell in cells if cell.startswith("-")] == ["-3"]


def test_an_export_holds_only_what_the_viewer_may_see(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.people.models import Team

    growth = Team.objects.get(code="growth")
    for member in (company.subject, company.peer):
        build.an_agreed_goal("mql_count", "120", member=member, period=NEXT)
    build.an_agreed_goal("mql_count", "900", team=growth, period=NEXT)

    def seen(member: Any, query: str = "") -> list[str]:
        client = client_of(member)
        client.cookies["django_language"] = "en"
        return sorted(row["member"] or row["team"] for row in rows_of(client, query))

    assert seen(company.subject) == ["growth", "subject"]
    assert seen(company.subject, "team=growth") == ["growth", "subject"]
    assert seen(company.manager, "team=growth") == ["growth", "peer", "subject"]
    assert seen(company.manager, "member=peer") == ["peer"]
    assert seen(company.manager, "below") == ["peer", "subject"]
    assert seen(company.other_manager) == []
    for query in ("member=peer", "team=nowhere"):
        answer = client_of(company.subject).get(f"/goals/export.xlsx?period={NEXT}&{query}")
        assert answer.status_code == 404


def test_rows_of_a_whole_team_are_passed_over_and_counted(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.people.models import Team

    build.an_agreed_goal("mql_count", "900", team=Team.objects.get(code="growth"), period=NEXT)
    draft(company, KPIS[0])
    manager, before = client_of(company.manager), everything()
    content = exported(manager, "csv", "team=growth")

    seen = manager.post(
        "/goals/upload/sheet/",
        {"file": SimpleUploadedFile("g.csv", content), "period": NEXT},
    )

    assert "跳过 1 行团队目标" in seen.content.decode()
    assert taken_over(manager, "g.csv", content).status_code == 302
    assert everything() == before


def test_progress_stands_behind_the_columns_that_the_upload_reads(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject, period=NEXT)
    build.an_observation("mql_count", "30", member=company.subject, period=NEXT)

    row = rows_of(client_of(company.manager), "member=subject&progress")[0]

    assert (row["当前值"], row["目标值"], row["状态"]) == ("30", "120", "已同意")
    assert "当前值" not in rows_of(client_of(company.manager), "member=subject")[0]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("kind", "wish", "看不懂“wish”"),
        ("due", "soon", "不是日期"),
        ("milestones", "no weight", "看不懂"),
        ("scoring", "[1]", "没有计分方法"),
        ("title", "长" * 201, "太长"),
        ("objective", "nothing", "所属目标"),
        ("item", "x" * 61, "考核表里没有"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(
    company: builders.Company, client_of: ClientOf, column: str, cell: str, said: str
) -> None:
    manager, before = client_of(company.manager), everything()
    row = {"member": "subject", "item": "o1", "target": "5", "kind": "objective", "title": "T"}
    row |= {column: cell}
    out = StringIO()
    writer = csv.DictWriter(out, row.keys())
    writer.writeheader()
    writer.writerow(row)

    file = SimpleUploadedFile("g.csv", out.getvalue().encode())
    seen = manager.post("/goals/upload/sheet/", {"file": file, "period": NEXT})
    if seen.status_code == 200:
        sent = {"sheet": seen.context["sheet"], "commit": "1", "period": NEXT}
        seen = manager.post("/goals/upload/sheet/", sent)

    assert seen.status_code == 422
    assert said in seen.content.decode()
    assert everything() == before


def test_an_export_costs_the_same_queries_for_few_and_for_many(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals import actions

    client, spent = client_of(company.director), []
    for team, size in (("few", 2), ("crowd", 300)):
        builders.many_members(size, team=team, manager="director")
        wanted = {f"{team}-{n}": [KPIS[0], replace(KPIS[1])] for n in range(size)}
        viewer = builders.a_viewer(company.director)
        actions.plan(viewer, wanted, period=NEXT, at=builders.NOW)
        with CaptureQueriesContext(connection) as asked:
            content = exported(client, "csv", "below&progress")
        spent.append(len(asked))
        assert content.count(b"mql_count") >= size

    assert spent[0] == spent[1] <= 16
