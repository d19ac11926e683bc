"""What an opened file is: its column names, its rows in pieces, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: The column of a batch that holds the row number in the file; the header stands in row 1.
ROW = "_row"
#: The header is looked for in so many rows.
HEAD = 20


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A line that does not fit the header: too many or too few cells, or a quote never closed.

    `values` are its cells as far as they can be told apart; `reason` is `misshapen` or
    `unbalanced_quote`.
    """

    row: int
    cells: int
    expected: int
    text: str
    values: tuple[str, ...] = ()
    reason: str = "misshapen"


def _nothing_else(row: int) -> Reading:
    raise AssertionError(f"no header can stand in row {row}")


def _no_other() -> Iterator[Reading]:
    return iter(())


@dataclass(slots=True)
class Reading:
    r"""A file opened for loading.

    `columns` are the headers as written. `batches()` yields Arrow batches whose columns are named
    `0`, `1`, … by position (headers may repeat) and `_row`; a boolean column `_deleted` marks rows
    that only say that their key is gone. `misshapen` fills up while they are read. `digest` is the
    SHA-256 of the content; `spreadsheet` says that a bare number in a date column is a
    spreadsheet's day count, `since_1904` that it counts from 1904 on. `header` is the row in which
    the columns stand, `joined` that the row above it is part of the names, `head` the first rows
    with their numbers; `under(row)` is the same file with its header in another of them. `sheet`
    names the sheet, `unread` those of the workbook that were left alone, `alike` the ones of these
    that hold the same columns, `others()` opens them. `asks` says that
    people wrote the cells: what can be read in two ways is asked, not set aside. `pointed` are the
    headers of columns in which a point is certainly the decimal mark, `rounded` those with numbers
    of more digits than a spreadsheet keeps. `called` says what people
    call a column whose header was replaced. `broken` says that `\ufffd`
    stands for bytes that are no characters. `told` is what a person
    should know of the file itself.
    """

    file: str
    digest: str
    columns: tuple[str, ...]
    batches: Callable[[], Iterator[pa.RecordBatch]]
    spreadsheet: bool = False
    since_1904: bool = False
    misshapen: list[Misshapen] = field(default_factory=list)
    header: int = 1
    joined: bool = False
    head: tuple[tuple[int, tuple[str, ...]], ...] = ()
    under: Callable[[int], Reading] = field(default=_nothing_else)
    sheet: str = ""
    unread: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    others: Callable[[], Iterator[Reading]] = field(default=_no_other)
    asks: bool = False
    called: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False
    pointed: frozenset[str] = frozenset()
    rounded: frozenset[str] = frozenset()
    told: tuple[Finding, ...] = ()


def refused(path: Path, message: Text, remedy: Text | None = None) -> Invalid:
    """The failure that says why a file cannot be read."""
    whole = Text(f"{path.name}：{message.zh}", f"{path.name}: {message.en}")
    remedy = remedy or Text(
        "检查路径，或重新导出这个文件", "check the path, or export the file again"
    )
    finding = Finding("file", "error", message, remedy, Place(path.name))
    return Invalid(whole, code="file", findings=(finding,))


def told(path: Path, code: str, message: Text, count: int | None = None) -> Finding:
    """Something to know of a file that stops nobody."""
    return Finding(code, "info", message, Text("", ""), Place(path.name), count=count)
