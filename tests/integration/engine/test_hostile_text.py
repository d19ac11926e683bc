"""Text files that break readers: every row is counted or told, and nothing ends in a traceback."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

HEAD = "商机编号,负责人,关闭日期,金额\n"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_ends_may_be_mixed_and_stand_inside_a_cell(judge: Judge, end: str) -> None:
    text = (
        '1,甲,2026-01-01,1\r\n2,"乙\n丙",2026-01-02,2\n3,"丁""戊",2026-01-03,4\r4,己,2026-01-04,8'
    )
    text = "\ufeff" + HEAD.strip() + end + text.replace("\r\n", end) + end

    assert judge(text).values == {"revenue": "15.00", "deals": "4"}


def test_a_cell_of_ten_megabytes_is_a_cell(judge: Judge) -> None:
    told = judge(f"{HEAD}1,{'长' * 3_500_000},2026-01-01,1\n2,乙,2026-01-02,2\n")

    assert told.values == {"revenue": "3.00", "deals": "2"}


def test_a_quote_inside_a_cell_opens_nothing(judge: Judge) -> None:
    rows = '1,24" 屏,2026-01-01,1\n2,"乙,2026-01-02,2\n3,"丙",2026-01-03,4\n4,丁"丁,2026-01-04,8\n'

    told = judge(HEAD + rows)

    assert told.values == {"revenue": "13.00", "deals": "3"}
    assert told.findings == [("unbalanced_quote", 1)]
