"""Lines that sum rows up are no rows: they are left out and told, wherever they stand."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额\n"
TWO = "1,甲,2026-01-01,10\n2,乙,2026-01-02,20\n"
#: What stands below a table to be compared with it.
OTHERS = ("上年同期", "去年同期", "增减额", "差异", "其中：华东区", "其中华东区")


def test_running_totals_of_the_year_are_no_rows(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}本月合计,,,30\n3,丙,2026-02-01,40\n本月合计,,,40\n本年累计,,,70\n")

    assert told.values == {"revenue": "70.00", "deals": "3"}
    assert told.findings == [("totals_row", 3)]


@pytest.mark.parametrize("words", ["平均", "最大值", "占比", "目标", "Average", "max", *OTHERS])
def test_means_shares_and_targets_below_the_table_are_no_rows(judge: Judge, words: str) -> None:
    told = judge(f"{HEAD}{TWO}{words},,,15\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("summary_row", 1)]


def test_who_made_the_table_is_a_note(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}制表人：张三,,审核：李四,\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("note_row", 1)]


def test_a_deal_named_after_a_target_or_a_note_stays_a_deal(judge: Judge) -> None:
    told = judge(f"{HEAD}目标,甲,2026-01-01,10\n备注：急,乙,2026-01-02,20\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == []


def test_a_percentage_in_a_column_of_money_is_set_aside(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}3,丙,2026-02-01,5%\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("percent_of_money", 1)]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "合　计",
            "合计（元）",
            "—合计—",
            "共计2笔",
            "合计：2 笔",
            "合计金额",
            "总额",
            "Σ",
            "Summe",
        ),
        *("Grand Totals (2 records)", "ＴＯＴＡＬ", "全部"),
    ],
)
def test_a_total_is_known_by_its_word_whatever_stands_around_it(judge: Judge, words: str) -> None:
    told = judge(f"{HEAD}{TWO}{words},,,30\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("totals_row", 1)]


def test_a_total_above_the_rows_may_have_dashes_where_it_says_nothing(judge: Judge) -> None:
    told = judge(f"{HEAD}全部,-,-,40\n{TWO}")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("totals_row", 1), ("wrong_total", 1)]


def test_counts_below_the_groups_of_a_report_are_no_rows(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}Subtotal,,,30\nCount,2,,\n计数,2,,\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("totals_row", 1), ("summary_row", 2)]


def test_names_that_begin_like_a_total_stay_rows(judge: Judge) -> None:
    told = judge(f"{HEAD}全部印刷,甲,2026-01-01,10\n总数工坊,乙,2026-01-02,20\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == []


@pytest.mark.parametrize("words", ["一季度合计（含税）", "华东区小计(元)", "Anna Total (2)"])
def test_a_remark_in_brackets_behind_a_total_leaves_it_a_total(judge: Judge, words: str) -> None:
    told = judge(f"{HEAD}{TWO}{words},,,31\n")

    assert told.values == {"revenue": "30.00", "deals": "2"}
    assert told.findings == [("totals_row", 1), ("wrong_total", 1)]
