"""What the checks find is kept, says whom it concerns, and is settled when it is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

import builders
from integration.metrics.conftest import HEAD
from mingji.rules.errors import Invalid, NotAllowed

ODD = "L20,2026-09-20,search,,east,auto,subject,2026-09-01,,,\n"
MENDED = "L20,2026-09-20,search,,east,auto,subject,2026-09-21,,,\n"


def refresh(hours: int = 0):
    from mingji.metrics import actions

    return actions.refresh("system", ["2026Q3"], builders.NOW + timedelta(hours=hours))


@pytest.fixture
def odd(refreshed, load):
    """An MQL date before the lead came."""
    from mingji.metrics.models import QualityFinding

    load("leads", HEAD + ODD, "odd.csv")
    refresh()
    return QualityFinding.objects.get(code="date_order")


def test_a_finding_says_which_kpis_of_how_many_people_it_concerns(odd):
    assert odd.path == "leads.mql_on"
    assert "leads_created" in odd.metrics
    assert "cash_collected" not in odd.metrics
    assert odd.members == 2


def test_a_finding_that_is_still_there_stays_the_same_one(odd):
    from mingji.metrics.models import QualityFinding

    refresh(1)

    assert QualityFinding.objects.filter(code="date_order").count() == 1


def test_a_finding_that_is_gone_is_settled(odd, load):
    load("leads", HEAD + MENDED, "mended.csv")
    refresh(2)
    odd.refresh_from_db()

    assert odd.settled_at == builders.NOW + timedelta(hours=2)


def test_the_analyst_acknowledges_with_a_reason_and_it_is_audited(odd, refreshed):
    from mingji.audit.models import AuditRecord
    from mingji.metrics import actions, queries

    analyst = builders.a_viewer(refreshed.analyst)
    with pytest.raises(Invalid):
        actions.acknowledge(analyst, odd.pk, " ", at=builders.NOW)
    actions.acknowledge(analyst, odd.pk, "Leads of the fair are typed in late.", at=builders.NOW)

    page = queries.quality_page(analyst)
    assert odd.pk not in [line.id for line in page.open]
    assert [line.reason for line in page.acknowledged] == ["Leads of the fair are typed in late."]
    assert AuditRecord.objects.filter(action="metrics.acknowledge").count() == 1


def test_nobody_but_the_analyst_acknowledges(odd, refreshed):
    from mingji.metrics import actions

    with pytest.raises(NotAllowed):
        actions.acknowledge(builders.a_viewer(refreshed.manager), odd.pk, "ok", at=builders.NOW)


def test_the_page_tells_what_to_do_and_takes_a_reason(odd, refreshed):
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.a_login(refreshed.analyst))

    page = client.get("/metrics/data/quality/").content.decode()
    assert "lies before" in page
    assert "of 2 people use this" in page
    assert client.post(f"/metrics/data/quality/{odd.pk}/", {"reason": ""}).status_code == 422
    client.post(f"/metrics/data/quality/{odd.pk}/", {"reason": "Typed in late."})
    assert "Typed in late." in client.get("/metrics/data/quality/").content.decode()
