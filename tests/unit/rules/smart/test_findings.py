"""What the findings say: codes, places, figures, remedies, in both languages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mingji.rules.smart.achievable import own_baseline
from mingji.rules.smart.check import check
from mingji.rules.text import Text
from unit.rules.smart.goals_as_written import CHINESE, ENGLISH, METRICS, TODAY, Row, draft_of

D = Decimal


def codes(row: Row) -> set[str]:
    return {found.code for letter in check(draft_of(row), today=TODAY) for found in letter.findings}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (Row("市场贡献收入达到500万", "", "revenue", "500"), "number_in_wan"),
        (Row("官网转化率达到2.6%", "", "cvr", "2.6"), "percent_scale"),
        (Row("转化率提升0.1%", "", "cvr", "0.026"), "percent_or_points"),
        (Row("提升MQL到300", "", "mql", "295"), "title_against_target"),
        (Row("CPL从90降到80", "", "cpl", "80"), "title_against_baseline"),
        (Row("MQL增长20%", "", "mql", "300"), "title_against_change"),
        (Row("MQL 达到 250", "", "mql", "250"), "sandbagging"),
        (Row("MQL 达到 840", "", "mql", "840"), "fantasy"),
        (Row("MQL 达到 330", "", "mql", "330"), "hard"),
        (Row("MQL 达到 300", "", "mql", "300"), "beyond_best"),
        (Row("MQL 达到 300", "", "mql", "300", more={"metric": None}), "no_metric"),
        (Row("MQL 达到 300", "", "mql", "300", more={"baseline": None}), "baseline_missing"),
        (Row("MQL 达到 300", "", "mql", ""), "target_missing"),
        (
            Row("MQL", "", "mql", "300", more={"metric": replace(METRICS["mql"], unit="")}),
            "unit_missing",
        ),
        (
            Row(
                "MQL", "", "mql", "9", more={"metric": replace(METRICS["mql"], owner=Text("", ""))}
            ),
            "owner_missing",
        ),
        (
            Row(
                "MQL", "", "mql", "9", more={"metric": replace(METRICS["mql"], source=Text("", ""))}
            ),
            "source_missing",
        ),
    ],
)
def test_a_fault_has_its_own_code(row, code):
    assert code in codes(row)


def test_the_interval_and_the_chance_stand_in_the_words():
    letter = check(draft_of(Row("MQL 达到 300", "", "mql", "300")), today=TODAY)[2]
    outlook = draft_of(Row("MQL 达到 300", "", "mql", "300")).outlook

    for figure in (outlook.low.normalize(), outlook.high.normalize()):
        assert format(figure, "f") in letter.sentence.zh
        assert format(figure, "f") in letter.sentence.en
    assert "%" in letter.sentence.zh
    assert "6 个期间" in letter.sentence.zh


def test_without_a_past_it_says_so_and_names_no_chance():
    bare = {"history": (), "outlook": None}

    letter = check(draft_of(Row("MQL 达到 300", "", "mql", "300", more=bare)), today=TODAY)[2]

    assert letter.verdict == "unknown"
    assert "历史不足" in letter.sentence.zh
    assert "%" not in letter.sentence.zh


def test_a_stretch_goal_may_be_hard_but_no_fantasy():
    hard = Row("MQL 达到 330", "", "mql", "330", more={"committed": False})
    fantasy = Row("MQL 达到 840", "", "mql", "840", more={"committed": False})

    assert check(draft_of(hard), today=TODAY)[2].verdict == "good"
    assert check(draft_of(fantasy), today=TODAY)[2].verdict == "mend"


def test_the_own_baseline_is_the_easier_of_last_period_and_mean():
    falling, rising = (D(300), D(200)), (D(200), D(300))

    assert own_baseline(falling) == 200
    assert own_baseline(rising) == 250
    assert own_baseline(falling, "down") == 250
    assert own_baseline(rising, "down") == 300
    assert own_baseline(()) is None


@pytest.mark.parametrize("row", [*CHINESE, *ENGLISH], ids=lambda row: f"{row.title}→{row.target}")
def test_every_finding_says_where_and_how_to_mend_it_in_both_languages(row):
    for letter in check(draft_of(row), today=TODAY):
        for found in letter.findings:
            assert found.place.path
            assert all((found.message.zh, found.message.en, found.remedy.zh, found.remedy.en))


@pytest.mark.parametrize(
    ("title", "metric", "target"),
    [
        ("举办3场活动，带来线索", "leads", "20"),
        ("MQL达到300，CPL降低5%", "mql", "300"),
        ("MQL 同比增长30%", "mql", "300"),
        ("MQLs up 30% year on year", "mql", "300"),
        ("在24小时内响应95%的线索", "response", "24"),
        ("Q4完成3场线下沙龙，到场率≥60%，收集有效线索1350条", "leads", "1350"),
        ("落地页A/B测试12次，转化率2.6%", "cvr", "0.026"),
        ("市场贡献收入500万，其中30%来自自然流量", "revenue", "5000000"),
        ("618大促MQL 300", "mql", "300"),
        ("Run 4 webinars and get leads", "leads", "20"),
    ],
)
def test_amounts_of_something_else_are_not_held_against_the_target(title, metric, target):
    letter = check(draft_of(Row(title, "", metric, target)), today=TODAY)[1]

    assert letter.verdict == "good", letter.sentence.zh
