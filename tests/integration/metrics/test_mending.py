"""Rows that a source set aside are shown with their reasons, mended in a file, and loaded again."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.metrics.conftest import HEAD
from integration.metrics.test_source_pages import CRM, analyst, inbox, page, set_up  # noqa: F401

WAITING = f"{CRM}waiting/"
DOWNLOAD, MEND = f"{CRM}waiting.csv", f"{CRM}waiting/mend/"


@pytest.fixture
def read(analyst, company):  # noqa: F811
    """The source, read once: one of its two rows has no date that can be read."""
    set_up(analyst)
    analyst.post(f"{CRM}run/")
    analyst.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return analyst


def rows_to_mend(client):
    text = b"".join(client.get(DOWNLOAD).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sent(client, rows, **changed):
    """The rows as a file with changed cells, uploaded to be loaded again."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **changed} for row in rows)
    file = SimpleUploadedFile("mended.csv", text.getvalue().encode())
    return client.post(MEND, {"file": file}, follow=True)


def test_a_row_that_waits_is_shown_with_its_reason_and_its_cells(read):
    assert WAITING in page(read, CRM)
    shown = page(read, WAITING)

    assert "1 row could not be read" in shown
    assert "“soon”: not a date" in shown
    assert "A2" in shown
    assert "A1" not in shown
    assert "13800000002" not in shown


def test_the_page_says_it_in_chinese_too(read):
    answer = read.get(WAITING, headers={"accept-language": "zh-Hans"}).content.decode()

    assert "“soon”不是日期" in answer
    assert "有 1 行读不懂" in answer


def test_a_mended_row_is_loaded_and_waits_no_more(read):
    (row,) = rows_to_mend(read)
    assert (row["lead_id"], row["created_on"]) == ("A2", "soon")

    answer = sent(read, [row], created_on="2026-07-02")

    assert "1 row: 1 loaded, 0 set aside again." in answer.content.decode()
    assert "No row waits to be mended" in answer.content.decode()
    assert WAITING not in page(read, CRM)


def test_a_row_that_is_still_wrong_waits_again(read):
    answer = sent(read, rows_to_mend(read), created_on="later").content.decode()

    assert "1 row: 0 loaded, 1 set aside again." in answer
    assert "“later”: not a date" in answer


def test_the_same_file_a_second_time_changes_nothing(read):
    from mingji.metrics.definitions import warehouse

    rows = rows_to_mend(read)
    sent(read, rows, created_on="2026-07-02")
    before = [each.id for each in warehouse().batches("leads")]
    sent(read, rows, created_on="2026-07-02")

    assert [each.id for each in warehouse().batches("leads")] == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no columns _batch and _row"),
        ("_batch,_row,lead_id\nxyz,9,A9\n", "does not wait to be mended"),
    ],
)
def test_a_file_that_is_no_mended_download_is_refused_in_words(read, text, said):
    file = SimpleUploadedFile("other.csv", text.encode())
    answer = read.post(MEND, {"file": file})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_no_file_is_asked_for_again(read):
    assert read.post(MEND).status_code == 422


def test_rows_of_another_source_of_the_same_table_are_not_shown(read, load):
    load("leads", f"{HEAD}B1,never,search,,east,auto,subject,,,,\n", "other.csv")

    assert "B1" not in page(read, WAITING)


def test_the_rows_are_paged_by_key(read, inbox):  # noqa: F811
    from mingji.metrics.queries import rejected

    head = "线索编号,创建日,渠道,销售手机,负责人,MQL 日期,SQL 日期,退回日期\n"
    bad = "".join(f"Z{n},soon,,,subject,,,\n" for n in range(rejected.PAGE + 5))
    (inbox / "more.csv").write_text(head + bad, encoding="utf-8")
    read.post(f"{CRM}run/")
    first = page(read, WAITING)
    following = first.split("waiting/?after=")[1].split('"')[0]

    assert "Z1<" not in page(read, f"{WAITING}?after={following}")
    assert f"Z{rejected.PAGE + 4}" in page(read, f"{WAITING}?after={following}")


@pytest.mark.parametrize("who", ["subject", "manager", "director", "company_hr_partner"])
def test_nobody_but_the_analyst_sees_or_mends_them(read, company, client_of, who):
    other = client_of(getattr(company, who))

    assert other.get(WAITING).status_code == 403
    assert other.get(DOWNLOAD).status_code == 403
    assert other.post(MEND).status_code == 403


def test_what_was_mended_stands_in_the_audit_trail(read):
    from mingji.audit.models import AuditRecord

    sent(read, rows_to_mend(read), created_on="2026-07-02")

    last = AuditRecord.objects.filter(action="metrics.load_table").latest("pk")
    assert last.actor == "analyst"
    assert last.evidence["mends"]
