"""A number can be disputed by whom it is about, and is answered by a correction or a reason."""

from __future__ import annotations

import pytest

import builders
from integration.metrics.dispute_builders import (
    a_correction,
    a_dispute,
    a_number,
    another_analyst,
    approved,
)
from mingji.rules.errors import Invalid, NotAllowed, NotAllowedNow, NotFound

LATER = builders.NOW


def follow_up(member, dispute, step, text=""):
    from mingji.metrics import actions

    return actions.follow_up(
        builders.a_viewer(member), dispute.pk, step, text=text, at=builders.NOW
    )


def answered(company, dispute, reason="The agency's lead was never handed over."):
    from mingji.metrics import actions

    return actions.answer_with_reason(
        builders.a_viewer(company.analyst), dispute.pk, reason, at=builders.NOW
    )


def test_a_member_disputes_their_own_number_and_keeps_what_it_said(refreshed):
    dispute = a_dispute(refreshed.subject)

    assert (dispute.status, dispute.value) == ("open", 3)
    assert [entry.kind for entry in dispute.entries.all()] == ["raised"]


def test_a_manager_disputes_for_somebody_who_reports_to_them(refreshed):
    dispute = a_dispute(refreshed.subject, by=refreshed.manager)

    assert (dispute.member, dispute.raised_by) == (refreshed.subject, refreshed.manager)


def test_a_lead_disputes_the_number_of_the_own_team(refreshed):
    from mingji.metrics import actions

    said = actions.Complaint(ground="missing_row", text="Three leads of the fair are missing.")
    dispute = actions.raise_dispute(
        builders.a_viewer(refreshed.manager), a_number(team="growth"), said, at=builders.NOW
    )

    assert (dispute.member, dispute.team.code) == (refreshed.manager, "growth")


@pytest.mark.parametrize("who", ["hr_partner", "analyst"])
def test_who_may_see_a_number_without_being_above_does_not_dispute_it(refreshed, who):
    with pytest.raises((NotAllowed, NotFound)):
        a_dispute(refreshed.subject, by=getattr(refreshed, who))


@pytest.mark.parametrize("who", ["peer", "other_manager", "ex_manager", "other_hr_partner"])
def test_nobody_else_learns_that_there_is_a_number_or_a_dispute(refreshed, who):
    from mingji.metrics import queries

    stranger = getattr(refreshed, who)
    dispute = a_dispute(refreshed.subject)

    with pytest.raises(NotFound):
        a_dispute(refreshed.subject, by=stranger)
    with pytest.raises(NotFound):
        queries.dispute_for(builders.a_viewer(stranger), dispute.pk)


@pytest.mark.parametrize(
    "who", ["subject", "manager", "director", "hr_partner", "company_hr_partner", "analyst"]
)
def test_those_whom_it_concerns_read_a_dispute(refreshed, who):
    from mingji.metrics import queries

    dispute = a_dispute(refreshed.subject)
    viewer = builders.a_viewer(getattr(refreshed, who))

    assert queries.dispute_page(viewer, dispute.pk).dispute == dispute


def test_a_dispute_needs_words_and_a_ground(refreshed):
    from mingji.metrics import actions

    viewer = builders.a_viewer(refreshed.subject)
    for ground, text in (("wrong_owner", "  "), ("dislike", "It is too low.")):
        with pytest.raises(Invalid):
            actions.raise_dispute(
                viewer,
                a_number(refreshed.subject),
                actions.Complaint(ground=ground, text=text),
                at=builders.NOW,
            )


def test_the_same_number_is_disputed_once_at_a_time(refreshed):
    a_dispute(refreshed.subject)

    with pytest.raises(Invalid, match="waits for its answer"):
        a_dispute(refreshed.subject)
    assert a_dispute(refreshed.subject, row=("L1",)).row == ["L1"]


def test_a_reason_answers_and_may_be_doubted_once(refreshed):
    dispute = answered(refreshed, a_dispute(refreshed.subject))
    reopened = follow_up(refreshed.subject, dispute, "reopen", "The mail of 6 September says so.")
    again = answered(refreshed, reopened)

    assert again.status == "answered"
    with pytest.raises(NotAllowedNow, match="reopened once"):
        follow_up(refreshed.subject, again, "reopen", "Still not.")
    assert follow_up(refreshed.subject, again, "settle").status == "settled"


def test_reopening_needs_words_and_an_answer(refreshed):
    dispute = a_dispute(refreshed.subject)

    with pytest.raises(NotAllowedNow):
        follow_up(refreshed.subject, dispute, "reopen", "No answer yet.")
    answered(refreshed, dispute)
    with pytest.raises(Invalid):
        follow_up(refreshed.subject, dispute, "reopen", " ")


def test_only_the_two_who_disputed_follow_up(refreshed):
    dispute = answered(refreshed, a_dispute(refreshed.subject, by=refreshed.manager))

    with pytest.raises(NotAllowed):
        follow_up(refreshed.director, dispute, "settle")
    assert follow_up(refreshed.manager, dispute, "settle").status == "settled"


def test_a_dispute_is_withdrawn_while_it_is_open(refreshed):
    dispute = follow_up(refreshed.subject, a_dispute(refreshed.subject), "withdraw")

    assert dispute.status == "withdrawn"
    with pytest.raises(NotAllowedNow):
        answered(refreshed, dispute)


def test_a_reason_must_be_given_and_by_the_analyst(refreshed):
    from mingji.metrics import actions

    dispute = a_dispute(refreshed.subject)
    with pytest.raises(Invalid):
        answered(refreshed, dispute, " ")
    with pytest.raises(NotAllowed):
        actions.answer_with_reason(
            builders.a_viewer(refreshed.manager), dispute.pk, "No.", at=builders.NOW
        )


def test_an_analyst_does_not_answer_about_the_own_number(refreshed):
    dispute = a_dispute(refreshed.analyst)

    with pytest.raises(NotAllowed, match="own numbers"):
        answered(refreshed, dispute)


def test_a_correction_answers_once_it_is_approved(refreshed):
    dispute = a_dispute(refreshed.subject)
    correction = a_correction(refreshed.analyst, dispute_id=dispute.pk)
    dispute.refresh_from_db()
    assert dispute.status == "proposed"

    approved(correction, another_analyst())
    dispute.refresh_from_db()

    assert dispute.status == "answered"
    assert [entry.kind for entry in dispute.entries.all()] == ["raised", "proposed", "approved"]


def test_a_rejected_correction_leaves_the_dispute_open(refreshed):
    from mingji.metrics import actions

    dispute = a_dispute(refreshed.subject)
    correction = a_correction(refreshed.analyst, dispute_id=dispute.pk)
    actions.decide_correction(
        builders.a_viewer(another_analyst()),
        correction.pk,
        approve=False,
        words="The mail speaks of another lead.",
        at=builders.NOW,
    )
    dispute.refresh_from_db()

    assert dispute.status == "open"


def test_every_step_is_audited_without_what_was_said(refreshed):
    from mingji.audit.models import AuditRecord

    answered(refreshed, a_dispute(refreshed.subject, text="Secret words."))
    records = AuditRecord.objects.filter(kind="dispute").order_by("number")

    assert [each.action for each in records] == [
        "metrics.dispute_raised",
        "metrics.dispute_reason",
    ]
    assert not any("Secret" in str(each.evidence) + each.reason for each in records)
