"""`mingji load`, `owners load` and `refresh`: rows become numbers of an installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import builders
from mingji.cli import main
from mingji.metrics.models import Observation, OwnerMapping, RefreshRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(tmp_path, settings):
    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    builders.a_company()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--lang", "en"])


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


OWNERS = (
    "source,owner,member,starts_on,ends_on\n"
    "crm,zhang,subject,,2026-08-14\ncrm,zhang,peer,2026-08-15,\n"
)
LEADS = (
    "线索编号,创建日期,负责人,MQL 日期,SQL 日期,退回日期\n"
    "L1,2026-08-14,zhang,,,\nL2,2026-08-15,zhang,,,\nL3,2026-08-16,nobody,,,\n"
)


def test_rows_and_owners_become_numbers_of_members(tmp_path):
    loaded = run("load", "leads", written(tmp_path, "leads.csv", LEADS))
    matched = run("owners", "load", written(tmp_path, "owners.csv", OWNERS))
    refreshed = run("refresh", "--period", "2026Q3")

    assert (loaded.exit_code, matched.exit_code) == (0, 0), loaded.stderr + matched.stderr
    assert refreshed.exit_code == 1
    assert "nobody" in refreshed.stderr
    found = Observation.objects.filter(metric="leads_created", period="2026Q3", team=None)
    assert dict(found.values_list("member__code", "value")) == {
        "subject": 1,
        "peer": 1,
        None: 3,
    }


def test_a_place_is_told_in_the_words_of_the_reader(tmp_path):
    wrong = written(tmp_path, "late.csv", LEADS.replace("2026-08-15", "待确认"))

    en = run("load", "leads", wrong).stderr
    zh = CliRunner().invoke(main, ["load", "leads", wrong, "--lang", "zh"]).stderr

    assert "late.csv 第 3 行「创建日期」列: 提醒" in zh
    assert "(row 3" not in zh
    assert "late.csv:3 (row 3, column created_on): warning" in en


def test_the_same_again_changes_nothing(tmp_path):
    leads = written(tmp_path, "leads.csv", LEADS)
    owners = written(tmp_path, "owners.csv", OWNERS)
    for _ in range(2):
        run("load", "leads", leads)
        matched = run("owners", "load", owners, "--format", "json")
        refreshed = run("refresh", "--period", "2026Q3", "--format", "json")

    assert json.loads(matched.stdout)["new"] == "0"
    assert json.loads(refreshed.stdout)["run"] == "–"
    assert (OwnerMapping.objects.count(), RefreshRun.objects.count()) == (2, 1)


def test_owners_without_a_member_are_listed_with_the_members_they_probably_are(tmp_path):
    rows = "L4,2026-08-16,Subject@Elsewhere.com,,,\n"
    run("load", "leads", written(tmp_path, "leads.csv", LEADS + rows))
    run("owners", "load", written(tmp_path, "owners.csv", OWNERS))
    run("refresh", "--period", "2026Q3")

    listed = run("owners", "list", "--format", "json")

    assert listed.exit_code == 0, listed.stderr
    first, second = json.loads(listed.stdout)
    assert (first["source"], first["owner"], first["rows"]) == (
        "crm",
        "Subject@Elsewhere.com",
        "Leads 1",
    )
    assert first["likely"].startswith("subject ")
    assert (second["owner"], second["likely"]) == ("nobody", "")


def test_an_unknown_table_a_missing_file_and_no_period_end_with_2(tmp_path):
    leads = written(tmp_path, "leads.csv", LEADS)

    told = [
        run("load", "lead", leads),
        run("load", "leads", str(tmp_path / "none.csv")),
        run("refresh", "--period", "autumn"),
    ]

    assert [each.exit_code for each in told] == [2, 2, 2]
    assert "opportunities" in told[0].stderr
    assert "none.csv" in told[1].stderr
    assert "autumn" in told[2].stderr


def test_one_owner_that_cannot_be_matched_keeps_all_others_out(tmp_path):
    told = run("owners", "load", written(tmp_path, "owners.csv", OWNERS + "crm,li,ghost,,\n"))

    assert told.exit_code == 2
    assert "ghost" in told.stderr
    assert not OwnerMapping.objects.exists()


DEALS = (
    "商机编号,创建日期,关闭日期,阶段,类型,渠道,金额（万元）,负责人\n"
    'D1,2026-07-01,2026-08-01,won,new,web,"1052,75",zhang\n'
    'D2,2026-07-01,2026-02-30,won,new,web,"1,5",zhang\n'
)


def test_what_a_file_does_not_say_is_asked_and_settled_by_an_option(tmp_path):
    deals = written(tmp_path, "deals.csv", DEALS)

    asked = run("load", "opportunities", deals)
    settled = run("load", "opportunities", deals, "--numbers", "amount=comma")

    assert asked.exit_code == 2
    assert "--numbers opportunities.amount=comma|point" in asked.stderr
    assert settled.exit_code == 1
    assert "× 10,000" in settled.stderr
    assert run("load", "opportunities", deals, "--numbers", "amount=semicolon").exit_code == 2
    assert run("load", "opportunities", deals, "--exclude", "opportunity_id").exit_code == 2


def test_rejected_rows_are_listed_exported_mended_and_replayed(tmp_path):
    run(
        *("load", "opportunities", written(tmp_path, "deals.csv", DEALS)),
        *("--numbers", "opportunities.amount=comma"),
    )
    listed = run("rejected", "list", "opportunities")
    export = tmp_path / "mend.csv"
    exported = run("rejected", "export", "opportunities", str(export))
    text = export.read_text("utf-8-sig").replace("2026-02-30", "2026-02-28", 2)
    export.write_text(text.replace(",2026-02-30,", ",2026-02-28,"), encoding="utf-8")

    replayed = run("rejected", "replay", "opportunities", str(export), "--format", "json")

    assert "关闭日期" in listed.stdout or "closed_on “2026-02-30”" in listed.stdout
    assert "amount (万)" in text
    assert exported.exit_code == 0
    assert json.loads(replayed.stdout)["batches"][0]["loaded"] == "1"
    assert json.loads(run("rejected", "list", "opportunities", "--format", "json").stdout) == {
        "rows": []
    }
