"""Objectives that were agreed enter the score by an item of the scheme, frozen like all else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

import builders
import goal_builders as build

pytestmark = pytest.mark.django_db
PERIOD = build.PERIOD


@pytest.fixture
def company() -> builders.Company:
    build.a_scheme()
    return builders.a_company()


def an_objective(member: Any, key: str, *, stretch: bool = False, weight: str = "50") -> list[Any]:
    """An objective with a number from a metric, one that is reported, and one to be done."""
    from mingji.rules.goal_terms import GoalTerms

    objective = GoalTerms(
        key=key,
        kind="objective",
        title=f"目标 {key}",
        commitment="stretch" if stretch else "committed",
        weight=Decimal(weight),
    )
    below = GoalTerms(key=key, kind="key_result", objective=key)
    return [
        objective,
        replace(
            below,
            key=f"{key}-kr-1",
            title="MQL 从 80 到 120",
            metric="mql_count",
            baseline=Decimal(80),
            target=Decimal(120),
        ),
        replace(
            below,
            key=f"{key}-kr-2",
            title="案例从 2 篇到 6 篇",
            measure="manual",
            unit="篇",
            baseline=Decimal(2),
            target=Decimal(6),
        ),
        replace(below, key=f"{key}-kr-3", title="上线新页面", measure="yes_no"),
    ]


def agreed(member: Any, *objectives: list[Any]) -> None:
    from mingji.goals import actions

    actions.import_agreed(
        [
            actions.AgreedGoal(
                member_id=member.pk,
                period=PERIOD,
                terms=terms,
                proposed_by="manager",
                proposed_at=builders.NOW,
                accepted_by=member.code,
                accepted_at=builders.NOW,
            )
            for objective in objectives
            for terms in objective
        ],
        at=builders.NOW,
    )


def item(**settings: Any) -> Any:
    from mingji.rules.methods.events import Okr
    from mingji.rules.scheme import Item
    from mingji.rules.text import Text

    return Item(
        id="okr",
        name=Text("目标与关键结果", "OKR"),
        source="objectives",
        weight=Decimal(100),
        scoring=Okr(),
        **settings,
    )


def facts_of(member: Any, okr: Any) -> Any:
    from mingji.appraisals import frozen

    facts = frozen.facts_of_members([member.pk], PERIOD)
    return frozen._measured([okr], member.pk, facts)["okr"]


def report(company: builders.Company, title: str, value: str) -> None:
    from mingji.goals import actions
    from mingji.goals.models import Goal

    actions.report(
        builders.a_viewer(company.subject),
        Goal.objects.get(title=title).pk,
        actions.Report(value=Decimal(value), evidence="https://intranet.example/1"),
        at=builders.NOW,
    )


def test_key_results_score_between_nothing_and_one_and_open_into_their_sources(
    company: builders.Company,
) -> None:
    from mingji.rules.assess import assess

    agreed(company.subject, an_objective(company.subject, "o1"))
    build.an_observation("mql_count", "100", member=company.subject)
    report(company, "案例从 2 篇到 6 篇", "8")
    report(company, "上线新页面", "0")

    found = assess(item(), facts_of(company.subject, item()))

    # 0.5 of the way, beyond the target counts 1, not done counts 0: a third of each.
    assert found.score == Decimal("0.5")
    nodes = {node.parameters.get("key"): node for node in found.node.inputs}
    (reported,) = nodes["o1-kr-2"].inputs
    (rows,) = nodes["o1-kr-1"].inputs
    assert reported.sources[0].label.zh == "https://intranet.example/1"
    assert rows.sources[0].kind == "rows"


def test_a_stretch_objective_stays_out_of_pay_unless_the_scheme_says_otherwise(
    company: builders.Company,
) -> None:
    agreed(
        company.subject,
        an_objective(company.subject, "o1"),
        an_objective(company.subject, "o2", stretch=True, weight="40"),
    )

    usual = facts_of(company.subject, item())
    counted = facts_of(company.subject, item(stretch_counts=True))

    assert {part.key[:2] for part in usual.parts} == {"o1"}
    assert {part.key[:2] for part in counted.parts} == {"o1", "o2"}
    assert {part.weight for part in usual.parts} == {None}
    total = sum((part.weight for part in counted.parts), Decimal(0))
    assert abs(total - 100) < Decimal("1e-20")


def test_what_was_frozen_reads_back_the_same_and_does_not_move(company: builders.Company) -> None:
    from mingji.appraisals.snapshot import member_data, member_from
    from mingji.rules.assess import assess
    from mingji.rules.facts import MemberFacts

    agreed(company.subject, an_objective(company.subject, "o1"))
    build.an_observation("mql_count", "100", member=company.subject)
    report(company, "案例从 2 篇到 6 篇", "3")
    facts = MemberFacts(member="subject", items={"okr": facts_of(company.subject, item())})
    kept = member_data(facts)

    report(company, "案例从 2 篇到 6 篇", "6")

    back = member_from(kept)
    assert back == facts
    assert assess(item(), back.items["okr"]).node == assess(item(), facts.items["okr"]).node


def test_without_an_agreed_objective_the_item_has_no_data(company: builders.Company) -> None:
    from mingji.rules.assess import assess

    found = assess(item(), facts_of(company.subject, item()))

    assert (found.score, bool(found.lacks)) == (None, True)


def test_a_scheme_that_scores_objectives_otherwise_is_refused() -> None:
    from mingji.rules.errors import Invalid
    from mingji.schemes.document import load

    text = """
id: okr-only
name: {zh: 仅 OKR, en: OKR only}
dimensions:
  - id: result
    name: {zh: 结果, en: Result}
    weight: 100
    items:
      - id: okr
        name: {zh: 目标与关键结果, en: OKR}
        weight: 100
        source: objectives
        scoring: {method: METHOD}
"""
    right = load(text.replace("METHOD", "okr"), "okr.yaml")

    assert "objectives_need_okr" not in str(right)
    with pytest.raises(Invalid) as refused:
        load(text.replace("METHOD", "binary"), "okr.yaml")
    assert "objectives_need_okr" in {each.code for each in refused.value.findings}
