"""What goals serve, in the sheet that is exported and taken over: all rows of it or none."""

from __future__ import annotations

import csv
from collections.abc import Callable
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
from mingji.goals.models import Alignment

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
D = Decimal
HEADER = "成员,考核项,目标值,标题,衡量方式,单位,类型,支撑目标"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


@pytest.fixture
def cost(company: builders.Company) -> Any:
    from mingji.people import queries as people

    return build.an_agreed_goal("cost_per_lead", "80", team=people.teams_by_code()["growth"])


def line(member: str, item: str, target: str, serves: str) -> str:
    return f'{member},{item},{target},{item},填报数值,CNY,KPI,"{serves}"'


def hand_over(client: Client, content: str, **more: str) -> Any:
    file = SimpleUploadedFile("goals.csv", content.encode("utf-8-sig"))
    period = {"period": build.PERIOD}
    looked = client.post("/goals/upload/sheet/", {"file": file, **period})
    if looked.context["faults"]:
        return looked
    sent = {"sheet": looked.context["sheet"], "commit": "1", **period, **more}
    return client.post("/goals/upload/sheet/", sent)


def kept() -> set[tuple[str, str, Decimal, str, Decimal | None]]:
    rows = Alignment.objects.select_related("child", "parent")
    return {
        (row.child.item, row.parent.item, row.share.normalize(), row.part, row.volume)
        for row in rows
    }


def test_a_sheet_says_what_goals_serve_with_share_part_and_volume(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    sheet = "\n".join(
        [
            HEADER,
            line("subject", "ads", "60000", "growth/2026Q4/cost_per_lead; 50%; 分子"),
            line(
                "peer",
                "fairs",
                "40",
                "growth/2026Q4/cost_per_lead；100％；；1200\n@subject/2026Q4/ads",
            ),
        ]
    )

    done = hand_over(client_of(company.manager), sheet)

    assert done.status_code == 302
    assert kept() == {
        ("ads", "cost_per_lead", D("0.5"), "numerator", None),
        ("fairs", "cost_per_lead", D(1), "", D(1200)),
        ("fairs", "ads", D(1), "", None),
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_export_that_nobody_edited_changes_nothing(
    company: builders.Company, client_of: ClientOf, cost: Any, language: str
) -> None:
    from mingji.audit.models import AuditRecord

    manager = client_of(company.manager)
    sheet = [
        HEADER,
        line("subject", "ads", "60000", "growth/2026Q4/cost_per_lead; 33.33%; 分子; 7"),
    ]
    hand_over(manager, "\n".join(sheet))
    before, told = kept(), AuditRecord.objects.count()

    answer = manager.get(
        f"/goals/export.csv?below&period={build.PERIOD}", headers={"accept-language": language}
    )
    exported = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    done = hand_over(manager, exported)

    cells = next(csv.DictReader(StringIO(exported)))
    assert cells.get("支撑目标", cells.get("serves", "")).startswith(
        "growth/2026Q4/cost_per_lead; 33.33%"
    )
    assert done.status_code == 302
    assert (kept(), AuditRecord.objects.count()) == (before, told)


def test_what_a_sheet_does_not_name_stays_and_what_it_names_anew_changes(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    manager = client_of(company.manager)
    hand_over(manager, f"{HEADER}\n" + line("subject", "ads", "60000", str_of(cost)))

    hand_over(manager, f"{HEADER}\n" + line("subject", "ads", "61000", ""))
    silent = kept()
    hand_over(manager, f"{HEADER}\n" + line("subject", "ads", "61000", f"{str_of(cost)}; 25%"))

    assert silent == {("ads", "cost_per_lead", D(1), "", None)}
    assert kept() == {("ads", "cost_per_lead", D("0.25"), "", None)}


def str_of(goal: Any) -> str:
    return f"growth/{goal.period}/{goal.item}"


@pytest.mark.parametrize(
    ("serves", "said"),
    [
        ("growth", "看不懂“growth”"),
        ("growth/2026Q4/cost_per_lead; half", "没有目标“growth/2026Q4/cost_per_lead; half”"),
        ("growth/2026Q4/nothing; 50%", "没有目标“growth/2026Q4/nothing”"),
        ("events/2026Q4/hidden; 50%", "没有目标“events/2026Q4/hidden”"),
        ("growth/2026Q4/cost_per_lead; 0%", "份额要大于 0"),
        ("growth/2026Q4/cost_per_lead; 101%", "份额要大于 0"),
        ("growth/2026Q4/cost_per_lead; 100%; 分母", "分母按“count”计"),
        ("growth/2026Q4/cost_per_lead; 100%; 魔法", "看不懂"),
        ("growth/2026Q4/cost_per_lead; 100%; ; 0", "体量要是大于 0 的数"),
        ("@subject/2026Q4/ads; 100%", "绕成了一圈"),
        (
            "growth/2026Q4/cost_per_lead; 60%\ncompany/2026Q4/cost_per_lead; 50%",
            "一共被计入 110%",
        ),
        ("growth/2026Q4/cost_per_lead\ngrowth/2026Q4/cost_per_lead", "写了两次"),
    ],
)
def test_every_fault_is_told_with_its_row_and_nothing_is_saved(
    company: builders.Company, client_of: ClientOf, cost: Any, serves: str, said: str
) -> None:
    from mingji.goals.models import Goal
    from mingji.people import queries as people

    teams = people.teams_by_code()
    build.an_agreed_goal("cost_per_lead", "90", team=teams["company"])
    build.an_agreed_goal("cost_per_lead", "90", team=teams["events"], item="hidden")
    before = Goal.objects.count()
    sheet = "\n".join(
        [
            HEADER,
            line("peer", "fairs", "40", str_of(cost)),
            line("subject", "ads", "60000", serves),
        ]
    )

    refused = hand_over(
        client_of(company.director if "company" in serves else company.manager), sheet
    )

    page = refused.content.decode()
    assert refused.status_code == 422
    assert said in page
    assert "第 3 行" in page
    assert (Goal.objects.count(), Alignment.objects.count()) == (before, 0)


def test_aligning_costs_the_same_queries_for_few_and_for_many(
    company: builders.Company, client_of: ClientOf, cost: Any
) -> None:
    from django.db import transaction

    from mingji.goals.actions.serving import serve_named
    from mingji.goals.naming import GoalName, Served

    goals = [f"goal-{n}" for n in range(30)]
    rows = [line("subject", key, "5", "") for key in goals]
    hand_over(client_of(company.manager), "\n".join([HEADER, *rows]))
    above = GoalName(owner="growth", of_member=False, period=build.PERIOD, item="cost_per_lead")
    viewer = builders.a_viewer(company.manager)

    def queries(count: int) -> int:
        wanted = {"subject": {key: [Served(goal=above)] for key in goals[:count]}}
        with transaction.atomic(), CaptureQueriesContext(connection) as caught:
            assert serve_named(viewer, wanted, build.PERIOD) == count
        Alignment.objects.all().delete()
        return len(caught)

    assert queries(2) == queries(30) <= 12
