"""What stands among and below the rows of an office's table without being one of them."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额\n"
TWO = "A1,甲,2026-01-01,10\nA2,乙,2026-01-02,20\n"
BOTH = {"revenue": "30.00", "deals": "2"}
TENS_OF_THOUSANDS = {"revenue": "300000.00", "deals": "2"}


def test_titles_of_parts_are_no_deals_and_are_told(judge: Judge) -> None:
    told = judge(
        f"{HEAD}一、华东区,,,\nA1,甲,2026-01-01,10\n小计,,,10\n"
        "二、华南区,,,\nA2,乙,2026-01-02,20\n小计,,,20\n总计,,,30\n"
    )

    assert told.values == BOTH
    assert told.findings == [("totals_row", 3), ("title_row", 2)]
    assert "一、华东区、二、华南区" in told.words


def test_a_deal_of_which_only_the_number_is_known_stays_a_deal(judge: Judge) -> None:
    told = judge(f"{HEAD}A0,,,\n{TWO}")

    assert told.values == {"revenue": "30.00", "deals": "3"}


def test_another_table_below_is_left_out_with_its_rows_and_told(judge: Judge) -> None:
    told = judge(
        f"{HEAD}{TWO}合计,,,30\n,,,\n二、回款情况,,,\n商机编号,回款人,回款日期,回款金额\n"
        "A1,甲,2026-02-01,1\nA2,乙,2026-02-02,2\n"
    )

    assert told.values == BOTH
    assert told.findings == [("totals_row", 1), ("note_row", 1), ("another_table", 2)]


def test_another_table_whose_names_are_all_others_is_left_out_as_well(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}\n单号,收款人,收款日,收款\nB1,甲,2026-02-01,1\n")

    assert told.values == BOTH
    assert told.findings == [("another_table", 1)]


def test_deals_that_are_not_fixed_yet_are_no_other_table(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}A3,丙,待定,待议\nA4,丁,2026-01-03,30\n")

    assert told.values == {"revenue": "60.00", "deals": "3"}
    assert told.findings == [("not_a_date", 1), ("not_a_number", 1)]


@pytest.mark.parametrize(
    "note",
    [
        "注：金额单位为万元,,,",
        "备注：以上金额以万元计,,,",
        "单位：万元,,,",
        "制表：甲,,单位：万元,",
    ],
)
def test_a_unit_in_a_note_below_the_rows_counts(judge: Judge, note: str) -> None:
    told = judge(f"{HEAD}{TWO}合计,,,30\n{note}\n")

    assert told.values == TENS_OF_THOUSANDS
    assert told.findings == [("totals_row", 1), ("note_row", 1), ("scaled_column", None)]


def test_a_unit_between_the_names_and_the_rows_counts(judge: Judge) -> None:
    told = judge(f"{HEAD},,,单位：万元\n{TWO}")

    assert told.values == TENS_OF_THOUSANDS
    assert told.findings == [("title_row", 1), ("scaled_column", None)]


@pytest.mark.parametrize(
    "title", ["2026年商机明细表（万元）", "商机[单位:万元]", "明细 (人民币万元)"]
)
def test_a_unit_in_brackets_in_the_title_counts(judge: Judge, title: str) -> None:
    told = judge(f"{title},,,\n{HEAD}{TWO}")

    assert told.values == TENS_OF_THOUSANDS
    assert told.findings == [("preamble", 1), ("scaled_column", None)]


def test_a_word_in_brackets_in_the_title_that_is_no_unit_of_money_is_none(judge: Judge) -> None:
    assert judge(f"商机明细（M）完成率（%）,,,\n{HEAD}{TWO}").values == BOTH


def test_a_unit_that_changes_from_row_to_row_stops_the_load(judge: Judge) -> None:
    lines = TWO.splitlines()
    text = f"{HEAD.strip()},单位\n{lines[0]},万元\n{lines[1]},元\n"

    told = judge(text)

    assert told.values == {}
    assert "the unit of the amounts row by row: 万元, 元" in told.words
    assert judge(text.replace("万元", "元")).values == BOTH
    assert judge(text.replace("万元", "市场部")).values == BOTH


def test_units_that_contradict_each_other_stop_the_load(judge: Judge) -> None:
    told = judge(f"单位：千元\n{HEAD}{TWO}注：单位为万元,,,\n")

    assert told.values == {}
    assert "different units: 千元, 万元" in told.words


def test_a_header_with_its_own_unit_goes_before_a_line_and_that_is_told(judge: Judge) -> None:
    told = judge(f"单位：万元,,,\n{HEAD.replace('金额', '金额（元）')}{TWO}", "--lang", "zh")

    assert told.values == BOTH
    assert "但金额列的列名里各有自己的单位，没有用它" in told.words


def test_what_is_blank_is_not_quoted(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO},丙,2026-01-03,30\nA4,丁,2026-01-03,1,2\n")

    assert told.values == BOTH
    assert "商机编号 必填却为空，这一行没有计入" in told.words
    assert "“A4,丁,2026-01-03,1,2”格数和表头不一致，这一行没有计入" in told.words
