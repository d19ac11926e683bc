"""Whatever is wrong with a table of facts is told with row, column and remedy; nobody is scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mingji.cli import main
from mingji.rules.findings import Place

SCHEME = """\
id: small
name: {zh: 小方案, en: Small}
blend: {mode: none}
red_lines:
  - {id: fraud, name: {zh: 数据造假, en: Fraud}, effect: zero_payout}
dimensions:
  - id: all
    name: {zh: 全部, en: All}
    weight: 100
    items:
      - id: leads
        name: {zh: 线索数, en: Leads}
        weight: 40
        scoring: {method: ratio, cap: 1.2}
        data_owner: 运营
      - id: rate
        name: {zh: 合格率, en: Rate}
        unit: ratio
        weight: 30
        target: 0.5
        scoring: ratio
        data_owner: 运营
      - id: errors
        name: {zh: 差错, en: Errors}
        weight: 30
        source: typed
        scoring: deduct
        data_owner: 运营
"""
# table, code, place, what the Chinese message says, what the English remedy says
BAD = {
    "unknown item": (
        "member,item,actual\nm,lead,5",
        ("unknown_item", "row 2, column item", "没有考核项“lead”", "did you mean “leads”"),
    ),
    "unknown level": (
        "member,item,actual,level\nm,leads,5,boss",
        ("unknown_level", "row 2, column level", "没有层级“boss”", "specialist, lead, head"),
    ),
    "unknown red line": (
        "member,item,actual,红线\nm,leads,5,theft",
        ("unknown_red_line", "row 2, column 红线", "没有红线“theft”", "fraud"),
    ),
    "a unit in the name of a column": (
        "member,item,actual,目标值（万元）\nm,leads,5,9",
        ("unit_in_header", "row 1, column 目标值（万元）", "带着单位", "call it “目标值”"),
    ),
    "one column for each item": (
        "姓名,线索数,合格率\nm,5,0.5",
        ("wide_table", "row 1", "一列一个考核项", "unpivot"),
    ),
    "one column for each quarter": (
        "姓名,指标,Q1实际,Q2实际\nm,leads,5,6",
        ("missing_column", "row 1", "“Q1实际”“Q2实际”中要用的那一列", "a table holds one period"),
    ),
    "a table without any known column": (
        "2026年三季度考核表,,\nm,leads,5",
        ("no_header", "row 1", "第 1 行不是列名", "write member,item,actual"),
    ),
    "commas of full width": (
        "成员，考核项，实际值\nm，leads，5",
        ("no_header", "row 1", "第 1 行不是列名", "separated by plain commas"),
    ),
    "a date": (
        "member,item,actual\nm,leads,2026-09-30",
        ("not_a_number", "row 2, column actual", "“2026-09-30”是日期", "type the figure"),
    ),
    "a duplicate row": (
        "member,item,actual,target\nm,leads,5,9\nn,leads,5,9\nm,leads,6,9",
        ("duplicate_row", "row 4, column item", "第 2 行已经写过", "in the column part"),
    ),
    "no number": (
        "member,item,actual\nm,errors,abc",
        ("not_a_number", "row 2, column actual", "“abc”不是数字", "such as 1234.5"),
    ),
    "two readings": (
        '成员,考核项,实际值\nm,差错,"1052,75"',
        ("not_a_number", "row 2, column 实际值", "两种读法：1052.75 或 105275", "write 1052.75 or"),
    ),
    "digits lost": (
        "member,item,actual\nm,errors,1.2E+05",
        ("not_a_number", "row 2, column actual", "科学计数法", "format the column as a number"),
    ),
    "a formula gone wrong": (
        "member,item,actual\nm,errors,#DIV/0!",
        ("not_a_number", "row 2, column actual", "电子表格的公式错误", "mend the formula"),
    ),
    "percent beside a plain number": (
        "member,item,actual,target\nm,leads,92%,100",
        ("mixed_percent", "row 2, column actual", "是百分数", "write all figures of an item alike"),
    ),
    "weights that miss 100": (
        "member,item,actual,target,weight\nm,leads,5,9,35\nm,rate,0.5,,30\nm,errors,1,,30",
        ("weights_not_100", "row 2, column weight", "权重合计 95", "make 100"),
    ),
    "a target of zero": (
        "member,item,actual,target\nn,leads,1,2\nm,leads,5,0",
        ("target_not_positive", "row 3, column target", "完成率没有意义", ""),
    ),
    "a setting of another method": (
        "member,item,actual,cap\nm,errors,5,3",
        ("unknown_parameter", "row 2, column cap", "没有参数 cap", "points_each"),
    ),
    "a setting out of its choices": (
        "member,item,actual,target,direction\nm,leads,5,3,left",
        ("bad_parameter", "row 2, column direction", "“left”", "up, down"),
    ),
    "a setting that no score can come from": (
        "member,item,actual,target,out_of\nm,leads,5,3,0",
        ("out_of_range", "row 2, column out_of", "out_of 是 0", "make it greater than 0"),
    ),
    "a cap under the floor": (
        "member,item,actual,target,cap\nm,leads,5,3,-1",
        ("cap_below_floor", "row 2, column cap", "低于保底", "no less than the floor"),
    ),
    "a method without its settings": (
        "member,item,actual,target,method\nm,leads,5,3,band",
        ("band_empty", "row 2", "没有区间", "let each band begin"),
    ),
    "an unknown method": (
        "member,item,actual,method\nm,leads,5,ratoi",
        (
            "unknown_method",
            "row 2, column method",
            "没有叫“ratoi”的计分方法",
            "did you mean “ratio”",
        ),
    ),
    "rows that disagree about the team": (
        "member,item,actual,target,team\nm,leads,5,9,north\nm,errors,5,,south",
        ("rows_disagree", "row 3, column team", "第 2 行写“north”", "write it once"),
    ),
    "no member": (
        "member,item,actual\n,errors,5",
        ("no_member", "row 2, column member", "没有写成员", "fill in the member"),
    ),
    "a missing column": (
        "member,actual\nm,5",
        ("missing_column", "row 1", "缺少“item”列", "add a column item"),
    ),
    "two columns for one thing": (
        "member,item,actual,实际值\nm,errors,5,6",
        ("column_twice", "row 1, column 实际值", "意思相同", "remove one"),
    ),
    "a number with a comma outside quotes": (
        "member,item,actual\nm,errors,1,200",
        ("misshapen_row", "row 2", "4 格", "double quotes"),
    ),
    "presence above one": (
        "member,item,actual,presence\nm,errors,5,1.5",
        ("presence_out_of_range", "row 2, column presence", "0 到 1", "0.5 or 50%"),
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    return tmp_path


def run(folder: Path, table: str, *more: str) -> Result:
    (folder / "facts.csv").write_text(table + "\n", encoding="utf-8")
    paths = ["--scheme", str(folder / "scheme.yaml"), "--facts", str(folder / "facts.csv")]
    return CliRunner().invoke(main, ["score", *paths, *more])


@pytest.mark.parametrize("case", BAD)
def test_each_fault_is_told_with_its_place_and_remedy_in_both_languages(folder, case):
    table, (code, place, said_zh, remedy_en) = BAD[case]

    zh, en = (run(folder, table, "--lang", locale) for locale in ("zh", "en"))

    assert (zh.exit_code, en.exit_code) == (2, 2), code
    assert zh.stdout == en.stdout == ""
    where = Place(path=place).in_words().zh
    line_zh = next(line for line in zh.stderr.splitlines() if f" {where}: " in line)
    line_en = next(line for line in en.stderr.splitlines() if f"({place})" in line)
    assert line_zh.startswith("facts.csv")
    assert said_zh in line_zh
    assert remedy_en in line_en


def test_all_faults_are_told_at_once(folder):
    told = run(folder, "member,item,actual\nm,lead,5\nm,errors,x\n,errors,1", "--lang", "en")

    assert [line.split("(")[1].split(",")[0] for line in told.stderr.splitlines()[1:]] == [
        "row 2",
        "row 3",
        "row 4",
    ]


def test_all_rows_that_cannot_be_scored_are_told_at_once(folder):
    table = "member,item,actual,target\na,leads,1,0\nb,leads,1,2\nc,leads,1,-5"

    told = run(folder, table, "--format", "json")

    assert told.exit_code == 2
    assert told.stdout == ""
    assert "row 2, column target" in told.stderr
    assert "row 4, column target" in told.stderr


def test_a_column_nobody_knows_is_named_and_not_read(folder):
    table = "member,item,actual,目标直,备注\nm,errors,1,9,hello"

    told = run(folder, table, "--format", "json")

    findings = json.loads(told.stdout)["findings"]
    assert told.exit_code == 1  # a near miss of 目标值 deserves a look
    assert {(each["code"], each["severity"]) for each in findings} >= {
        ("unknown_column", "warning"),
        ("unknown_column", "info"),
        ("no_row", "info"),
    }


def test_a_fraction_that_looks_like_a_percentage_is_doubted(folder):
    told = run(folder, "member,item,actual\nm,rate,45\nm,errors,1", "--lang", "en")

    assert told.exit_code == 1
    assert "write 0.85 or 85%" in told.stderr


def test_a_percentage_that_looks_like_a_fraction_is_doubted(folder):
    table = "member,item,actual,target,unit\nm,leads,0.92,100,%\nm,errors,1,,"

    told = run(folder, table, "--lang", "en")

    assert told.exit_code == 1
    assert "an Excel cell in percent format holds 0.92" in told.stderr


def test_a_figure_without_the_target_it_is_measured_against_is_told_and_not_lost_in_silence(folder):
    table = "member,item,actual,target\nm,leads,5,\nn,leads,5,9\nm,errors,1,\nn,errors,1,"

    told = run(folder, table, "--lang", "zh")

    assert told.exit_code == 1
    assert "facts.csv 第 2 行「target」列: 提醒" in told.stderr
    assert "考核项 leads 有实际值、没有目标值，按无数据处理：m" in told.stderr


def test_a_file_that_is_not_there_is_said_so(folder):
    told = CliRunner().invoke(
        main, ["score", "--scheme", "minimal", "--facts", str(folder / "none.csv"), "--lang", "en"]
    )

    assert told.exit_code == 2
    assert "none.csv" in told.stderr


def test_a_scheme_that_is_not_there_names_those_that_are(folder):
    told = CliRunner().invoke(
        main, ["score", "--scheme", "maximal", "--facts", str(folder / "scheme.yaml")]
    )

    assert told.exit_code == 2
    assert "marketing-team, minimal" in told.stderr


def test_the_language_may_be_chosen_before_the_command(folder):
    scheme = folder / "scheme.yaml"
    scheme.write_text("id: [broken", encoding="utf-8")

    told = [
        CliRunner().invoke(main, ["--lang", locale, "scheme", "check", str(scheme)]).output
        for locale in ("zh", "en")
    ]

    assert "YAML" in told[0]
    assert "错误" in told[0]
    assert "error" in told[1]
