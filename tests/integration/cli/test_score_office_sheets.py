"""Appraisal sheets with titles, merged cells, totals and notes, as offices keep them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from mingji.cli import main

SCHEME = """\
id: channel
name: 渠道考核表
aggregation: weighted_total
blend: {mode: none}
dimensions:
  - id: results
    name: 业绩
    weight: 100
    items:
      - {id: sales, name: 销售额, weight: 40, target: 1000000, data_owner: 财务}
      - {id: partners, name: 新增渠道数, weight: 35, target: 10, data_owner: 渠道}
      - id: errors
        name: 报表差错
        source: typed
        weight: 25
        scoring: {method: deduct, points_each: 3}
"""
HEAD = ["工号", "姓名", "考核指标", "目标值", "实际完成值", "权重", "得分"]
ROWS: list[list[Any]] = [
    ["C01", "李雷", "销售额", 1_000_000, 920_000, 0.4, 36.8],
    ["C01", "李雷", "新增渠道数", 10, 12, 0.35, 42],
    ["C01", "李雷", "报表差错", None, 2, 0.25, 19],
]
BY_HAND = "97.80"  # 36.80 + 42.00 + (25 − 2 × 3)


def made(place: Path, draw: Callable[[Any], None]) -> Path:
    with xlsxwriter.Workbook(str(place)) as book:
        draw(book.add_worksheet("考核表"))
    return place


def run(folder: Path, facts: Path, *more: str) -> Result:
    scheme = folder / "scheme.yaml"
    scheme.write_text(SCHEME, encoding="utf-8")
    return CliRunner().invoke(
        main, ["score", "--scheme", str(scheme), "--facts", str(facts), *more]
    )


def scored(told: Result) -> tuple[dict[str, str], dict[str, str]]:
    """Totals by member, and what was told by code."""
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    totals = {each["member"]: each["total"] for each in data["members"]}
    return totals, {each["code"]: each["message"]["zh"] for each in data["findings"]}


def titled(sheet: Any) -> None:
    sheet.merge_range(0, 0, 0, 6, "2026年第三季度绩效考核表")
    sheet.write_row(1, 0, ["部门：市场部", "", "", "考核周期：2026Q3"])
    sheet.write_row(2, 0, HEAD)
    for number, row in enumerate(ROWS, start=3):
        sheet.write_row(number, 0, row)
    sheet.write_row(6, 0, ["合 计", "", "", "", "", 1, 97.8])
    sheet.write_row(8, 0, ["注：数据来源 CRM"])


def test_titles_totals_and_notes_are_told_and_are_nobodys_figures(tmp_path):
    totals, told = scored(run(tmp_path, made(tmp_path / "a.xlsx", titled), "--format", "json"))

    assert totals == {"C01": BY_HAND}
    assert "第 3 行" in told["header_found"]
    assert "2026年第三季度绩效考核表" in told["header_found"]
    assert "row_not_read" in told


def test_weights_that_a_spreadsheet_shows_in_percent_are_read_so_and_told(tmp_path):
    told = run(tmp_path, made(tmp_path / "a.xlsx", titled), "--lang", "en")

    assert told.exit_code == 0
    assert "0.4 is 40 %" in told.stderr


def test_fractions_that_do_not_make_one_are_refused_as_percent(tmp_path):
    (tmp_path / "a.csv").write_text(
        "member,item,actual,weight\nm,sales,1,0.4\nm,partners,1,0.35\nm,errors,1,0.2\n",
        encoding="utf-8",
    )

    told = run(tmp_path, tmp_path / "a.csv", "--lang", "en")

    assert told.exit_code == 2
    assert "add up to 95, not 100" in told.stderr


def test_a_cell_merged_over_the_rows_of_a_member_speaks_for_all_of_them(tmp_path):
    def draw(sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        for number, row in enumerate([*ROWS, *ROWS], start=1):
            sheet.write_row(number, 2, row[2:])
        for first, code, name in ((1, "C01", "李雷"), (4, "C02", "韩梅梅")):
            sheet.merge_range(first, 0, first + 2, 0, code)
            sheet.merge_range(first, 1, first + 2, 1, name)

    totals, _ = scored(run(tmp_path, made(tmp_path / "a.xlsx", draw), "--format", "json"))

    assert totals == {"C01": BY_HAND, "C02": BY_HAND}


def test_an_empty_cell_that_is_not_merged_is_nobodys(tmp_path):
    def draw(sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row if number == 1 else ["", "", *row[2:]])

    told = run(tmp_path, made(tmp_path / "a.xlsx", draw), "--lang", "zh")

    assert told.exit_code == 2
    assert "这一行没有写成员" in told.stderr


def test_a_header_of_two_rows_under_merged_headings_is_read_as_one(tmp_path):
    def draw(sheet: Any) -> None:
        for column, name in ((0, "工号"), (1, "姓 名"), (2, "考核指标"), (5, "权重")):
            sheet.merge_range(0, column, 1, column, name)
        sheet.merge_range(0, 3, 0, 4, "2026Q3")
        sheet.write_row(1, 3, ["目标值", "实际值"])
        for number, row in enumerate(ROWS, start=2):
            sheet.write_row(number, 0, row[:6])

    totals, told = scored(run(tmp_path, made(tmp_path / "a.xlsx", draw), "--format", "json"))

    assert totals == {"C01": BY_HAND}
    assert "header_found" not in told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_exported_with_its_title_is_read_from_its_header(tmp_path, encoding):
    lines = ["2026年三季度考核表,,,,", "", "姓名,指标,目标,完成值,权重"]
    lines += [f"{r[1]},{r[2]},{r[3] or ''},{r[4]},{r[5]:.0%}" for r in ROWS]
    lines += ["李雷,合计,,,100%"]
    (tmp_path / "a.csv").write_bytes("\r\n".join([*lines, ""]).encode(encoding))

    totals, told = scored(run(tmp_path, tmp_path / "a.csv", "--format", "json"))

    assert totals == {"李雷": BY_HAND}
    assert told["row_not_read"] == "第 7 行是合计行，没有读"
