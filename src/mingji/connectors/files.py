"""Files as people have them: CSV, TSV, Excel and Parquet, read in pieces, each row with its number.

A file is read as what it says: cells of text files stay text, so that the warehouse types them
against the definitions and can name the cell that does not fit.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from mingji.connectors.workbooks import sheet_rows
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: The column of a batch that holds the row number in the file; the header stands in row 1.
ROW = "_row"
_TEXT = {".csv": "", ".txt": "", ".tsv": "\t"}
_SHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_BLOCK = 16 * 2**20
_BATCH = 65_536
#: The header is looked for in so many rows.
_HEAD = 20
_MARKS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A line whose number of cells is not that of the header."""

    row: int
    cells: int
    expected: int
    text: str


def _nothing_else(row: int) -> Reading:
    raise AssertionError(f"no header can stand in row {row}")


@dataclass(slots=True)
class Reading:
    """A file opened for loading.

    `columns` are the headers as written. `batches()` yields Arrow batches whose columns are named
    `0`, `1`, … by position (headers may repeat) and `_row`. `misshapen` fills up while they are
    read. `digest` is the SHA-256 of the content; `spreadsheet` says that a bare number in a date
    column is a spreadsheet's day count. `header` is the row in which the columns stand, `head` the
    first rows with their numbers; `under(row)` is the same file with its header in another of them.
    `unread` names the sheets of a workbook that were left alone.
    """

    file: str
    digest: str
    columns: tuple[str, ...]
    batches: Callable[[], Iterator[pa.RecordBatch]]
    spreadsheet: bool = False
    misshapen: list[Misshapen] = field(default_factory=list)
    header: int = 1
    head: tuple[tuple[int, tuple[str, ...]], ...] = ()
    under: Callable[[int], Reading] = field(default=_nothing_else)
    unread: tuple[str, ...] = ()


def open_file(path: Path, *, sheet: str = "") -> Reading:
    """Opens a CSV, TSV, Excel or Parquet file and reads its header.

    Text is UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030. The separator of a CSV
    is found in its header line.

    Args:
        path: The file; its suffix says what it is.
        sheet: The sheet of a workbook; the first one that is not empty if left out.

    Raises:
        Invalid: If the file cannot be read, is empty, or is of another kind.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in _TEXT:
            return _open_text(path, _TEXT[suffix])
        if suffix in _SHEETS:
            return _open_sheet(path, sheet)
        if suffix in (".parquet", ".pq"):
            return _open_parquet(path)
    except OSError as error:
        raise _refused(
            path, Text("打不开文件", f"cannot open the file ({error.strerror or error})")
        ) from error
    except pa.ArrowInvalid as error:
        raise _refused(
            path, Text(f"文件内容读不懂：{error}", f"cannot read it: {error}")
        ) from error
    raise _refused(
        path,
        Text(f"不支持 {suffix or '没有后缀'} 的文件", f"files with suffix “{suffix}” are not read"),
        Text(
            "给出 .csv、.tsv、.xlsx、.xls 或 .parquet", "give a .csv, .tsv, .xlsx, .xls or .parquet"
        ),
    )


def _refused(path: Path, message: Text, remedy: Text | None = None) -> Invalid:
    whole = Text(f"{path.name}：{message.zh}", f"{path.name}: {message.en}")
    remedy = remedy or Text(
        "检查路径，或重新导出这个文件", "check the path, or export the file again"
    )
    finding = Finding("file", "error", message, remedy, Place(path.name))
    return Invalid(whole, code="file", findings=(finding,))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _open_text(path: Path, delimiter: str) -> Reading:
    encoding = _encoding(path)
    head, delimiter = _head(path, encoding, delimiter)
    if not head:
        raise _refused(
            path,
            Text("文件是空的，没有列名", "the file is empty, there are no column names"),
            Text("重新导出，第一行写列名", "export it again with the column names in row 1"),
        )
    layout = _Layout(path, encoding, delimiter, _digest(path), tuple(head))
    return _text_under(layout, head[0])


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the first rows of a text file: its number, its cells, the lines up to its end."""

    row: int
    cells: tuple[str, ...]
    ends: int
    last: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    path: Path
    encoding: str
    delimiter: str
    digest: str
    head: tuple[_Line, ...]


def _text_under(layout: _Layout, header: _Line) -> Reading:
    path, misshapen = layout.path, list[Misshapen]()

    def batches() -> Iterator[pa.RecordBatch]:
        if header.last:
            return
        try:
            yield from _text_batches(layout, header, misshapen)
        except pa.ArrowInvalid as error:
            raise _refused(
                path,
                Text(f"读到中途出错：{error}", f"it cannot be read to the end: {error}"),
                Text("检查引号是否成对", "check that quotes come in pairs"),
            ) from error

    return Reading(
        path.name,
        layout.digest,
        header.cells,
        batches,
        misshapen=misshapen,
        header=header.row,
        head=tuple((line.row, line.cells) for line in layout.head),
        under=lambda row: _text_under(layout, next(at for at in layout.head if at.row == row)),
    )


