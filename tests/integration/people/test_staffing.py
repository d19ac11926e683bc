"""Hiring, transfers, leaving: who may, what is refused, what the reporting lines say after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import builders
from builders import NOW, TODAY, TRANSFERRED
from mingji.audit.models import AuditRecord
from mingji.people import actions, queries
from mingji.people.models import Member, ReportingLine
from mingji.rules.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def _post(team: str, manager: str | None = None) -> actions.NewPost:
    return actions.NewPost(team=team, job_family="DG", level="specialist", manager=manager)


def test_a_transfer_ends_the_running_post_on_the_day_the_new_one_starts():
    builders.a_company()

    facts = queries.postings_overlapping(date(2026, 7, 1), date(2026, 9, 30))

    subject = [fact for fact in facts if fact.member == "subject"]
    assert [(f.team, f.manager, f.starts_on, f.ends_on) for f in subject] == [
        ("brand", "ex-manager", builders.HIRED, TRANSFERRED),
        ("growth", "manager", TRANSFERRED, None),
    ]


def test_a_period_includes_a_post_that_starts_on_its_last_day_and_not_one_that_ended_before():
    builders.a_company()

    until = queries.postings_overlapping(date(2026, 8, 1), TRANSFERRED)
    after = queries.postings_overlapping(TRANSFERRED, date(2026, 9, 30))

    assert {fact.team for fact in until if fact.member == "subject"} == {"brand", "growth"}
    assert {fact.team for fact in after if fact.member == "subject"} == {"growth"}


def test_after_a_transfer_the_old_manager_no_longer_reaches_the_member_and_the_new_one_does():
    company = builders.a_company()
    day_before = TRANSFERRED - timedelta(days=1)

    def reaches(manager: Member, on: date) -> bool:
        return queries.reach(builders.a_viewer(manager, on)).filter(code="subject").exists()

    assert reaches(company.ex_manager, day_before)
    assert not reaches(company.ex_manager, TRANSFERRED)
    assert reaches(company.manager, TRANSFERRED)
    assert not reaches(company.manager, day_before)
    assert reaches(company.director, day_before)
    assert reaches(company.director, TRANSFERRED)


def test_when_a_manager_moves_the_lines_of_everyone_below_move_along():
    company = builders.a_company()

    actions.post("system", "manager", _post("events", "other-manager"), starts_on=TODAY, at=NOW)

    assert queries.reach(builders.a_viewer(company.other_manager)).filter(code="peer").exists()


def test_reporting_lines_that_would_run_in_a_circle_are_refused_and_nothing_is_saved():
    builders.a_company()
    before = list(ReportingLine.objects.order_by("id").values())

    with pytest.raises(Invalid) as refused:
        actions.post("system", "manager", _post("growth", "subject"), starts_on=TODAY, at=NOW)

    assert refused.value.code == "reporting_circle"
    assert "Subject" in refused.value.findings[0].message.en
    assert list(ReportingLine.objects.order_by("id").values()) == before
    assert queries.posting_on(Member.objects.get(code="manager"), TODAY).manager.code == "director"


def test_two_managers_may_change_places_as_long_as_no_day_has_a_circle():
    builders.a_company()
    actions.post("system", "peer", _post("growth", "director"), starts_on=date(2026, 9, 1), at=NOW)

    actions.post("system", "manager", _post("growth", "peer"), starts_on=TODAY, at=NOW)

    depths = ReportingLine.objects.filter(member__code="subject", ends_on=None)
    assert dict(depths.values_list("manager__code", "depth")) == {
        "manager": 1,
        "peer": 2,
        "director": 3,
    }


def test_the_hr_partner_of_both_teams_may_transfer_and_of_one_team_may_not():
    company = builders.a_company()
    move = _post("events", "other-manager")

    of_one_team = builders.a_viewer(company.hr_partner)
    of_both = builders.a_viewer(company.company_hr_partner)

    with pytest.raises(NotAllowed):
        actions.post(of_one_team, "peer", move, starts_on=TODAY, at=NOW)
    actions.post(of_both, "peer", move, starts_on=TODAY, reason="asked for it", at=NOW)

    last = AuditRecord.objects.order_by("-number").first()
    assert (last.actor, last.action, last.object_id) == ("hr-company", "post", "peer")
    assert last.reason == "asked for it"


def test_nobody_transfers_themselves_or_gives_themselves_a_duty():
    company = builders.a_company()
    viewer = builders.a_viewer(company.company_hr_partner)

    with pytest.raises(NotAllowed) as moved:
        actions.post(viewer, viewer.code, _post("growth"), starts_on=TODAY, at=NOW)
    with pytest.raises(NotAllowed) as appointed:
        actions.give_duty(viewer, viewer.code, "analyst", "company", starts_on=TODAY, at=NOW)

    assert {moved.value.code, appointed.value.code} == {"own_record"}


def test_an_hr_partner_of_one_unit_cannot_make_anybody_hr_partner():
    company = builders.a_company()
    viewer = builders.a_viewer(company.hr_partner)

    with pytest.raises(NotAllowed):
        actions.give_duty(viewer, "peer", "hr_partner", "growth", starts_on=TODAY, at=NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"team": "nowhere"}, "unknown_code"),
        ({"manager": "nobody"}, "unknown_code"),
        ({"job_family": "XX"}, "unknown_code"),
        ({"level": "emperor"}, "unknown_code"),
    ],
)
def test_a_hire_with_an_unknown_code_says_which_field_and_saves_nothing(change, code):
    builders.a_company()
    post = {"team": "growth", "job_family": "DG", "level": "specialist"} | change

    with pytest.raises(Invalid) as refused:
        actions.hire(
            "system",
            code="new",
            name="新人",
            name_en="New",
            hired_on=TODAY,
            post=actions.NewPost(**post),
            at=NOW,
        )

    assert refused.value.code == code
    assert [finding.place.path for finding in refused.value.findings] == list(change)
    assert not Member.objects.filter(code="new").exists()


def test_a_post_cannot_start_before_the_running_one_did():
    builders.a_company()

    with pytest.raises(Invalid) as refused:
        actions.post("system", "subject", _post("events"), starts_on=TRANSFERRED, at=NOW)

    assert refused.value.code == "day_out_of_order"


def test_who_still_has_reports_cannot_leave_and_is_told_who_they_are():
    builders.a_company()

    with pytest.raises(Invalid) as refused:
        actions.leave("system", "manager", left_on=TODAY, at=NOW)

    assert "曾小曼" in refused.value.findings[0].message.zh
    assert Member.objects.get(code="manager").left_on is None


def test_who_left_cannot_sign_in_any_more_but_stays_visible_to_the_hr_partner(client_of):
    company = builders.a_company()
    client = client_of(company.peer)

    actions.leave("system", "peer", left_on=TODAY, at=NOW)

    assert client.get("/people/").status_code == 302
    assert queries.member_for(builders.a_viewer(company.hr_partner), "peer").code == "peer"
    with pytest.raises(NotFound):
        queries.member_for(builders.a_viewer(company.manager), "peer")


def test_every_write_about_people_leaves_a_record():
    builders.a_company()

    kinds = set(AuditRecord.objects.values_list("action", flat=True))

    assert {"make_team", "hire", "post", "give_duty"} <= kinds
