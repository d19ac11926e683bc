"""Conversions from step to step, in order and in time, over one table and over several."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.engine.conftest import loader
from integration.engine.test_other_days import value
from mingji.engine.compile import grouped
from mingji.engine.corrections import Correction
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.slices import Question
from mingji.engine.sql import render
from mingji.engine.touched import touched
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

FUNNEL = """\
tables:
  leads:
    key: lead_id
    time: created_on
    owner: rep
    columns:
      lead_id: text
      rep: text
      created_on: date
      mql_on: date
      sql_on: date
      score: integer
  opportunities:
    key: id
    time: opened_on
    columns: {id: text, lead_id: text, opened_on: date, closed_on: date, stage: text}
metrics:
  leads_all: {table: leads, agg: count}
  lead_to_sql:
    type: conversion
    table: leads
    steps:
      lead: created_on
      mql: {time: mql_on, name: {zh: 合格线索, en: MQL}}
      sql: {time: sql_on, filter: score >= 60}
    window: 90 days
  by_event:
    type: conversion
    table: leads
    steps: {lead: created_on, mql: mql_on}
    cohort: event
  lead_to_won:
    type: conversion
    table: leads
    steps:
      lead: created_on
      opportunity: {table: opportunities, key: lead_id, time: opened_on}
      won: {table: opportunities, key: lead_id, time: closed_on, filter: stage = 'won'}
    window: 180 days
  opportunity_to_won:
    type: conversion
    table: leads
    steps:
      lead: created_on
      opportunity: {table: opportunities, key: lead_id, time: opened_on}
      won: {table: opportunities, key: lead_id, time: closed_on, filter: stage = 'won'}
    denominator: opportunity
    cohort: event
