"""Sources over the API: how they stand, their runs, what was set aside, and mending it."""

from __future__ import annotations

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from integration.metrics.api_of_facts import get, pages, post
from integration.metrics.test_source_pages import CRM, analyst, inbox, set_up  # noqa: F401
from mingji.engine.one_row import row_of
from mingji.metrics.definitions import LIBRARY, library, own_file, warehouse

PHONE = "13800000002"


@pytest.fixture
def read(analyst, company):  # noqa: F811
    """The source, read once: one of its two rows has no date that can be read."""
    set_up(analyst)
    analyst.post(f"{CRM}run/")
    return company


def waiting(company):
    return get(company.analyst, "sources/crm/rejected").json()["items"]


def test_a_source_says_how_it_stands_and_what_hangs_on_it(read):
    (line,) = get(read.analyst, "sources").json()["items"]
    assert (line["code"], line["table"], line["owner"]) == ("crm", "leads", "analyst")
    assert (line["last"]["read"], line["last"]["loaded"], line["last"]["rejected"]) == (2, 1, 1)

    told = get(read.analyst, "sources/crm").json()
    assert told["mapping"]["lead_id"] == "线索编号"
    assert told["excluded"] == ["销售手机"]
    assert {each["severity"] for each in told["findings"]} <= {"error", "warning", "info"}
    assert any("soon" in each["message"]["en"] for each in told["findings"])


def test_a_run_is_started_and_found_again(read):
    begun = post(read.analyst, "sources/crm/runs").json()
    assert begun["status"] == "nothing"

    runs = pages(read.analyst, "sources/crm/runs")
    assert [each["status"] for each in runs] == ["nothing", "succeeded"]
    told = get(read.analyst, f"sources/crm/runs/{runs[1]['id']}").json()
    assert [(each["table"], each["loaded"]) for each in told["batches"]] == [("leads", 1)]
    assert get(read.analyst, "sources/crm/runs/999999").status_code == 404


def test_a_row_that_was_set_aside_tells_why_without_the_personal_columns(read):
    (row,) = waiting(read)

    assert "“soon”: not a date" in row["why"]["en"]
    assert (row["cells"]["lead_id"], row["cells"]["created_on"]) == ("A2", "soon")
    assert PHONE not in str(row)


def test_a_column_that_is_closed_later_is_no_longer_told(analyst, company):  # noqa: F811
    set_up(analyst, **{"from:industry": "渠道"})
    analyst.post(f"{CRM}run/")
    assert waiting(company)[0]["cells"]["industry"] == "events"
    words = yaml.safe_load((LIBRARY / "30-leads.yaml").read_text(encoding="utf-8"))
    leads = words["tables"]["leads"]
    leads["columns"]["industry"]["exclude"] = True
    own_file().write_text(yaml.safe_dump({"tables": {"leads": leads}}), encoding="utf-8")

    (row,) = waiting(company)
    assert "events" not in str(row)
    assert row["cells"]["lead_id"] == "A2"


def test_a_mended_row_counts_and_the_same_again_changes_nothing(read):
    (row,) = waiting(read)
    mended = {"row": row["row"], "cells": {**row["cells"], "created_on": "2026-07-02"}}
    body = {"batch": row["batch"], "rows": [mended]}

    assert post(read.analyst, "sources/crm/rejected", body).json() == {
        "read": 1, "loaded": 1, "rejected": 0,
    }  # fmt: skip
    assert waiting(read) == []
    again = post(read.analyst, "sources/crm/rejected", body)
    assert again.json() == {"read": 1, "loaded": 1, "rejected": 0}


def test_a_formula_in_a_cell_stays_the_text_that_it_was(read):
    (row,) = waiting(read)
    assert row["cells"]["owner"] == "=1+1"
    cells = {**row["cells"], "created_on": "2026-07-02"}
    post(read.analyst, "sources/crm/rejected",
         {"batch": row["batch"], "rows": [{"row": row["row"], "cells": cells}]})  # fmt: skip

    known = library().definitions
    found = row_of(warehouse(), known, known.tables["leads"], ("A2",))
    assert found["owner"] == "=1+1"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cells": {"created": "2026-07-02"}}, "unknown_column"),
        ({"row": 77, "cells": {"created_on": "2026-07-02"}}, "replay"),
    ],
)
def test_what_does_not_wait_or_has_no_column_is_refused(read, changed, code):
    (row,) = waiting(read)
    body = {"batch": row["batch"], "rows": [{"row": row["row"], **changed}]}

    refused = post(read.analyst, "sources/crm/rejected", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert len(waiting(read)) == 1


def test_a_row_that_is_sent_twice_is_refused(read):
    (row,) = waiting(read)
    twice = [{"row": row["row"], "cells": row["cells"]}] * 2

    refused = post(read.analyst, "sources/crm/rejected", {"batch": row["batch"], "rows": twice})
    assert (refused.status_code, refused.json()["code"]) == (422, "row_twice")


def test_rows_that_wait_come_in_pages(read, inbox):  # noqa: F811
    more = "".join(f"B{n},never,search,1,peer,,,\n" for n in range(5))
    head = "线索编号,创建日,渠道,销售手机,负责人,MQL 日期,SQL 日期,退回日期\n"
    (inbox / "more.csv").write_text(head + more, encoding="utf-8")
    post(read.analyst, "sources/crm/runs")

    found = pages(read.analyst, "sources/crm/rejected")
    assert sorted(each["cells"]["lead_id"] for each in found) == [
        "A2",
        *(f"B{n}" for n in range(5)),
    ]


def test_what_stands_out_names_severity_owner_and_effect(read):
    from mingji.metrics.models import QualityFinding, RefreshRun

    run = RefreshRun.objects.create(at=builders.NOW, definitions_digest="d")
    said = {"zh": "行数偏多", "en": "many rows"}
    for code in ("volume", "blanks", "jump"):
        QualityFinding.objects.create(
            code=code,
            path="leads",
            severity="warning",
            message=said,
            remedy=said,
            metrics=["mql_count"],
            members=12,
            first_run=run,
            last_run=run,
            found_at=builders.NOW,
        )

    found = pages(read.analyst, "findings")
    assert [each["kind"]["en"] for each in found] == ["Jump", "Blanks", "Volume"]
    (line, *_) = found
    assert (line["severity"], line["metrics"], line["members"]) == ("warning", ["mql_count"], 12)
    assert line["owners"][0]["en"] == "Marketing operations"


def test_many_sources_cost_as_many_queries_as_few(read):
    def queries() -> int:
        program = builders.a_program(read.analyst)
        program.get("/api/v1/me")
        with CaptureQueriesContext(connection) as counted:
            assert len(program.get("/api/v1/sources").json()["items"]) > 0
        return len(counted)

    from mingji.metrics.models import Source

    few = queries()
    first = Source.objects.get()
    for number in range(20):
        first.pk, first.code = None, f"more-{number:02}"
        first.save()
    assert queries() == few
    assert len(pages(read.analyst, "sources")) == 21
