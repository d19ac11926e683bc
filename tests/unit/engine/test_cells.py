"""A cell is read as what it certainly says, or it is set aside with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from mingji.connectors.files import open_file
from mingji.engine.model import Column, ColumnType, Table
from mingji.engine.small import read_small
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


def read(tmp_path: Path, type_: ColumnType, cells: Sequence[str], **more: Any) -> list[object]:
    path = tmp_path / "cells.tsv"
    path.write_text("x\ty\n" + "".join(f"{cell}\tkept\n" for cell in cells), encoding="utf-8")
    columns = {"x": Column("x", type_, **more), "y": Column("y", "text")}
    table = Table("cells", Text.same("cells"), columns)
    return [row["x"] for row in read_small(table, open_file(path))]


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    written = {
        "1052.75": "1052.75",
        "1,052.75": "1052.75",
        "1,052": "1052",
        "１，２３４．５": "1234.5",
        "¥ 12": "12",
        "￥1,234.50": "1234.50",
        "-$5": "-5",
        "−5": "-5",
        "(1,234.5)": "-1234.5",
        "100-": "-100",
        "1 234.5": "1234.5",
        "1'234.5": "1234.5",
        "$1.2M": "1200000",
        "５Ｋ": "5000",
        "人民币1.5百万元": "1500000",
        "12.5 %": "0.125",
        "3.00元": "3",
        "1.5万": "15000",
        "12,345.6 万元": "123456000",
        "0.02亿": "2000000",
        "¥-30": "-30",
        "1052.75 CNY": "1052.75",
        "rmb 100": "100",
        "  7\u3000": "7",
        ".5": "0.5",
        "0.1": "0.1",
    }

    assert read(tmp_path, "decimal", list(written)) == [Decimal(n) for n in written.values()]


def test_blank_cells_are_no_value(tmp_path: Path) -> None:
    blank = ["", "   ", "\u3000", "-", "N/A", "暂无"]

    assert read(tmp_path, "decimal", blank) == [None] * len(blank)
    assert read(tmp_path, "text", ["-"]) == ["-"]


@pytest.mark.parametrize("written", ["$5", "5 USD", "US$5", "€5"])
def test_an_amount_in_another_currency_than_its_column_is_refused(
    tmp_path: Path, written: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, "decimal", ["¥5", "5元", "5", written], unit="CNY")

    assert [(each.code, each.place.line) for each in refused.value.findings] == [
        ("other_currency", 5)
    ]


def test_the_order_of_day_and_month_is_what_the_definitions_say(tmp_path: Path) -> None:
    assert read(tmp_path, "date", ["03/04/2026", "31-12-2026 8:30"], dates="dmy") == [
        dt.date(2026, 4, 3),
        dt.date(2026, 12, 31),
    ]
    assert read(tmp_path, "date", ["03/04/2026"], dates="mdy") == [dt.date(2026, 3, 4)]
    with pytest.raises(Invalid):
        read(tmp_path, "date", ["31/12/2026"], dates="mdy")


def test_dates_as_people_write_them(tmp_path: Path) -> None:
    written = [
        "2026-07-01",
        "2026-7-1",
        "2026/7/1",
        "2026.7.1",
        "2026年7月1日",
        "２０２６/０７/０１",
        "20260701",
        "1 Jul 2026",
        "1-Jul-2026",
        "1-Jul-26",
        "July 1, 2026",
        "Jul 1, 2026",
        "Jul 1, 26",
        "2026-Jul-01",
        "2026 July 1",
        "2026/jul/1",
        "二〇二六年七月一日",
        "二零二六年七月一号",
        "二○二六年七月一日 星期三",
        "2026-07-01 23:59",
        "2026-07-01T10:20:30.5Z",
    ]

    assert read(tmp_path, "date", written) == [dt.date(2026, 7, 1)] * len(written)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇二六年十二月三十一日", "2026-12-31"),
        ("二〇二六年十月十日", "2026-10-10"),
        ("一九九九年一月廿三日", "1999-01-23"),
        ("二〇二六年十一月二十日", "2026-11-20"),
        ("3-Jan-26", "2026-01-03"),
        ("2026-Jan-03", "2026-01-03"),
        ("2026-01-04 14时30分", "2026-01-04"),
        ("2026年1月4日14时5分20秒", "2026-01-04"),
        ("2026/01/04 9点", "2026-01-04"),
        ("2026-01-04 10:30 GMT+8", "2026-01-04"),
        ("2026-01-04 10:30:00 (UTC+08:00)", "2026-01-04"),
        ("2026-01-04 10:30:00+08", "2026-01-04"),
        ("2026-01-04 10:30 北京时间", "2026-01-04"),
        ("2026-01-04 （日）", "2026-01-04"),
    ],
)
def test_days_in_words(tmp_path: Path, written: str, day: str) -> None:
    assert read(tmp_path, "date", [written]) == [dt.date.fromisoformat(day)]


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        ("integer", {"1,200": 1200, "12.0": 12, "-3": -3}),
        ("boolean", {"是": True, "No": False, "TRUE": True}),
        ("timestamp", {"2026-07-01 9:05": dt.datetime(2026, 7, 1, 9, 5)}),  # noqa: DTZ001
        ("timestamp", {"2026年7月1日下午3时5分": dt.datetime(2026, 7, 1, 15, 5)}),  # noqa: DTZ001
        ("timestamp", {"2026-07-01 9点": dt.datetime(2026, 7, 1, 9)}),  # noqa: DTZ001
        ("timestamp", {"2026-07-01 9:05 GMT-5": dt.datetime(2026, 7, 1, 9, 5)}),  # noqa: DTZ001
        ("text", {"\u3000Anna  S. ": "Anna  S."}),
    ],
)
def test_other_types(tmp_path: Path, type_: ColumnType, written: dict[str, object]) -> None:
    assert read(tmp_path, type_, list(written)) == list(written.values())


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        (
            "decimal",
            {
                "1052,75": "ambiguous_number",
                "1052.75": "",
                "1.2E+05": "scientific",
                "12 34": "not_a_number",
                "1.2w": "unclear_w",
                "△5": "unclear_sign",
                "▲ 1,200.5": "unclear_sign",
                "▼5": "unclear_sign",
                "△甲": "not_a_number",
                "-(100)": "not_a_number",
                "1.5万%": "not_a_number",
                "99999999999999999999999999999": "too_large",
            },
        ),
        ("integer", {"12.5": "not_a_whole_number", "5%": "not_a_whole_number"}),
        (
            "date",
            {
                "2026-13-01": "impossible_date",
                "30/02/2026": "impossible_date",
                "2026年7月": "whole_period",
                "2026-07": "whole_period",
                "2026Q3": "whole_period",
                "Q3 2026": "whole_period",
                "2026年第三季度": "whole_period",
                "26Q3": "whole_period",
                "2026年3月上旬": "whole_period",
                "3月第2周": "whole_period",
                "2026年第10周": "whole_period",
                "2026W10": "whole_period",
                "2026-01-04 下午3点半": "not_a_date",
                "2026-01-04 25时": "not_a_date",
                "二〇二六年二月三十日": "not_a_date",
                "2026-Feb-30": "not_a_date",
                "7月1日": "no_year",
                "0001-01-01": "year_out_of_range",
                "2206-09-25": "year_out_of_range",
            },
        ),
        (
            "timestamp",
            {
                "2026-07-01 25:00": "not_a_date",
                "2206-09-25 07:11:43": "year_out_of_range",
                "2206-09-25 25:11": "not_a_date",
            },
        ),
        ("boolean", {"maybe": "not_a_boolean"}),
    ],
)
def test_what_is_not_certain_is_refused_with_its_place(
    tmp_path: Path, type_: ColumnType, written: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, type_, list(written))

    findings = refused.value.findings
    wrong = [(row, cell, code) for row, (cell, code) in enumerate(written.items(), 2) if code]
    assert [(f.place.line, f.code) for f in findings] == [(row, code) for row, _, code in wrong]
    assert all(cell in f.message.en for (_, cell, _), f in zip(wrong, findings, strict=True))
    assert all(finding.remedy.zh and finding.place.path for finding in findings)


def test_decimals_beyond_the_scale_are_rounded_half_up(tmp_path: Path) -> None:
    assert read(tmp_path, "decimal", ["0.125", "-0.125"], scale=2) == [
        Decimal("0.13"),
        Decimal("-0.13"),
    ]


def test_binary_floats_of_parquet_are_read_to_the_digits_they_promise(tmp_path: Path) -> None:
    path = tmp_path / "floats.parquet"
    parquet.write_table(pa.table({"x": [0.1 + 0.2, 1052.75, None, float("nan")]}), path)
    table = Table("floats", Text.same("floats"), {"x": Column("x", "decimal")})

    with pytest.raises(Invalid) as refused:
        read_small(table, open_file(path))

    assert [finding.place.line for finding in refused.value.findings] == [5]
    parquet.write_table(pa.table({"x": [0.1 + 0.2, 1052.75]}), path)
    rows = read_small(table, open_file(path))
    assert [row["x"] for row in rows] == [Decimal("0.3"), Decimal("1052.75")]
