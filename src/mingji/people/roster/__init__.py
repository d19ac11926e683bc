"""A roster: the table in which HR lists who works where. Read whole, or refused with every place.

What the columns mean stands in `docs/how-to/load-members.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mingji.connectors.files import ROW, open_file
from mingji.engine.headers import Reading, headed, places
from mingji.engine.model import Column, Table
from mingji.engine.small import read_small
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.roster.cells import day_of, duties_in, meant
from mingji.people.roster.checks import faults_of, units_in
from mingji.people.roster.columns import HEADERS, REQUIRED, Roster, Row, Unit, refused
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

__all__ = ["Roster", "Row", "Unit", "read_roster", "refused"]
_TABLE = Table(
    "members",
    Text(zh="成员名册", en="roster"),
    {
        name: Column(name, "text", headers=headers, optional=name not in REQUIRED)
        for name, headers in HEADERS.items()
    },
)


def read_roster(path: Path) -> Roster:
    """Reads who works where from a CSV or Excel file, a row a member.

    Raises:
        Invalid: The file, its columns or any of its rows cannot be used; each place is named.
    """
    reading = headed(_TABLE, open_file(path))
    found = _placed(reading)
    empty = Roster(reading.file, {name: reading.columns[at] for name, at in found.items()}, (), ())
    cells = [
        {name: str(value or "") if name != ROW else value for name, value in row.items()}
        for row in read_small(_TABLE, reading)
    ]
    faults = faults_of(empty, cells)
    if not cells:
        message = Text(zh="名册里没有成员", en="the roster lists nobody")
        remedy = Text(zh="在列名下面每位成员写一行", en="write a row for each member")
        faults.append(Finding("no_rows", "error", message, remedy, Place(reading.file)))
    if faults:
        raise refused(faults)
    return replace(empty, rows=tuple(map(_row, cells)), units=tuple(units_in(cells).values()))


def _placed(reading: Reading) -> dict[str, int]:
    try:
        return places(_TABLE, reading)
    except Invalid as error:
        known = {column.headers[0]: name for name, column in _TABLE.columns.items()}
        faults = []
        for fault in error.findings:
            name = known[fault.place.path.rpartition("column ")[2]]
            words = f"{name} / {' / '.join(HEADERS[name])}"
            remedy = Text(
                zh=f"列名那一行里恰好有一列叫：{words}", en=f"name exactly one column: {words}"
            )
            faults.append(replace(fault, remedy=remedy, place=Place(reading.file, reading.header)))
        raise refused(faults) from None


def _row(cells: Mapping[str, Any]) -> Row:
    hired_on = day_of(cells["hired_on"])
    assert hired_on  # `_faults` has looked
    same = ("code", "name", "name_en", "team", "manager", "title_zh", "title_en")
    return Row(
        number=cells[ROW],
        email=cells["email"].lower(),
        job_family=meant(cells["job_family"], JOB_FAMILIES),
        level=meant(cells["level"], LEVELS),
        hired_on=hired_on,
        duties=tuple(duties_in(cells["duty"])),
        **{name: cells[name] for name in same},
    )
