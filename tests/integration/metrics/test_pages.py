"""The pages of metrics: what each person sees, and what is not theirs."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders
from integration.metrics.conftest import LEADS

#: The library's leads alone, with room for more metrics.
LEADS_BOOK = """\
tables:
  leads:
    key: lead_id
    time: created_on
    owner: owner
    source: crm
    columns: {lead_id: text, created_on: date, owner: text, mql_on: date}
metrics:
  leads_created: {table: leads, agg: count}
"""
WHY = "/metrics/leads_created/2026Q3/why/"
ROWS = "/metrics/leads_created/2026Q3/rows/"


def _page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_list_shows_the_company_and_opens_each_value(refreshed, client_of):
    page = _page(client_of(refreshed.peer), "/metrics/")

    assert f'href="{WHY}"' in page
    assert "2026Q2" in page


def test_the_list_leaves_out_what_has_no_data_until_it_is_asked_for(refreshed, client_of):
    client = client_of(refreshed.peer)

    usual = _page(client, "/metrics/")
    every = _page(client, "/metrics/?all=1")

    assert "/metrics/leads_created/?" in usual
    assert "/metrics/cash_collected/?" not in usual
    assert "/metrics/cash_collected/?" in every


@pytest.mark.parametrize("words", ["回款额", "cash_coll", "Cash"])
def test_a_metric_is_found_by_its_id_or_either_name(refreshed, client_of, words):
    client = client_of(refreshed.peer)

    found = _page(client, f"/metrics/?q={words}")

    assert "/metrics/cash_collected/?" in found
    assert "/metrics/leads_created/?" not in found
    assert "没有叫“nonsense”的指标" in _page(client, "/metrics/?q=nonsense")


def test_the_list_is_empty_before_the_first_refresh(company, client_of):
    assert "/metrics/data/" in _page(client_of(company.analyst), "/metrics/")
    assert "/metrics/data/" not in _page(client_of(company.peer), "/metrics/")


def test_a_metric_page_lists_only_members_in_reach(refreshed, client_of):
    address = "/metrics/leads_created/?period=2026Q3"

    own = _page(client_of(refreshed.peer), address)
    team = _page(client_of(refreshed.manager), address)

    assert "member=peer" in own
    assert "member=subject" not in own
    assert "member=subject" in team
    assert "team=growth" in own


def test_a_metric_nobody_defined_is_not_found(refreshed, client_of):
    assert client_of(refreshed.peer).get("/metrics/none_such/").status_code == 404


@pytest.mark.parametrize("role", ["subject", "manager", "director", "hr_partner", "analyst"])
def test_whom_a_value_concerns_may_open_it(refreshed, client_of, role):
    page = _page(client_of(getattr(refreshed, role)), f"{WHY}?member=subject")

    assert "metrics/leads_created/2026Q3/rows/?member=subject" in page


@pytest.mark.parametrize("role", ["peer", "other_manager", "ex_manager", "other_hr_partner"])
def test_a_value_of_somebody_else_is_not_found(refreshed, client_of, role):
    client = client_of(getattr(refreshed, role))

    for address in (WHY, ROWS, ROWS.replace("rows/", "rows.csv")):
        assert client.get(f"{address}?member=subject").status_code == 404


def test_the_drawer_is_only_the_explanation(refreshed, client_of):
    client = client_of(refreshed.subject)

    drawer = client.get(f"{WHY}?member=subject", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in drawer
    assert "leads.csv" in drawer


def test_a_ratio_opens_into_its_parts(refreshed, client_of):
    address = "/metrics/lead_qualification_rate/2026Q3/why/?team=growth"

    page = _page(client_of(refreshed.peer), address)

    assert "path=numerator" in page or "path=leads_qualified" in page


def test_a_slice_without_rows_is_no_data_and_not_zero(refreshed, client_of):
    page = _page(client_of(refreshed.manager), f"{WHY}?member=manager")

    assert "无数据" in page


def test_a_period_never_refreshed_is_not_found(refreshed, client_of):
    client = client_of(refreshed.subject)

    assert client.get("/metrics/leads_created/2020Q1/why/?member=subject").status_code == 404
    assert client.get("/metrics/leads_created/nonsense/rows/?member=subject").status_code == 404


def test_rows_of_a_member_carry_file_and_row(refreshed, client_of):
    page = _page(client_of(refreshed.subject), f"{ROWS}?member=subject")

    assert all(lead in page for lead in ("L1", "L2", "L3"))
    assert ">L4<" not in page
    assert "leads.csv" in page


def test_rows_of_a_team_name_only_owners_in_reach(refreshed, client_of):
    colleague = _page(client_of(refreshed.peer), f"{ROWS}?team=growth")
    manager = _page(client_of(refreshed.manager), f"{ROWS}?team=growth")

    assert "L2" in colleague
    assert "<td>subject</td>" not in colleague
    assert "<td>peer</td>" in colleague
    assert "<td>subject</td>" in manager


def test_the_export_of_a_team_names_no_more_than_the_page(refreshed, client_of):
    address = ROWS.replace("rows/", "rows.csv?team=growth")

    answer = client_of(refreshed.peer).get(address)

    text = b"".join(answer.streaming_content).decode()
    assert "L2" in text
    assert "subject" not in text


def test_an_owner_who_is_no_member_is_named_to_who_reaches_everybody(refreshed, client_of):
    assert "agency-x" in _page(client_of(refreshed.director), ROWS)
    assert "agency-x" not in _page(client_of(refreshed.manager), ROWS)


def test_rows_of_a_ratio_lead_to_its_parts(refreshed, client_of):
    client = client_of(refreshed.peer)

    assert client.get("/metrics/lead_qualification_rate/2026Q3/rows/").status_code == 404


def test_a_broken_page_key_is_a_sentence_and_not_a_fault(refreshed, client_of):
    client = client_of(refreshed.subject)

    assert client.get(f"{ROWS}?member=subject&after=;drop").status_code == 422


def test_the_export_holds_every_row_and_no_formula(company, load, client_of):
    import builders
    from mingji.metrics import actions

    load(
        "leads",
        "lead_id,created_on,channel,campaign,region,industry,owner,mql_on,sql_on,rejected_on,"
        "reject_reason\nL1,2026-07-02,=1+1,@x,east,auto,subject,,,,\n",
    )
    actions.refresh("system", ["2026Q3"], builders.NOW)

    answer = client_of(company.subject).get("/metrics/leads_created/2026Q3/rows.csv?member=subject")

    text = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in text
    assert "'@x" in text
    assert text.startswith("\ufeffFile,Row,lead_id")


def test_rows_of_other_days_open_under_the_value_that_looks_at_them(refreshed, client_of):
    address = f"{ROWS}?member=peer&days=2026-04-01..2026-06-30"

    page = _page(client_of(refreshed.peer), address)

    assert "L6" in page
    assert "<td>L4</td>" not in page
    assert client_of(refreshed.subject).get(address).status_code == 404


def test_days_that_are_none_are_refused_without_a_traceback(refreshed, client_of):
    answer = client_of(refreshed.peer).get(f"{ROWS}?member=peer&days=soon")

    assert answer.status_code in (400, 404, 422)


def test_metrics_that_look_at_other_days_are_refreshed_for_members_teams_and_company(
    company, load, monkeypatch, client_of
):
    from mingji.metrics import actions, definitions
    from mingji.metrics.models import Observation

    more = """
  leads_to_date: {type: cumulative, metric: leads_created, grain_to_date: year}
  lead_growth: {type: growth, metric: leads_created}
  lead_to_mql: {type: conversion, table: leads, steps: {lead: created_on, mql: mql_on}}
"""
    shelf = definitions.library()
    text = f"{LEADS_BOOK}{more}"
    changed = definitions.Library(definitions.load_definitions(text), shelf.digest[::-1])
    monkeypatch.setattr(definitions, "_read", lambda _: changed)
    load("leads", LEADS)

    actions.refresh("system", ["2026Q3"], builders.NOW)

    found = {
        (row.metric, row.member.code if row.member else "", row.team.code if row.team else ""): (
            row.value
        )
        for row in Observation.objects.filter(period="2026Q3").select_related("member", "team")
    }
    assert found["leads_to_date", "peer", ""] == 2  # L4, and L6 of May
    assert found["lead_growth", "peer", ""] == 0  # one then, one now
    assert found["leads_to_date", "", ""] == 6
    assert found["lead_to_mql", "subject", ""] == Decimal("0.66666667")
    assert ("leads_to_date", "", "growth") in found

    why = _page(
        client_of(company.peer), "/metrics/leads_to_date/2026Q3/why/?member=peer&path=leads_created"
    )
    assert "days=2026-01-01..2026-09-30" in why
