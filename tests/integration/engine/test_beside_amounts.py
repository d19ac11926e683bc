"""Columns beside the amounts that say of each row in which unit or currency it is."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额"
PLAIN = [f"A{n},甲,2026-01-01,1" for n in range(3000)]


def rows(last: str, others: str, header: str) -> str:
    lines = [f"{line},{others}" for line in PLAIN] + [f"B1,乙,2026-01-02,2,{last}"]
    return "\n".join([f"{HEAD},{header}", *lines]) + "\n"


def test_a_unit_that_first_changes_far_below_stops_the_load(judge: Judge) -> None:
    told = judge(rows("万元", "元", "单位"))

    assert told.values == {}
    assert "the unit of the amounts row by row: 元, 万元" in told.words


@pytest.mark.parametrize("header", ["币种", "结算币种", "Currency", "deal_currency_code"])
def test_several_currencies_of_one_column_of_amounts_are_told(judge: Judge, header: str) -> None:
    told = judge(rows("美元", "人民币", header))

    assert told.values == {"revenue": "3002.00", "deals": "3001"}
    assert told.findings == [("several_currencies", 3001)]
    assert "CNY (3,000), USD (1)" in told.words


def test_a_column_in_one_other_currency_is_told(judge: Judge) -> None:
    assert judge(rows("USD", "USD", "币种")).findings == [("several_currencies", 3001)]


@pytest.mark.parametrize("words", ["CNY", "¥", "￥", "人民币元", "rmb", "-", ""])
def test_the_currency_of_the_amounts_is_nothing_to_tell(judge: Judge, words: str) -> None:
    assert judge(rows("CNY", words, "币种")).findings == []


def test_units_in_other_currencies_are_told_too(judge: Judge) -> None:
    told = judge(rows("美元", "元", "单位"))

    assert told.findings == [("several_currencies", 3001)]


def test_rows_that_are_set_aside_say_nothing_of_units(judge: Judge) -> None:
    told = judge(rows("元", "元", "单位") + "B2,乙,待定,2,万元\n")

    assert told.values == {"revenue": "3002.00", "deals": "3001"}
