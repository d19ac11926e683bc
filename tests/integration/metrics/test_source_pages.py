"""The pages of sources: set up step by step without a script, watched, mended."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders

DATA, NEW = "/metrics/data/", "/metrics/data/sources/new/"
CRM = "/metrics/data/sources/crm/"
CSV = (
    "线索编号,创建日,渠道,销售手机,负责人,MQL 日期,SQL 日期,退回日期\n"
    "A1,2026-07-01,search,13800000001,subject,2026-07-03,,\n"
    "A2,soon,events,13800000002,=1+1,,,\n"
)
NAMED = {"kind": "inbox", "name_zh": "客户线索", "name_en": "CRM leads", "code": "crm"}
FROM = {
    "table": "leads",
    "from:lead_id": "线索编号",
    "from:created_on": "创建日",
    "from:owner": "负责人",
    "excluded": "销售手机",
}


@pytest.fixture
def inbox(company, settings, tmp_path):
    settings.MINGJI_INBOX = tmp_path / "inbox"
    settings.MINGJI_UPLOADS = tmp_path / "uploads"
    settings.MINGJI_INBOX.mkdir()
    (settings.MINGJI_INBOX / "leads.csv").write_text(CSV, encoding="utf-8")
    return settings.MINGJI_INBOX


@pytest.fixture
def analyst(company, inbox, client_of):
    return client_of(company.analyst)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def goes_to(answer):
    assert answer.status_code == 302, re.findall(r"field-error.*|<li>.*", answer.content.decode())
    return answer.headers["Location"]


def set_up(client, **mapping):
    assert goes_to(client.post(NEW, NAMED)) == f"{CRM}settings/"
    assert goes_to(client.post(f"{CRM}settings/", {"pattern": "*.csv"})) == f"{CRM}test/"
    assert goes_to(client.post(f"{CRM}test/")) == f"{CRM}test/"
    assert goes_to(client.post(f"{CRM}mapping/", {**FROM, **mapping})) == f"{CRM}preview/"
    plan = {"schedule": "daily", "at": "06:30", "owner": "analyst", "enabled": "on"}
    assert goes_to(client.post(f"{CRM}schedule/", plan)) == CRM


def test_a_source_is_set_up_step_by_step_without_a_script(analyst):
    assert 'value="inbox"' in page(analyst, NEW)
    set_up(analyst)

    listed = page(analyst, DATA)
    assert "客户线索" in listed
    assert "尚未运行" in listed
    assert "11月21日" in listed
    whole = page(analyst, CRM)
    assert "每天 06:30" in whole
    assert "不读入：销售手机" in whole


def test_the_test_says_what_it_found(analyst, inbox):
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "none*.csv"})
    analyst.post(f"{CRM}test/")
    assert "没有符合“none*.csv”的文件" in page(analyst, f"{CRM}test/")

    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})
    analyst.post(f"{CRM}test/")
    assert "最新的是 leads.csv" in page(analyst, f"{CRM}test/")


def test_the_preview_before_mapping_shows_the_rows_as_they_stand(analyst):
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})

    shown = page(analyst, f"{CRM}preview/")

    assert "<td>soon</td>" in shown
    assert '<th scope="col">销售手机</th>' in shown


def test_the_mapping_is_prefilled_with_reasons_samples_and_what_is_missing(analyst):
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})

    shown = page(analyst, f"{CRM}mapping/?table=leads")

    assert "<option selected>线索编号</option>" in shown
    assert "这个字段的常用列名" in shown
    assert "<option selected>创建日</option>" in shown
    assert "只是名称相近" in shown
    assert "<span>A1</span>" in shown
    assert re.search(r'value="销售手机" checked', shown)


def test_the_list_of_what_is_missing_follows_the_fields(analyst):
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})

    lacking = analyst.get(f"{CRM}mapping/missing/", {**FROM, "from:owner": ""}).content.decode()
    whole = analyst.get(f"{CRM}mapping/missing/", FROM).content.decode()

    assert "“负责人”还没有对应的列" in lacking
    assert "<html" not in lacking
    assert "已完整" in whole
    assert "MQL 日期" in whole


def test_an_incomplete_mapping_is_refused_with_sentences_and_keeps_what_was_chosen(analyst):
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})

    answer = analyst.post(f"{CRM}mapping/", {**FROM, "from:owner": ""})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "“负责人”还没有对应的列" in text
    assert "<option selected>线索编号</option>" in text


def test_the_preview_as_mapped_shows_types_and_what_would_be_set_aside(analyst):
    set_up(analyst)

    shown = page(analyst, f"{CRM}preview/")

    assert "<td>2026-07-01</td>" in shown
    assert "soon”不是日期" in shown
    assert "13800000001" not in shown


def test_a_run_is_told_with_what_it_set_aside(analyst):
    set_up(analyst)

    address = goes_to(analyst.post(f"{CRM}run/"))

    told = page(analyst, address)
    assert "已载入" in told
    assert "soon" in told
    lines = b"".join(analyst.get(f"{address}rejected.csv").streaming_content).decode()
    assert lines.startswith("\ufeff文件,行,列,内容,原因")
    assert "leads.csv,3,创建日期,soon,不是日期" in lines
    assert address in page(analyst, CRM)


def test_a_failed_run_says_why_on_every_page(analyst, inbox):
    set_up(analyst)
    (inbox / "leads.csv").write_text(CSV.replace("线索编号", "编号"), encoding="utf-8")

    address = goes_to(analyst.post(f"{CRM}run/"))

    assert "没有列“线索编号”" in page(analyst, address)
    assert "没有列“线索编号”" in page(analyst, CRM)
    assert "失败" in page(analyst, DATA)


def test_a_file_is_uploaded_mapped_and_loaded(analyst):
    def given(text, name="七月.csv"):
        return {"file": SimpleUploadedFile(name, text.encode("gb18030"))}

    analyst.post(NEW, {**NAMED, "kind": "upload"})
    assert goes_to(analyst.post(f"{CRM}upload/", given(CSV))) == f"{CRM}preview/"
    assert goes_to(analyst.post(f"{CRM}mapping/", FROM)) == f"{CRM}preview/"
    analyst.post(f"{CRM}schedule/", {"schedule": "manual", "enabled": "on"})

    more = CSV.replace("A1", "A7")
    told = page(analyst, goes_to(analyst.post(f"{CRM}upload/", given(more, "八月.csv"))))
    assert "八月.csv" in told
    refused = analyst.post(f"{CRM}upload/", given("wrong,columns\n1,2\n"))
    assert refused.status_code == 422
    assert "字段对应不符" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": "Crm Leads"}, "小写字母"),
        ({"code": "new"}, "编号不能这样写"),
        ({"kind": "telepathy"}, "field-error"),
        ({"name_en": ""}, "field-error"),
    ],
)
def test_a_source_that_cannot_be_founded_is_a_form_error(analyst, changes, told):
    from mingji.metrics.models import Source

    answer = analyst.post(NEW, {**NAMED, **changes})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Source.objects.exists()


def test_a_code_is_given_once(analyst):
    analyst.post(NEW, NAMED)

    assert "已经有了" in analyst.post(NEW, NAMED).content.decode()


def test_reading_a_source_that_is_not_mapped_is_not_yet_possible(analyst):
    analyst.post(NEW, NAMED)

    assert analyst.post(f"{CRM}run/").status_code == 409
    plan = {"schedule": "daily", "enabled": "on"}
    assert analyst.post(f"{CRM}schedule/", plan).status_code == 422


def test_what_is_not_there_is_not_found(analyst):
    set_up(analyst)

    for address in ("/metrics/data/sources/none/", f"{CRM}runs/7/", f"{CRM}runs/7/rejected.csv"):
        assert analyst.get(address).status_code == 404
    assert analyst.get("/metrics/data/sources/none/mapping/").status_code == 404
    assert analyst.post("/metrics/data/sources/none/upload/").status_code == 404


def many(count, runs=0):
    from mingji.metrics.models import Source, SourceRun

    have = Source.objects.count()
    made = Source.objects.bulk_create(
        Source(
            code=f"source-{number:04}",
            name_zh="来源",
            name_en="Source",
            kind="inbox",
            settings={"pattern": "*.csv"},
            table="leads",
            mapping={"lead_id": {"header": "lead_id"}},
            schedule="daily",
            enabled=True,
            created_at=builders.NOW,
        )
        for number in range(have, count)
    )
    SourceRun.objects.bulk_create(
        SourceRun(source=source, started_at=builders.NOW, status="nothing", who="analyst")
        for source in made
        for _ in range(2 if not runs else 1)
    )
    first = Source.objects.get(code="source-0000")
    SourceRun.objects.bulk_create(
        SourceRun(source=first, started_at=builders.NOW, status="succeeded", who="schedule")
        for _ in range(runs)
    )


def test_two_hundred_sources_and_five_hundred_runs_cost_as_many_queries_as_five(analyst):
    addresses = (DATA, "/metrics/data/sources/source-0000/", "/metrics/data/matches/")

    def counted():
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page(analyst, address)
            counts[address] = len(queries)
        return counts

    many(5)
    few = counted()
    many(200, runs=500)

    assert counted() == few
    assert max(few.values()) <= 15


def test_sources_and_runs_are_paged_by_key(analyst):
    many(60, runs=40)

    first = page(analyst, DATA)
    after = re.search(r"\?after=(source-\d+)", first)[1]
    second = page(analyst, f"{DATA}?after={after}")
    runs = page(analyst, "/metrics/data/sources/source-0000/")
    key = re.search(r"\?after=(\d+)#runs", runs)[1]
    older = page(analyst, f"/metrics/data/sources/source-0000/?after={key}")

    assert (first.count("/metrics/data/sources/source-"), after) == (100, "source-0049")
    assert second.count("/metrics/data/sources/source-") == 20
    assert runs.count("/source-0000/runs/") == 25
    assert older.count("/source-0000/runs/") == 16


def test_a_preview_of_some_rows_does_not_judge_a_total_of_all(analyst, inbox):
    rows = "".join(f"A{row},2026-07-01,subject\n" for row in range(100))
    (inbox / "leads.csv").write_text(f"总计,100,\n编号,录入日,负责人\n{rows}", encoding="utf-8")
    own = {"from:lead_id": "编号", "from:created_on": "录入日", "excluded": ""}
    set_up(analyst, **own)

    shown = page(analyst, f"{CRM}preview/")

    assert "总计" not in shown


def test_findings_name_columns_as_the_file_does(analyst, inbox):
    (inbox / "leads.csv").write_text("编号,录入日,负责人\nA1,soon,subject\n", encoding="utf-8")
    own = {"from:lead_id": "编号", "from:created_on": "录入日", "excluded": ""}
    set_up(analyst, **own)

    assert "录入日 的“soon”不是日期" in page(analyst, f"{CRM}preview/")


def test_a_source_says_whose_kpis_depend_on_it(analyst, refreshed):
    set_up(analyst)

    shown = page(analyst, CRM)
    assert "个 KPI 用到它" in shown
    assert 'href="/metrics/leads_created/"' in shown


def test_the_preview_shows_what_stands_in_the_file_where_it_is_read_otherwise(analyst, inbox):
    analyst.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    (inbox / "leads.csv").write_text(CSV.replace("2026-07-01", "2026/7/1"), encoding="utf-8")
    set_up(analyst)

    shown = page(analyst, f"{CRM}preview/")

    (cell,) = re.findall(r"<td>(?:(?!<td>).)*?as-written.*?</td>", shown)
    assert re.sub(r"<[^>]+>", "", cell) == "2026-07-01In the file: ← 2026/7/1"
    assert "read otherwise" in shown


def test_a_preview_that_reads_every_cell_as_it_stands_marks_nothing(analyst, inbox):
    set_up(analyst)

    assert "as-written" not in page(analyst, f"{CRM}preview/")


def test_the_preview_marks_amounts_in_the_unit_that_the_file_states(analyst, inbox):
    words = (
        "单位：万元,,,,\n花费编号,花费日期,金额,预算,展示量,点击量,负责人\n"
        'S1,2026-11-03,12.5,20,"1,204",7,subject\n'
    )
    (inbox / "spend.csv").write_text(words, encoding="utf-8")
    (inbox / "leads.csv").unlink()
    analyst.post(NEW, NAMED)
    analyst.post(f"{CRM}settings/", {"pattern": "*.csv"})
    columns = {
        "spend_id": "花费编号",
        "spent_on": "花费日期",
        "amount": "金额",
        "budget": "预算",
        "impressions": "展示量",
        "clicks": "点击量",
        "owner": "负责人",
    }
    mapping = {f"from:{name}": header for name, header in columns.items()}
    goes_to(analyst.post(f"{CRM}mapping/", {"table": "spend", **mapping}))

    shown = page(analyst, f"{CRM}preview/")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", shown)
    told = [re.sub(r"<[^>]+>", "", cell) for cell in cells if "as-written" in cell]
    assert told == ["125000.00文件里： ← 12.5", "200000.00文件里： ← 20", "1204文件里： ← 1,204"]
