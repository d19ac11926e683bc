"""An appraisal sheet as Chinese marketing departments write them, scored by the command."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from pyarrow import parquet

from mingji.cli import main
from mingji.rules.explanation import from_data
from mingji.rules.recompute import mismatches

SCHEME = """\
id: channel-sheet
name: 渠道专员季度考核表
aggregation: weighted_total
blend: {mode: none}
bonus_cap: 5
dimensions:
  - id: results
    name: {zh: 业绩, en: Results}
    weight: 75
    items:
      - id: sales
        name: {zh: 销售额, en: Sales}
        unit: CNY
        weight: 40
        target: 1000000
        scoring: {method: ratio, cap: 1.2}
        data_owner: 销售运营
      - id: partners
        name: {zh: 新增渠道数, en: New partners}
        weight: 20
        scoring:
          method: band
          bands: [{low: 10, points: 20}, {low: 5, high: 10, points: 12}, {high: 5, points: 0}]
        data_owner: 渠道
      - id: collection
        name: {zh: 回款率, en: Collection rate}
        unit: "%"
        weight: 15
        target: 100
        scoring: {method: ratio, cap: 1}
        data_owner: 财务
  - id: conduct
    name: {zh: 过程, en: Process}
    weight: 25
    items:
      - id: report_errors
        name: {zh: 报表差错, en: Report errors}
        source: typed
        weight: 15
        scoring: {method: deduct, points_each: 3}
        data_owner: 营销运营
      - id: training
        name: {zh: 参加培训, en: Training}
        source: typed
        weight: 10
        scoring: binary
        data_owner: 人力资源
      - id: extra
        name: {zh: 加分项, en: Extra points}
        source: events
        scoring: {method: bonus, points_each: 2, cap: 6}
        data_owner: 人力资源
