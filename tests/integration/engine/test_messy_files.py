"""Files as a stranger hands them over, with figures reckoned apart from the product."""

from __future__ import annotations

import json
from decimal import Decimal
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
      created: {type: date, header: 创建日期, optional: true}
      closed: {type: date, header: 关闭日期}
      amount: {type: decimal, unit: CNY, scale: 2, header: [金额, 成交金额]}
      leads: {type: integer, header: [线索数, 线索数量], optional: true}
metrics:
  revenue: {table: deals, agg: sum, column: amount}
  deals: {table: deals, agg: count}
"""
HEAD = "商机编号;负责人;创建日期;关闭日期;金额"


def run(tmp_path: Path, file: Path, *words: str) -> Result:
    definitions = tmp_path / "definitions.yaml"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    table = ["--definitions", str(definitions), "--table", f"deals={file}"]
    return CliRunner().invoke(main, ["metrics", *table, "--by", "member", *words])


def answer(tmp_path: Path, file: Path, *words: str) -> tuple[dict[str, Decimal], list[Any]]:
    """Revenue by member, and the codes of the findings with their counts."""
    result = run(tmp_path, file, "--format", "json", *words)
    assert result.stdout, result.stderr
    told = json.loads(result.stdout)
    values = {row["keys"]["member"]: row["values"]["revenue"] for row in told["rows"]}
    findings = [(each["code"], each["count"]) for each in told["findings"]]
    return {name: Decimal(value) for name, value in values.items() if value}, findings


def written(tmp_path: Path, text: str, name: str = "deals.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_gb18030_with_decimal_commas_and_a_wrong_grand_total_above(tmp_path: Path) -> None:
    rows = [("1", "王芳", "1.052,75"), ("2", "王芳", "200,5"), ("3", "李雷", "1.234")]
    lines = [f"{i};{who};30.06.2026;13.07.2026;{amount}" for i, who, amount in rows]
    text = "\r\n".join(["2026年三季度商机", "", HEAD, "总计;;;;2.500,00", *lines, ""])
    file = written(tmp_path, text, encoding="gb18030")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal("1253.25"), "李雷": Decimal("1234.00")}
    assert ("wrong_total", 1) in findings
    told = {language: run(tmp_path, file, "--lang", language).stderr for language in ("zh", "en")}
    assert "写着 金额 2,500，明细相加是 2,487.25，相差 12.75" in told["zh"]
    assert "says 金额 2,500, its rows add up to 2,487.25, difference 12.75" in told["en"]


def test_a_number_that_can_be_read_in_two_ways_is_asked_with_both_totals(tmp_path: Path) -> None:
    lines = "1;王芳;;2026-07-01;1052,75\n2;李雷;;2026-07-02;200,5\n3;李雷;;2026-07-02;7\n"
    file = written(tmp_path, f"{HEAD}\n{lines}")

    asked = [run(tmp_path, file, "--lang", language) for language in ("zh", "en")]

    assert [each.exit_code for each in asked] == [2, 2]
    assert (
        "comma：逗号是小数点，合计 1,260.25；point：逗号是千分位，合计 107,287" in asked[0].stderr
    )
    assert "comma: the comma is the decimal mark, total 1,260.25" in asked[1].stderr
    assert "--numbers deals.amount=comma|point" in asked[1].stderr
    settled, _ = answer(tmp_path, file, "--numbers", "deals.amount=comma")
    assert settled == {"王芳": Decimal("1052.75"), "李雷": Decimal("207.50")}


def test_the_order_of_day_and_month_is_evident_or_asked(tmp_path: Path) -> None:
    lines = "1;王芳;;03/04/2026;1\n2;李雷;;05/05/2026;2\n"
    file = written(tmp_path, f"{HEAD}\n{lines}")

    asked = run(tmp_path, file, "--lang", "en")

    assert asked.exit_code == 2
    assert "dmy: day/month/year, from 2026-04-03 to 2026-04-03" in asked.stderr
    for text, words, period in (
        (lines, ("--dates", "closed=mdy"), "2026Q1"),
        (lines + "3;李雷;;31/12/2026;4\n", (), "2026Q2"),
    ):
        file = written(tmp_path, f"{HEAD}\n{text}")
        values, _ = answer(tmp_path, file, "--period", period, *words)
        assert values["王芳"] == 1


def test_one_ambiguous_day_among_certain_ones_costs_its_own_row_only(tmp_path: Path) -> None:
    rows = "".join(f"{day};甲;;2026-03-{day:02d};1\n" for day in range(1, 29))
    file = written(tmp_path, f"{HEAD}\n{rows}29;甲;;04/05/2026;100\n")

    values, findings = answer(tmp_path, file)
    settled, _ = answer(tmp_path, file, "--dates", "closed=dmy")

    assert values == {"甲": Decimal(28)}
    assert findings == [("ambiguous_date", 1), ("mixed_notation", None)]
    assert settled == {"甲": Decimal(128)}


def test_a_unit_above_the_table_scales_its_money_and_is_told(tmp_path: Path) -> None:
    lines = "1;王芳;;2026-07-01;1.5\n2;王芳;;2026-07-02;20\n合计;;;;21.5\n"
    file = written(tmp_path, f"商机明细\n单位：万元\n{HEAD}\n{lines}")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal(215000)}
    assert [code for code, _ in findings] == ["totals_row", "preamble", "scaled_column"]


@pytest.mark.parametrize(
    ("header", "factor"),
    [("金额（万元）", 10000), ("成交金额(千元)", 1000), ("Amount (K CNY)", 1000), ("金额(元)", 1)],
)
def test_a_unit_in_a_header_scales_its_column(tmp_path: Path, header: str, factor: int) -> None:
    file = written(tmp_path, f"{HEAD.replace('金额', header)}\n1;王芳;;2026-07-01;1.25\n")

    assert answer(tmp_path, file)[0] == {"王芳": Decimal("1.25") * factor}


def test_a_header_in_another_currency_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEAD.replace('金额', '金额（万美元）')}\n1;王芳;;2026-07-01;1\n")

    refused = run(tmp_path, file, "--lang", "zh")

    assert refused.exit_code == 2
    assert "“金额（万美元）”的单位是 万美元，定义里这一列是 CNY" in refused.stderr


def test_two_rows_of_merged_headers_and_merged_cells_and_an_empty_sheet(tmp_path: Path) -> None:
    file = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet("空")
        sheet = book.add_worksheet("明细")
        sheet.merge_range("A1:F1", "2026年三季度")
        for column, name in enumerate(("商机编号", "负责人", "关闭日期")):
            sheet.merge_range(1, column, 2, column, name)
        sheet.merge_range(1, 3, 1, 4, "线索")
        sheet.write(1, 5, "成交")
        sheet.write_row(2, 3, ["数量", "金额", "金额"])
        sheet.write_row(3, 0, ["1", "王芳", "2026-07-01", 3, 9, 100.125])
        sheet.write_row(4, 0, ["2", None, "2026-07-02", 4, 9, 200])
        sheet.merge_range(3, 1, 4, 1, "王芳")
        sheet.write_row(5, 0, ["合计", None, None, 7, 18, 300.13])
        sheet.write(7, 0, "备注：数据截至 7 月 2 日")
        sheet.write(8, 0, "制表人：小赵")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal("300.13")}
    assert findings == [
        ("totals_row", 1),
        ("rounded_cells", 1),
        ("preamble", 1),
        ("note_row", 2),
        ("merged_cells", 4),
    ]


def test_a_funnel_with_odd_dates(tmp_path: Path) -> None:
    rows = [
        ("1", "2026-07-10", "2026-07-01", 1),  # closed before it was created
        ("2", "1900-01-01", "2026-07-01", 2),
        ("3", "2026-07-01", "2099-12-31", 4),
        ("4", "2026-07-01", "2026-02-30", 8),  # no such day
        ("5", "2026-07-01", "7月5日", 16),
        ("6", "2026-07-01", "46210", 32),
        ("7", "2026-07-01", "26-13-45", 64),
    ]
    lines = "".join(f"{i};王芳;{begun};{ended};{amount}\n" for i, begun, ended, amount in rows)
    file = written(tmp_path, f"2026年商机\n{HEAD}\n{lines}")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal(1 + 2 + 4 + 16 + 32)}
    assert findings == [
        ("impossible_date", 1),
        ("impossible_date", 1),
        ("serial_dates", 1),
        ("years_from_title", 1),
        ("preamble", 1),
        ("odd_dates", 1),
        ("odd_dates", 1),
        ("ends_before_it_begins", 1),
    ]


def test_quotes_that_are_never_closed_cost_their_own_row_only(tmp_path: Path) -> None:
    lines = [f"{i};王芳;;2026-07-01;{i}" for i in range(1, 2001)]
    lines[499] = '500;"王芳;;2026-07-01;500'
    lines[1499] = '1500;"王芳\n（华东）";;2026-07-01;1500'
    file = written(tmp_path, "\n".join([HEAD, *lines]) + "\n")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal(2001000 - 500 - 1500), "王芳\n（华东）": Decimal(1500)}
    assert findings == [("unbalanced_quote", 1)]
    assert "deals.csv:501" in run(tmp_path, file).stderr


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"{HEAD};;\n1;王芳;;2026-07-01;5\n2;李雷;;2026-07-01;6;;\n", []),
        (f"{HEAD}\n1;王芳;;2026-07-01;5;\n2;李雷;;2026-07-01;6;\n", []),
        (f"{HEAD}\r\n1;王芳;;2026-07-01;5\n2;李雷;;2026-07-01;6\r\n", []),
        (f"{HEAD}\n1;王\0芳;;2026-07-01;5\n2;李雷;;2026-07-01;6\n", [("nul_bytes", 1)]),
        (f"\ufeff{HEAD}\n1;王芳;;2026-07-01;５\n2;李雷;;２０２６／７／１;¥ 6元\n\n\n", []),
        (f"{HEAD}\n1;王芳;;2026-07-01;5\n{HEAD}\n2;李雷;;2026-07-01;6\n", [("repeated_header", 1)]),
    ],
)
def test_small_dirt_changes_no_figure(tmp_path: Path, text: str, codes: list[Any]) -> None:
    assert answer(tmp_path, written(tmp_path, text)) == (
        {"王芳": Decimal(5), "李雷": Decimal(6)},
        codes,
    )


HTML = """<html><head><meta charset="utf-8"></head><body><table border=1>
<tr><th>商机编号</th><th>负责人</th><th>关闭日期</th><th>金额</th></tr>
<tr><td>1</td><td rowspan="2">王芳</td><td>2026-07-01</td><td>1,052.75</td></tr>
<tr><td>2</td><td>2026/7/2</td><td>(52.75)</td></tr>
<tr><td colspan="3">合计</td><td>1,000.00</td></tr></table></body></html>"""


@pytest.mark.parametrize("name", ["deals.xls", "deals.xlsx", "deals.html", "deals.csv"])
def test_a_page_named_as_a_workbook_is_read_as_what_it_is(tmp_path: Path, name: str) -> None:
    values, findings = answer(tmp_path, written(tmp_path, HTML, name))

    assert values == {"王芳": Decimal("1000.00")}
    assert [code for code, _ in findings] == [
        "totals_row",
        *([] if name.endswith("html") else ["other_kind"]),
    ]


def test_a_csv_named_xls_and_a_workbook_named_csv(tmp_path: Path) -> None:
    text = f"{HEAD}\n1;王芳;;2026-07-01;5\n"
    assert answer(tmp_path, written(tmp_path, text, "deals.xls", "gb18030")) == (
        {"王芳": Decimal(5)},
        [("other_kind", None)],
    )
    file = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, ["1", "王芳", None, "2026-07-01", 1.234])
    renamed = file.rename(tmp_path / "deals.csv")
    assert answer(tmp_path, renamed)[0] == {"王芳": Decimal("1.23")}


def test_duplicate_and_blank_keys_are_told_with_their_rows(tmp_path: Path) -> None:
    lines = "1;王芳;;2026-07-01;5\n;王芳;;2026-07-01;7\n1;王芳;;2026-07-02;6\n"
    file = written(tmp_path, f"{HEAD}\n{lines}")

    values, findings = answer(tmp_path, file)

    assert values == {"王芳": Decimal(6)}
    assert findings == [("missing", 1), ("repeated_key", 1)]
    told = run(tmp_path, file, "--lang", "en").stderr
    assert "deals.csv:3" in told
    assert "rows 2" in told


def test_three_hundred_columns_of_which_five_are_read(tmp_path: Path) -> None:
    more = [f"自定义{number}" for number in range(295)]
    cells = ["x@example.com"] * 295
    lines = ";".join([HEAD, *more]), ";".join(["1;王芳;;2026-07-01;5", *cells])
    file = written(tmp_path, "\n".join(lines))

    assert answer(tmp_path, file) == ({"王芳": Decimal(5)}, [])


def test_a_complete_row_called_total_is_a_total_if_it_adds_up_the_others(tmp_path: Path) -> None:
    lines = (
        "A;王芳;2026-06-01;2026-07-01;5\nB;李雷;2026-06-01;2026-07-01;6\n"
        "Total;all;2026-06-01;2026-07-31;{}\n"
    )

    right = answer(tmp_path, written(tmp_path, f"{HEAD}\n{lines.format(11)}"))
    other = answer(tmp_path, written(tmp_path, f"{HEAD}\n{lines.format(12)}"))

    assert right == ({"王芳": Decimal(5), "李雷": Decimal(6)}, [("totals_row", 1)])
    assert other[0]["all"] == 12
    assert other[1] == [("maybe_total", 1)]


def test_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    latin = "id;owner;closed;amount\n1;Müller;2026-07-01;1.234,50\n"
    file = written(tmp_path, latin, encoding="cp1252")

    assert answer(tmp_path, file) == (
        {"Müller": Decimal("1234.50")},
        [("notation", None), ("western_encoding", None)],
    )
