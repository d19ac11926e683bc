"""A company with a warehouse of its own and a handful of rows that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import builders
from remembering import remembered

# `subject` moved from brand to growth on 15 August 2026: one lead before, two after.
HEAD = (
    "lead_id,created_on,channel,campaign,region,industry,owner,"
    "mql_on,sql_on,rejected_on,reject_reason\n"
)
LEADS = f"""{HEAD}L1,2026-07-02,search,,east,auto,subject,2026-07-03,,,
L2,2026-08-20,search,,east,auto,subject,,,,
L3,2026-09-01,events,,east,auto,subject,2026-09-02,,,
L4,2026-09-05,events,,west,chem,peer,,,,
L5,2026-09-06,events,,west,chem,agency-x,2026-09-07,,,
L6,2026-05-06,events,,west,chem,peer,,,,
"""


@pytest.fixture
def company(db, settings, tmp_path) -> builders.Company:
    """The company of the permission model, over an empty warehouse."""
    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    return builders.a_company()


@pytest.fixture
def load(company, tmp_path) -> Callable[[str, str], object]:
    """`load(table, text)`: a CSV of that text, loaded by the installation."""
    from mingji.metrics import actions

    def written(table: str, text: str, name: str = "leads.csv") -> object:
        path = Path(tmp_path) / name
        path.write_text(text, encoding="utf-8")
        return actions.load_table("system", table, path, builders.NOW)[0]

    return written


@pytest.fixture
def inbox(settings, tmp_path) -> Path:
    """The folder that sources read their files from, beside the one that keeps uploads."""
    settings.MINGJI_INBOX = tmp_path / "inbox"
    settings.MINGJI_UPLOADS = tmp_path / "uploads"
    settings.MINGJI_INBOX.mkdir()
    return settings.MINGJI_INBOX


@pytest.fixture
def refreshed(company) -> builders.Company:
    """The company after its leads were loaded and the second and third quarter computed."""
    leads_refreshed()
    return company


@partial(remembered, warehouse=True)
def leads_refreshed() -> None:
    """The leads, and what a refresh makes of them."""
    from django.conf import settings

    from mingji.metrics import actions

    path = Path(settings.MINGJI_WAREHOUSE).with_name("leads.csv")
    path.write_text(LEADS, encoding="utf-8")
    actions.load_table("system", "leads", path, builders.NOW)
    actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)
