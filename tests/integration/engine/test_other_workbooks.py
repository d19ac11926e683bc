"""Workbooks of OpenDocument and binary ones: failed formulas by name, and what is hidden."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from integration.engine.conftest import Judge

HEAD = ("商机编号", "负责人", "关闭日期", "金额")
ROWS = tuple((str(row), "甲", f"2026-01-0{row}", str(10**row)) for row in range(1, 5))
#: The namespaces of an OpenDocument spreadsheet.
_SPACES = " ".join(
    f'xmlns:{name}="urn:{urn}"'
    for name, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text: str) -> str:
    shown = f"<text:p>{text}</text:p>"
    if text.isdecimal():
        return (
            f'<table:table-cell office:value-type="float" office:value="{text}">{shown}'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'


def write_ods(path: Path, failed: str = "", hidden_row: int = 0) -> Path:
    """The rows as an open workbook; `failed` is the amount of the first."""
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    columns += f'<table:table-column table:visibility="{"collapse" if hidden_row else "visible"}"/>'
    lines = []
    for number, row in enumerate((HEAD, *ROWS), start=1):
        cells = [cell(text) for text in row]
        if failed and number == 2:
            cells[3] = failed
        seen = ' table:visibility="filter"' if number == hidden_row else ""
        lines.append(f"<table:table-row{seen}>{''.join(cells)}</table:table-row>")
    content = (
        f"<office:document-content {_SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="明细">{columns}{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def failed_cell(shown: str, *, kind: str = ' calcext:value-type="error"', value: str = "") -> str:
    return (
        f'<table:table-cell table:formula="of:=1/0" {value or _AS_TEXT}{kind}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


_AS_TEXT = 'office:value-type="string" office:string-value=""'


@pytest.mark.parametrize(
    "failed",
    [
        failed_cell("#DIV/0!"),
        failed_cell("#REF!", kind="", value='office:value-type="float" office:value="0"'),
        failed_cell("Err:502"),
    ],
)
def test_failed_formulas_of_an_open_workbook_are_set_aside_by_name(
    tmp_path: Path, judge: Judge, failed: str
) -> None:
    told = judge(write_ods(tmp_path / "deals.ods", failed))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings == [("failed_formula", 1)]
    assert failed.split("<text:p>")[1].split("<")[0] in told.words


def test_formulas_of_an_open_workbook_that_were_never_computed_are_set_aside(
    tmp_path: Path, judge: Judge
) -> None:
    bare = '<table:table-cell table:formula="of:=5*2"/>'

    told = judge(write_ods(tmp_path / "deals.ods", bare))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings == [("uncomputed_formula", 1)]


def test_what_an_open_workbook_hides_counts_and_is_told(tmp_path: Path, judge: Judge) -> None:
    told = judge(write_ods(tmp_path / "deals.ods", hidden_row=3))

    assert told.values == {"revenue": "11110.00", "deals": "4"}
    assert told.findings == [("hidden_rows", 1), ("hidden_columns", 1)]


def record(kind: int, data: bytes = b"") -> bytes:
    name = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    return name + (
        bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
    ) + data  # fmt: skip


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path, errors: Mapping[int, tuple[int, int]], hidden_row: int = 0) -> Path:
    """The rows as a binary workbook; `errors`: by row of data the kind of its record and code."""
    sheet = [record(129), record(148, struct.pack("<4I", 0, 4, 0, 3))]
    if hidden_row:
        sheet += [record(390), record(60, struct.pack("<4IH", 2, 2, 0, 0, 1)), record(391)]
    sheet.append(record(145))
    for row, texts in enumerate((HEAD, *ROWS)):
        flag = 0x10 if row + 1 == hidden_row else 0
        sheet.append(record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, flag, 0, 0)))
        for place, text in enumerate(texts):
            head = struct.pack("<II", place, 0)
            kind, code = errors.get(row, (0, 0)) if place == 3 else (0, 0)
            if kind:
                formula = struct.pack("<HII", 0, 0, 0) if kind == 11 else b""
                sheet.append(record(kind, head + bytes([code]) + formula))
            elif text.isdecimal():
                sheet.append(record(5, head + struct.pack("<d", float(text))))
            else:
                sheet.append(record(6, head + wide(text)))
    sheet += [record(146), record(130)]
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("明细")
    book = [record(131), record(143), record(156, bundle), record(144), record(132)]
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"".join(book))
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
    return path


@pytest.mark.parametrize("kind", [3, 11])
def test_failed_formulas_of_a_binary_workbook_are_set_aside_by_name(
    tmp_path: Path, judge: Judge, kind: int
) -> None:
    told = judge(write_xlsb(tmp_path / "deals.xlsb", {1: (kind, 0x17)}))

    assert told.values == {"revenue": "11100.00", "deals": "3"}
    assert told.findings == [("failed_formula", 1)]
    assert "#REF!" in told.words


def test_what_a_binary_workbook_hides_counts_and_is_told(tmp_path: Path, judge: Judge) -> None:
    told = judge(write_xlsb(tmp_path / "deals.xlsb", {}, hidden_row=3))

    assert told.values == {"revenue": "11110.00", "deals": "4"}
    assert told.findings == [("hidden_rows", 1), ("hidden_columns", 1)]


def test_a_binary_workbook_whose_sheet_is_cut_ends_with_a_sentence(
    tmp_path: Path, judge: Judge
) -> None:
    whole = zipfile.ZipFile(write_xlsb(tmp_path / "whole.xlsb", {1: (3, 0x17)}))
    with zipfile.ZipFile(tmp_path / "deals.xlsb", "w") as cut:
        for name in whole.namelist():
            data = whole.read(name)
            cut.writestr(name, data[:-40] if "sheet1.bin" in name else data)

    assert "damaged" in judge(tmp_path / "deals.xlsb", "--lang", "en").words
