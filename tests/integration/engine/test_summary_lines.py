"""Lines that sum rows up are no rows: they are left out and told, wherever they stand."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额\n"
TWO = "1,甲,2026-01-01,10\n2,乙,2026-01-02,20\n"


def test_running_totals_of_the_year_are_no_rows(judge: Judge) -> None:
    told = judge(f"{HEAD}{TWO}本月合计,,,30\n3,丙,2026-02-01,40\n本月合计,,,40\n本年累计,,,70\n")

    assert told.values == {"revenue": "70.00", "deals": "3"}
    assert told.findings == [("totals_row", 3)]


@pytest.mark.parametrize("words", ["平均", "最大值", "占比", "目标", "Average", "max"])
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
