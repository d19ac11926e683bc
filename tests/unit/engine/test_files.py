"""Files are read as they are, and every row knows its number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from mingji.connectors.files import ROW, Reading, open_file
from mingji.rules.errors import Invalid


def cells(reading: Reading) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in reading.batches() for row in batch.to_pylist()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", "姓名,额\n王芳,2\n".encode()),
        ("marked.csv", "\ufeff姓名,额\r\n王芳,2\r\n".encode()),
        ("chinese.csv", "姓名,额\n王芳,2\n".encode("gb18030")),
        ("wide.csv", "姓名\t额\n王芳\t2\n".encode("utf-16")),
        ("semicolon.csv", "姓名;额\n王芳;2".encode()),
        ("tabbed.tsv", "姓名\t额\n王芳\t2\n".encode()),
    ],
)
def test_text_files_are_read_in_the_encodings_and_separators_people_have(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    reading = open_file(tmp_path / name)

    assert reading.columns == ("姓名", "额")
    assert cells(reading) == [("王芳", "2", 2)]


def test_row_numbers_survive_blank_quoted_and_misshapen_rows(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text('a,b\n1,2\n\n"x\ny",3\n4\n5,6,7\n8,9\n', encoding="utf-8")

    reading = open_file(path)

    assert cells(reading) == [("1", "2", 2), (None, None, 3), ("x\ny", "3", 4), ("8", "9", 7)]
    assert [(line.row, line.text) for line in reading.misshapen] == [(5, "4"), (6, "5,6,7")]
    assert [line.row for line in reading.misshapen] == [5, 6]


def test_blank_rows_and_columns_before_a_table_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 3, ["名", "额"])
        sheet.merge_range(3, 3, 4, 3, "甲")
        sheet.write_column(3, 4, [1, 2.5])

    reading = open_file(path)

    assert reading.columns == ("", "", "", "名", "额")
    assert cells(reading) == [(None, None, None, "甲", "1", 4), (None, None, None, "甲", "2.5", 5)]
    assert reading.pointed == {"额"}


def test_a_workbook_gives_the_text_and_row_numbers_that_people_see(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(2, 0, ["日期", "额", "已付"])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(3, 0, dt.datetime(2026, 7, 1), day)  # noqa: DTZ001
    sheet.write_row(3, 1, [0.1 + 0.2, True])
    sheet.write_row(5, 0, [46204, 1052])
    book.close()

    reading = open_file(path)

    assert reading.columns == ("日期", "额", "已付")
    assert reading.spreadsheet
    assert cells(reading) == [("2026-07-01", "0.3", "true", 4), ("46204", "1052", None, 6)]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "deals.parquet"
    table = pa.table({"day": [dt.date(2026, 7, 1)], "amount": [Decimal("1.50")]})
    parquet.write_table(table, path)

    (batch,) = open_file(path).batches()

    assert batch.to_pylist() == [{"0": dt.date(2026, 7, 1), "1": Decimal("1.50"), ROW: 2}]


def test_an_instant_with_a_zone_is_read_as_the_clock_there_showed_it(tmp_path: Path) -> None:
    path = tmp_path / "deals.parquet"
    late = dt.datetime(2026, 6, 30, 20, tzinfo=dt.UTC)
    parquet.write_table(
        pa.table({"at": pa.array([late], pa.timestamp("us", "Asia/Shanghai"))}), path
    )

    assert cells(open_file(path)) == [(dt.datetime(2026, 7, 1, 4), 2)]  # noqa: DTZ001


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "a,b\n\n"])
def test_a_file_of_only_a_header_has_no_rows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(text, encoding="utf-8")

    assert [row for row in cells(open_file(path)) if any(row[:-1])] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("binary.csv", b"a,b\n\xff\xff,2\n"),
        ("deals.doc", b"a,b\n"),
        ("broken.xlsx", b"not a workbook"),
        ("broken.parquet", b"not parquet"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Invalid) as refused:
        open_file(tmp_path / name)

    assert refused.value.findings[0].place.file == name
    assert refused.value.findings[0].remedy.zh


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot open the file"):
        open_file(tmp_path / "none.csv")
