"""A run that is started on a page is shown as under way, or as broken off once nobody works."""

from __future__ import annotations

import pytest

import builders
from integration.metrics.test_source_pages import CRM, analyst, inbox, page, set_up  # noqa: F401


@pytest.fixture
def running(analyst):  # noqa: F811
    """A source with a run that says it is under way."""
    from mingji.metrics.models import Source, SourceRun

    set_up(analyst)
    source = Source.objects.get(code="crm")
    return SourceRun.objects.create(source=source, started_at=builders.NOW, who="analyst")


def test_while_somebody_works_the_run_is_shown_as_running(analyst, running):  # noqa: F811
    from mingji.metrics.locking import alone_on

    with alone_on("crm"):
        shown = page(analyst, f"{CRM}runs/{running.pk}/")
        again = analyst.post(f"{CRM}run/")

    assert "运行中" in shown
    assert "再看看" in shown
    assert again.status_code == 409


def test_a_run_whose_process_is_gone_is_shown_as_broken_off(analyst, running):  # noqa: F811
    assert "运行中断" in page(analyst, f"{CRM}runs/{running.pk}/")
    assert "运行中断" in page(analyst, CRM)

    analyst.post(f"{CRM}run/")

    running.refresh_from_db()
    assert (running.status, running.error_en[:18]) == ("failed", "The run broke off ")