"""
SHEET = [
    ["工号", "姓名", "考核项", "实际值"],
    ["C01", "李雷", "销售额", "1,150,000"],  # 1.15 × 40 = 46
    ["C01", "李雷", "新增渠道数", "12"],  # 20
    ["C01", "李雷", "回款率", "95%"],  # 14.25
    ["C01", "李雷", "报表差错", "２"],  # 15 − 2 × 3 = 9
    ["C01", "李雷", "参加培训", "是"],  # 10
    ["C01", "李雷", "加分项", "1"],  # + 2
    ["C02", "韩梅梅", "销售额", "83万"],  # 33.2
    ["C02", "韩梅梅", "新增渠道数", "7"],  # 12
    ["C02", "韩梅梅", "回款率", "88％"],  # 13.2
    ["C02", "韩梅梅", "报表差错", "0"],  # 15
    ["C02", "韩梅梅", "参加培训", "否"],  # 0
    ["C03", "王强", "销售额", "—"],  # no data: the other 60 of the sheet take its 40
    ["C03", "王强", "新增渠道数", "4"],  # 0
    ["C03", "王强", "回款率", "100%"],  # 15 × 100 ÷ 60 = 25
    ["C03", "王强", "报表差错", "6"],  # 15 − 18, but not below 0
    ["C03", "王强", "参加培训", "是"],  # 10 × 100 ÷ 60 = 16.67
]
TOTALS = {"C01": ("101.25", "S"), "C02": ("73.40", "B"), "C03": ("41.67", "D")}


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    place = tmp_path / "scheme.yaml"
    place.write_text(SCHEME, encoding="utf-8")
    return place


def run(scheme: Path, facts: Path, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["score", "--scheme", str(scheme), "--facts", str(facts), *more]
    )


def write_csv(place: Path, rows: list[list[Any]], encoding: str = "utf-8-sig") -> Path:
    with place.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return place


def write_xlsx(place: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(place), {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return place


def members(told: Result) -> dict[str, Any]:
    assert told.exit_code == 0, told.output
    return {each["member"]: each for each in json.loads(told.stdout)["members"]}


def test_totals_and_grades_are_those_counted_by_hand(scheme, tmp_path):
    facts = write_csv(tmp_path / "季度.csv", SHEET)

    found = members(run(scheme, facts, "--format", "json"))

    assert {name: (each["total"], each["grade"]) for name, each in found.items()} == TOTALS


def test_the_same_sheet_in_gb18030_gives_the_same_bytes(scheme, tmp_path):
    one = run(scheme, write_csv(tmp_path / "a.csv", SHEET), "--format", "csv")
    other = run(scheme, write_csv(tmp_path / "b.csv", SHEET, "gb18030"), "--format", "csv")

    assert one.stdout_bytes == other.stdout_bytes
    assert one.exit_code == 0


def test_excel_and_csv_give_the_same_bytes_even_where_floats_lie(scheme, tmp_path):
    rows = [SHEET[0]]
    for number, share in enumerate(("0.29", "0.57", "0.58", "1.005", "0.1")):
        rows += [[f"C{number}", "", "销售额", share], [f"C{number}", "", "回款率", "57.29"]]

    one = run(scheme, write_csv(tmp_path / "a.csv", rows), "--items", "--format", "csv")
    other = run(scheme, write_xlsx(tmp_path / "a.xlsx", rows), "--items", "--format", "csv")

    assert one.exit_code == 0
    assert one.stdout_bytes == other.stdout_bytes
    assert ",0.29," in one.stdout
    assert ",57.29," in one.stdout


def test_a_missing_figure_is_flagged_and_never_zero(scheme, tmp_path):
    found = members(run(scheme, write_csv(tmp_path / "a.csv", SHEET), "--format", "json"))

    sales = next(each for each in found["C03"]["items"] if each["item"] == "sales")

    assert (sales["state"], sales["points"]) == ("redistributed", None)
    assert "missing_redistributed" in found["C03"]["flags"]


def test_a_row_may_override_the_weight_and_the_settings(scheme, tmp_path):
    rows = [
        ["member", "item", "actual", "weight", "cap", "points_each", "target"],
        ["m", "sales", "150", "20", "1.3", "", "100"],
        ["m", "partners", "12", "20%", "", "", ""],
        ["m", "collection", "100", "", "", "", ""],
        ["m", "report_errors", "2", "35", "", "5", ""],
        ["m", "training", "yes", "", "", "", ""],
    ]

    found = members(run(scheme, write_csv(tmp_path / "a.csv", rows), "--format", "json"))

    points = {each["item"]: each["points"] for each in found["m"]["items"]}
    assert points["sales"] == "26.00"  # 20 × 1.3, not 1.5
    assert points["report_errors"] == "25.00"  # 35 − 2 × 5
    assert found["m"]["total"] == "96.00"


def test_explain_leads_from_the_total_down_to_the_row_of_the_file(scheme, tmp_path):
    facts = write_csv(tmp_path / "sheet.csv", SHEET)

    told = run(scheme, facts, "--explain", "--member", "C02", "--lang", "zh")

    assert told.exit_code == 0
    assert "韩梅梅" in told.stdout
    assert "李雷" not in told.stdout
    assert "第 8 行" in told.stdout


def test_every_number_of_the_explanation_follows_from_its_leaves_to_the_last_digit(tmp_path):
    scheme = tmp_path / "scheme.yaml"
    text = TWO_DIMENSIONS.replace("mode: none", "mode: weighted")
    scheme.write_text(text + "rounding: {at: total}\n", encoding="utf-8")
    rows = [["成员", "团队", "考核项", "实际值", "目标值"]]
    for who, actual in (("m", "83.7"), ("n", "91.3"), ("o", "47.1")):
        rows += [[who, "t", item, actual, "70.7"] for item in ("销售额", "线索数", "拜访")]

    told = run(scheme, write_csv(tmp_path / "a.csv", rows), "--explain", "--format", "json")

    for member in json.loads(told.stdout)["members"]:
        assert mismatches(from_data(member["explanation"])) == ()


def test_the_same_input_gives_the_same_bytes(scheme, tmp_path):
    facts = write_csv(tmp_path / "sheet.csv", SHEET)

    first, second = (run(scheme, facts, "--explain", "--format", "json") for _ in range(2))

    assert first.stdout_bytes == second.stdout_bytes


def test_a_member_without_any_figure_appears_as_no_data(scheme, tmp_path):
    rows = [["member", "item", "actual"], ["busy", "sales", "1000000"], ["new", "", ""]]

    found = members(run(scheme, write_csv(tmp_path / "a.csv", rows), "--format", "json"))

    assert list(found) == ["busy", "new"]
    assert (found["new"]["total"], found["new"]["grade"]) == (None, None)


def test_a_team_scores_from_its_own_rows(tmp_path):
    scheme = tmp_path / "scheme.yaml"
    text = SCHEME.replace("blend: {mode: none}", "blend: {mode: weighted, team: team_items}")
    text += "team_items:\n  - id: team_sales\n    name: {zh: 团队销售额, en: Team sales}\n"
    text += "    weight: 100\n    target: 200\n    data_owner: 财务\n"
    scheme.write_text(text, encoding="utf-8")
    rows = [
        ["member", "team", "level", "item", "actual"],
        ["m", "north", "专员", "sales", "900000"],
        ["", "north", "", "团队销售额", "220"],
        ["n", "south", "lead", "sales", "900000"],
        ["", "south", "", "", "70"],  # a team row without an item gives its score
    ]

    told = run(scheme, write_csv(tmp_path / "a.csv", rows), "--format", "json")

    found = members(told)
    teams = {each["team"]: each["score"] for each in json.loads(told.stdout)["teams"]}
    assert teams == {"north": "110.00", "south": "70"}
    assert found["m"]["total"] == "96.000"  # 0.7 × 90 + 0.3 × 110
    assert found["n"]["total"] == "80.000"  # 0.5 × 90 + 0.5 × 70


TEAM_ITEMS = """
team_items:
  - {id: revenue, name: {zh: 团队销售额, en: Team revenue}, weight: 60, target: 100}
  - {id: pipeline, name: {zh: 团队管道, en: Team pipeline}, weight: 40, target: 100}
