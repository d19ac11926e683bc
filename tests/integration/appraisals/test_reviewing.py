"""Writing a review: the member first, then the reviewer; handed in, it does not change."""

from __future__ import annotations

import re
from typing import Any

import pytest

import builders

FORM = {"level-judgement": "4", "why-judgement": "提前发现渠道衰减", "comment": "一个季度"}


@pytest.fixture
def address(quarter: Any) -> str:
    """Where the subject's review is written."""
    return f"/appraisals/{quarter.of_subject(quarter.open()).pk}/review/"


def stage(quarter: Any) -> str:
    from mingji.appraisals.models import Appraisal

    return Appraisal.objects.get(member=quarter.company.subject).stage


def test_the_member_writes_first_then_the_reviewer(quarter: Any, page: Any, address: str) -> None:
    subject, manager = quarter.company.subject, quarter.company.manager

    first = page(subject, address, {**FORM, "submit": "1"})
    second = page(manager, address, {**FORM, "level-judgement": "3", "submit": "1"})

    assert (first.status_code, second.status_code) == (302, 302)
    assert stage(quarter) == "reviewed"


def test_saving_keeps_the_words_and_hands_nothing_in(quarter: Any, page: Any, address: str) -> None:
    page(quarter.company.subject, address, {**FORM, "save": "1"})

    shown = page(quarter.company.subject, address).content.decode()
    assert "提前发现渠道衰减" in shown
    assert stage(quarter) == "self_review"


def test_the_reviewer_reads_the_self_review_beside_the_form(
    quarter: Any, page: Any, address: str
) -> None:
    page(quarter.company.subject, address, {**FORM, "submit": "1"})

    shown = page(quarter.company.manager, address).content.decode()

    assert "提前发现渠道衰减" in shown
    assert "92" in shown


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("peer", 404),
        ("other_manager", 404),
        ("ex_manager", 404),
        ("other_hr_partner", 404),
        ("analyst", 404),
        ("manager", 403),
        ("director", 403),
        ("hr_partner", 403),
    ],
)
def test_nobody_else_writes_the_self_review(
    quarter: Any, page: Any, address: str, who: str, status: int
) -> None:
    answer = page(getattr(quarter.company, who), address, {**FORM, "submit": "1"})

    assert answer.status_code == status
    assert stage(quarter) == "self_review"


def test_the_director_does_not_write_the_managers_review(
    quarter: Any, page: Any, address: str
) -> None:
    page(quarter.company.subject, address, {**FORM, "submit": "1"})

    assert page(quarter.company.director, address, {**FORM, "submit": "1"}).status_code == 403
    assert stage(quarter) == "manager_review"


def test_a_review_that_was_handed_in_does_not_change(quarter: Any, page: Any, address: str) -> None:
    page(quarter.company.subject, address, {**FORM, "submit": "1"})
    page(quarter.company.manager, address, {**FORM, "submit": "1"})

    for who in (quarter.company.subject, quarter.company.manager):
        assert page(who, address, {**FORM, "submit": "1"}).status_code == 409


def test_who_comes_back_to_a_review_that_was_handed_in_is_told_so_on_the_scorecard(
    quarter: Any, page: Any, client_of: Any, address: str
) -> None:
    subject = quarter.company.subject
    page(subject, address, {**FORM, "submit": "1"})

    again = page(subject, address, {**FORM, "submit": "1"})
    back = client_of(subject).get(address, follow=True)

    assert again.status_code == 409
    assert "自评已经提交" in again.content.decode()
    assert back.redirect_chain == [(address.removesuffix("review/"), 302)]
    assert "自评已经提交" in back.content.decode()


def seen_on(shown: Any) -> str:
    """Which saved words the form was opened on."""
    found = re.search(r'name="seen" value="(\w*)"', shown.content.decode())
    assert found
    return found[1]


def test_two_windows_never_overwrite_each_other_in_silence(
    quarter: Any, page: Any, address: str
) -> None:
    subject = quarter.company.subject
    opened = seen_on(page(subject, address))
    page(subject, address, {**FORM, "seen": opened, "save": "1"})
    other = {**FORM, "why-judgement": "另一个窗口", "seen": opened, "save": "1"}

    refused = page(subject, address, other)
    kept = page(subject, address).content.decode()
    again = page(subject, address, {**other, "seen": seen_on(refused)})

    assert refused.status_code == 422
    assert "另一个窗口保存过不同的内容" in refused.content.decode()
    assert "另一个窗口</textarea>" in refused.content.decode()
    assert "提前发现渠道衰减" in kept
    assert again.status_code == 302
    assert "另一个窗口" in page(subject, address).content.decode()


def test_the_same_words_sent_twice_are_saved_once(quarter: Any, page: Any, address: str) -> None:
    subject = quarter.company.subject
    form = {**FORM, "seen": seen_on(page(subject, address)), "save": "1"}

    assert [page(subject, address, form).status_code for _ in range(2)] == [302, 302]


def test_an_item_without_a_level_is_named_and_nothing_is_lost(
    quarter: Any, page: Any, address: str
) -> None:
    form = {"level-judgement": "", "why-judgement": "写了一半", "submit": "1"}

    answer = page(quarter.company.subject, address, form)

    words = answer.content.decode()
    assert answer.status_code == 422
    assert ">判断</a>：还没有选等级。选一个最接近" in words
    assert "写了一半" in words
    assert stage(quarter) == "self_review"


def test_a_level_that_is_not_described_is_refused(quarter: Any, page: Any, address: str) -> None:
    form = {**FORM, "level-judgement": "9", "save": "1"}

    answer = page(quarter.company.subject, address, form)

    assert answer.status_code == 422
    assert "没有这个等级" in answer.content.decode()


def test_what_somebody_writes_is_shown_as_text(quarter: Any, page: Any, address: str) -> None:
    form = {**FORM, "why-judgement": "<script>alert(1)</script>", "submit": "1"}
    page(quarter.company.subject, address, form)

    shown = page(quarter.company.manager, address).content.decode()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_late_self_reviews_are_ended_with_a_reason(quarter: Any, page: Any, address: str) -> None:
    ending = "/appraisals/cycles/q3/end-self-review/"
    hr_partner = quarter.company.company_hr_partner

    without = page(hr_partner, ending, {"reason": " "})
    refused = page(quarter.company.manager, ending, {"reason": "过期"})
    done = page(hr_partner, ending, {"reason": "过期，已提醒两次"})

    assert (without.status_code, refused.status_code, done.status_code) == (422, 403, 302)
    assert stage(quarter) == "manager_review"


def test_the_form_works_in_both_languages(quarter: Any, page: Any, address: str) -> None:
    from mingji.people.models import User

    builders.a_login(quarter.company.subject)
    User.objects.filter(member=quarter.company.subject).update(language="en")

    shown = page(quarter.company.subject, address).content.decode()

    assert "Hand in self-review" in shown
    assert "foresees" in shown