"""
LEADS = """\
lead_id,rep,created_on,mql_on,sql_on,score
1,ann,2026-01-01,2026-01-10,2026-02-01,80
2,ann,2026-01-02,2026-01-01,2026-02-01,80
3,ann,2026-01-03,2026-01-03,2026-05-01,80
4,ann,2026-01-04,,2026-02-01,80
5,bob,2026-01-05,2026-04-02,2026-04-03,59
6,bob,2026-04-01,2026-04-02,2026-04-02,60
"""
OPPORTUNITIES = """\
id,lead_id,opened_on,closed_on,stage
a,1,2025-12-01,2026-01-05,won
b,1,2026-01-20,2026-03-01,lost
c,1,2026-02-20,2026-05-01,won
d,3,2026-01-10,2026-12-31,won
e,5,2026-01-20,2026-01-15,won
f,9,2026-01-20,2026-02-15,won
g,6,2026-04-05,2026-04-05,won
"""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(FUNNEL)


@pytest.fixture(scope="module")
def funnel(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    folder = tmp_path_factory.mktemp("funnel")
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, definitions)
    load("leads", LEADS)
    load("opportunities", OPPORTUNITIES)
    return warehouse


def steps(warehouse: Warehouse, definitions: Definitions, metric: str, period: str) -> list[str]:
    answer = observe(warehouse, definitions, metrics=[metric], by=("period",))
    found = answer.at(metric, period=period)
    assert found is not None
    return [str(node.value) for node in found.node.inputs]


def test_steps_count_in_order_and_within_the_window(
    funnel: Warehouse, definitions: Definitions
) -> None:
    # Lead 2 is an MQL before it is a lead, 3 an SQL after 118 days, 4 never an MQL, 5 below 60.
    assert steps(funnel, definitions, "lead_to_sql", "2026Q1") == ["5", "3", "1"]
    answer = observe(funnel, definitions, metrics=["lead_to_sql"], by=("member", "period"))
    assert value(answer, "lead_to_sql", member="ann", period="2026Q1") == "0.2500"
    assert value(answer, "lead_to_sql", member="bob", period="2026Q2") == "1.0000"
    assert [(each.code, each.count) for each in answer.findings] == [
        ("step_before_start", 1),
        ("step_skipped", 2),  # leads 2 and 4
        ("step_after_window", 1),
    ]
    assert "“lead”, and that step counts in no conversion: lead_id 2" in (
        answer.findings[0].message.en
    )


def test_by_event_each_step_counts_in_its_own_period(
    funnel: Warehouse, definitions: Definitions
) -> None:
    assert steps(funnel, definitions, "by_event", "2026Q1") == ["5", "2"]
    assert steps(funnel, definitions, "by_event", "2026Q2") == ["1", "2"]


def test_steps_in_other_tables_take_the_first_row_that_is_not_too_early(
    funnel: Warehouse, definitions: Definitions
) -> None:
    # Lead 1: opened on 20 January, won on 1 May; 3: won too late; 5: won before it was opened.
    assert steps(funnel, definitions, "lead_to_won", "2026Q1") == ["5", "3", "1"]
    assert steps(funnel, definitions, "lead_to_won", "2026Q2") == ["1", "1", "1"]
    assert steps(funnel, definitions, "opportunity_to_won", "2026Q1") == ["5", "3", "None"]
    answer = observe(funnel, definitions, metrics=["opportunity_to_won"], by=("period",))
    assert value(answer, "opportunity_to_won", period="2026Q1") == "0.0000"  # opened, none won
    assert value(answer, "opportunity_to_won", period="2026Q2") == "2.0000"  # 2 won, 1 opened


def test_each_step_opens_to_its_rows(funnel: Warehouse, definitions: Definitions) -> None:
    answer = observe(
        funnel, definitions, metrics=["lead_to_won", "lead_to_sql"], by=("member", "period")
    )

    found = answer.at("lead_to_won", member="ann", period="2026Q1")
    assert found is not None
    won = found.node.inputs[2]
    assert won.sources[0].ref == "lead_to_won-won?member=ann&period=2026Q1"
    assert won.sources[0].origin == ("leads.csv", "opportunities.csv")
    page = rows(funnel, definitions, won.sources[0].ref)
    assert [row[0] for row in page.rows] == ["1"]
    assert page.rows[0][page.columns.index("_step_won")] == "2026-05-01"
    assert found.node.formula.en == "won ÷ lead = 1 ÷ 4 = 0.2500"


def test_all_steps_and_other_metrics_of_a_table_are_one_query(definitions: Definitions) -> None:
    question = Question(definitions, ("period",), "quarter", None, "", Identity())
    leaves = [
        definitions.metrics["leads_all"],
        *definitions.metrics["lead_to_sql"].parts,
    ]

    text = render(grouped([question.slice(leaves[0], None)], leaves, definitions))

    assert text.count("SELECT") == text.count("FROM") == 1
    assert {(leaf.table, leaf.time) for leaf in leaves} == {("leads", "created_on")}


@pytest.mark.parametrize(
    ("written", "instead", "code", "line"),
    [
        ("      mql: {time: mql_on,", "      mql: {time: mql,", "name", 24),
        ("filter: score >= 60", "filter: score >= 'x'", "expression", 25),
        ("window: 90 days", "window: 3 periods", "value", 26),
        (
            "    steps: {lead: created_on, mql: mql_on}",
            "    steps: {lead: created_on}",
            "value",
            30,
        ),
        ("cohort: event", "cohort: entries", "value", 31),
        ("key: lead_id, time: opened_on", "key: lead, time: opened_on", "name", 37),
        ("key: lead_id, time: opened_on", "key: lead_id", "steps", 37),
        ("denominator: opportunity", "denominator: deal", "name", 47),
        ("key: lead_id\n", "key: [lead_id, rep]\n", "steps", 34),
        ("    table: leads\n", "    table: lead\n", "name", 21),
    ],
)
def test_conversions_that_make_no_sense_are_refused_with_line_and_remedy(
    written: str, instead: str, code: str, line: int
) -> None:
    assert written in FUNNEL
    with pytest.raises(Invalid) as refused:
        load_definitions(FUNNEL.replace(written, instead, 1))

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.line) == (code, line)
    assert finding.remedy.zh != finding.remedy.en


DAYS = st.one_of(st.none(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 4, 30)))


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(DAYS, DAYS, DAYS), min_size=1, max_size=12))
def test_no_step_is_taken_more_often_than_the_one_before(
    tmp_path_factory: pytest.TempPathFactory,
    definitions: Definitions,
    leads: list[tuple[dt.date | None, ...]],
) -> None:
    folder = tmp_path_factory.mktemp("random")
    warehouse = Warehouse(folder / "warehouse")
    lines = [
        f"{n},x,{','.join('' if day is None else str(day) for day in days)},70"
        for n, days in enumerate(leads)
    ]
    text = "\n".join(["lead_id,rep,created_on,mql_on,sql_on,score", *lines])
    loader(folder, warehouse, definitions)("leads", text)

    answer = observe(warehouse, definitions, metrics=["lead_to_sql"], by=("period",))

    for row in answer.rows:
        counts = [Fraction(node.value) for node in row.node.inputs if node.value is not None]
        assert counts == sorted(counts, reverse=True)
    taken = [
        (a, b, c)
        for a, b, c in leads
        if a and b and c and a <= b <= c and max((b - a).days, (c - a).days) <= 90
    ]
    assert sum(row.node.inputs[2].value or 0 for row in answer.rows) == len(taken)  # type: ignore[misc]


PEOPLE = Identity(postings=(Posting("ann", {}), Posting("bob", {})))


def test_a_correction_of_a_step_is_named_where_the_journey_counted_and_where_it_counts_now(
    funnel: Warehouse, definitions: Definitions
) -> None:
    moved = Correction(7, "opportunities", "change", ("c",), {"lead_id": "5"})
    found = touched(
        Warehouse(funnel.root, (moved,)),
        definitions,
        metrics=["lead_to_won"],
        by=("member", "period"),
        periods=["2026Q1"],
        identity=PEOPLE,
    )

    assert {keys: numbers for (leaf, keys), numbers in found.items() if leaf.endswith("lead")} == {
        ("ann", "2026Q1"): {7},
        ("bob", "2026Q1"): {7},
    }


def test_a_correction_of_who_set_out_is_named_at_both_owners(
    funnel: Warehouse, definitions: Definitions
) -> None:
    given_to_bob = Correction(8, "leads", "change", ("1",), {"rep": "bob"})
    other_table = Correction(9, "leads", "change", ("2",), {"score": "10"})
    found = touched(
        Warehouse(funnel.root, (given_to_bob, other_table)),
        definitions,
        metrics=["opportunity_to_won"],
        by=("member", "period"),
        periods=["2026Q1"],
        identity=PEOPLE,
    )

    entered = {keys: set(n) for (leaf, keys), n in found.items() if leaf.endswith("-lead")}
    assert entered == {("ann", "2026Q1"): {8, 9}, ("bob", "2026Q1"): {8}}


def test_journeys_that_no_correction_touches_name_none(
    funnel: Warehouse, definitions: Definitions
) -> None:
    added = Correction(1, "opportunities", "add", ("Z",), {"lead_id": "99"})
    found = touched(
        Warehouse(funnel.root, (added,)),
        definitions,
        metrics=["lead_to_won"],
        by=("member", "period"),
        periods=["2026Q1"],
        identity=PEOPLE,
    )

    assert found == {}