"""


def test_weights_of_a_team_that_make_95_are_refused_with_the_team_and_its_rows(tmp_path):
    scheme = tmp_path / "scheme.yaml"
    text = SCHEME.replace("blend: {mode: none}", "blend: {mode: weighted, team: team_items}")
    scheme.write_text(text + TEAM_ITEMS, encoding="utf-8")
    rows = [
        ["成员", "团队", "考核项", "实际值", "权重"],
        ["m", "华东", "sales", "900000", ""],
        ["", "华东", "团队销售额", "80", "60"],
        ["", "华东", "团队管道", "100", "35"],
    ]

    told = run(scheme, write_csv(tmp_path / "团队.csv", rows), "--lang", "zh")

    assert told.exit_code == 2
    assert "团队.csv 第 3 行「权重」列" in told.stderr
    assert "团队 华东 的权重合计 95，应为 100" in told.stderr
    assert "第 3, 4 行" in told.stderr


TWO_DIMENSIONS = """\
id: two
name: 两个维度
blend: {mode: none}
dimensions:
  - id: results
    name: 业绩
    weight: 70
    items:
      - {id: sales, name: 销售额, weight: 50, target: 100, data_owner: 运营}
      - {id: leads, name: 线索数, weight: 50, target: 100, data_owner: 运营}
  - id: conduct
    name: 过程
    weight: 30
    items: [{id: visits, name: 拜访, weight: 100, target: 100, data_owner: 运营}]
"""


def test_a_dimension_of_which_nothing_applies_to_a_member_gives_its_weight_away(tmp_path):
    scheme = tmp_path / "scheme.yaml"
    scheme.write_text(TWO_DIMENSIONS, encoding="utf-8")
    rows = [
        ["成员", "考核项", "实际值", "权重"],
        ["m", "销售额", "90", "60"],
        ["m", "线索数", "80", "40"],
        ["m", "拜访", "50", "0"],
    ]

    told = run(scheme, write_csv(tmp_path / "a.csv", rows), "--format", "json")

    # by hand: 0.9 × 60 + 0.8 × 40 = 86, and the other dimension does not apply
    (found,) = json.loads(told.stdout)["members"]
    assert found["total"] == "86.00"


def test_parquet_with_typed_columns_gives_the_same_points(scheme, tmp_path):
    rows = [["member", "item", "actual"], ["m", "sales", "1150000.29"], ["m", "partners", "7"]]
    table = pa.table(
        {
            "member": ["m", "m"],
            "item": ["sales", "partners"],
            "actual": pa.array([Decimal("1150000.29"), Decimal("7.00")], pa.decimal128(12, 2)),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")

    typed = members(run(scheme, tmp_path / "a.parquet", "--format", "json"))
    written = members(run(scheme, write_csv(tmp_path / "a.csv", rows), "--format", "json"))

    assert typed == written


def test_the_order_of_rows_and_columns_does_not_matter(scheme, tmp_path):
    head, *rows = SHEET
    turned = [list(reversed(row)) for row in (head, *reversed(rows))]

    one = members(run(scheme, write_csv(tmp_path / "a.csv", SHEET), "--format", "json"))
    other = members(run(scheme, write_csv(tmp_path / "b.csv", turned), "--format", "json"))

    assert one == other
    assert list(one) == list(reversed(other))
