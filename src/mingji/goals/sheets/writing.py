"""Writing goals as a sheet that the upload reads: CSV in lines, Excel row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import IO

from mingji.goals.naming import Served
from mingji.goals.sheets.cells import (
    amount_cell,
    guarded,
    scoring_cell,
    steps_cell,
    word_cell,
)
from mingji.goals.sheets.reading import HEADERS
from mingji.goals.sheets.serving import serves_cell
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.text import Text

# Read by people, passed over by the upload.
TOLD: dict[str, Text] = {
    "period": Text("期间", "period"),
    "owner": Text("成员或团队名称", "whose"),
    "status": Text("状态", "status"),
}
PROGRESS: dict[str, Text] = {
    "value": Text("当前值", "current value"),
    "expected": Text("到今天应达到", "expected by now"),
    "attainment": Text("进度达成率", "attainment"),
    "health": Text("进展", "standing"),
    "serves": Text("对齐到", "aligned to"),
}
_AMOUNTS = ("target", "baseline", "threshold", "stretch")
_TEXTS = ("theme", "support", "objective", "title", "description", "unit")
# What a double holds exactly, so that a number in a workbook stays the one it was.
_DIGITS = 15
_NUMERIC = {place for place, name in enumerate(HEADERS) if name in (*_AMOUNTS, "weight")}
_SHEET = Text("目标", "Goals")
# The same goals give the same bytes, whenever they are written.
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a goal stands: values in `unit`, the share of what was expected, and what it serves."""

    value: Decimal | None
    expected: Decimal | None
    attainment: Decimal | None
    health: str
    unit: str
    serves: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A goal to be written: its terms, whose it is (one of `member` and `team`), what it serves,
    how it stands."""

    terms: GoalTerms
    member: str = ""
    team: str = ""
    owner: str = ""
    period: str = ""
    status: str = ""
    unit: str = ""
    serves: tuple[Served, ...] = ()
    progress: Progress | None = None


def header(locale: str, *, progress: bool) -> list[str]:
    """The names of the columns, in the language of the reader."""
    place = 1 if locale == "zh" else 0
    told = [*TOLD.values(), *(PROGRESS.values() if progress else ())]
    return [names[place] for names in HEADERS.values()] + [name.in_(locale) for name in told]


def cells(line: Line, locale: str) -> list[str]:
    """The cells of a goal, in the order of `header`; text as it is, numbers with all digits."""
    goal = line.terms
    found = {
        "member": line.member,
        "team": line.team,
        "item": goal.key,
        "weight": amount_cell(goal.weight, ""),
        "kind": word_cell("kind", goal.kind, locale),
        "measure": "" if goal.kind == "objective" else word_cell("measure", goal.measure, locale),
        "commitment": word_cell("commitment", goal.commitment, locale),
        "metric_id": goal.metric,
        "due": goal.due.isoformat() if goal.due else "",
        "support_due": goal.support_due.isoformat() if goal.support_due else "",
        "milestones": steps_cell(goal.milestones),
        "scoring": scoring_cell(goal.scoring),
        "serves": serves_cell(line.serves, locale),
    }
    found |= {name: amount_cell(getattr(goal, name), line.unit) for name in _AMOUNTS}
    found |= {name: getattr(goal, name) for name in _TEXTS}
    told = [line.period, line.owner, line.status]
    return [guarded(found[name]) for name in HEADERS] + [guarded(each) for each in told]


def csv_lines(lines: Iterable[Line], locale: str, *, progress: bool) -> Iterator[str]:
    """The sheet as CSV, a line at a time, with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _written(header(locale, progress=progress))
    for line in lines:
        yield _written(_row(line, locale, progress=progress))


def write_workbook(file: IO[bytes], lines: Iterable[Line], locale: str, *, progress: bool) -> None:
    """The sheet as an Excel workbook; a row is on the disk before the next one is asked for."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": _ALWAYS})
        page = book.add_worksheet(_SHEET.in_(locale))
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        page.freeze_panes(1, 2)
        page.set_column(0, len(header(locale, progress=progress)) - 1, 16)
        page.write_row(0, 0, header(locale, progress=progress), bold)
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(_row(line, locale, progress=progress)):
                if place in _NUMERIC and _is_number(cell):
                    page.write_number(number, place, float(cell))
                elif cell:
                    page.write_string(number, place, cell, text)


def _row(line: Line, locale: str, *, progress: bool) -> list[str]:
    found = cells(line, locale)
    if progress:
        known = line.progress
        found += [""] * len(PROGRESS) if known is None else _standing(known)
    return found


def _standing(known: Progress) -> list[str]:
    return [
        amount_cell(known.value, known.unit),
        amount_cell(known.expected, known.unit),
        f"{amount_cell(known.attainment, '')}%" if known.attainment is not None else "",
        known.health,
        guarded(known.serves),
    ]


def _written(row: Sequence[str]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(row)
    return stream.getvalue()


def _is_number(cell: str) -> bool:
    plain = cell.lstrip("-").replace(".", "", 1)
    return plain.isdecimal() and plain.isascii() and len(plain.lstrip("0")) <= _DIGITS
