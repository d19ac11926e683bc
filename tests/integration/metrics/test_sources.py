"""Sources: files arrive, are mapped and loaded, and a second run changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

import builders
from integration.metrics.source_builders import clock, put, rows, run
from mingji.rules.errors import Invalid, NotAllowed, NotAllowedNow
from mingji.rules.text import Text

HEAD = "线索号,建立日,渠道,手机,负责销售,MQL,SQL,退回\n"
ROWS = (
    "A1,2026-07-01,search,13800000001,subject,2026-07-03,,\n"
    "A2,2026-07-02,events,13800000002,peer,,,\n"
)
COLUMNS = {
    "lead_id": "线索号",
    "created_on": "建立日",
    "channel": "渠道",
    "owner": "负责销售",
    "mql_on": "MQL",
    "sql_on": "SQL",
    "rejected_on": "退回",
}


def mapping(columns=COLUMNS, **more):
    from mingji.metrics.actions import SourceMapping
    from mingji.metrics.mapping import From

    columns = {name: From(header) for name, header in columns.items()}
    headers = more.pop("headers", HEAD.strip().split(","))
    return SourceMapping("leads", columns, headers, excluded=("手机",), **more)


@pytest.fixture
def source(company, inbox):
    """A folder source of leads, mapped and switched on, with one file of two rows."""
    from mingji.metrics import actions

    put(inbox, HEAD + ROWS, age=60)
    actions.create_source("system", "inbox", "crm", Text("客户", "CRM"), builders.NOW)
    actions.set_up_source("system", "crm", {"pattern": "*.csv"}, builders.NOW)
    actions.map_source("system", "crm", mapping(), builders.NOW)
    plan = actions.SourcePlan("daily", owner="analyst")
    return actions.schedule_source("system", "crm", plan, builders.NOW)


def test_a_run_loads_the_rows_as_mapped(source):
    done = run()

    assert (done.status, done.read, done.loaded, done.rejected) == ("succeeded", 2, 2, 0)
    assert [(row["lead_id"], row["owner"], row["_row"]) for row in rows()] == [
        ("A1", "subject", 2),
        ("A2", "peer", 3),
    ]


def test_a_second_run_finds_nothing_new(source, inbox):
    run()
    put(inbox, HEAD + ROWS)

    again = run()

    assert (again.status, again.read, again.batches) == ("nothing", 0, [])
    assert len(rows()) == 2


def test_only_what_is_new_in_a_folder_is_read_and_later_files_win(source, inbox):
    run()
    put(
        inbox, HEAD + "A2,2026-07-02,search,1,subject,,,\nA3,2026-07-09,search,1,peer,,,\n", "b.csv"
    )

    done = run()

    assert (done.read, done.loaded) == (2, 2)
    assert [(row["lead_id"], row["owner"]) for row in rows()] == [
        ("A1", "subject"),
        ("A2", "subject"),
        ("A3", "peer"),
    ]


def test_what_is_personal_is_nowhere_in_the_warehouse(source, settings, inbox):
    put(inbox, HEAD + "A9,2026-07-01,search,13912345678,peer,,,\nA8,2026-07-02,13912345678\n")
    done = run()

    assert done.rejected == 1
    kept = b"".join(p.read_bytes() for p in settings.MINGJI_WAREHOUSE.rglob("*") if p.is_file())
    assert b"A9" in kept
    assert b"13912345678" not in kept


def test_a_renamed_column_fails_the_run_with_a_sentence_and_the_next_one_mends_it(source, inbox):
    put(inbox, (HEAD + ROWS).replace("建立日", "创建时间"))

    failed = run()

    assert failed.status == "failed"
    assert "建立日" in failed.error.zh
    assert "创建时间" in failed.error.zh
    assert rows() == []
    put(inbox, HEAD + ROWS)
    assert run().status == "succeeded"


def test_a_broken_file_keeps_nobody_from_the_files_before_it(source, inbox):
    put(inbox, "nothing to see", "z.csv")

    failed = run()

    assert (failed.status, failed.loaded) == ("failed", 2)
    assert len(rows()) == 2


def test_titles_above_the_header_do_not_matter(source, inbox):
    put(inbox, "七月线索导出,,,,,,,\n,,,,,,,\n" + HEAD + ROWS)

    assert run().loaded == 2


def test_dates_decimal_commas_and_units_are_read_as_they_were_said_to_be_meant(company, inbox):
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    put(inbox, "id;due;amount;paid_on;paid;who\n1;03/04/2026;1.052,75;;12,5;peer\n")
    actions.create_source("system", "inbox", "crm", Text("回款", "Payments"), builders.NOW)
    actions.set_up_source("system", "crm", {"pattern": "*.csv"}, builders.NOW)
    columns = {
        "payment_id": From("id"),
        "due_on": From("due", dates="dmy"),
        "due_amount": From("amount", numbers="comma"),
        "paid_on": From("paid_on", dates="dmy"),
        "paid_amount": From("paid", numbers="comma", unit="10000"),
        "owner": From("who"),
    }
    headers = ["id", "due", "amount", "paid_on", "paid", "who"]
    told = actions.SourceMapping("payments", columns, headers)
    actions.map_source("system", "crm", told, builders.NOW)

    run()

    (row,) = rows("payments")
    assert str(row["due_on"]) == "2026-04-03"
    assert (str(row["due_amount"]), str(row["paid_amount"])) == ("1052.75", "125000.00")


def test_what_can_be_read_in_two_ways_is_asked_and_answered_in_the_mapping(company, inbox):
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    text = "id,due,amount,paid_on,paid,who\n1,03/04/2026,1,,2,peer\n"
    put(inbox, text)
    actions.create_source("system", "inbox", "crm", Text("回款", "Payments"), builders.NOW)
    actions.set_up_source("system", "crm", {"pattern": "*.csv"}, builders.NOW)
    headers = text.splitlines()[0].split(",")
    names = ("payment_id", "due_on", "due_amount", "paid_on", "paid_amount", "owner")
    columns = {name: From(header) for name, header in zip(names, headers, strict=True)}
    told = actions.SourceMapping("payments", columns, headers)
    actions.map_source("system", "crm", told, builders.NOW)

    asked = run()
    columns["due_on"] = From("due", dates="mdy")
    actions.map_source("system", "crm", told, builders.NOW)
    answered = run()

    assert (asked.status, answered.status) == ("failed", "succeeded")
    assert str(rows("payments")[0]["due_on"]) == "2026-03-04"


def test_files_read_once_more_are_the_batches_that_they_were(source):
    from mingji.metrics.definitions import warehouse

    run()
    before = warehouse().batches("leads")
    source.refresh_from_db()
    source.cursor = None
    source.save()

    again = run()

    assert again.status == "nothing"
    assert warehouse().batches("leads") == before


def test_a_run_that_broke_off_is_closed_and_taken_up_again(source):
    from mingji.metrics.models import SourceRun

    broken = SourceRun.objects.create(source=source, started_at=builders.NOW, who="schedule")
    done = run()
    broken.refresh_from_db()

    assert broken.status == "failed"
    assert "中断" in broken.error_zh
    assert done.status == "succeeded"


def test_what_a_broken_run_had_loaded_is_counted_by_the_next(source):
    from mingji.metrics.models import SourceRun

    run()
    SourceRun.objects.all().update(status="running", ended_at=None, read=0, loaded=0, batches=[])
    source.refresh_from_db()
    source.cursor = None
    source.save()

    again = run()

    assert (again.status, again.read, again.loaded) == ("succeeded", 2, 2)
    assert len(rows()) == 2


def test_two_runs_at_once_are_refused(source):
    from mingji.metrics.locking import alone_on

    with alone_on("crm"), pytest.raises(NotAllowedNow):
        run()


def test_due_is_what_was_planned_and_not_begun(source):
    from mingji.metrics import actions

    assert [each.source.code for each in actions.run_due("system", clock)] == ["crm"]
    assert actions.run_due("system", clock) == []
    tomorrow = builders.NOW + timedelta(days=1)
    assert [each.status for each in actions.run_due("system", lambda: tomorrow)] == ["nothing"]


def test_a_source_that_is_switched_off_is_never_due(source):
    from mingji.metrics import actions

    plan = actions.SourcePlan("daily", enabled=False)
    actions.schedule_source("system", "crm", plan, builders.NOW)

    assert actions.run_due("system", clock) == []


def test_nothing_outside_the_inbox_is_read(company, inbox, tmp_path):
    from mingji.metrics import actions
    from mingji.metrics.doors import opened

    outside = tmp_path / "secret.csv"
    outside.write_text("a,b\n1,2\n")
    (inbox / "link.csv").symlink_to(outside)
    for pattern in ("../secret.csv", str(outside), "*.csv", "**/../../*.csv"):
        assert not opened("inbox", "x", {"pattern": pattern}).test().ok
    with pytest.raises(Invalid):
        actions.create_source("system", "inbox", "../x", Text("x", "x"), builders.NOW)


def test_the_mapping_refuses_what_is_missing_gone_or_used_twice(source):
    from mingji.metrics import actions

    def told(**changes):
        with pytest.raises(Invalid) as refused:
            actions.map_source("system", "crm", mapping({**COLUMNS, **changes}), builders.NOW)
        return " ".join(finding.message.en for finding in refused.value.findings)

    assert "has no column yet" in told(owner="")
    assert "no column “nobody”" in told(owner="nobody")
    assert "at once" in told(channel="负责销售")


def test_once_rows_are_loaded_the_key_stays(source):
    from mingji.metrics import actions

    run()

    with pytest.raises(NotAllowedNow):
        actions.map_source("system", "crm", mapping({**COLUMNS, "lead_id": "手机"}), builders.NOW)
    changed = {name: header for name, header in COLUMNS.items() if name != "channel"}
    actions.map_source("system", "crm", mapping(changed), builders.NOW)
    assert run().loaded == 2
    assert [row["channel"] for row in rows()] == [None, None]


def test_an_upload_is_kept_under_a_safe_name_and_only_if_it_fits(company, inbox, settings):
    from mingji.metrics import actions

    actions.create_source("system", "upload", "crm", Text("上传", "Upload"), builders.NOW)
    first = actions.keep_upload(
        "system", "crm", "../../线索 (7月).csv", [(HEAD + ROWS).encode("gb18030")], builders.NOW
    )
    assert first.relative_to(settings.MINGJI_UPLOADS).as_posix() == "crm/000001/线索_7月.csv"
    actions.map_source("system", "crm", mapping(), builders.NOW)
    assert run().loaded == 2

    for name, content in {"x.exe": b"MZ", "x.csv": b"other,columns\n1,2\n", "y.csv": b""}.items():
        with pytest.raises(Invalid):
            actions.keep_upload("system", "crm", name, [content], builders.NOW)
    settings.MINGJI_UPLOAD_MB = 0
    with pytest.raises(Invalid, match="larger"):
        actions.keep_upload("system", "crm", "z.csv", [(HEAD + ROWS).encode()], builders.NOW)
    assert len(list((settings.MINGJI_UPLOADS / "crm").iterdir())) == 1


@pytest.mark.parametrize("role", ["subject", "manager", "director", "company_hr_partner"])
def test_nobody_but_the_analyst_touches_a_source(source, company, role):
    from mingji.metrics import actions

    viewer = builders.a_viewer(getattr(company, role))
    calls = [
        lambda: actions.create_source(viewer, "upload", "x", Text("x", "x"), builders.NOW),
        lambda: actions.set_up_source(viewer, "crm", {}, builders.NOW),
        lambda: actions.check_source(viewer, "crm", builders.NOW),
        lambda: actions.map_source(viewer, "crm", mapping(), builders.NOW),
        lambda: actions.schedule_source(viewer, "crm", actions.SourcePlan("daily"), builders.NOW),
        lambda: actions.run_source(viewer, "crm", clock),
        lambda: actions.run_due(viewer, clock),
        lambda: actions.keep_upload(viewer, "crm", "x.csv", [], builders.NOW),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_every_step_leaves_an_audit_record(source):
    from mingji.audit.models import AuditRecord

    run()

    told = AuditRecord.objects.filter(kind="source", object_id="crm").order_by("number")
    assert [each.action.removeprefix("metrics.") for each in told] == [
        "create_source",
        "set_up_source",
        "map_source",
        "schedule_source",
        "run_source",
    ]
    assert told.last().evidence["loaded"] == 2
