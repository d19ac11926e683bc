"""CSV and TSV as people have them: any separator and encoding, stray quotes, ragged lines."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv

from mingji.connectors.quotes import Quotes
from mingji.connectors.reading import HEAD, ROW, Misshapen, Reading, refused, told
from mingji.connectors.survey import Survey, survey
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_BLOCK = 16 * 2**20
_START = 2**20
_PIECE = 2**20
_MARKS = ",;\t|"
#: No text holds it: with it as the separator a line is one cell.
_NEVER = "\x1f"
#: Cells of any length: the module's own limit would end the load with an error of its own.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the first rows: its number, its cells, the lines up to its end."""

    row: int
    cells: tuple[str, ...]
    ends: int
    last: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    path: Path
    known: Survey
    delimiter: str
    head: tuple[_Line, ...]
    told: tuple[Finding, ...]
    stray: bool
    wraps: bool


def open_text(path: Path, delimiter: str = "") -> Reading:
    """Opens a text file with separators; the separator is found where none is given.

    Raises:
        Invalid: If the file is empty or its encoding is not known.
    """
    known = survey(path)
    delimiter = delimiter or _delimiter(path, known)
    wraps = known.quotes > 0 and _has_odd_lines(path, known)
    head = _head(path, known, delimiter)
    if not head:
        raise refused(
            path,
            Text("文件是空的，没有列名", "the file is empty, there are no column names"),
            Text("重新导出，第一行写列名", "export it again with the column names in row 1"),
        )
    stray = wraps and _has_stray_quotes(path, known, delimiter, _usual(head))
    layout = _Layout(
        path, known, delimiter, tuple(head), tuple(_told(path, known)), stray, wraps and not stray
    )
    return _under(layout, head[0])


def _told(path: Path, known: Survey) -> Iterator[Finding]:
    if known.nuls and not known.encoding.startswith("utf-16"):
        message = Text(
            f"文件里有 {known.nuls:,} 个空字节（NUL），读时去掉了",
            f"{known.nuls:,} NUL bytes stand in the file and were left out",
        )
        yield told(path, "nul_bytes", message, known.nuls)
    if known.encoding == "cp1252":
        message = Text(
            "编码不是 UTF-8 或 GB18030，按西欧编码（Windows-1252）读",
            "the text is neither UTF-8 nor GB18030 and was read as Windows-1252",
        )
        yield told(path, "western_encoding", message)


def _under(layout: _Layout, header: _Line) -> Reading:
    path, misshapen = layout.path, list[Misshapen]()
    columns = _widened(layout, header)

    def batches() -> Iterator[pa.RecordBatch]:
        misshapen.clear()
        if header.last:
            return
        try:
            yield from _ahead(_batches(layout, header, len(columns), misshapen))
        except pa.ArrowInvalid as error:
            raise refused(
                path,
                Text(f"读到中途出错：{error}", f"it cannot be read to the end: {error}"),
                Text("检查引号是否成对", "check that quotes come in pairs"),
            ) from error

    return Reading(
        path.name,
        layout.known.digest,
        columns,
        batches,
        misshapen=misshapen,
        header=header.row,
        head=tuple((line.row, line.cells) for line in layout.head),
        under=lambda row: _under(layout, next(at for at in layout.head if at.row == row)),
        asks=True,
        told=layout.told,
        broken=layout.known.broken,
    )


def _widened(layout: _Layout, header: _Line) -> tuple[str, ...]:
    """The names, with a blank one for each cell that rows have beyond them and leave empty.

    Names missing at the end of the header, or cells missing below blank names, are no fault of
    the rows: separators at the end of lines come and go.
    """
    below = [line.cells for line in layout.head if line.row > header.row]
    if not below:
        return header.cells
    named = header.cells
    usual = Counter(len(cells) for cells in below).most_common(1)[0][0]
    beyond = [cells[len(named) :] for cells in below]
    if usual > len(named) and not any(any(cells) for cells in beyond):
        return (*named, *[""] * (usual - len(named)))
    return named[:usual] if usual < len(named) and not any(named[usual:]) else named


def _usual(head: list[_Line]) -> int:
    return Counter(len(line.cells) for line in head).most_common(1)[0][0]


def _text(path: Path, known: Survey) -> IO[str]:
    encoding = "utf-8-sig" if known.encoding == "utf-8" else known.encoding
    return path.open(encoding=encoding, newline="", errors="replace")


def _delimiter(path: Path, known: Survey) -> str:
    """The separator by which the first lines fall most evenly into cells."""
    with _text(path, known) as stream:
        start = stream.read(_START).replace("\0", "")
    lines = [line for line in start.splitlines() if line.strip()][:HEAD]

    def evenness(mark: str) -> tuple[int, int, bool]:
        # Counted in lines, not in rows: text of several lines in one cell is no row of its own.
        widths, rows, seen = Counter[int](), csv.reader(lines, delimiter=mark), 0
        for row in rows:
            widths[len(row)] += rows.line_num - seen if len(row) > 1 else 0
            seen = rows.line_num
        width, often = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return often, width, mark == ","

    return max(_MARKS, key=evenness)


def _head(path: Path, known: Survey, delimiter: str) -> list[_Line]:
    """The first rows that hold anything."""
    with _text(path, known) as stream:
        start = stream.read(_START).replace("\0", "")
    lines = io.StringIO(start, newline="")
    reader = csv.reader(
        Quotes(delimiter, 0).mended(lines) if known.quotes else lines, delimiter=delimiter
    )
    head: list[_Line] = []
    for row, cells in enumerate(reader, start=1):
        if head:
            head[-1] = replace(head[-1], last=False)
        if row > HEAD:
            break
        if any(cell.strip() for cell in cells):
            named = tuple(cell.strip() for cell in cells)
            head.append(_Line(row, named, reader.line_num, last=True))
    return head


