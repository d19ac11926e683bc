"""CRM extracts as strangers have them: right numbers, or a sentence that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from mingji.cli import main

DEFINITIONS = """\
tables:
  deals:
    name: {zh: 商机, en: Deals}
    source: crm
    key: id
    owner: owner
    time: closed
    columns:
      id: {type: text, header: 商机编号}
      owner: {type: text, header: 负责人}
      closed: {type: date, header: 关闭日期}
      amount: {type: decimal, unit: CNY, scale: 2, header: 金额}
      won: {type: boolean, header: 是否赢单}
metrics:
  revenue: {table: deals, agg: sum, column: amount, filter: won}
  deals: {table: deals, agg: count}
"""
HEAD = "商机编号,负责人,关闭日期,金额,是否赢单\n"
TWO = "0001,张三,2026-07-01,100,是\n0002,李四,2026-07-02,200,TRUE\n"
BOTH = {"张三": ("100.00", "1"), "李四": ("200.00", "1")}


def run(tmp_path: Path, file: Path, *words: str) -> Result:
    definitions = tmp_path / "definitions.yaml"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    table = ["--definitions", str(definitions), "--table", f"deals={file}"]
    return CliRunner().invoke(main, ["metrics", *table, "--by", "member", *words])


def answer(tmp_path: Path, file: Path) -> tuple[dict[str, Any], list[tuple[str, int]], int]:
    """Revenue and deals by member, the findings with their counts, and the exit code."""
    result = run(tmp_path, file, "--format", "json")
    told = json.loads(result.stdout)
    values = {
        row["keys"]["member"]: (row["values"]["revenue"], row["values"]["deals"])
        for row in told["rows"]
    }
    findings = [(each["code"], each["count"]) for each in told["findings"]]
    return values, findings, result.exit_code


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEAD + TWO, "gb18030"),
        ((HEAD + TWO).replace(",", "\t"), "utf-16"),
        ((HEAD + TWO).replace(",", ";"), "utf-8-sig"),
        ((HEAD + TWO).replace("\n", "\r\n"), "utf-8"),
        (HEAD + TWO.replace("0002", "\n,,,,\n   ,,,,\n0002"), "utf-8"),
        (HEAD.replace("商机编号", '"商机编号"') + TWO.replace("0002", '"0002"'), "utf-8"),
    ],
)
def test_encodings_separators_and_blank_rows_change_nothing(
    tmp_path: Path, text: str, encoding: str
) -> None:
    file = tmp_path / "deals.csv"
    file.write_bytes(text.encode(encoding))

    assert answer(tmp_path, file) == (BOTH, [], 0)


@pytest.mark.parametrize(
    ("total", "count"),
    [
        ("合计,,,300,\n", 1),
        ("合计,,300\n", 1),
        (",总 计,,300,是\n", 1),
        ("小计：,,,300,\nGrand Total,,2026-07-31,300,是\n", 2),
    ],
)
def test_lines_of_totals_are_left_out_and_told(tmp_path: Path, total: str, count: int) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(HEAD + TWO + total, encoding="utf-8")

    assert answer(tmp_path, file) == (BOTH, [("totals_row", count)], 0)


def test_subtotals_are_held_against_their_own_rows(tmp_path: Path) -> None:
    first, second = TWO.splitlines(keepends=True)
    subtotals = ("张三 汇总,,2026-07-31,100,是\n", "李四 汇总,,2026-07-31,199,是\n")
    file = tmp_path / "deals.csv"
    file.write_text(HEAD + first + subtotals[0] + second + subtotals[1] + "总计,,,300,\n", "utf-8")

    values, findings, code = answer(tmp_path, file)

    assert (values, code) == (BOTH, 1)
    assert findings == [("totals_row", 3), ("wrong_total", 1)]


@pytest.mark.parametrize("above", [True, False])
def test_a_total_that_the_rows_do_not_bear_out_is_told_with_both_figures(
    tmp_path: Path, above: bool
) -> None:
    file = tmp_path / "deals.csv"
    total = '总计,,,"1,350.5",\n'
    file.write_text(HEAD + (total + TWO if above else TWO + total), encoding="utf-8")

    told = [run(tmp_path, file, "--lang", language).stderr for language in ("zh", "en")]

    assert answer(tmp_path, file)[0] == BOTH
    assert "“总计”行写着 金额 1,350.5，明细相加是 300，相差 1,050.5" in told[0]
    assert "says 金额 1,350.5, its rows add up to 300, difference 1,050.5" in told[1]


def test_a_deal_whose_id_is_total_but_which_is_complete_is_a_deal(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(HEAD + "Total,张三,2026-07-01,100,是\n", encoding="utf-8")

    assert answer(tmp_path, file) == ({"张三": ("100.00", "1")}, [], 0)


@pytest.mark.parametrize(
    "above", ["2026年第三季度商机\n\n", "商机明细,,,,\n导出时间：,7月1日,,,\n"]
)
def test_a_title_above_the_header_is_passed_over_and_told(tmp_path: Path, above: str) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(above + HEAD + TWO.replace("100", "x"), encoding="utf-8")

    result = run(tmp_path, file, "--format", "json")

    findings = json.loads(result.stdout)["findings"]
    assert [(each["code"], each["place"].split()[0]) for each in findings] == [
        ("not_a_number", "deals.csv:4"),
        ("preamble", "deals.csv:3"),
    ]


def test_a_workbook_with_a_title_a_total_and_a_second_sheet(tmp_path: Path) -> None:
    file = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("三季度")
        sheet.write(0, 0, "商机明细")
        sheet.write_row(2, 0, HEAD.strip().split(","))
        sheet.write_row(3, 0, ["0001", "张三", 46204, 100, True])
        sheet.write_row(5, 0, ["0002", "李四", "46205", 200, "是"])
        sheet.write_row(6, 0, ["合计", None, None, 300])
        book.add_worksheet("二季度").write(0, 0, "更早的")

    values, findings, code = answer(tmp_path, file)

    assert (values, code) == (BOTH, 0)
    assert findings == [("totals_row", 1), ("preamble", 2), ("other_sheets", 1)]


def test_names_that_differ_in_case_or_spaces_are_told_and_not_merged(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    rows = ("1,Zhang San,", "2,zhang  san,", "3,Li Si,")
    file.write_text(HEAD + "".join(f"{row}2026-07-01,1,是\n" for row in rows), encoding="utf-8")

    values, findings, code = answer(tmp_path, file)

    assert set(values) == {"Zhang San", "zhang  san", "Li Si"}
    assert (findings, code) == ([("alike_owners", 2)], 1)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("", "文件是空的", "the file is empty"),
        (HEAD.replace("金额,", ""), "没有列“金额”", "no column “amount / 金额”"),
        (
            HEAD.replace("金额,", "金额,金额,"),
            "有几列都可以是“金额”：第 4 列",
            "more than one column",
        ),
        ("标题\n" + HEAD.replace("金额,", "价钱,") + TWO, "第 2 行的列名有", "row 2 has the names"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_a_sentence(
    tmp_path: Path, text: str, zh: str, en: str
) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(text, encoding="utf-8")

    for locale, words in (("zh", zh), ("en", en)):
        result = run(tmp_path, file, "--lang", locale)
        assert result.exit_code == 2
        assert words in result.stderr


def test_a_file_with_a_header_only_is_told(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(HEAD, encoding="utf-8")

    assert answer(tmp_path, file) == ({}, [("no_rows", 0)], 1)


def test_spellings_replaced_are_told_one_by_one(tmp_path: Path) -> None:
    definitions = DEFINITIONS.replace(
        "owner: {type: text, header: 负责人}",
        "owner: {type: text, header: 负责人, values: {zs: 张三, 三哥: 张三}}",
    )
    path, file = tmp_path / "spelt.yaml", tmp_path / "deals.csv"
    path.write_text(definitions, encoding="utf-8")
    rows = ("1,zs,", "2,zs,", "3,三哥,", "4,张三,")
    file.write_text(HEAD + "".join(f"{row}2026-07-01,1,是\n" for row in rows), encoding="utf-8")

    words = ("metrics", "--definitions", str(path), "--table", f"deals={file}", "--lang", "zh")
    result = CliRunner().invoke(main, words)

    assert "负责人 有 3 个值按定义换成了统一写法：zs → 张三 (2)、三哥 → 张三 (1)" in result.stderr
