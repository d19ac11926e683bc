"""The data page shows the first owners without a member, and counts the others."""

from __future__ import annotations

import pytest

import builders
from goal_builders import an_observation

pytestmark = pytest.mark.django_db


def test_fifty_owners_have_a_form_and_the_others_are_counted(client_of, settings, tmp_path):
    from mingji.metrics.models import RefreshRun

    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    company = builders.a_company()
    an_observation("mql_count", "7")
    RefreshRun.objects.update(
        unmatched=[
            {
                "table": "leads",
                "source": "crm",
                "owner": f"owner-{number:02}",
                "rows": 3,
                "reason": "unknown",
                "values": {},
            }
            for number in range(53)
        ]
    )

    page = client_of(company.analyst).get("/metrics/data/").content.decode()

    assert page.count("<h3>owner-") == 50
    assert "还有 3 个负责人没有对应成员" in page
