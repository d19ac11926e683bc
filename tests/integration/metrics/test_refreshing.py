"""Rows become values by member, team and company, once."""

from __future__ import annotations

from decimal import Decimal

import pytest

import builders
from mingji.rules.errors import Invalid, NotAllowed

HEAD = "lead_id,created_on,channel,campaign,region,industry,owner,mql_on,sql_on,rejected_on,"
HEAD += "reject_reason\n"


def _member(member, metric="leads_created", period="2026Q3"):
    from mingji.metrics import queries

    found = queries.facts_for([member.pk], period).get((member.pk, metric))
    return found and found.value


def _team(code, metric="leads_created", period="2026Q3"):
    from mingji.metrics import queries
    from mingji.people import queries as people

    team = people.teams_by_code()[code].pk
    found = queries.facts_for_teams([team], period).get((team, metric))
    return found and found.value


def test_a_row_counts_for_its_member_and_for_the_team_of_its_day(refreshed):
    assert _member(refreshed.subject) == Decimal(3)
    assert _team("brand") == Decimal(1)
    assert _team("growth") == Decimal(3)


def test_a_department_counts_the_rows_of_all_teams_below_it(refreshed):
    assert _team("company") == Decimal(4)


def test_the_company_counts_every_row_also_those_of_nobody(refreshed):
    from mingji.metrics import queries

    facts = queries.company_facts(["2026Q3"], ["leads_created"])

    assert facts["leads_created", "2026Q3"].value == Decimal(5)


def test_a_team_ratio_is_the_ratio_of_its_sums(refreshed):
    assert _team("growth", "lead_qualification_rate") == Decimal("0.33333333333333333333")


def test_who_has_no_row_has_no_value_and_not_zero(refreshed):
    assert _member(refreshed.manager) is None
    assert _member(refreshed.peer, "mql_count") is None


def test_rows_of_an_unknown_owner_are_listed_with_their_number(refreshed):
    from mingji.metrics import queries

    page = queries.data_page(builders.a_viewer(refreshed.analyst))

    assert [(each.source, each.owner, each.tables[0].rows) for each in page.unmatched] == [
        ("crm", "agency-x", 1)
    ]


def test_the_same_input_makes_no_new_run(refreshed):
    from mingji.metrics import actions

    assert actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW) is None


def test_only_what_changed_is_written_and_what_it_replaces_stays_as_history(refreshed, load):
    from mingji.metrics import actions
    from mingji.metrics.models import Observation

    load("leads", HEAD + "L7,2026-09-09,search,,east,auto,peer,,,,\n", "more.csv")
    run = actions.refresh("system", ["2026Q2", "2026Q3"], builders.NOW)

    assert _member(refreshed.peer) == Decimal(2)
    history = Observation.objects.filter(
        member=refreshed.peer, metric="leads_created", period="2026Q3"
    )
    assert [(row.rows, row.current) for row in history.order_by("pk")] == [(1, False), (2, True)]
    assert not run.observations.filter(member=refreshed.subject, period="2026Q2").exists()


def test_values_of_periods_that_were_not_asked_for_stay(refreshed, load):
    from mingji.metrics import actions

    load("leads", HEAD + "L8,2026-10-09,search,,east,auto,peer,,,,\n", "more.csv")
    actions.refresh("system", ["2026Q4"], builders.NOW)

    assert _member(refreshed.peer, period="2026Q4") == Decimal(1)
    assert _member(refreshed.subject) == Decimal(3)


def test_a_refresh_is_audited(refreshed):
    from mingji.audit.models import AuditRecord

    assert AuditRecord.objects.filter(action="metrics.refresh").count() == 1
    assert AuditRecord.objects.filter(action="metrics.load_table").count() == 1


def test_nobody_but_the_analyst_refreshes(refreshed):
    from mingji.metrics import actions

    with pytest.raises(NotAllowed):
        actions.refresh(builders.a_viewer(refreshed.director), ["2026Q3"], builders.NOW)


def test_a_period_that_is_none_is_refused(refreshed):
    from mingji.metrics import actions

    with pytest.raises(Invalid, match="no period"):
        actions.refresh("system", ["2026Q5"], builders.NOW)


def test_a_file_without_a_column_is_refused_and_nothing_is_loaded(company, load):
    from mingji.metrics import queries

    with pytest.raises(Invalid) as refused:
        load("leads", "lead_id,owner\nL1,subject\n")

    assert any("created_on" in finding.message.en for finding in refused.value.findings)
    assert queries.loaded_batches() == ()


def test_a_table_that_nobody_defined_is_refused_with_those_there_are(company, load):
    with pytest.raises(Invalid) as refused:
        load("leds", "lead_id\nL1\n")

    assert "leads" in refused.value.findings[0].remedy.en


def test_a_trend_has_a_place_for_every_period(refreshed):
    from mingji.metrics import queries

    found = queries.trend("leads_created", ["2026Q1", "2026Q2", "2026Q3"], member=refreshed.peer.pk)

    assert found == [("2026Q1", None), ("2026Q2", Decimal(1)), ("2026Q3", Decimal(1))]


def test_a_director_has_no_team_below_the_top_and_that_is_no_finding(company, load):
    from mingji.metrics import actions
    from mingji.metrics.models import RefreshRun

    load("leads", f"{HEAD}L9,2026-08-20,search,,east,auto,director,,,,\n")
    actions.refresh("system", ["2026Q3"], builders.NOW)

    run = RefreshRun.objects.get()
    assert _team("company") == Decimal(1)
    assert run.unmatched == []
    assert {each["code"] for each in run.findings} == {"undated_rows"}