def _encoding(path: Path) -> str:
    """The encoding that the whole file is valid in; GB18030 is tried when UTF-8 is not."""
    with path.open("rb") as stream:
        mark = stream.read(4)
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as text:
                while text.read(_BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise _refused(
        path,
        Text("编码既不是 UTF-8 也不是 GB18030", "the text is neither UTF-8 nor GB18030"),
        Text("另存为 UTF-8 编码的 CSV", "save it again as CSV in UTF-8"),
    )


def _head(path: Path, encoding: str, delimiter: str) -> tuple[list[_Line], str]:
    """The first rows that hold anything, and the separator."""
    with path.open(encoding=encoding, newline="") as stream:
        start = stream.read(_BLOCK)
    if not delimiter:
        # A title above the header has no separators of its own.
        lines = (line for line in start.splitlines()[:_HEAD] if any(m in line for m in _MARKS))
        line = next(lines, "")
        delimiter = max(_MARKS, key=lambda mark: (line.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(start), delimiter=delimiter)
    head: list[_Line] = []
    for row, cells in enumerate(reader, start=1):
        if head:
            head[-1] = replace(head[-1], last=False)
        if row > _HEAD:
            break
        if any(cell.strip() for cell in cells):
            named = tuple(cell.strip() for cell in cells)
            head.append(_Line(row, named, reader.line_num, last=True))
    return head, delimiter


def _text_batches(
    layout: _Layout, header: _Line, misshapen: list[Misshapen]
) -> Iterator[pa.RecordBatch]:
    names = [str(place) for place in range(len(header.cells))]
    misshapen.clear()
    dropped: set[int] = set()

    def keep_aside(row: arrow_csv.InvalidRow) -> str:
        # Arrow counts records from the line after the header, people from the row after it.
        number = row.number - header.ends + header.row
        dropped.add(number)
        if row.text.strip():
            cells = Misshapen(number, row.actual_columns, row.expected_columns, row.text[:200])
            misshapen.append(cells)
        return "skip"

    reading = arrow_csv.ReadOptions(
        use_threads=False,
        block_size=_BLOCK,
        column_names=names,
        skip_rows=header.ends,
        encoding="utf-8" if layout.encoding == "utf-8-sig" else layout.encoding,
    )
    parsing = arrow_csv.ParseOptions(
        delimiter=layout.delimiter,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=keep_aside,
    )
    text = dict.fromkeys(names, pa.string())
    converting = arrow_csv.ConvertOptions(
        column_types=text, strings_can_be_null=True, null_values=[""]
    )
    number = header.row + 1
    for batch in arrow_csv.open_csv(layout.path, reading, parsing, converting):
        rows: list[int] = []
        while len(rows) < batch.num_rows:
            if number not in dropped:
                rows.append(number)
            number += 1
        yield batch.append_column(ROW, pa.array(rows, pa.int64()))


def _open_sheet(path: Path, sheet: str) -> Reading:
    try:
        rows, unread = sheet_rows(path, sheet)
    except ValueError as error:
        raise _refused(
            path,
            Text(f"工作簿读不出来：{error}", f"the workbook cannot be read: {error}"),
            Text(
                "检查工作表名称，第一行要是列名",
                "check the sheet name; the first row holds the names",
            ),
        ) from error
    return _sheet_under(path, _digest(path), rows, 0, tuple(unread))


def _sheet_under(
    path: Path, digest: str, rows: list[tuple[str | None, ...]], at: int, unread: tuple[str, ...]
) -> Reading:
    head = tuple(
        (int(row[-1] or 0), tuple((cell or "").strip() for cell in row[:-1]))
        for row in rows[:_HEAD]
    )
    header = head[at][1]
    names = [*map(str, range(len(header))), ROW]

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(at + 1, len(rows), _BATCH):
            piece = rows[start : start + _BATCH]
            columns = [pa.array(column, pa.string()) for column in zip(*piece, strict=True)]
            columns[-1] = columns[-1].cast(pa.int64())
            yield pa.RecordBatch.from_arrays(columns, names)

    def under(row: int) -> Reading:
        place = next(place for place, (number, _) in enumerate(head) if number == row)
        return _sheet_under(path, digest, rows, place, unread)

    return Reading(
        path.name,
        digest,
        header,
        batches,
        spreadsheet=True,
        header=head[at][0],
        head=head,
        under=under,
        unread=unread,
    )


def _open_parquet(path: Path) -> Reading:
    header = tuple(parquet.read_schema(path).names)
    names = list(map(str, range(len(header))))

    def batches() -> Iterator[pa.RecordBatch]:
        number = 2
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                rows = pa.array(range(number, number + batch.num_rows), pa.int64())
                columns = [_on_the_wall(column) for column in batch.columns]
                yield pa.RecordBatch.from_arrays([*columns, rows], [*names, ROW])
                number += batch.num_rows

    return Reading(path.name, _digest(path), header, batches)


def _on_the_wall(column: pa.Array) -> pa.Array:
    """An instant with a zone as the clock there showed it, whatever the zone of this machine."""
    zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
    return compute.local_timestamp(column) if zoned else column
