"""Totals that look like rows, stand in the middle of a file, or bear their word at the end."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额,类别,备注\n"
THREE = "S1,甲,2026-01-01,10,软件,\nS2,乙,2026-01-02,20,硬件,\nS3,丙,2026-01-03,30.5,软件,\n"
MORE = "S2,乙,2026-01-02,20,硬件,\nS3,丙,2026-01-03,30.5,软件,\n"
RIGHT = {"revenue": "60.50", "deals": "3"}


@pytest.mark.parametrize(
    "row",
    [
        "S9,甲,2026-01-31,60.5,合计,",
        "S9,合计,2026-01-31,60.5,软件,",
        "S9,合　计,2026-01-31,60.5,合计,",
        "S9,甲,2026-01-31,60.5,软件,总计（元）",
        "S9,甲,2026-01-31,60.5,Total,",
    ],
)
def test_a_total_dressed_as_a_row_is_left_out_and_told(judge: Judge, row: str) -> None:
    told = judge(f"{HEAD}{THREE}{row}\n")

    assert told.values == RIGHT
    assert told.findings == [("totals_row", 1)]


def test_dressed_subtotals_and_the_total_of_all_are_left_out(judge: Judge) -> None:
    more = "S4,丁,2026-02-01,5,软件,\nS5,丁,2026-02-02,6,软件,\n"
    told = judge(
        f"{HEAD}{THREE}T1,甲,2026-01-31,60.5,小计,\n{more}T2,甲,2026-02-28,11,小计,\n"
        "T3,甲,2026-02-28,71.5,合计,\n"
    )

    assert told.values == {"revenue": "71.50", "deals": "5"}
    assert told.findings == [("totals_row", 3)]


def test_a_dressed_row_that_is_no_sum_stays_and_is_told(judge: Judge) -> None:
    told = judge(f"{HEAD}{THREE}S9,甲,2026-01-31,7,合计,\n")

    assert told.values == {"revenue": "67.50", "deals": "4"}
    assert told.findings == [("maybe_total", 1)]


def test_a_dressed_row_equal_to_the_only_row_above_it_is_no_proof(judge: Judge) -> None:
    told = judge(f"{HEAD}S1,甲,2026-01-01,10,软件,\nS9,甲,2026-01-31,10,小计,\n{MORE}")

    assert told.findings == [("maybe_total", 1)]


def test_a_subtotal_of_one_row_is_left_out_where_the_total_of_all_proves_it(judge: Judge) -> None:
    first = "S1,甲,2026-01-01,10,软件,\nT1,甲,2026-01-31,10,小计,\n"
    told = judge(f"{HEAD}{first}{MORE}T2,甲,2026-01-31,60.5,合计,\n")

    assert told.values == RIGHT
    assert told.findings == [("totals_row", 2)]


def test_a_category_called_total_is_told_a_few_times_only(judge: Judge) -> None:
    rows = "".join(f"A{n},甲,2026-01-01,{n + 1},Total,\n" for n in range(2000))
    told = judge(f"{HEAD}{rows}")

    assert told.values == {"revenue": "2001000.00", "deals": "2000"}
    assert told.findings == [("maybe_total", 1)] * 5 + [("maybe_total", 1995)]


@pytest.mark.parametrize(
    "line", ["合计,,,{},,", "合计,,,{}", ",,,{},,合计", "T1,甲,2026-01-31,{},合计,"]
)
@pytest.mark.parametrize("said", ["60.5", "160.5"])
def test_a_total_in_the_middle_agrees_with_the_rows_above_it_or_with_all(
    judge: Judge, line: str, said: str
) -> None:
    told = judge(f"{HEAD}{THREE}{line.format(said)}\nS4,丁,2026-02-01,100,软件,\n")

    assert told.values == {"revenue": "160.50", "deals": "4"}
    assert told.findings == [("totals_row", 1)]
    which = "the rows above" if said == "60.5" else "all rows"
    assert f"of which agree: 1 ({which}: 1)" in told.words or which == "all rows"


@pytest.mark.parametrize("line", ["合计,,,61,,", "合计,,,61", ",,,61,,合计"])
def test_a_total_in_the_middle_that_agrees_with_nothing_is_told_with_all_sums(
    judge: Judge, line: str
) -> None:
    told = judge(f"{HEAD}{THREE}{line}\nS4,丁,2026-02-01,100,软件,\n")

    assert told.values == {"revenue": "160.50", "deals": "4"}
    assert told.findings == [("totals_row", 1), ("wrong_total", 1)]
    assert "its rows add up to 60.5" in told.words
    assert "all rows: 160.5" in told.words


@pytest.mark.parametrize("said", ["60.5", "61"])
def test_a_total_whose_word_stands_behind_the_amount_is_checked(judge: Judge, said: str) -> None:
    told = judge(f"{HEAD}{THREE},,,{said},,合计\n")

    assert told.values == RIGHT
    assert told.findings == [("totals_row", 1), *([("wrong_total", 1)] if said == "61" else [])]


def test_a_day_before_the_word_hides_no_total(judge: Judge) -> None:
    told = judge(f"{HEAD}{THREE},,2026-01-31,60.5,合计,\n")

    assert told.values == RIGHT
    assert told.findings == [("totals_row", 1)]


def test_a_keyed_deal_of_the_category_total_stays_a_deal_though_its_owner_is_blank(
    judge: Judge,
) -> None:
    told = judge(f"{HEAD}{THREE}S9,,2026-01-31,7,Total,\n")

    assert told.values == {"revenue": "67.50", "deals": "4"}
