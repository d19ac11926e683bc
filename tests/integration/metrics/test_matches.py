"""Who is who: likely members beside each unmatched owner, matches that stand, and their ends."""

from __future__ import annotations

from datetime import date

import pytest

import builders

DATA, MATCHES = "/metrics/data/", "/metrics/data/matches/"
HEAD = "lead_id,created_on,owner,mql_on,sql_on,rejected_on\n"


def _match(company, member="peer", owner="agency-x", **more):
    from mingji.metrics import actions

    viewer = builders.a_viewer(company.analyst)
    return actions.map_owner(viewer, "crm", owner, member, builders.NOW, **more)


@pytest.fixture
def unmatched(company, load):
    from mingji.metrics import actions

    owners = ("zeng.xiaoman@agency.example.com", "analyst@example.com", "单飞（华东）")
    rows = "".join(f"L{n},2026-09-01,{owner},,,\n" for n, owner in enumerate(owners))
    load("leads", HEAD + rows)
    actions.refresh("system", ["2026Q3"], builders.NOW)
    return company


def test_likely_members_stand_beside_an_owner_and_are_taken_with_one_click(unmatched, client_of):
    from mingji.metrics.models import OwnerMapping

    client = client_of(unmatched.analyst)
    page = client.get(DATA).content.decode()

    assert "就是曾小曼" in page
    assert "姓名拼音相同" in page
    assert "就是单飞" in page
    form = {"source": "crm", "owner": "单飞（华东）", "member": "peer"}
    assert client.post("/metrics/data/owners/", form).status_code == 302
    assert OwnerMapping.objects.get().member == unmatched.peer


def test_nobody_is_suggested_to_themselves(unmatched, client_of):
    page = client_of(unmatched.analyst).get(DATA).content.decode()

    assert "analyst@example.com" in page
    assert 'value="analyst"' not in page


def test_the_matches_are_listed_found_and_paged(company, client_of):
    from mingji.metrics.models import OwnerMapping

    OwnerMapping.objects.bulk_create(
        OwnerMapping(source="crm", owner=f"o{number:03}", member=company.peer)
        for number in range(60)
    )
    client = client_of(company.analyst)

    first = client.get(MATCHES).content.decode()
    key = first.split("?after=")[1].split('"')[0]
    second = client.get(f"{MATCHES}?after={key}").content.decode()

    assert ("o049" in first, "o050" in first) == (True, False)
    assert ("o049" in second, "o050" in second) == (False, True)
    assert "o007" in client.get(f"{MATCHES}?q=o007 单飞").content.decode()
    assert "没有匹配" in client.get(f"{MATCHES}?q=nobody").content.decode()


def test_a_match_ends_and_the_next_begins(company, client_of):
    from mingji.audit.models import AuditRecord

    match = _match(company)
    client = client_of(company.analyst)

    answer = client.post(f"{MATCHES}{match.pk}/end/", {"ends_on": "2026-09-06"})

    assert answer.status_code == 302
    match.refresh_from_db()
    assert match.ends_on == date(2026, 9, 6)
    assert _match(company, "subject", starts_on=date(2026, 9, 6)).pk
    assert AuditRecord.objects.get(action="metrics.end_match").evidence["before"] is None


@pytest.mark.parametrize(
    ("ends_on", "told"), [("", "field-error"), ("2026-01-01", "结束日期不晚于开始日期")]
)
def test_an_end_that_cannot_be_is_a_form_error(company, client_of, ends_on, told):
    match = _match(company, starts_on=date(2026, 7, 1))

    answer = client_of(company.analyst).post(f"{MATCHES}{match.pk}/end/", {"ends_on": ends_on})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    match.refresh_from_db()
    assert match.ends_on is None


def test_nobody_ends_a_match_to_themselves(company, client_of):
    from mingji.metrics.models import OwnerMapping

    match = OwnerMapping.objects.create(source="crm", owner="me", member=company.analyst)

    answer = client_of(company.analyst).post(f"{MATCHES}{match.pk}/end/", {"ends_on": "2026-09-06"})

    assert answer.status_code == 422
    assert "自己" in answer.content.decode()