class _Pieces(io.RawIOBase):
    """Pieces of text as a stream of UTF-8 bytes."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece.encode()
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _clean(path: Path, known: Survey) -> Iterator[str]:
    """The text in pieces, without NUL bytes and the mark at its beginning."""
    with _text(path, known) as stream:
        while piece := stream.read(_PIECE):
            yield piece.replace("\0", "") if known.nuls else piece


def _plain(known: Survey) -> bool:
    return known.encoding == "utf-8" and not known.nuls and not known.broken


def _source(path: Path, known: Survey) -> Path | io.BufferedReader:
    """What Arrow reads: the file itself where it is plain UTF-8."""
    return path if _plain(known) else io.BufferedReader(_Pieces(_clean(path, known)), _PIECE)


def _lines(path: Path, known: Survey) -> Iterator[str]:
    source = io.BufferedReader(_Pieces(_clean(path, known)), _PIECE)
    yield from io.TextIOWrapper(source, "utf-8", newline="")


def _has_odd_lines(path: Path, known: Survey) -> bool:
    """Whether a quote is left open at the end of any line."""
    options = (
        arrow_csv.ReadOptions(block_size=_BLOCK, column_names=["line"], use_threads=False),
        arrow_csv.ParseOptions(
            delimiter=_NEVER,
            quote_char=False,
            ignore_empty_lines=False,
            invalid_row_handler=lambda _: "skip",
        ),
        arrow_csv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False),
    )
    try:
        for batch in arrow_csv.open_csv(_source(path, known), *options):
            quotes = compute.count_substring(batch.column(0), '"')
            if compute.any(compute.equal(compute.bit_wise_and(quotes, 1), 1)).as_py():
                return True
    except pa.ArrowInvalid:
        return True
    return False


def _has_stray_quotes(path: Path, known: Survey, delimiter: str, width: int) -> bool:
    quotes = Quotes(delimiter, width)
    return any(quotes.broken for _ in quotes.mended(_lines(path, known)))


def _batches(
    layout: _Layout, header: _Line, width: int, misshapen: list[Misshapen]
) -> Iterator[pa.RecordBatch]:
    names = [str(place) for place in range(width)]
    dropped: deque[int] = deque()

    def keep_aside(row: arrow_csv.InvalidRow) -> str:
        # Arrow counts records from the line after the header, people from the row after it.
        number = row.number - header.ends + header.row
        dropped.append(number)
        if row.text.strip():
            text = io.StringIO(row.text, newline="")
            values = tuple(next(csv.reader(text, delimiter=layout.delimiter), ()))
            misshapen.append(
                Misshapen(number, row.actual_columns, row.expected_columns, row.text, values)
            )
        return "skip"

    quotes = Quotes(layout.delimiter, width)
    source: object = _source(layout.path, layout.known)
    if layout.stray:
        mended = quotes.mended(_lines(layout.path, layout.known))
        source = io.BufferedReader(_Pieces(_joined(mended)), _PIECE)
    options = _options(layout, header, names)
    options[1].invalid_row_handler = keep_aside
    number = header.row + 1
    for batch in arrow_csv.open_csv(source, *options):
        rows, number = _numbers(batch.num_rows, number, dropped)
        yield batch.append_column(ROW, rows)
    misshapen += [
        Misshapen(row, 0, width, text, (), "unbalanced_quote")
        for row, text in quotes.broken
        if row > header.row
    ]
    yield from _ragged(misshapen, names)


def _options(layout: _Layout, header: _Line, names: list[str]) -> tuple[Any, Any, Any]:
    """How Arrow is to read, to part and to type: every cell as text."""
    return (
        arrow_csv.ReadOptions(
            use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=header.ends
        ),
        arrow_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if layout.known.quotes else False,
            newlines_in_values=layout.wraps or layout.stray,
            ignore_empty_lines=False,
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Lines in pieces of some size."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _numbers(count: int, number: int, dropped: deque[int]) -> tuple[pa.Array, int]:
    """The row numbers of a batch and the next one; numbers that were dropped are passed over."""
    if not dropped or dropped[0] >= number + count:
        rows = pa.arange(number, number + count)
        return rows, number + count
    listed: list[int] = []
    while len(listed) < count:
        if dropped and dropped[0] == number:
            dropped.popleft()
        else:
            listed.append(number)
        number += 1
    return pa.array(listed, pa.int64()), number


def _ragged(misshapen: list[Misshapen], names: list[str]) -> Iterator[pa.RecordBatch]:
    """Rows that only have more separators at their end than the header."""
    width = len(names)
    longer = [
        line
        for line in misshapen
        if len(line.values) > width and not any(cell.strip() for cell in line.values[width:])
    ]
    if longer:
        kept = {line.row for line in longer}
        misshapen[:] = [line for line in misshapen if line.row not in kept]
        yield _as_batch(longer, names)


def _as_batch(lines: Iterable[Misshapen], names: list[str]) -> pa.RecordBatch:
    rows = list(lines)
    columns = [
        pa.array([line.values[place] or None for line in rows], pa.string())
        for place in range(len(names))
    ]
    numbers = pa.array([line.row for line in rows], pa.int64())
    return pa.RecordBatch.from_arrays([*columns, numbers], [*names, ROW])


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches, the next one read while the one before is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch
