"""Workbooks of Excel 97 to 2003: failed formulas, days from 1904 on, what is hidden."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from integration.engine.conftest import Judge
from old_workbook import Cell, Formula, write_xls

HEAD = ("商机编号", "负责人", "关闭日期", "金额")
ROWS: tuple[tuple[Cell, ...], ...] = (
    HEAD,
    *((row, "甲", f"2026-01-0{row}", 10**row) for row in range(1, 5)),
)


def with_cell(row: int, place: int, cell: Cell) -> list[list[Cell]]:
    rows = [list(each) for each in ROWS]
    rows[row][place] = cell
    return rows


@pytest.mark.parametrize("cell", ["#REF!", Formula("#REF!"), "#DIV/0!", Formula("#NUM!")])
def test_failed_formulas_are_set_aside_by_name(tmp_path: Path, judge: Judge, cell: Cell) -> None:
    told = judge(write_xls(tmp_path / "deals.xls", {"明细": with_cell(1, 3, cell)}))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings == [("failed_formula", 1)]
    assert (cell.result if isinstance(cell, Formula) else cell) in told.words


def test_formulas_that_were_never_computed_are_set_aside(tmp_path: Path, judge: Judge) -> None:
    told = judge(write_xls(tmp_path / "deals.xls", {"明细": with_cell(1, 3, Formula())}))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings == [("uncomputed_formula", 1)]


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("since_1904", [True, False])
def test_days_are_counted_from_the_first_of_the_workbook(
    tmp_path: Path, judge: Judge, since_1904: bool, bare: bool
) -> None:
    first = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
    rows = [list(each) for each in ROWS]
    for row in range(1, 5):
        day = dt.date(2026, 3, row)
        rows[row][2] = (day - first).days if bare else day

    path = write_xls(tmp_path / "deals.xls", {"明细": rows}, since_1904=since_1904)

    assert judge(path, by="month").values == {"2026-03": "11110.00"}


def test_hidden_rows_and_columns_count_and_are_told(tmp_path: Path, judge: Judge) -> None:
    path = write_xls(
        tmp_path / "deals.xls", {"明细": ROWS}, hidden_rows=[2], hidden_columns=[1, 3, 9]
    )

    told = judge(path)

    assert told.values == {"revenue": "11110.00", "deals": "4"}
    assert told.findings == [("hidden_rows", 1), ("hidden_columns", 2)]
    assert "B, D" in told.words


def test_an_old_workbook_that_was_cut_off_ends_with_a_sentence(
    tmp_path: Path, judge: Judge
) -> None:
    path = write_xls(tmp_path / "deals.xls", {"明细": ROWS})
    path.write_bytes(path.read_bytes()[:900])

    assert "damaged" in judge(path, "--lang", "en").words
