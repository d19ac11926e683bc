"""Column names as people type them: with blanks, broken into lines, twice, or repeated below."""

from __future__ import annotations

from integration.engine.conftest import Judge

ROWS = "1,甲,2026-01-01,10\n2,乙,2026-01-02,20\n"
BOTH = {"revenue": "30.00", "deals": "2"}


def test_blanks_and_line_breaks_within_chinese_names_change_nothing(judge: Judge) -> None:
    told = judge(f'商 机 编 号,负　责　人,"关闭\n日期","金额\n（元）"\n{ROWS}')

    assert (told.values, told.findings) == (BOTH, [])


def test_two_columns_that_may_be_meant_are_both_named_in_one_line(judge: Judge) -> None:
    text = '商机编号,负责人,关闭日期,"金额\n（万元）",金额（元）\n1,甲,2026-01-01,1,10000\n'
    told = judge(text, "--lang", "zh")

    assert told.values == {}
    assert "有几列都可以是“金额”：第 4 列“金额（万元）”、第 5 列“金额（元）”" in told.words


def test_exports_pasted_together_with_their_marks_are_one_table(judge: Judge) -> None:
    head = "\ufeff商机编号,负责人,关闭日期,金额\n"
    told = judge(f"{head}1,甲,2026-01-01,10\n{head}2,乙,2026-01-02,20\n")

    assert told.values == BOTH
    assert told.findings == [("repeated_header", 1)]
