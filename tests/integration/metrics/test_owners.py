"""The data analyst matches an owner of a source system to a member."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import builders
from mingji.rules.errors import Invalid, NotAllowed

DATA, MAP = "/metrics/data/", "/metrics/data/owners/"
FORM = {"source": "crm", "owner": "agency-x", "member": "peer"}


def _map(company, **changes):
    from mingji.metrics import actions

    given = {"source": "crm", "owner": "agency-x", "member": "peer", **changes}
    return actions.map_owner(builders.a_viewer(company.analyst), at=builders.NOW, **given)


def test_after_matching_and_refreshing_the_rows_are_the_members(refreshed, client_of):
    from mingji.metrics import queries

    client = client_of(refreshed.analyst)

    assert client.post(MAP, FORM).status_code == 302
    assert client.post("/metrics/data/refresh/").status_code == 302

    facts = queries.facts_for([refreshed.peer.pk], "2026Q3")
    assert facts[refreshed.peer.pk, "leads_created"].value == Decimal(2)
    assert "agency-x" not in client.get(DATA).content.decode()


def test_a_match_holds_only_between_its_days(refreshed, load):
    from mingji.metrics import actions, queries

    _map(refreshed, ends_on=date(2026, 9, 6))
    actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)

    facts = queries.facts_for([refreshed.peer.pk], "2026Q3")
    assert facts[refreshed.peer.pk, "leads_created"].value == Decimal(1)


def test_the_page_names_each_unmatched_owner_with_its_rows(refreshed, client_of):
    page = client_of(refreshed.analyst).get(DATA).content.decode()

    assert "agency-x" in page
    assert "leads.csv" in page


def test_a_member_may_be_named_by_name_or_pinyin(refreshed, client_of):
    from mingji.metrics.models import OwnerMapping

    assert client_of(refreshed.analyst).post(MAP, {**FORM, "member": "单飞"}).status_code == 302
    assert OwnerMapping.objects.get().member == refreshed.peer


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"member": "nobody"}, "nobody"),
        ({"member": "张伟"}, "张伟（"),
        ({"member": "", "owner": "agency-x"}, "field-error"),
        ({"starts_on": "2026-09-01", "ends_on": "2026-09-01"}, "结束日期不晚于开始日期"),
        ({"starts_on": "soon"}, "field-error"),
        ({"member": "analyst"}, "自己"),
    ],
)
def test_bad_input_is_a_form_error_with_the_remedy(refreshed, client_of, changes, told):
    from mingji.metrics.models import OwnerMapping

    answer = client_of(refreshed.analyst).post(MAP, {**FORM, **changes})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not OwnerMapping.objects.exists()


def test_overlapping_matches_are_refused(refreshed):
    _map(refreshed, starts_on=date(2026, 1, 1), ends_on=date(2026, 7, 1))

    with pytest.raises(Invalid, match="is Peer already"):
        _map(refreshed, member="subject", starts_on=date(2026, 6, 30))
    assert _map(refreshed, member="subject", starts_on=date(2026, 7, 1)).pk


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner"])
def test_nobody_but_the_analyst_keeps_the_data(refreshed, client_of, role):
    client = client_of(getattr(refreshed, role))

    assert client.get(DATA).status_code == 403
    assert client.post(MAP, FORM).status_code == 403
    assert client.post("/metrics/data/refresh/").status_code == 403


def test_nothing_is_written_by_reading(refreshed, client_of):
    client = client_of(refreshed.analyst)

    assert client.get(MAP).status_code == 405
    assert client.get("/metrics/data/refresh/").status_code == 405


def test_nobody_matches_an_owner_to_themselves(refreshed):
    with pytest.raises(NotAllowed):
        _map(refreshed, member="analyst")


def test_a_match_is_audited(refreshed):
    from mingji.audit.models import AuditRecord

    _map(refreshed)

    record = AuditRecord.objects.get(action="metrics.map_owner")
    assert (record.actor, record.evidence["owner"]) == ("analyst", "agency-x")


def test_a_refresh_without_any_file_keeps_nothing(company, client_of):
    client = client_of(company.analyst)

    assert client.post("/metrics/data/refresh/").status_code == 302
    assert client.get(DATA).status_code == 200
