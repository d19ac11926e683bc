"""Which sheets of a workbook are loaded: one, another by name, or all that hold the same columns.

Each sheet is a batch of its own. So its totals are held against its own rows, and each row says
from which sheet it comes and which row of it it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from mingji.engine.headers import Reading, headed
from mingji.engine.model import Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: Instead of the name of a sheet: all that hold the same columns.
ALL = "all"


def sheets_of(table: Table, reading: Reading, wanted: str) -> list[Reading]:
    """The sheets to be loaded into a table, each as a file of its own.

    The sheet that is read where nothing was said keeps the digest of the file, so that what was
    loaded from it before is known again or gives way.

    Args:
        table: The table's definition; the sheet that holds most of its columns is the first.
        reading: The opened workbook, or any other file.
        wanted: The name of a sheet, `all` for every one that holds the same columns, or nothing.

    Raises:
        Invalid: If there is no sheet of that name.
    """
    if not wanted or not reading.sheet:
        return [reading]
    first = headed(table, reading)
    every = [reading, *reading.others()]
    names = [each.sheet for each in every]
    if wanted != ALL and wanted not in names:
        raise _no_sheet(reading, wanted, names)
    read = (first.sheet, *first.alike) if wanted == ALL else (wanted,)
    rest = tuple(name for name in names if name not in read)
    chosen = [each for each in every if each.sheet in read]
    return [
        _alone(each, () if at else rest, own_digest=each.sheet != first.sheet)
        for at, each in enumerate(chosen)
    ]


def _alone(reading: Reading, unread: tuple[str, ...], *, own_digest: bool) -> Reading:
    """A sheet as a file without any other sheets."""
    digest = reading.digest
    if own_digest:
        digest = hashlib.sha256(f"{digest} {reading.sheet}".encode()).hexdigest()

    def alone(under: Reading) -> Reading:
        moved: Reading = replace(  # type: ignore[type-var]
            under,
            file=f"{reading.file} › {reading.sheet}",
            digest=digest,
            unread=unread,
            others=_nothing,
            under=lambda row: alone(under.under(row)),
        )
        return moved

    return alone(reading)


def _nothing() -> Iterator[Reading]:
    return iter(())


def _no_sheet(reading: Reading, wanted: str, names: list[str]) -> Invalid:
    message = Text(
        f"{reading.file} 里没有工作表“{wanted}”", f"{reading.file} has no sheet “{wanted}”"
    )
    remedy = Text(
        f"可用的有：{'、'.join(names)}；列名相同的一起读写 {ALL}",
        f"choose from: {', '.join(names)}; or {ALL}, for those with the same columns",
    )
    finding = Finding("no_sheet", "error", message, remedy, Place(reading.file))
    return Invalid(message, code="no_sheet", findings=(finding,))
