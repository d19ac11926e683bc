"""Workbooks that are broken, locked, or whose cells show no result: told, never silently blank."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from integration.engine.conftest import Judge

HEAD = ("商机编号", "负责人", "关闭日期", "金额")


def book(path: Path, fill: Callable[[Any], None], **options: Any) -> Path:
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("明细")
        sheet.write_row(0, 0, HEAD)
        for row in range(1, 5):
            sheet.write_row(row, 0, (row, "甲", f"2026-01-0{row}", 10**row))
        fill(sheet)
    return path


def nothing(sheet: Any) -> None:
    pass


def test_formulas_that_failed_are_set_aside_by_name(tmp_path: Path, judge: Judge) -> None:
    def fill(sheet: Any) -> None:
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=VLOOKUP(1,A:A,1)", None, "#N/A")

    told = judge(book(tmp_path / "deals.xlsx", fill))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings[:2] == [("failed_formula", 1), ("placeholders", 1)]


def test_formulas_that_were_never_computed_are_set_aside(tmp_path: Path, judge: Judge) -> None:
    path = book(tmp_path / "whole.xlsx", lambda sheet: sheet.write_formula(4, 3, "=A5*10", None, 7))
    parts = zipfile.ZipFile(path)
    with zipfile.ZipFile(tmp_path / "deals.xlsx", "w") as bare:
        for name in parts.namelist():
            bare.writestr(name, parts.read(name).replace(b"<v>7</v>", b"<v></v>"))

    told = judge(tmp_path / "deals.xlsx")

    assert told.values == {"revenue": "1110.00", "deals": "3"}
    assert told.findings == [("uncomputed_formula", 1)]


def test_bare_day_counts_are_those_of_the_workbook(tmp_path: Path, judge: Judge) -> None:
    def fill(sheet: Any) -> None:
        for row in range(1, 5):
            sheet.write_number(row, 2, (dt.date(2026, 3, row) - dt.date(1904, 1, 1)).days)

    path = book(tmp_path / "deals.xlsx", fill, date_1904=True)

    assert judge(path, by="month").values == {"2026-03": "11110.00"}


def test_hidden_rows_count_and_are_told(tmp_path: Path, judge: Judge) -> None:
    path = book(tmp_path / "deals.xlsx", lambda sheet: sheet.set_row(2, None, None, {"hidden": 1}))

    told = judge(path)

    assert told.values == {"revenue": "11110.00", "deals": "4"}
    assert told.findings == [("hidden_rows", 1)]
    assert "3" in told.words


def test_hidden_columns_count_and_are_told(tmp_path: Path, judge: Judge) -> None:
    def fill(sheet: Any) -> None:
        sheet.set_column(1, 1, None, None, {"hidden": 1})
        sheet.set_column(20, 22, None, None, {"hidden": 1})

    told = judge(book(tmp_path / "deals.xlsx", fill))

    assert told.values == {"revenue": "11110.00", "deals": "4"}
    assert told.findings == [("hidden_columns", 1)]
    assert "B 列" in told.words


def test_months_on_sheets_of_their_own_are_told_as_missing(tmp_path: Path, judge: Judge) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "deals.xlsx")) as workbook:
        for month in (1, 2, 3):
            sheet = workbook.add_worksheet(f"{month}月")
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, (month, "甲", f"2026-0{month}-01", 10**month))
        workbook.add_worksheet("说明").write(0, 0, "由系统导出")

    told = judge(tmp_path / "deals.xlsx")

    assert told.values == {"revenue": "10.00", "deals": "1"}
    assert told.findings == [("alike_sheets", 2), ("other_sheets", 1)]
    assert "2月、3月" in told.words


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda content: content[:300] + bytes(300) + content[600:], "damaged"),
        (lambda content: b"PK\x03\x04" + b"nothing" * 100, "damaged"),
        (
            lambda content: (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                + bytes(4000)
                + "EncryptedPackage".encode("utf-16-le")
            ),
            "password",
        ),
    ],
)
def test_a_broken_or_locked_workbook_ends_with_a_sentence(
    tmp_path: Path, judge: Judge, break_it: Callable[[bytes], bytes], says: str
) -> None:
    path = book(tmp_path / "deals.xlsx", nothing)
    path.write_bytes(break_it(path.read_bytes()))

    assert says in judge(path, "--lang", "en").words


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, judge: Judge) -> None:
    path = book(tmp_path / "deals.xlsx", nothing)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/blank", "w", force_zip64=True) as part,
    ):
        for _ in range(65):
            part.write(bytes(2**24))

    assert "too large" in judge(path, "--lang", "en").words


def test_one_cell_at_the_end_of_the_sheet_does_not_take_the_memory_of_all(
    tmp_path: Path, judge: Judge
) -> None:
    path = book(tmp_path / "deals.xlsx", lambda sheet: sheet.write(1_048_575, 16_383, "x"))

    assert "XFD1048576" in judge(path, "--lang", "en").words


def test_an_archive_of_something_else_says_so(tmp_path: Path, judge: Judge) -> None:
    with zipfile.ZipFile(tmp_path / "deals.xlsx", "w") as archive:
        archive.writestr("deals.csv", ",".join(HEAD))

    assert "unpack it" in judge(tmp_path / "deals.xlsx", "--lang", "en").words
