"""Goals of many people in one go: on one page, and from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]
NEXT = "2027Q1"


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def targets(period: str = NEXT) -> dict[tuple[str, str], Decimal]:
    from mingji.goals.models import Goal

    rows = Goal.objects.filter(period=period).select_related("member")
    return {(row.member.code, row.item): row.target for row in rows if row.member}


def test_targets_are_proposed_from_what_was_reached_before(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("mql_count", "200", member=company.subject)
    build.an_agreed_goal("mql_to_sql_rate", "0.4", member=company.subject)

    page = client_of(company.manager).get("/goals/plan/?growth=10").content.decode()

    assert 'name="subject:mql_count" value="220"' in page
    assert 'name="subject:mql_to_sql_rate" value="40"' in page
    assert "director" not in page


def test_while_the_period_before_runs_its_target_grows_and_not_what_was_reached_so_far(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_observation("mql_count", "90", member=company.subject)
    build.an_agreed_goal("mql_count", "300", member=company.subject)

    page = client_of(company.manager).get("/goals/plan/?growth=10").content.decode()

    assert 'name="subject:mql_count" value="330"' in page
    assert "至今 90" in page


def test_a_lead_sets_and_proposes_the_goals_of_the_team_on_one_page(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Agreement

    sent = {"who": ["subject", "peer"], "propose": "1", "deadline": "2026-12-15", "period": NEXT}
    cells = {"subject:mql_count": "220", "peer:mql_count": "1,50O", "peer:budget_use_rate": "95%"}
    manager = client_of(company.manager)

    refused = manager.post("/goals/plan/", sent | cells)
    nothing = targets()
    done = manager.post("/goals/plan/", sent | cells | {"peer:mql_count": "150"})

    assert refused.status_code == 422
    assert 'value="1,50O"' in refused.content.decode()
    assert nothing == {}
    assert done.status_code == 302
    assert targets() == {
        ("subject", "mql_count"): Decimal(220),
        ("peer", "mql_count"): Decimal(150),
        ("peer", "budget_use_rate"): Decimal("0.95"),
    }
    rows = Agreement.objects.all()
    assert {(row.status, row.turn, row.number) for row in rows} == {("proposed", "own", 1)}
    assert {str(row.deadline) for row in rows} == {"2026-12-15"}
    answer = client_of(company.peer).post(
        f"/goals/agreements/{rows.get(member=company.peer).pk}/accept/", {"number": "1"}
    )
    assert answer.status_code == 302


def test_what_is_wrong_is_shown_at_its_cell_and_nobody_gets_goals(
    company: builders.Company, client_of: ClientOf
) -> None:
    page = client_of(company.manager).post(
        "/goals/plan/",
        {"who": ["subject", "peer"], "subject:mql_count": "0", "peer:mql_count": "100"},
    )

    assert page.status_code == 422
    assert 'href="#subject:mql_count"' in page.content.decode()
    assert targets() == {}


def test_who_has_goals_already_is_named_and_left_out(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject, period=NEXT)

    page = client_of(company.manager).get("/goals/plan/").content.decode()

    assert "subject:mql_count" not in page
    assert "peer:mql_count" in page
    assert "已提出或已确认" in page


@pytest.mark.parametrize("role", ["subject", "peer", "analyst", "hr_partner"])
def test_who_leads_nobody_plans_for_nobody(
    company: builders.Company, client_of: ClientOf, role: str
) -> None:
    client = client_of(getattr(company, role))

    assert client.get("/goals/plan/").status_code == 403
    assert client.get("/goals/upload/").status_code == 403


def test_nobody_plans_for_people_of_others(company: builders.Company) -> None:
    from mingji.goals import actions
    from mingji.rules.errors import NotAllowed
    from mingji.rules.goal_terms import GoalTerms

    terms = [GoalTerms(key="mql_count", target=Decimal(1))]

    for code in ("subject", "director", "other-manager", "nobody"):
        with pytest.raises(NotAllowed):
            actions.plan(
                builders.a_viewer(company.other_manager),
                {code: terms},
                period=NEXT,
                at=builders.NOW,
            )


def a_csv(text: str, encoding: str = "gb18030") -> SimpleUploadedFile:
    return SimpleUploadedFile("目标.csv", text.encode(encoding))


def look(client: Client, file: SimpleUploadedFile) -> Any:
    return client.post("/goals/upload/sheet/", {"file": file, "period": NEXT})


def test_a_sheet_is_looked_at_first_and_then_taken_over(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)
    sheet = (
        "2027年一季度目标,,,\n工号,考核项,目标值,权重\n"
        "subject,mql_count,220,\n单飞,预算执行率,95%,\n"
    )

    seen = look(manager, a_csv(sheet))
    before = targets()
    page = seen.content.decode()
    hidden = seen.context["sheet"]
    done = manager.post("/goals/upload/sheet/", {"sheet": hidden, "commit": "1", "period": NEXT})

    assert seen.status_code == 200
    assert "2 行：2 位成员的 2 个目标" in page
    assert before == {}
    assert done.status_code == 302
    assert targets() == {
        ("subject", "mql_count"): Decimal(220),
        ("peer", "budget_use_rate"): Decimal("0.95"),
    }


def test_the_same_sheet_again_changes_nothing(
    company: builders.Company, client_of: ClientOf
) -> None:
    from mingji.goals.models import Goal

    manager = client_of(company.manager)
    sheet = "工号,考核项,目标值\nsubject,mql_count,220\n"
    hidden = look(manager, a_csv(sheet)).context["sheet"]
    sent = {"sheet": hidden, "commit": "1", "period": NEXT}
    manager.post("/goals/upload/sheet/", sent)
    first = list(Goal.objects.values())

    again = manager.post("/goals/upload/sheet/", sent, follow=True)

    assert list(Goal.objects.values()) == first
    assert "已为 0 位成员" in again.content.decode()


def test_every_fault_is_told_with_its_row_and_nothing_is_saved(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)
    sheet = (
        "工号,考核项,目标值,战略主题\n"
        "subject,mql_count,很多,\n"
        "nobody,mql_count,1,\n"
        "other-manager,mql_count,1,\n"
        "peer,not_an_item,1,\n"
        "peer,roas,4,nowhere\n"
        "peer,mql_count,100,\n"
        "peer,mql_count,110,\n"
    )

    answer = look(manager, a_csv(sheet))

    page = answer.content.decode()
    assert answer.status_code == 422
    for row in (2, 3, 4, 5, 6, 8):
        assert f"第 {row} 行" in page
    assert "第 7 行：" not in page
    assert targets() == {}


def test_a_locked_goal_is_not_touched_by_a_sheet(
    company: builders.Company, client_of: ClientOf
) -> None:
    build.an_agreed_goal("mql_count", "120", member=company.subject, period=NEXT)
    manager = client_of(company.manager)
    hidden = look(manager, a_csv("工号,考核项,目标值\nsubject,mql_count,1\npeer,mql_count,5\n"))

    answer = manager.post(
        "/goals/upload/sheet/",
        {"sheet": hidden.context["sheet"], "commit": "1", "period": NEXT},
    )

    assert answer.status_code == 422
    assert "已经锁定" in answer.content.decode()
    assert targets() == {("subject", "mql_count"): Decimal(120)}


def test_a_workbook_is_read_like_a_csv(
    company: builders.Company, client_of: ClientOf, tmp_path: Path
) -> None:
    path = tmp_path / "goals.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Q1")
        for number, row in enumerate(
            [("member", "item", "target"), ("subject", "mql_count", 220.0)]
        ):
            page.write_row(number, 0, row)
    file = SimpleUploadedFile("goals.xlsx", path.read_bytes())

    assert "1 行：1 位成员的 1 个目标" in look(client_of(company.manager), file).content.decode()


@pytest.mark.parametrize(
    "file",
    [
        a_csv("", "utf-8"),
        a_csv("工号,目标值\nsubject,1\n"),
        a_csv("工号,考核项,目标值\n"),
        SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken"),
        SimpleUploadedFile("x.csv", bytes(range(256)) * 4),
    ],
    ids=["empty", "column missing", "no rows", "broken workbook", "no text"],
)
def test_a_file_that_cannot_be_used_is_refused_with_words(
    company: builders.Company, client_of: ClientOf, file: SimpleUploadedFile
) -> None:
    answer = look(client_of(company.manager), file)

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_two_thousand_goals_come_in_without_a_query_for_each(
    company: builders.Company,
) -> None:
    from mingji.goals import actions
    from mingji.rules.goal_terms import GoalTerms

    viewer = builders.a_viewer(company.director)
    counts = []
    for team, size, period in (("few", 1, NEXT), ("crowd", 1000, "2027Q2")):
        builders.many_members(size, team=team, manager="director")
        wanted = {
            f"{team}-{n}": [
                GoalTerms(key=key, target=Decimal(100 + n)) for key in ("mql_count", "roas")
            ]
            for n in range(size)
        }
        with CaptureQueriesContext(connection) as spent:
            done = actions.plan(viewer, wanted, period=period, propose=True, at=builders.NOW)
        counts.append(len(spent))
        assert (done.members, done.goals) == (size, 2 * size)

    # SQLite takes some forty rows at a time; nothing is asked member by member.
    assert counts[1] - counts[0] <= 100


def test_goals_set_in_bulk_are_the_same_as_goals_set_one_by_one(
    company: builders.Company,
) -> None:
    from mingji.goals import actions, queries
    from mingji.goals.models import Version
    from mingji.goals.queries import Owner
    from mingji.rules.goal_terms import GoalTerms

    viewer = builders.a_viewer(company.manager)
    terms = [
        GoalTerms(key="mql_count", target=Decimal("220.00"), weight=None, support="预算"),
        GoalTerms(key="budget_use_rate", target=Decimal("0.951234")),
    ]
    other = builders.a_member("other", "growth", "manager")
    actions.plan(viewer, {other.code: terms}, period=NEXT, propose=True, at=builders.NOW)
    for goal in terms:
        one = actions.set_goal(
            viewer, Owner(member=company.peer), period=NEXT, terms=goal, at=builders.NOW
        )
    agreement = build.agreement_of(one)
    actions.propose(viewer, agreement.pk, at=builders.NOW)

    bulk, single = Version.objects.order_by("id")
    assert bulk.terms == single.terms
    assert bulk.digest == single.digest
    assert queries.terms_of(bulk.agreement) == queries.terms_of(single.agreement)


def test_250_people_are_planned_page_by_page_below_what_a_form_may_send(
    company: builders.Company, client_of: ClientOf
) -> None:
    import html
    import re

    for number in range(250):
        builders.a_member(f"m{number:03}", "growth", "manager")
    manager = client_of(company.manager)
    address: str = f"/goals/plan/?period={NEXT}"
    people: list[str] = []
    while address:
        page = manager.get(address).content.decode()
        fields = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page)
        here = re.findall(r'name="who" value="([^"]+)"', page)
        assert len(fields) < 1000
        after = re.search(r'name="after" value="([^"]*)"', page)
        sent = {"period": NEXT, "who": here, "after": after[1] if after else ""}
        cells = {name: "12" for name in fields if ":" in name}
        done = manager.post("/goals/plan/", sent | cells)
        assert done.status_code == 302
        people += here
        following = html.unescape(done["Location"])
        address = following if "/goals/plan/" in following else ""

    assert len(people) == len(set(people)) == len({who for who, _item in targets()})
    assert len(people) >= 250


def test_whoever_has_planned_a_period_sees_the_team_in_that_period(
    company: builders.Company, client_of: ClientOf
) -> None:
    manager = client_of(company.manager)
    sent = {"who": ["subject"], "period": NEXT, "subject:mql_count": "120"}

    done = manager.post("/goals/plan/", sent, follow=True)

    assert done.redirect_chain[-1][0].endswith(f"?period={NEXT}")
    assert str(done.context["period"]) == NEXT


def test_words_lost_to_a_failed_formula_are_told_and_not_left_out(
    company: builders.Company, client_of: ClientOf
) -> None:
    sheet = "member,item,target,support\nsubject,mql_count,120,#REF!\n"

    answer = look(client_of(company.manager), a_csv(sheet))

    assert answer.status_code == 422
    assert "公式出错" in answer.content.decode()
