"""One scheme with a measured and a rated item, one quarter, the company of `builders`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

import builders
import goal_builders

PERIOD = goal_builders.LAST_PERIOD  # 2026Q3
SCHEME = """
id: two-items
name: {zh: 两项方案, en: Two items}
dimensions:
  - id: result
    name: {zh: 结果, en: Result}
    weight: 60
    items:
      - id: mql_count
        name: {zh: 市场合格线索数, en: MQLs}
        weight: 100
        metric: mql_count
        unit: count
        data_owner: ops
        scoring: {method: ratio, direction: up, cap: 1.2}
  - id: ability
    name: {zh: 能力, en: Ability}
    weight: 40
    items:
      - id: judgement
        name: {zh: 判断, en: Judgement}
        weight: 100
        source: rated
        raters: [self, manager]
        scoring:
          method: behaviour_anchor
          levels:
            - {level: 1, behaviour: {zh: 照搬, en: copies}}
            - {level: 2, behaviour: {zh: 描述, en: describes}}
            - {level: 3, behaviour: {zh: 分析, en: analyses}}
            - {level: 4, behaviour: {zh: 预见, en: foresees}}
            - {level: 5, behaviour: {zh: 带动, en: teaches}}
blend: {mode: none}
"""


@dataclass(frozen=True, slots=True)
class Quarter:
    """The company, its scheme version, and what a test does to a cycle."""

    company: Any
    version: Any

    def open(self, code: str = "q3", by: Any = "system") -> Any:
        """A cycle of the third quarter."""
        from mingji.appraisals import actions

        plan = actions.CyclePlan(
            code=code,
            period=PERIOD,
            scheme_version_id=self.version.pk,
            name_zh="三季度考核",
            name_en="Q3 appraisal",
            self_review_due=date(2026, 11, 16),
            manager_review_due=date(2026, 11, 24),
        )
        return actions.open_cycle(by, plan, at=builders.NOW)

    def under(self, old: str, new: str) -> Quarter:
        """The same quarter under a scheme in which `old` is written `new`."""
        from mingji.schemes.actions import publish

        document = SCHEME.replace(old, new)
        return replace(self, version=publish("system", document, at=builders.NOW))

    def of_subject(self, cycle: Any) -> Any:
        """The subject's appraisal, fresh from the database."""
        return cycle.appraisals.get(member=self.company.subject)

    def review(self, author: Any, appraisal: Any, level: str, comment: str = "一个例子") -> None:
        """Hand in a review by whoever's turn it is."""
        from mingji.appraisals import actions

        actions.save_review(
            builders.a_viewer(author),
            appraisal.pk,
            [actions.Answer("judgement", level, comment)],
            submit=True,
            at=builders.NOW,
        )

    def reviewed(self, cycle: Any, level: str = "3") -> None:
        """Every review handed in, with the same level for everybody."""
        for appraisal in cycle.appraisals.select_related("member", "reviewer"):
            self.review(appraisal.member, appraisal, level)
            self.review(appraisal.reviewer, appraisal, level)


@pytest.fixture
def quarter(db: None) -> Quarter:
    """The subject reached 92 of 100 MQLs."""
    from mingji.schemes.actions import publish

    company = builders.a_company()
    goal_builders.an_observation("mql_count", "92", period=PERIOD, member=company.subject)
    goal_builders.an_agreed_goal("mql_count", "100", member=company.subject, period=PERIOD)
    return Quarter(company, publish("system", SCHEME, at=builders.NOW))


@pytest.fixture
def page(quarter: Quarter, client_of: Callable[[Any], Any]) -> Callable[..., Any]:
    """`page(member, address, data)`: what a member gets there, by GET or (with data) by POST."""

    def fetch(member: Any, address: str, data: dict[str, str] | None = None) -> Any:
        client = client_of(member)
        return client.get(address) if data is None else client.post(address, data)

    return fetch
