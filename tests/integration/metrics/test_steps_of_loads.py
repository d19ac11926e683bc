"""Whichever way rows come in, what no step counts is told, with the people it concerns."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import builders
from integration.metrics.test_push import SECRET
from mingji.cli import main
from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text

HEAD = "opportunity_id,lead_id,created_on,closed_on,stage,kind,channel,amount,owner\n"
DEALS = HEAD + (
    "O1,L1,2026-07-02,2026-07-20,won,new,search,1,subject\n"
    "O2,L9,2026-07-02,2026-07-20,won,new,search,1,subject\n"
    "O3,L2,2026-07-02,2026-07-20,won,new,search,1,subject\n"
    "O4,,2026-07-02,2026-07-20,won,new,search,1,subject\n"
    "O5,L8,2026-07-02,,open,new,search,1,subject\n"
)


def load(tmp_path, text=DEALS, *more):
    file = tmp_path / "deals.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["load", "opportunities", str(file), *more])


def kept(code):
    from mingji.metrics.models import QualityFinding

    return QualityFinding.objects.get(code=code, settled_at__isnull=True)


@pytest.fixture(autouse=True)
def today(settings):
    settings.MINGJI_NOW = builders.NOW


def test_the_command_says_why_and_whom_it_concerns(refreshed, tmp_path):
    told = load(tmp_path, DEALS, "--lang", "en")

    assert told.exit_code == 1
    assert (
        "Opportunities: 1 row has a lead_id that is in no row of Leads and counts in no "
        "conversion: lead_id L9; metrics concerned: Lead-to-customer; 2 people have a value of them"
    ) in told.stderr
    assert "1 row has a closed_on before the first step, “Lead”," in told.stderr
    assert "note: Opportunities: 1 row has no lead_id and counts in no conversion" in told.stderr
    assert "2 人有这些指标的值" in load(tmp_path, DEALS, "--lang", "zh").stderr


def test_what_is_kept_names_its_metrics_and_people_before_any_refresh_saw_it(refreshed, tmp_path):
    load(tmp_path)

    orphan = kept("step_without_start")
    assert (orphan.severity, orphan.count, orphan.path) == ("warning", 1, "opportunities.lead_id")
    assert orphan.metrics == ["lead_to_customer_rate"]
    assert orphan.members == 2
    assert orphan.first_run is None


def test_a_refresh_sees_the_same_finding(refreshed, tmp_path):
    from mingji.metrics import actions

    load(tmp_path)
    before = kept("step_without_start")
    run = actions.refresh("system", ["2026Q3"], builders.NOW)

    after = kept("step_without_start")
    assert (after.pk, after.first_run) == (before.pk, run)
    assert "step_without_start" in [each["code"] for each in run.findings]


def test_the_missing_lead_that_comes_settles_it(refreshed, load_lead, tmp_path):
    load(tmp_path)
    told = load_lead("L9,2026-07-01,search,,east,auto,subject,,,,\n")

    assert "step_without_start" not in [each["code"] for each in told["findings"]]
    with pytest.raises(type(kept("step_before_start")).DoesNotExist):
        kept("step_without_start")


@pytest.fixture
def load_lead(tmp_path):
    from integration.metrics.conftest import HEAD as LEADS

    def loaded(row):
        file = tmp_path / "late.csv"
        file.write_text(LEADS + row, encoding="utf-8")
        told = CliRunner().invoke(main, ["load", "leads", str(file), "--format", "json"])
        return json.loads(told.stdout)

    return loaded


def test_a_push_is_answered_with_it(refreshed, monkeypatch):
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    monkeypatch.setenv("MINGJI_SOURCE_FAIR", SECRET)
    actions.create_source("system", "push", "fair", Text("成交", "Deals"), builders.NOW)
    actions.set_up_source("system", "fair", {"secret": "env:MINGJI_SOURCE_FAIR"}, builders.NOW)
    names = HEAD.strip().split(",")
    told = actions.SourceMapping("opportunities", {name: From(name) for name in names}, names)
    actions.map_source("system", "fair", told, builders.NOW)
    actions.schedule_source(
        "system", "fair", actions.SourcePlan("manual", owner="analyst"), builders.NOW
    )

    answer = pushed(DEALS.encode()).json()

    assert [each["code"] for each in answer["findings"] if each["severity"] == "warning"] == [
        "step_without_start",
        "step_before_start",
    ]


def pushed(body):
    from integration.metrics.test_push import send

    return send(body, kind="text/csv")


def test_nobody_checks_who_does_not_keep_the_data(refreshed):
    from mingji.metrics import actions

    with pytest.raises(NotAllowed):
        actions.check_steps(builders.a_viewer(refreshed.manager), {"leads"}, builders.NOW)
