"""Months on sheets of their own in a source: one is read, or all if the mapping says so."""

from __future__ import annotations

import pytest
import xlsxwriter
from django.urls import reverse

import builders
from mingji.rules.text import Text

HEAD = ("线索号", "建立日", "负责销售", "MQL", "SQL", "退回")
COLUMNS = dict(
    zip(("lead_id", "created_on", "owner", "mql_on", "sql_on", "rejected_on"), HEAD, strict=True)
)


def mapped(*, together):
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    columns = {name: From(header) for name, header in COLUMNS.items()}
    told = actions.SourceMapping("leads", columns, HEAD, entity="rows", together=together)
    actions.map_source("system", "crm", told, builders.NOW)


def run():
    from mingji.metrics import actions

    return actions.run_source("system", "crm", lambda: builders.NOW)


@pytest.fixture
def source(company, settings, tmp_path):
    """An inbox source with a workbook that has a lead on the sheet of each of two months."""
    from mingji.metrics import actions

    settings.MINGJI_INBOX = tmp_path / "inbox"
    settings.MINGJI_INBOX.mkdir()
    with xlsxwriter.Workbook(str(settings.MINGJI_INBOX / "leads.xlsx")) as book:
        for month in (7, 8):
            sheet = book.add_worksheet(f"{month}月")
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, [f"B{month}", f"2026-0{month}-01", "peer"])
    actions.create_source("system", "inbox", "crm", Text("客户", "CRM"), builders.NOW)
    actions.set_up_source("system", "crm", {"pattern": "*.xlsx"}, builders.NOW)
    mapped(together=False)


def test_sheets_of_months_are_read_together_if_the_mapping_says_so(source):
    from mingji.metrics.definitions import library, warehouse

    one = run()
    mapped(together=True)
    both = run()

    assert (one.loaded, [each["code"] for each in one.findings]) == (1, ["alike_sheets"])
    assert (both.loaded, both.findings) == (2, [])
    with warehouse().connect(library().definitions) as connection:
        rows = connection.sql("SELECT lead_id, _file, _row FROM leads ORDER BY 1").fetchall()
    assert rows == [("B7", "leads.xlsx › 7月", 2), ("B8", "leads.xlsx › 8月", 2)]
    assert run().status == "nothing"


def test_the_mapping_offers_to_read_sheets_of_months_together(source, company, client_of):
    from mingji.metrics.models import Source

    analyst, address = client_of(company.analyst), reverse("metrics:source_mapping", args=("crm",))
    page = analyst.get(address).content.decode()
    given = {f"from:{name}": header for name, header in COLUMNS.items()}
    analyst.post(address, {"table": "leads", "entity": "rows", "together": "all", **given})

    assert 'name="together"' in page
    assert "8月" in page
    assert Source.objects.get(code="crm").settings == {"pattern": "*.xlsx", "sheets": "all"}
    assert 'name="together" value="all" checked' in analyst.get(address).content.decode()
