"""A dimension with more values than a page: pages, an exact line for the others, whole exports."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

import builders
from integration.metrics.conftest import HEAD
from integration.metrics.test_exploring import _opened, _page

MANY = 1_200


@pytest.fixture
def many(company, load):
    """1,200 campaigns of one lead each, every third qualified; five leads of no campaign."""
    rows = [
        f"L{n},2026-07-{n % 28 + 1:02d},search,c{n:04d},east,auto,subject,"
        f"{'2026-07-29' if n % 3 == 0 else ''},,,\n"
        for n in range(MANY)
    ]
    rows += [f"B{n},2026-08-01,search,,east,auto,subject,,,,\n" for n in range(5)]
    random.Random(7).shuffle(rows)
    load("leads", HEAD + "".join(rows))
    from mingji.metrics import actions

    actions.refresh("system", ["2026Q3"], builders.NOW)
    return company


def explored(company, metric, after="", by="campaign"):
    from mingji.metrics import queries
    from mingji.metrics.exploration import Exploration

    query = {"period": "2026Q3", "by": by}
    ask = Exploration.asked(metric, query, "2026Q3", date(2026, 11, 20))
    return queries.explore(builders.a_viewer(company.analyst), ask, after)


def test_the_page_and_the_others_make_the_whole(many):
    first = explored(many, "leads_created")
    second = explored(many, "leads_created", f"={first.parts[-1].key}")

    for page in (first, second):
        shown = sum(part.value for part in page.parts)
        assert len(page.parts) == 50
        assert shown + page.rest.value == page.whole.value == MANY + 5
        assert page.rest.name.en == f"{MANY + 1 - 50:,} others"
    assert first.parts[0].value == 5  # those of no campaign are the most
    assert not {part.key for part in first.parts} & {part.key for part in second.parts}


def test_the_others_of_a_ratio_are_a_ratio_of_sums(many):
    page = explored(many, "lead_qualification_rate")

    assert [part.value for part in page.parts] == [Decimal(1)] * 50
    # 350 of the 400 qualified ones, of the 1,155 leads that are left; those of no campaign among
    # them, which stand last.
    assert round(page.rest.value, 4) == Decimal("0.3030")
    assert round(page.whole.value, 4) == Decimal("0.3320")  # 400 of 1,205


def test_the_others_open_into_their_reasons_and_rows(many, client_of):
    client = client_of(many.analyst)
    page = _page(client, "/metrics/lead_qualification_rate/explore/?period=2026Q3&by=campaign")
    why = _page(client, _opened(page, "rest="))
    part = _page(client, _opened(why, "path=leads_created"))
    rows = _page(client, _opened(part, "/explore/rows/"))

    assert "1,155" in part
    assert rows.count("<tr>") == 51


def test_what_is_exported_is_what_is_seen_whole_and_in_its_order(many, client_of):
    query = "?period=2026Q3&by=campaign&compare=before"
    client = client_of(many.analyst)
    answer = client.get(f"/metrics/leads_created/explore.csv{query}")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = client.get(f"/metrics/leads_created/explore.xlsx{query}").getvalue()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    assert lines[0][-4:] == ["compared_with", "compared_value", "change", "change_unit"]
    assert lines[6][:5] == ["leads_created", "2026Q3", "", "合计", str(MANY + 5)]
    assert lines[7][2:5] == ["", "（未填）", "5"]
    assert len(lines) == 1 + 6 + MANY + 1
    assert [[_text(cell) for cell in row] for row in sheet] == lines


def _text(cell):
    return f"{cell:g}" if isinstance(cell, float) else cell


def test_a_period_without_rows_is_an_empty_cell_and_not_zero(many, client_of):
    query = "?period=2026Q3&by=channel"
    answer = client_of(many.analyst).get(f"/metrics/leads_created/explore.csv{query}")
    lines = answer.content.decode("utf-8-sig").split("\r\n")

    assert "leads_created,2026Q2,,合计,,count," in lines


def test_others_of_teams_are_not_told_for_a_row_counts_in_several(refreshed):
    assert explored(refreshed, "leads_created", by="team").rest is None


def test_what_is_asked_for_beyond_a_page_must_be_a_period(refreshed, client_of):
    address = "/metrics/leads_created/explore/why/?period=2026Q3&by=channel&rest=leads_created:soon"

    assert client_of(refreshed.analyst).get(address).status_code == 422
