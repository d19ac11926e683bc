"""Files as people have them: CSV, TSV, Excel and Parquet, read in pieces, each row with its number.

What a file is stands in its first bytes, not in its name: a CSV named `.xls` is a CSV. Cells of
text files stay text, so that the warehouse types them against the definitions and can name the
cell that does not fit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from mingji.connectors.delimited import open_text
from mingji.connectors.markup import tables
from mingji.connectors.reading import ROW, Misshapen, Reading, refused, told
from mingji.connectors.unpacking import letters
from mingji.connectors.workbooks import COMPOUND, ZIPPED, Sheet, sheets
from mingji.rules.findings import Finding
from mingji.rules.text import Text

__all__ = ["ROW", "Misshapen", "Reading", "open_file"]
_TEXT = {".csv": "", ".txt": "", ".tsv": "\t", ".tab": "\t"}
_SHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".htm", ".html")
_PARQUET = (".parquet", ".pq")
_BATCH = 65_536
_SHOWN = 10
_START = 4096
_MARKUP = (b"<table", b"<html", b"<workbook", b"<ss:workbook")


def open_file(path: Path, *, sheet: str = "") -> Reading:
    """Opens a CSV, TSV, Excel or Parquet file, or a web page named as one, and reads its header.

    Text is UTF-8 (with or without a mark), UTF-16, GB18030 or Windows-1252. The separator of a CSV
    is the one by which its first lines fall most evenly into cells.

    Args:
        path: The file; its content says what it is.
        sheet: The sheet of a workbook; the first one that is not empty if left out.

    Raises:
        Invalid: If the file cannot be read, is empty, or is of another kind.
    """
    suffix = path.suffix.lower()
    if suffix not in (*_TEXT, *_SHEETS, *_PARQUET):
        raise _unknown(path, suffix)
    try:
        kind = _kind(path, suffix)
        if kind == "text":
            reading = open_text(path, _TEXT.get(suffix, ""))
        elif kind == "parquet":
            reading = _open_parquet(path)
        else:
            reading = _open_sheets(path, sheet, kind)
    except OSError as error:
        raise refused(
            path, Text("打不开文件", f"cannot open the file ({error.strerror or error})")
        ) from error
    except pa.ArrowInvalid as error:
        raise refused(path, Text(f"文件内容读不懂：{error}", f"cannot read it: {error}")) from error
    reading.told = (*_otherwise(path, suffix, kind), *reading.told)
    return reading


def _unknown(path: Path, suffix: str) -> Exception:
    return refused(
        path,
        Text(f"不支持 {suffix or '没有后缀'} 的文件", f"files with suffix “{suffix}” are not read"),
        Text(
            "给出 .csv、.tsv、.xlsx、.xls 或 .parquet", "give a .csv, .tsv, .xlsx, .xls or .parquet"
        ),
    )


def _kind(path: Path, suffix: str) -> str:
    """`text`, `workbook`, `markup` or `parquet`, from the first bytes; the name breaks the tie."""
    with path.open("rb") as stream:
        start = stream.read(_START)
    if start.startswith((ZIPPED, COMPOUND)):
        return "workbook"
    if start.startswith(b"PAR1") or suffix in _PARQUET:
        return "parquet"
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith(b"<") and any(mark in plain for mark in _MARKUP):
        return "markup"
    if suffix in _TEXT or (plain and any(mark in plain for mark in (b",", b"\t", b";"))):
        return "text"
    return "workbook"


def _otherwise(path: Path, suffix: str, kind: str) -> Iterator[Finding]:
    """Tells that a file is of another kind than its name says."""
    named = "text" if suffix in _TEXT else "parquet" if suffix in _PARQUET else "workbook"
    if kind == named or suffix in (".htm", ".html"):
        return
    words = {
        "text": Text("带分隔符的文本", "text with separators"),
        "workbook": Text("Excel 工作簿", "an Excel workbook"),
        "markup": Text("网页表格", "a table of a web page"),
        "parquet": Text("Parquet 文件", "a Parquet file"),
    }[kind]
    yield told(
        path,
        "other_kind",
        Text(
            f"文件名以 {suffix} 结尾，内容其实是{words.zh}，按内容读",
            f"the name ends in {suffix}, but it is {words.en} and was read as such",
        ),
    )


def _open_sheets(path: Path, name: str, kind: str) -> Reading:
    found = tables(path) if kind == "markup" else sheets(path, name)
    readings = _readings(path, found)
    reading = next(readings, None)
    if reading is None:
        raise refused(
            path,
            Text("文件里没有一行数据", "there is not one row in it"),
            Text("检查导出的条件", "check what was exported"),
        )
    every = [reading, *readings]
    names = [each.sheet for each in every]
    for each in every:
        each.unread = tuple(other for other in names if other != each.sheet)
        each.others = partial(_others, every, each.sheet)
    return reading


def _others(every: list[Reading], name: str) -> Iterator[Reading]:
    """The sheets of a workbook but one."""
    return (each for each in every if each.sheet != name)


def _readings(path: Path, found: Iterator[Sheet]) -> Iterator[Reading]:
    """A reading of each sheet."""
    digest = ""
    for sheet in found:
        digest = digest or _digest(path)
        reading = _sheet_under(path, digest, sheet, 0)
        reading.told = tuple(_told(path, sheet))
        yield reading


def _told(path: Path, sheet: Sheet) -> Iterator[Finding]:
    if sheet.filled:
        message = Text(
            f"合并单元格里的文字和日期补进了 {sheet.filled} 格，数字没有补",
            f"{sheet.filled} cells of merged ones were filled with their words and days, "
            "none with numbers",
        )
        yield told(path, "merged_cells", message, sheet.filled)
    if sheet.hidden:
        rows, more = ", ".join(map(str, sheet.hidden[:_SHOWN])), len(sheet.hidden) > _SHOWN
        message = Text(
            f"第 {rows.replace(', ', '、')}{' 等' if more else ''} 行在表里是隐藏的，照样读",
            f"rows that are hidden in the sheet were read as well: {rows}{', …' if more else ''}",
        )
        yield told(path, "hidden_rows", message, len(sheet.hidden))
    if sheet.hidden_columns:
        names = [letters(place) for place in sheet.hidden_columns]
        columns, more = ", ".join(names[:_SHOWN]), len(names) > _SHOWN
        message = Text(
            f"{columns}{' 等' if more else ''} 列在表里是隐藏的，照样读",
            "columns that are hidden in the sheet were read as well: "
            f"{columns}{', …' if more else ''}",
        )
        yield told(path, "hidden_columns", message, len(names))


def _sheet_under(path: Path, digest: str, sheet: Sheet, at: int) -> Reading:
    head = tuple(
        (int(row[-1] or 0), tuple((cell or "").strip() for cell in row[:-1])) for row in sheet.head
    )
    header = head[at][1]

    def batches() -> Iterator[pa.RecordBatch]:
        first, *rest = sheet.batches
        yield from (each for each in (first.slice(at + 1), *rest) if each.num_rows)

    reading = Reading(
        path.name,
        digest,
        header,
        batches,
        spreadsheet=True,
        since_1904=sheet.since_1904,
        sheet=sheet.name,
        header=head[at][0],
        head=head,
        asks=True,
        pointed=frozenset(header[place] for place in sheet.pointed),
        rounded=frozenset(header[place] for place in sheet.rounded),
    )

    def under(row: int) -> Reading:
        place = next(place for place, (number, _) in enumerate(head) if number == row)
        moved = _sheet_under(path, digest, sheet, place)
        moved.unread, moved.told, moved.others = reading.unread, reading.told, reading.others
        return moved

    reading.under = under
    return reading


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _open_parquet(path: Path) -> Reading:
    header = tuple(parquet.read_schema(path).names)
    names = list(map(str, range(len(header))))

    def batches() -> Iterator[pa.RecordBatch]:
        number = 2
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                rows = pa.arange(number, number + batch.num_rows)
                columns = [_on_the_wall(column) for column in batch.columns]
                yield pa.RecordBatch.from_arrays([*columns, rows], [*names, ROW])
                number += batch.num_rows

    return Reading(path.name, _digest(path), header, batches)


def _on_the_wall(column: pa.Array) -> pa.Array:
    """An instant with a zone as the clock there showed it, whatever the zone of this machine."""
    zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
    return compute.local_timestamp(column) if zoned else column
