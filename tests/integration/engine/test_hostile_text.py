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


def test_marks_that_nobody_sees_change_neither_names_nor_days_nor_owners(judge: Judge) -> None:
    head = "商机编号\u200b, 负责人 ,关闭日期\ufeff,金额\u3000\n"
    rows = "1,王芳\u200b,\u200e2026\u200e-01-\u200e05,1\n2,\u2060王芳,2026-01-06,2\u200b\n"

    told = judge(head + rows, by="member")

    assert told.values == {"王芳": "3.00"}
    assert told.findings == []


def test_owners_that_differ_only_in_unseen_marks_are_told(judge: Judge) -> None:
    told = judge(
        HEAD + "1,王\u200b芳,2026-01-05,1\n2,王芳,2026-01-06,2\n3,ＷF,2026-01-06,4\n", by="member"
    )

    assert told.findings == [("alike_owners", 2)]


CUT = "20,王芳".encode()[:-1] + b",2026-01-20,20\n"
MANY = HEAD + "".join(f"{row},王芳,2026-01-{row:02d},1\n" for row in range(1, 20))


@pytest.mark.parametrize(
    "content",
    [MANY.encode() + CUT, MANY.encode("gb18030") + b"20,\xcd\xf5\xb7,2026-01-20,20\n"],
)
def test_a_character_cut_in_two_costs_its_own_row_only(judge: Judge, content: bytes) -> None:
    told = judge(content)

    assert told.values == {"revenue": "19.00", "deals": "19"}
    assert told.findings == [("broken_text", 1)]


def test_utf_16_that_ends_in_half_a_character_is_read(judge: Judge) -> None:
    told = judge((HEAD + "1,甲,2026-01-05,1\n").replace(",", "\t").encode("utf-16") + b"\n")

    assert told.values["revenue"] == "1.00"


@pytest.mark.parametrize("key", ["1.23457E+17", "123456789012345000"])
def test_keys_whose_last_digits_a_spreadsheet_lost_are_told(judge: Judge, key: str) -> None:
    keys = (key, key.replace("7", "8"))

    told = judge(HEAD + "".join(f"{each},甲,2026-01-05,1\n" for each in keys))

    assert told.values["deals"] == "2"
    assert told.findings == [("cut_keys", 2)]


def test_long_keys_that_are_whole_are_nothing_to_tell(judge: Judge) -> None:
    keys = ("123456789012345678", "123456789012345000")

    told = judge(HEAD + "".join(f"{key},甲,2026-01-05,1\n" for key in keys))

    assert told.findings == []


def test_letters_that_marketers_write_for_units_are_read_and_told(judge: Judge) -> None:
    amounts = ("1.2w", "3.5W元", "12k", "0.5万")

    told = judge(HEAD + "".join(f"{at},甲,2026-01-05,{n}\n" for at, n in enumerate(amounts)))

    assert told.values == {"revenue": "64000.00", "deals": "4"}
    assert told.findings == [("letter_units", 3)]


def test_a_w_in_a_file_without_chinese_names_is_not_guessed(judge: Judge) -> None:
    told = judge("id,owner,closed,amount\n1,A,2026-01-05,1.2w\n2,B,2026-01-05,12k\n")

    assert told.values == {"revenue": "12000.00", "deals": "1"}
    assert told.findings == [("unclear_w", 1), ("letter_units", 1)]


def test_a_w_behind_a_chinese_header_is_ten_thousand(judge: Judge) -> None:
    told = judge(HEAD.replace("金额", "金额(w)") + "1,甲,2026-01-05,1.2\n")

    assert told.values["revenue"] == "12000.00"
    assert told.findings == [("scaled_column", None)]
