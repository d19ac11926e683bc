"""Months on sheets of their own: one is read and the others are told, or all of them together."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from integration.engine.conftest import JUDGED, Judge
from mingji.connectors.files import open_file
from mingji.engine.answers import Answers
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Batch, Warehouse
from mingji.rules.errors import Invalid

HEAD = ("商机编号", "负责人", "关闭日期", "金额")
AT = "2026-11-22T00:00:00Z"


def months(path: Path, totals: tuple[object, ...] = (10, 100, 1000)) -> Path:
    """A deal a month, each on a sheet with its total; and a sheet of words."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        for month, total in enumerate(totals, start=1):
            sheet = workbook.add_worksheet(f"{month}月")
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, (month, "甲", f"2026-0{month}-01", 10**month))
            sheet.write_row(2, 0, ("合计", None, None, total))
        workbook.add_worksheet("说明").write(0, 0, "由系统导出")
    return path


def load(store: Warehouse, path: Path, sheet: str = "") -> list[Batch]:
    table = load_definitions(JUDGED).tables["deals"]
    return store.load_sheets(table, open_file(path), loaded_at=AT, answers=Answers(sheet=sheet))


def codes(batch: Batch) -> list[str]:
    return [each.code for each in batch.findings]


def test_sheets_with_the_same_columns_are_read_together(tmp_path: Path, judge: Judge) -> None:
    told = judge(months(tmp_path / "deals.xlsx"), "--sheet", "all", by="month")

    assert told.values == {"2026-01": "10.00", "2026-02": "100.00", "2026-03": "1000.00"}
    assert told.findings == [("totals_row", 1), ("other_sheets", 1), *[("totals_row", 1)] * 2]


def test_each_sheet_is_held_against_its_own_total(tmp_path: Path, judge: Judge) -> None:
    told = judge(months(tmp_path / "deals.xlsx", (10, 101, 1000)), "--sheet", "deals=all")

    assert told.values == {"revenue": "1110.00", "deals": "3"}
    assert [code for code, _ in told.findings].count("wrong_total") == 1
    assert "deals.xlsx › 2月" in told.words


def test_a_sheet_is_chosen_by_name(tmp_path: Path, judge: Judge) -> None:
    told = judge(months(tmp_path / "deals.xlsx"), "--sheet", "2月", by="month")

    assert told.values == {"2026-02": "100.00"}
    assert told.findings == [("totals_row", 1), ("other_sheets", 3)]


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, judge: Judge
) -> None:
    told = judge(months(tmp_path / "deals.xlsx"), "--sheet", "4月", "--lang", "en")

    assert "has no sheet “4月”" in told.words
    assert "1月, 2月, 3月, 说明" in told.words


def test_every_row_says_from_which_sheet_it_comes(tmp_path: Path, warehouse: Warehouse) -> None:
    batches = load(warehouse, months(tmp_path / "deals.xlsx"), "all")

    folder = warehouse.root / "batches" / "deals"
    rows = [parquet.read_table(folder / f"{batch.id}.parquet") for batch in batches]
    assert [(row["_file"].to_pylist(), row["_row"].to_pylist()) for row in rows] == [
        ([f"deals.xlsx › {month}月"], [2]) for month in (1, 2, 3)
    ]


def test_the_other_sheets_come_to_the_one_that_was_loaded(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    path = months(tmp_path / "deals.xlsx")
    (alone,) = load(warehouse, path)
    together = load(warehouse, path, "all")
    again = load(warehouse, path, "all")

    assert "alike_sheets" in codes(alone)
    assert [batch.id for batch in warehouse.batches("deals")] == [each.id for each in together]
    assert [each.id for each in again] == [each.id for each in together]
    assert not any("alike_sheets" in codes(each) for each in together)
    assert load(warehouse, path)[0].id == together[0].id


def test_one_sheet_that_cannot_be_read_keeps_all_of_them_out(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "deals.xlsx")) as workbook:
        for name, amount in (("1月", "10.5"), ("2月", "1052,75")):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, (name, "甲", "2026-01-01", amount))

    with pytest.raises(Invalid) as refused:
        load(warehouse, tmp_path / "deals.xlsx", "all")

    assert refused.value.code == "numbers_uncertain"
    assert "2月" in refused.value.message.en
    assert warehouse.batches("deals") == []
