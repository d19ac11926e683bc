"""Disputes go to the member who answers for the metric, else to the data analysts."""

from __future__ import annotations

from datetime import date

import pytest

import builders
from integration.metrics.dispute_builders import (
    METRIC,
    PERIOD,
    a_correction,
    a_dispute,
    another_analyst,
    approved,
)
from integration.metrics.test_dispute_pages import signed_in, text
from mingji.rules.errors import Invalid, NotAllowed, NotFound

INBOX = "/metrics/data/corrections/"
WHY = f"/metrics/{METRIC}/{PERIOD}/why/?member=subject"
ROWS = f"/metrics/{METRIC}/{PERIOD}/rows/?member=subject"


def owned(company, by="other_manager", metric=METRIC):
    """The metric with a member of another team as its data owner."""
    from mingji.metrics import actions

    owner = getattr(company, by)
    actions.assign_data_owner(
        builders.a_viewer(company.analyst), metric, owner.code, at=builders.NOW
    )
    return owner


def waiting(member):
    from mingji.metrics import queries

    return queries.count_open_disputes(builders.a_viewer(member))


def answered(by, dispute, reason="L5 was handed over on 6 September."):
    from mingji.metrics import actions

    viewer = builders.a_viewer(by)
    return actions.answer_with_reason(viewer, dispute.pk, reason, at=builders.NOW)


def test_a_dispute_goes_to_the_data_owner_and_no_longer_to_the_analyst(refreshed):
    dispute = a_dispute(refreshed.subject)
    assert waiting(refreshed.analyst) == 1

    owner = owned(refreshed)

    assert (waiting(owner), waiting(refreshed.analyst)) == (1, 0)
    assert answered(owner, dispute).status == "answered"


def test_the_analyst_still_may_answer_for_an_owner_who_is_away(refreshed):
    owned(refreshed)

    assert answered(refreshed.analyst, a_dispute(refreshed.subject)).status == "answered"


def test_a_dispute_about_the_owners_own_number_goes_to_the_analysts(refreshed):
    owned(refreshed, by="subject")
    dispute = a_dispute(refreshed.subject)

    assert (waiting(refreshed.subject), waiting(refreshed.analyst)) == (0, 1)
    with pytest.raises(NotAllowed, match="own numbers"):
        answered(refreshed.subject, dispute)


def test_an_owner_who_has_left_answers_no_more(refreshed):
    from mingji.people import actions

    owner = owned(refreshed, by="peer")
    a_dispute(refreshed.subject)
    actions.leave("system", owner.code, left_on=date(2026, 11, 1), at=builders.NOW)

    assert waiting(refreshed.analyst) == 1


def test_the_owner_sees_the_disputed_number_with_its_rows_and_no_other(refreshed):
    owner = signed_in(owned(refreshed))
    assert owner.get(WHY).status_code == 404

    a_dispute(refreshed.subject)

    assert owner.get(WHY).status_code == 200
    assert "L3" in text(owner.get(ROWS))
    assert owner.get(WHY.replace("subject", "peer")).status_code == 404
    assert owner.get(WHY.replace(PERIOD, "2026Q2")).status_code == 404


def test_who_owns_another_metric_knows_of_no_dispute(refreshed):
    other = signed_in(owned(refreshed, metric="mql_count"))
    dispute = a_dispute(refreshed.subject)

    assert other.get(f"/metrics/disputes/{dispute.pk}/").status_code == 404
    assert other.get(WHY).status_code == 404


def test_the_owner_corrects_rows_of_the_metric_to_answer_a_dispute_and_nothing_else(refreshed):
    owner = owned(refreshed)
    dispute = a_dispute(refreshed.subject)

    with pytest.raises(NotAllowed):
        a_correction(owner)
    with pytest.raises(Invalid, match="no such table"):
        a_correction(owner, dispute_id=dispute.pk, table="orders", key=("O1",))
    correction = a_correction(owner, dispute_id=dispute.pk)
    with pytest.raises(NotAllowed):
        approved(correction, owner)
    assert approved(correction, refreshed.company_hr_partner).status == "approved"


