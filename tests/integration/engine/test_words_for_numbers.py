"""Amounts in the numerals of cheques, years of the Republic, and groups of two digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.engine.conftest import JUDGED, Judge

HEAD = "商机编号,负责人,关闭日期,金额\n"


def test_amounts_in_words_are_read_exactly_and_told(judge: Judge) -> None:
    told = judge(
        f"{HEAD}A1,甲,2026-01-01,壹万贰仟叁佰元整\nA2,甲,2026-01-01,人民币叁拾元零伍分\n"
        "A3,甲,2026-01-01,7.25\n合计,,,壹万贰仟叁佰叁拾柒元叁角\n"
    )

    assert told.values == {"revenue": "12337.30", "deals": "3"}
    assert told.findings == [("totals_row", 1), ("amounts_in_words", 2)]
    assert "of which agree: 1" in told.words


@pytest.mark.parametrize("words", ["壹万叁元", "贰仟叁元", "壹贰叁", "叁", "万元", "壹佰元整整"])
def test_words_that_are_no_certain_amount_are_set_aside(judge: Judge, words: str) -> None:
    told = judge(f"{HEAD}A1,甲,2026-01-01,{words}\nA2,甲,2026-01-01,7.25\n")

    assert told.values == {"revenue": "7.25", "deals": "1"}
    assert told.findings == [("not_a_number", 1)]


def test_an_amount_in_words_below_a_header_with_a_unit_is_set_aside(judge: Judge) -> None:
    told = judge(f"{HEAD.strip()}（万元）\nA1,甲,2026-01-01,壹万元整\nA2,甲,2026-01-01,7.25\n")

    assert told.values == {"revenue": "72500.00", "deals": "1"}


def test_days_of_the_republic_are_read_in_our_years(judge: Judge) -> None:
    days = ("民国114年3月5日", "民國114/3/6", "中华民国114.03.07", "2025-03-08", "民国114年13月1日")
    rows = "".join(f"A{n},甲,{day},1\n" for n, day in enumerate(days))
    told = judge(f"{HEAD}{rows}", by="month")

    assert told.values == {"2025-03": "4.00"}
    assert told.findings == [("impossible_date", 1), ("republican_years", 4)]


@pytest.mark.parametrize(("header", "deals"), [("关闭日期", "1"), ("关闭日期（民国）", "3")])
def test_a_bare_year_is_of_the_republic_only_where_the_header_says_so(
    judge: Judge, header: str, deals: str, tmp_path: Path
) -> None:
    definitions = tmp_path / "named.yaml"
    columns = JUDGED.replace("header: 关闭日期", f"header: {header}")
    definitions.write_text(columns, encoding="utf-8")
    named = ("--definitions", str(definitions))
    head = HEAD.replace("关闭日期", header)
    told = judge(f"{head}A1,甲,114/03/05,1\nA2,甲,98年12月31日,2\nA3,甲,2026-01-01,3\n", *named)

    assert told.values["deals"] == deals


@pytest.mark.parametrize("number", ['"1,23,456.78"', '"12,34,567"', '"-1,00,000.00"'])
def test_groups_of_two_digits_are_set_aside_as_what_they_are(judge: Judge, number: str) -> None:
    told = judge(f"{HEAD}A1,甲,2026-01-01,{number}\nA2,甲,2026-01-01,7.25\n")

    assert told.values == {"revenue": "7.25", "deals": "1"}
    assert told.findings == [("indian_grouping", 1)]
    assert "印度写法" in told.words
