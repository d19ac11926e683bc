"""NPS and CSAT: answers counted by hand, too few of them, answers off the scale."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Load, loader
from integration.engine.test_other_days import told, value
from mingji.engine.definitions import load_definitions
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

SURVEYS = """\
tables:
  surveys:
    key: id
    time: day
    owner: rep
    columns: {id: text, rep: text, survey: text, day: date, score: decimal}
metrics:
  nps:
    {type: survey, method: nps, table: surveys, column: score, filter: survey = 'nps',
     min_answers: 3}
  csat:
    {type: survey, method: csat, table: surveys, column: score, filter: survey = 'csat',
     top_box_from: 4}
  nps_year: {type: cumulative, metric: nps, grain_to_date: year}
  nps_change: {type: growth, metric: nps, as: difference}
"""
ANSWERS = """\
id,rep,survey,day,score
1,ann,nps,2026-01-01,10
2,ann,nps,2026-01-02,9
3,ann,nps,2026-01-03,8
4,ann,nps,2026-01-04,6
5,ann,nps,2026-01-05,
6,ann,nps,2026-01-06,11
7,bob,nps,2026-01-07,0
8,bob,nps,2026-01-08,7
9,ann,csat,2026-01-09,4
10,ann,csat,2026-01-10,3
11,ann,csat,2026-01-11,5
12,bob,nps,2026-04-01,10
13,bob,nps,2026-04-01,10
14,bob,nps,2026-04-01,10
"""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(SURVEYS)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    folder = tmp_path_factory.mktemp("surveys")
    warehouse = Warehouse(folder / "warehouse")
    load: Load = loader(folder, warehouse, definitions)
    load("surveys", ANSWERS)
    return warehouse


def test_nps_is_the_percentage_of_promoters_less_that_of_detractors(
    answers: Warehouse, definitions: Definitions
) -> None:
    answer = observe(answers, definitions, metrics=["nps"], by=("member", "period"))

    assert told(answer, "nps", member="ann", period="2026Q1") == ("25.00", ("answers_outside",))
    node = answer.at("nps", member="ann", period="2026Q1").node  # type: ignore[union-attr]
    assert [(each.key, str(each.value)) for each in node.inputs] == [
        ("nps-promoters", "2"),
        ("nps-detractors", "1"),
        ("nps-answers", "4"),
        ("nps-outside", "1"),
    ]
    assert node.formula.en == "% promoters − % detractors = (2 − 1) ÷ 4 × 100 = 25.00"
    assert answer.at("nps", member="ann", period="2026Q1").row_count == 4  # type: ignore[union-attr]
    promoters = rows(answers, definitions, node.inputs[0].sources[0].ref)
    assert [row[0] for row in promoters.rows] == ["1", "2"]


def test_too_few_answers_say_nothing(answers: Warehouse, definitions: Definitions) -> None:
    answer = observe(answers, definitions, metrics=["nps"], by=("member", "period"))

    assert told(answer, "nps", member="bob", period="2026Q1") == (
        None,
        ("no_data", "too_few_answers"),
    )


def test_the_company_counts_all_answers_not_the_mean_of_members(
    answers: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        answers, definitions, metrics=["nps", "nps_year", "nps_change"], by=("period",)
    )

    assert value(answer, "nps", period="2026Q1") == "0.00"  # 2 − 2 of 6
    assert value(answer, "nps_year", period="2026Q2") == "33.33333333333333333333"  # 5 − 2 of 9
    assert value(answer, "nps_change", period="2026Q2") == "100.00"


def test_csat_is_the_share_of_the_top_boxes(answers: Warehouse, definitions: Definitions) -> None:
    answer = observe(answers, definitions, metrics=["csat"], by=("member", "period"))

    assert value(answer, "csat", member="ann", period="2026Q1") == "0.66666666666666666667"


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("column: score, filter: survey = 'nps'", "column: survey", "expression"),
        ("column: score, filter: survey = 'nps'", "column: score, filter: sort = 1", "expression"),
        ("column: score, filter: survey = 'nps'", "filter: survey = 'nps'", "missing"),
        ("method: nps, table: surveys", "method: net, table: surveys", "value"),
        ("method: nps, table: surveys", "method: csat, table: surveys", "missing"),
        ("method: nps, table: surveys", "method: nps, table: survey", "name"),
        ("min_answers: 3", "min_answers: 0", "value"),
        ("min_answers: 3", "min_answers: 3, unit: CNY", "unit"),
    ],
)
def test_surveys_that_make_no_sense_are_refused_with_line_and_remedy(
    written: str, instead: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        load_definitions(SURVEYS.replace(written, instead, 1))

    finding = refused.value.findings[0]
    assert finding.code == code
    assert finding.place.line in (8, 9, 10)
    assert finding.remedy.zh != finding.remedy.en