def test_the_owner_answers_from_the_inbox_with_a_correction(refreshed):
    owner = signed_in(owned(refreshed))
    dispute = a_dispute(refreshed.subject)
    inbox = text(owner.get(INBOX))
    assert f"/metrics/disputes/{dispute.pk}/" in inbox
    assert "Corrections to approve" not in inbox
    assert "Propose a correction" in text(owner.get(f"/metrics/disputes/{dispute.pk}/"))

    form = f"{INBOX}new/?dispute={dispute.pk}&table=leads&key=L5&kind=change"
    assert owner.get(form).status_code == 200
    cells = {"cell-created_on": "2026-09-06", "cell-owner": "subject", "cell-channel": "events"}
    proposed = owner.post(form, {**cells, "reason": "Handed over."})

    assert proposed.status_code == 302
    assert owner.get(proposed.url).status_code == 200


def test_the_owner_types_in_values_of_the_metric_but_not_the_own(refreshed):
    from integration.metrics.test_typed import typed

    owner = owned(refreshed, metric="brand_index")

    assert typed(owner).status == "proposed"
    with pytest.raises(NotAllowed, match="their own number"):
        typed(owner, level="member", who=owner.code)
    with pytest.raises(NotAllowed):
        typed(owner, metric="press_coverage")


@pytest.mark.parametrize("who", ["subject", "manager", "director", "company_hr_partner"])
def test_only_the_analyst_names_a_data_owner(refreshed, who):
    from mingji.metrics import actions

    viewer = builders.a_viewer(getattr(refreshed, who))
    with pytest.raises(NotAllowed):
        actions.assign_data_owner(viewer, METRIC, "peer", at=builders.NOW)


def test_an_owner_is_named_changed_and_taken_back_on_the_page_of_the_metric(refreshed):
    from mingji.audit.models import AuditRecord

    analyst, page = signed_in(refreshed.analyst), f"/metrics/{METRIC}/owner/"
    assert page in text(analyst.get(f"/metrics/{METRIC}/"))
    assert analyst.post(page, {"member": "nobody at all"}).status_code == 422

    for words in ("peer", "subject", "subject", ""):
        analyst.post(page, {"member": words})

    records = AuditRecord.objects.filter(action="metrics.assign_data_owner").order_by("pk")
    assert [each.evidence["member"] for each in records] == ["peer", "subject", ""]


def test_an_unknown_metric_or_member_is_refused_in_words(refreshed):
    from mingji.metrics import actions

    viewer = builders.a_viewer(refreshed.analyst)
    with pytest.raises(NotFound):
        actions.assign_data_owner(viewer, "no_such", "peer", at=builders.NOW)
    with pytest.raises(Invalid, match="no current member"):
        actions.assign_data_owner(viewer, METRIC, "no-such", at=builders.NOW)


def test_what_waits_is_told_to_whoever_must_act(refreshed):
    owner = owned(refreshed)
    dispute = a_dispute(refreshed.subject)
    assert "Answer disputes: 1" in text(signed_in(owner).get("/"))

    a_correction(owner, dispute_id=dispute.pk)

    assert "Answer disputes" not in text(signed_in(owner).get("/"))
    assert "Approve corrections: 1" in text(signed_in(refreshed.company_hr_partner).get("/"))
    assert "Approve corrections: 1" in text(signed_in(another_analyst()).get("/"))
    for who in (refreshed.hr_partner, refreshed.manager, refreshed.subject):
        assert "Approve corrections" not in text(signed_in(who).get("/"))


def test_nobody_is_asked_to_approve_the_own_correction_or_the_own_number(refreshed):
    from mingji.metrics import queries

    second = another_analyst()
    a_correction(refreshed.analyst)
    a_correction(refreshed.analyst, key=("L4",), values={"owner": "analyst-2"})

    def count(member):
        return queries.count_waiting_corrections(builders.a_viewer(member))

    assert (count(refreshed.analyst), count(second), count(refreshed.company_hr_partner)) == (
        0,
        1,
        2,
    )
