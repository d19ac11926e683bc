"""Leads and closed deals with odd dates: what is told, and the figures, are those counted apart."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

import builders
import odd_funnel
from mingji.cli import main
from mingji.kit import clock
from mingji.rules.text import Text

DATA = "/metrics/data/"
MAPPING = """\
name: {zh: 市场, en: Marketplace}
files: {mql: mql.csv, closed_deals: closed_deals.csv}
scorecards:
  sdr: {by: member, name: {zh: 销售, en: Seller}}
items: {won_value: sellers_won}
"""
NOTES = {"step_without_key closed_deals.mql_id"}


@pytest.fixture
def funnel(company, settings, tmp_path, django_capture_on_commit_callbacks):
    from mingji.metrics import actions

    settings.MINGJI_NOW = builders.NOW
    settings.MINGJI_UPLOADS = tmp_path / "uploads"
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_definitions("system", odd_funnel.DEFINITIONS, "Marketplace.", builders.NOW)
    return odd_funnel.a_funnel()


@pytest.fixture
def files(funnel, tmp_path) -> tuple[Path, Path]:
    return odd_funnel.written(funnel, tmp_path)


def told(findings: Sequence[dict]) -> dict[str, int]:
    """The findings about steps and impossible dates: what and where, and how many rows."""
    return {
        f"{each['code']} {each['place']}": each["count"]
        for each in findings
        if each["code"].startswith("step_") or each["code"] == "impossible_date"
    }


def load(table: str, file: Path) -> list[dict]:
    result = CliRunner().invoke(main, ["load", table, str(file), "--format", "json"])
    assert result.exit_code in (0, 1), result.stderr
    return json.loads(result.stdout)["findings"]


def standing() -> dict[str, int]:
    from mingji.metrics.models import QualityFinding

    rows = QualityFinding.objects.filter(settled_at__isnull=True)
    found = rows.values_list("code", "path", "count")
    return {f"{code} {path}": count for code, path, count in found}


def mendable(reasons: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in reasons.items() if name not in NOTES}


def test_a_load_tells_every_row_that_no_step_counts(funnel, files):
    leads, deals = files
    of_leads = told(load("mql", leads))
    of_deals = told(load("closed_deals", deals))

    reasons = funnel.reasons()
    of_mql = {name: count for name, count in reasons.items() if " mql." in name}
    assert len(reasons) == 8
    assert of_leads == of_mql
    assert of_deals == {name: n for name, n in reasons.items() if name not in of_mql}
    assert standing() == mendable(reasons)


def test_deals_that_came_before_their_leads_end_in_the_same_findings(funnel, files):
    leads, deals = files
    before = told(load("closed_deals", deals))
    waiting = [each for each in funnel.deals if each.won and each.lead]
    assert "step_without_start closed_deals.mql_id" not in standing()
    after = told(load("mql", leads))

    assert before["step_without_start closed_deals.mql_id"] == len(waiting)
    assert after == funnel.reasons()
    assert standing() == mendable(funnel.reasons())


def test_the_examples_are_keys_of_those_rows(funnel, files):
    leads, deals = files
    load("mql", leads)
    (early,) = [each for each in load("closed_deals", deals) if each["code"] == "step_before_start"]

    listed = re.findall(r"[0-9a-f]{32}", early["message"]["en"])
    assert len(listed) == 5
    assert set(listed) <= funnel.keys("step_before_start closed_deals.won_date")
    assert "；涉及指标：线索成交率" in early["message"]["zh"]


def test_the_figures_are_those_counted_apart(funnel, files):
    from mingji.metrics import actions
    from mingji.metrics.models import Observation

    for table, file in zip(("mql", "closed_deals"), files, strict=True):
        load(table, file)
    quarters = sorted(funnel.rates())
    actions.refresh("system", quarters, builders.NOW)

    found = Observation.objects.filter(metric="mql_won", current=True, member=None, team=None)
    assert dict(found.values_list("period", "value")) == {
        quarter: (Decimal(rate.numerator) / rate.denominator).quantize(
            Decimal("0.00000001"), ROUND_HALF_UP
        )
        for quarter, rate in funnel.rates().items()
    }
    steps = {name: n for name, n in standing().items() if "mql" in name or "closed_deals" in name}
    assert mendable(funnel.reasons()).items() <= steps.items()


def test_what_is_mended_leaves_the_health_page_and_stays_in_the_history(
    funnel, tmp_path, files, client_of, company
):
    from mingji.metrics.models import SourceRun

    analyst = client_of(company.analyst)
    load("mql", files[0])
    address = uploading(analyst)
    upload(analyst, address, files[1])
    page = analyst.get(address, headers={"accept-language": "en"}).content.decode()
    standing_at_first = page[page.index('id="quality"') :]

    early = funnel.reasons()["step_before_start closed_deals.won_date"]
    assert f"{early} rows have a won_date before the first step" in standing_at_first
    assert "1 KPI uses this, so far of nobody" in standing_at_first
    assert "Data owner Marketing operations" in re.sub(r"\s+", " ", standing_at_first)

    met = {lead.key: lead.met for lead in funnel.leads}
    mended = replace(
        funnel,
        deals=[
            replace(deal, won=met[deal.lead] + timedelta(days=1))
            if deal.won and met.get(deal.lead) and deal.won < met[deal.lead]
            else deal
            for deal in funnel.deals
        ],
    )
    (tmp_path / "mended").mkdir()
    upload(analyst, address, odd_funnel.written(mended, tmp_path / "mended")[1])

    first, second = SourceRun.objects.order_by("pk")
    assert "step_before_start" in [each["code"] for each in first.findings]
    assert "step_before_start" not in [each["code"] for each in second.findings]
    assert standing() == mendable(mended.reasons())
    page = analyst.get(address, headers={"accept-language": "en"}).content.decode()
    assert "before the first step" not in page
    run = analyst.get(f"{address}runs/{first.pk}/", headers={"accept-language": "en"})
    assert f"{early} rows have a won_date before the first step" in run.content.decode()


def test_a_load_that_succeeded_is_no_error_because_other_files_no_longer_fit(funnel, files):
    from mingji.metrics.definitions import own_file

    load("closed_deals", files[1])
    changed = odd_funnel.DEFINITIONS.replace("      sr_id: text", "      sr_id: integer")
    own_file().write_text(changed, encoding="utf-8")
    findings = load("mql", files[0])

    stale = [each["severity"] for each in findings if each["code"] == "stale_batches"]
    assert stale == ["warning"]


def uploading(client) -> str:
    """The page of an upload source that is mapped onto the closed deals."""
    from mingji.metrics import actions
    from mingji.metrics.definitions import library
    from mingji.metrics.mapping import From

    names = list(library().definitions.tables["closed_deals"].columns)
    actions.create_source("system", "upload", "deals", Text("成交", "Deals"), builders.NOW)
    mapped = actions.SourceMapping("closed_deals", {name: From(name) for name in names}, names)
    actions.map_source("system", "deals", mapped, builders.NOW)
    plan = actions.SourcePlan("manual", owner="analyst")
    actions.schedule_source("system", "deals", plan, builders.NOW)
    return f"{DATA}sources/deals/"


def upload(client, address: str, file: Path) -> None:
    sent = SimpleUploadedFile(file.name, file.read_bytes())
    assert client.post(f"{address}upload/", {"file": sent}).status_code == 302


def test_the_command_without_an_installation_tells_and_counts_the_same(tmp_path):
    funnel, today = odd_funnel.a_funnel(), clock.day_here()
    leads, deals = odd_funnel.written(funnel, tmp_path)
    definitions = tmp_path / "definitions.yaml"
    definitions.write_text(odd_funnel.DEFINITIONS, encoding="utf-8")
    arguments = ["metrics", "--definitions", str(definitions), "--by", "quarter"]
    arguments += ["--table", f"mql={leads}", "--table", f"closed_deals={deals}"]
    result = CliRunner().invoke(main, [*arguments, "--metric", "mql_won", "--format", "json"])

    answer = json.loads(result.stdout)
    rates = {row["keys"]["quarter"]: Fraction(row["values"]["mql_won"]) for row in answer["rows"]}
    assert result.exit_code == 1
    assert rates == {
        quarter: Fraction(round(rate * 10**20), 10**20) for quarter, rate in funnel.rates().items()
    }
    assert told(answer["findings"]) == without_days(funnel.reasons(today))


def test_a_trial_tells_the_same_even_of_conversions_on_no_scorecard(tmp_path):
    funnel, today = odd_funnel.a_funnel(), clock.day_here()
    odd_funnel.written(funnel, tmp_path)
    texts = {"definitions.yaml": odd_funnel.DEFINITIONS, "mingji.yaml": MAPPING}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["try", str(tmp_path), "--format", "json"])

    assert result.exit_code == 1, result.stderr
    findings = json.loads(result.stdout)["findings"]
    assert told(findings) == without_days(funnel.reasons(today))


def without_days(reasons: dict[str, int]) -> dict[str, int]:
    """Without what only an installation checks of dates as such."""
    return {name: count for name, count in reasons.items() if "impossible" not in name}
