"""A reviewer who leaves does not keep a cycle from being released: HR names another."""

from __future__ import annotations

from typing import Any

import pytest

import builders
from mingji.appraisals import actions
from mingji.audit.models import AuditRecord
from mingji.rules.errors import Invalid, NotAllowed, NotAllowedNow, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(quarter: Any) -> Any:
    """The subject's appraisal after the self-review; the named reviewer has begun and not ended."""
    appraisal = quarter.of_subject(quarter.open())
    quarter.review(quarter.company.subject, appraisal, "3")
    actions.save_review(
        builders.a_viewer(appraisal.reviewer),
        appraisal.pk,
        [actions.Answer("judgement", "2", "只给自己看")],
        submit=False,
        at=builders.NOW,
    )
    return quarter.of_subject(appraisal.cycle)


def change(actor: Any, appraisal: Any, code: str, reason: str = "原评价人已离职") -> None:
    viewer = builders.a_viewer(actor)
    actions.change_reviewer(viewer, appraisal.pk, code, reason=reason, at=builders.NOW)


def test_the_new_reviewer_writes_the_review_and_the_cycle_goes_on(
    quarter: Any, waiting: Any, client_of: Any
) -> None:
    company = quarter.company
    hr, director = client_of(company.company_hr_partner), client_of(company.director)
    at = f"/appraisals/{waiting.pk}"
    before = director.get(f"{at}/review/").status_code
    page = hr.get(f"{at}/").content.decode()

    form = {"reviewer": "director", "reason": "原评价人已离职"}
    answer = hr.post(f"{at}/reviewer/", form)
    quarter.review(company.director, waiting, "4")

    after = quarter.of_subject(waiting.cycle)
    said = AuditRecord.objects.get(action="change_reviewer")
    review = after.reviews.get(kind="manager")
    assert (before, answer.status_code) == (403, 302)
    assert f'action="{at}/reviewer/"' in page
    assert (after.reviewer, after.stage) == (company.director, "reviewed")
    assert (review.author, review.ratings.get().comment) == (company.director, "一个例子")
    assert said.reason == "原评价人已离职"
    assert said.evidence == {
        "before": waiting.reviewer.code,
        "after": "director",
        "begun_removed": True,
    }


def test_what_the_former_reviewer_had_begun_is_not_shown_to_the_next(
    quarter: Any, waiting: Any, client_of: Any
) -> None:
    change(quarter.company.company_hr_partner, waiting, "director")

    page = client_of(quarter.company.director).get(f"/appraisals/{waiting.pk}/review/")

    assert page.status_code == 200
    assert "只给自己看" not in page.content.decode()


@pytest.mark.parametrize("code", ["subject", "peer", "other-manager", "analyst", "nobody", ""])
def test_only_somebody_above_the_member_can_be_named(
    quarter: Any, waiting: Any, client_of: Any, code: str
) -> None:
    hr = client_of(quarter.company.company_hr_partner)

    answer = hr.post(f"/appraisals/{waiting.pk}/reviewer/", {"reviewer": code, "reason": "离职"})

    assert answer.status_code == 422
    assert "现在的上级" in answer.content.decode()
    assert quarter.of_subject(waiting.cycle).reviewer == waiting.reviewer


def test_without_a_reason_and_once_it_is_handed_in_the_reviewer_stays(
    quarter: Any, waiting: Any
) -> None:
    hr = quarter.company.company_hr_partner

    with pytest.raises(Invalid):
        change(hr, waiting, "director", reason=" ")
    quarter.review(waiting.reviewer, waiting, "3")
    with pytest.raises(NotAllowedNow):
        change(hr, waiting, "director")


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner", "analyst"])
def test_nobody_but_who_runs_cycles_names_a_reviewer(quarter: Any, waiting: Any, role: str) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        change(getattr(quarter.company, role), waiting, "director")
