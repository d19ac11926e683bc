"""The units that a file states for its columns: in a header, or in a line above the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mingji.engine.headers import Reading, holds_names, is_named
from mingji.engine.model import Column, Table
from mingji.engine.unit_words import CURRENCY, Unit, split_header, unit_in_line, unit_in_title
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?!\d)")
_NOTHING = Text("", "")


@dataclass(slots=True)
class Scales:
    """The power of ten of each column that is not written in its plain unit, and what to tell."""

    shifts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def scales(
    table: Table, reading: Reading, places: Mapping[str, int], notes: tuple[str, ...] = ()
) -> Scales:
    """How the numbers of each column are to be scaled; `notes` are lines that are no rows.

    Raises:
        Invalid: If a header is in another currency than its column, or two lines above,
            among or below the rows state different units.
    """
    line = _line_unit(table, reading, notes)
    found, unused = Scales(), line is not None and line.shift != 0
    named = False
    for name, place in places.items():
        column, header = table.columns[name], reading.columns[place]
        if column.type not in ("decimal", "integer"):
            continue
        unit = split_header(header)[1]
        named = named or (unit is not None and bool(CURRENCY.fullmatch(column.unit)))
        if unit is None and line is not None and CURRENCY.fullmatch(column.unit):
            unit, unused = line, False
        if unit is None:
            continue
        _refuse_other_currency(column, unit, reading, header)
        if unit.shift and not _is_meant_so(column, header, unit):
            found.shifts[name] = unit.shift
            found.findings.append(_scaled(column, header, unit, reading))
    if unused and line is not None:
        found.findings.append(_unused(line, reading, named=named))
    return found


def _preamble(table: Table, reading: Reading) -> Iterator[tuple[str, ...]]:
    for number, cells in reading.head:
        if number < reading.header and not holds_names(table, cells):
            yield cells


def _line_unit(table: Table, reading: Reading, notes: tuple[str, ...]) -> Unit | None:
    above = [unit_in_line(cells) or unit_in_title(cells) for cells in _preamble(table, reading)]
    below = [unit_in_line((note, *note.split())) for note in notes]
    units = [unit for unit in (*above, *below) if unit]
    if len({(unit.shift, unit.currency) for unit in units}) > 1:
        told = [unit.text for unit in units]
        message = Text(
            f"表格上方或说明里写了不同的单位：{'、'.join(told)}",
            f"lines that are no rows state different units: {', '.join(told)}",
        )
        remedy = Text("只留下对的那一个", "leave only the right one")
        raise _invalid("two_units", message, remedy, reading)
    return units[0] if units else None


def _is_meant_so(column: Column, header: str, unit: Unit) -> bool:
    """Whether the definitions themselves measure the column in this unit."""
    if column.unit.casefold() == unit.text.casefold():
        return True
    if unit.percent and column.unit in ("%", "percent"):
        return True
    return is_named(column, header) and not CURRENCY.fullmatch(column.unit) and not unit.percent


def _refuse_other_currency(column: Column, unit: Unit, reading: Reading, header: str) -> None:
    own = column.unit
    if not unit.currency or not CURRENCY.fullmatch(own) or own in unit.currency:
        return
    message = Text(
        f"“{header}”的单位是 {unit.text}，定义里这一列是 {own}",
        f"“{header}” is in {unit.text}, the definitions have the column in {own}",
    )
    remedy = Text("换算后再导出，或改定义里的 unit", "convert it, or mend unit in the definitions")
    raise _invalid("other_currency", message, remedy, reading)


def _invalid(code: str, message: Text, remedy: Text, reading: Reading) -> Invalid:
    finding = Finding(code, "error", message, remedy, Place(reading.file, reading.header))
    whole = Text(f"{reading.file}：{message.zh}", f"{reading.file}: {message.en}")
    return Invalid(whole, code=code, findings=(finding,))


def _scaled(column: Column, header: str, unit: Unit, reading: Reading) -> Finding:
    factor = "÷ 100" if unit.percent else f"× {10**unit.shift:,}"
    plain = column.unit or Text("个位", "plain numbers").zh
    message = Text(
        f"{header} 按“{unit.text}”读，数值 {factor}，记为 {plain}",
        f"{header} is in “{unit.text}”: values {factor}"
        + (f", kept in {column.unit}" if column.unit else ""),
    )
    place = Place(reading.file, reading.header, None, f"column {column.name}")
    return Finding("scaled_column", "info", message, _NOTHING, place)


def _unused(line: Unit, reading: Reading, *, named: bool) -> Finding:
    """That a stated unit was applied to no column; `named`: those of money name their own."""
    why = (
        Text("金额列的列名里各有自己的单位", "the columns of money name units of their own")
        if named
        else Text("没有一列在定义里以货币为单位", "no column has a currency in the definitions")
    )
    remedy = (
        Text("核对列名和说明，哪一个单位是对的", "check which is right, the header or the line")
        if named
        else Text("给金额列写 unit: CNY", "give the columns of money a unit such as CNY")
    )
    return Finding(
        "unit_not_used",
        "warning",
        Text(
            f"表格上方或说明里写着单位“{line.text}”，但{why.zh}，没有用它",
            f"the unit “{line.text}” is stated, but {why.en}; it was not used",
        ),
        remedy,
        Place(reading.file, reading.header),
    )


def year_of(table: Table, reading: Reading) -> int | None:
    """The one year that the titles above the table and the file's name speak of, if it is one."""
    texts = [reading.file, *(cell for cells in _preamble(table, reading) for cell in cells)]
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None
