"""Opening a cycle: who is in it, what is frozen, who may, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import builders
import goal_builders
from mingji.rules.errors import Invalid, NotAllowed


def test_everybody_with_a_manager_is_appraised_in_the_post_held_at_the_end(quarter: Any) -> None:
    cycle = quarter.open()

    appraisal = quarter.of_subject(cycle)
    assert appraisal.team.code == "growth"
    assert appraisal.reviewer == quarter.company.manager
    assert not cycle.appraisals.filter(member=quarter.company.director).exists()
    assert cycle.appraisals.count() == 9


def test_a_transfer_in_mid_quarter_does_not_lower_presence_and_a_newcomer_has_a_share(
    quarter: Any,
) -> None:
    builders.a_member("late", "growth", "manager", hired_on=builders.date(2026, 9, 1))

    cycle = quarter.open()

    assert quarter.of_subject(cycle).facts["presence"] == "1"
    late = cycle.appraisals.get(member__code="late").facts["presence"]
    assert late.startswith("0.326086")  # 30 of 92 days


def test_figures_and_targets_are_frozen_and_late_data_does_not_move_them(quarter: Any) -> None:
    from mingji.metrics.models import Observation

    cycle = quarter.open()
    Observation.objects.filter(metric="mql_count").update(current=False)
    goal_builders.an_observation("mql_count", "40", period="2026Q3", member=quarter.company.subject)

    frozen = quarter.of_subject(cycle).facts["items"]["mql_count"]
    assert frozen["actual"] == {"decimal": "92"}
    assert frozen["target"] == {"decimal": "100"}
    assert frozen["node"]["sources"][0]["rows"] == 7


def test_opening_leaves_an_audit_record_that_names_who_was_left_out(quarter: Any) -> None:
    from mingji.audit import queries as audit

    quarter.open()

    evidence = audit.latest_evidence("cycle", "q3", "open_cycle")
    assert evidence["left_out"] == ["director"]
    assert evidence["appraisals"] == 9


@pytest.mark.parametrize("who", ["subject", "manager", "director", "hr_partner", "analyst"])
def test_only_the_hr_partner_of_the_company_opens_cycles(quarter: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        quarter.open(by=builders.a_viewer(getattr(quarter.company, who)))

    quarter.open(by=builders.a_viewer(quarter.company.company_hr_partner))


def test_a_code_that_is_taken_is_refused_in_the_form(quarter: Any, page: Any) -> None:
    quarter.open()
    form = {
        "code": "q3",
        "period": "2026Q3",
        "name_zh": "再来一次",
        "name_en": "Again",
        "scheme_version": str(quarter.version.pk),
        "self_review_due": "2026-11-16",
        "manager_review_due": "2026-11-24",
    }

    answer = page(quarter.company.company_hr_partner, "/appraisals/cycles/open/", form)

    assert answer.status_code == 422
    assert "换一个代码" in answer.content.decode()


def test_dates_out_of_order_and_a_broken_period_are_refused(quarter: Any, page: Any) -> None:
    form = {
        "code": "again",
        "period": "2026Q3",
        "name_zh": "再来一次",
        "name_en": "Again",
        "scheme_version": str(quarter.version.pk),
        "self_review_due": "2026-09-01",
        "manager_review_due": "2026-11-24",
    }
    hr_partner = quarter.company.company_hr_partner

    early = page(hr_partner, "/appraisals/cycles/open/", form)
    broken = page(hr_partner, "/appraisals/cycles/open/", {**form, "period": "Q3/2026"})

    assert early.status_code == broken.status_code == 422
    assert "日期顺序不对" in early.content.decode()
    assert "看不懂期间" in broken.content.decode()


def test_a_period_that_has_not_ended_is_not_frozen(quarter: Any, page: Any) -> None:
    form = {
        "code": "q4",
        "period": "2026Q4",
        "name_zh": "四季度",
        "name_en": "Q4",
        "scheme_version": str(quarter.version.pk),
        "self_review_due": "2027-01-15",
        "manager_review_due": "2027-01-25",
    }

    answer = page(quarter.company.company_hr_partner, "/appraisals/cycles/open/", form)

    assert answer.status_code == 422
    assert "到 2026-12-31 才结束" in answer.content.decode()


def test_without_a_scheme_the_page_says_what_comes_first(
    db: None, client_of: Callable[[Any], Any]
) -> None:
    company = builders.a_company()

    shown = client_of(company.company_hr_partner).get("/appraisals/cycles/open/").content.decode()

    assert "先要有绩效方案" in shown
    assert 'href="/schemes/"' in shown
    assert 'name="period"' not in shown


def test_a_period_in_which_nobody_worked_is_refused(quarter: Any) -> None:
    from mingji.appraisals import actions

    plan = actions.CyclePlan(
        code="old",
        period="2020Q1",
        scheme_version_id=quarter.version.pk,
        name_zh="旧",
        name_en="Old",
        self_review_due=builders.TODAY,
        manager_review_due=builders.TODAY,
    )
    with pytest.raises(Invalid, match="Nobody was posted"):
        actions.open_cycle("system", plan, at=builders.NOW)
