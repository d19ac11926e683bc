"""A goal is signed under one meaning of its metric: a later formula does not move it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import builders
import goal_builders as build

PERIOD = "2026Q3"
EDIT = "/metrics/definitions/edit/"
WEST = """metrics:
  leads_created:
    name: {zh: 新增线索数, en: Leads created}
    table: leads
    agg: count
    filter: region = 'west'
    unit: count
    formula_text: {zh: 西区的线索, en: leads of the west}
"""
GROUNDS = {"category": "definition", "reason": "口径改为西区", "evidence": "定义第 1 版"}


@pytest.fixture
def goal(refreshed: builders.Company) -> Any:
    """The subject agreed to six leads; three came in, all of them from the east."""
    build.a_scheme()
    return build.an_agreed_goal("leads_created", "6", member=refreshed.subject, period=PERIOD)


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Any) -> Callable[..., int]:
    from mingji.metrics import actions

    def published(document: str, reason: str = "只看西区") -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return actions.publish_definitions("system", document, reason, builders.NOW)

    return published


def refresh() -> None:
    from mingji.metrics import actions

    actions.refresh("system", ["2026Q2", PERIOD], builders.NOW)


def standing(goal: Any) -> Decimal | None:
    from mingji.goals.models import Goal
    from mingji.goals.queries.standings import Standings

    row = Goal.objects.select_related("agreement").get(pk=goal.pk)
    return Standings([row], builders.TODAY).of(row).value


def own() -> str:
    from mingji.metrics.queries import own_document

    return own_document()


def test_the_owner_sees_before_publishing_which_signed_goals_a_change_touches(
    refreshed: builders.Company, goal: Any, client_of: Any
) -> None:
    page = client_of(refreshed.analyst).post(EDIT, {"document": WEST, "check": "1"})

    told = page.content.decode()
    assert "2026年第三季度 1 个" in told
    assert "leads_created_v0" in told
    assert own() == ""


def test_a_signed_goal_keeps_its_figures_before_and_after_the_refresh(
    goal: Any, publish: Callable[..., int]
) -> None:
    publish(WEST)
    before_refresh = standing(goal)
    refresh()

    assert (before_refresh, standing(goal)) == (Decimal(3), Decimal(3))


def test_rows_that_come_late_still_count_under_the_signed_meaning(
    goal: Any, publish: Callable[..., int], load: Callable[..., object]
) -> None:
    from integration.metrics.conftest import HEAD

    publish(WEST)
    load("leads", f"{HEAD}L9,2026-09-20,search,,east,auto,subject,,,,\n", name="late.csv")
    refresh()

    assert standing(goal) == Decimal(4)


def test_a_goal_signed_after_the_change_is_measured_by_what_the_metric_means_now(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int]
) -> None:
    publish(WEST)
    refresh()
    late = build.an_agreed_goal("leads_created", "6", member=refreshed.peer, period=PERIOD)

    assert late.terms.definition == 1
    assert standing(late) == Decimal(1)  # L4 lies in the west
    assert standing(goal) == Decimal(3)


def test_a_draft_is_measured_by_what_the_metric_means_now_until_it_is_proposed(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int]
) -> None:
    from mingji.goals import actions
    from mingji.goals.counted import counted
    from mingji.goals.models import Goal
    from mingji.goals.queries import Owner
    from mingji.rules.goal_terms import GoalTerms

    publish(WEST)
    refresh()
    wanted = GoalTerms(key="leads_created", metric="leads_created", target=Decimal(5))
    drafted = actions.set_goal(
        builders.a_viewer(refreshed.manager),
        Owner(member=refreshed.subject),
        period="2026Q4",
        terms=wanted,
        at=builders.NOW,
    )
    row = Goal.objects.get(pk=drafted)
    assert counted(row) == "leads_created"

    actions.propose(builders.a_viewer(refreshed.manager), row.agreement_id, at=builders.NOW)
    assert Goal.objects.get(pk=drafted).terms.definition == 1


def test_the_page_of_the_goal_says_what_changed_when_and_under_which_version_it_was_signed(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int], client_of: Any
) -> None:
    publish(WEST)
    page = client_of(refreshed.subject).get(f"/goals/{goal.pk}/").content.decode()

    assert "指标口径改过，这个目标不变" in page
    assert "只看西区" in page
    assert "西区的线索" in page
    assert 'href="/metrics/definitions/v1/"' in page
    assert f"/goals/agreements/{goal.agreement_id}/change/" in page
    listed = client_of(refreshed.subject).get(f"/goals/?period={PERIOD}").content.decode()
    assert "随产品发布的口径" in listed


def test_figures_open_to_the_rows_that_the_signed_meaning_counts(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int], client_of: Any
) -> None:
    publish(WEST)
    client = client_of(refreshed.subject)
    for _ in range(2):
        page = client.get("/metrics/leads_created_v0/2026Q3/rows/?member=subject").content.decode()
        assert all(lead in page for lead in ("L1", "L2", "L3"))
        refresh()


def test_both_sides_can_agree_to_be_measured_by_the_new_meaning(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int], client_of: Any
) -> None:
    publish(WEST)
    refresh()
    ask = f"/goals/agreements/{goal.agreement_id}/change/"
    member = client_of(refreshed.subject)
    assert "leads_created-adopt" in member.get(ask).content.decode()

    sent = {"leads_created-target": "6", "leads_created-adopt": "on"} | GROUNDS
    answer = member.post(ask, sent)
    assert answer.status_code == 302, answer.content.decode()
    place = answer["Location"]
    assert "第 1 版" in member.get(place).content.decode()
    client_of(refreshed.manager).post(f"{place}accept/")
    client_of(refreshed.director).post(f"{place}approve/", {"answer": "同意"})

    goal.refresh_from_db()
    assert (goal.definition, standing(goal)) == (1, Decimal(0))


def test_another_change_of_the_agreement_leaves_the_signed_meaning_alone(
    refreshed: builders.Company, goal: Any, publish: Callable[..., int], client_of: Any
) -> None:
    from mingji.goals.counted import counted

    publish(WEST)
    ask = f"/goals/agreements/{goal.agreement_id}/change/"
    place = client_of(refreshed.subject).post(ask, {"leads_created-target": "5"} | GROUNDS)[
        "Location"
    ]
    client_of(refreshed.manager).post(f"{place}accept/")
    client_of(refreshed.director).post(f"{place}approve/", {"answer": "同意"})

    goal.refresh_from_db()
    assert (goal.target, goal.definition, counted(goal)) == (Decimal(5), 0, "leads_created_v0")


def test_what_goals_stand_on_cannot_be_taken_out_of_the_document(
    goal: Any, publish: Callable[..., int]
) -> None:
    publish(WEST)
    publish(WEST.replace("'west'", "'north'"), "现在只看北区")
    refresh()

    assert "leads_created_v0" in own()
    assert standing(goal) == Decimal(3)


def test_a_change_of_words_alone_keeps_nothing(goal: Any, publish: Callable[..., int]) -> None:
    from mingji.metrics.own_document import put_metric
    from mingji.metrics.queries import words_in_force

    words = words_in_force("leads_created") | {"gaming_risk": "刷量"}
    publish(put_metric("", "leads_created", words))

    assert "_v0" not in own()


def test_a_ratio_keeps_the_parts_it_was_signed_with(
    refreshed: builders.Company, publish: Callable[..., int]
) -> None:
    goal = build.an_agreed_goal(
        "lead_qualification_rate", "0.5", member=refreshed.subject, period=PERIOD
    )
    before = standing(goal)
    publish(WEST)
    refresh()

    assert "lead_qualification_rate_v0" in own()
    assert standing(goal) == before


def test_a_meaning_that_is_kept_stays_when_what_it_is_made_from_changes_later(
    refreshed: builders.Company, publish: Callable[..., int]
) -> None:
    goal = build.an_agreed_goal(
        "lead_qualification_rate", "0.5", member=refreshed.subject, period=PERIOD
    )
    before = standing(goal)
    rate = """  lead_qualification_rate:
    name: {zh: 线索合格率, en: Lead qualification rate}
    type: ratio
    numerator: leads_qualified
    denominator: mql_count
"""
    publish(f"metrics:\n{rate}", "按 MQL 算")
    publish(own() + WEST.removeprefix("metrics:\n"), "只看西区")
    refresh()

    assert "denominator: leads_created_v1" in own()
    assert standing(goal) == before
    assert before is not None


@pytest.mark.parametrize("name", ["mine", "leads_created_v0"])
def test_nobody_moves_signed_goals_to_another_metric_by_hand(
    goal: Any, publish: Callable[..., int], name: str
) -> None:
    from mingji.rules.errors import Invalid

    aside = WEST.replace("  leads_created:", f"  {name}:") + (
        "    formerly: {metric: leads_created, until: 99}\n"
    )
    with pytest.raises(Invalid, match="formerly"):
        publish(aside)

    assert own() == ""
    assert standing(goal) == Decimal(3)
