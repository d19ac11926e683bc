"""What a person says of a file where it cannot say so itself: notations, what to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from mingji.engine.cell_dates import ORDERS
from mingji.engine.model import Column, Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Option = Literal["numbers", "dates", "exclude"]
_WAYS: Mapping[str, tuple[str, ...]] = {"numbers": ("comma", "point"), "dates": ORDERS}
_TYPES = {"numbers": ("decimal", "integer"), "dates": ("date", "timestamp")}


@dataclass(frozen=True, slots=True)
class Answers:
    """How columns are written (`numbers`: `comma` or `point`; `dates`: `dmy`, `mdy`, `ymd`), which
    of them are never stored, and which `sheet` of a workbook is meant (`all`: those alike).
    """

    numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    exclude: frozenset[str] = frozenset()
    sheet: str = ""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.dates or self.exclude or self.sheet)

    @property
    def words(self) -> list[str]:
        """The same as words, in a fixed order."""
        ways = [*(f"numbers {k}={v}" for k, v in self.numbers.items())]
        ways += [f"dates {k}={v}" for k, v in self.dates.items()]
        ways += [f"sheet {self.sheet}"] if self.sheet else []
        return sorted([*ways, *(f"exclude {name}" for name in self.exclude)])


NO_ANSWERS = Answers()


def answered(table: Table, answers: Answers) -> Table:
    """The table whose columns are read as the answers say.

    Raises:
        Invalid: If a column does not exist or cannot be read so, or is needed and left out.
    """
    columns = dict(table.columns)
    for option in ("numbers", "dates"):
        for name, way in getattr(answers, option).items():
            column = _column(table, name, option)
            if column.type not in _TYPES[option] or way not in _WAYS[option]:
                raise _bad(
                    f"--{option} {name}={way}",
                    Text(
                        f"{column.type} 列不能写 {option}: {way}",
                        f"a column of type {column.type} takes no {option}: {way}",
                    ),
                    Text(
                        f"可用的有：{'、'.join(_WAYS[option])}",
                        f"choose from: {', '.join(_WAYS[option])}",
                    ),
                )
            columns[name] = replace(columns[name], **{option: way})
    for name in answers.exclude:
        column = _column(table, name, "exclude")
        if name in table.key or column.required:
            raise _bad(
                f"--exclude {name}",
                Text(f"{name} 是主键或必填列", f"{name} is a key, or required"),
                Text("只能排除别的列", "leave out other columns only"),
            )
        columns[name] = replace(column, exclude=True)
    return replace(table, columns=MappingProxyType(columns))


def answers_for(
    table: str,
    numbers: Iterable[str] = (),
    dates: Iterable[str] = (),
    exclude: Iterable[str] = (),
    sheets: Iterable[str] = (),
) -> Answers:
    """The answers of a command line that concern a table.

    Options are written `TABLE.COLUMN=WAY`, or `COLUMN=WAY` for every table that is loaded; a sheet
    is given as `TABLE=SHEET`, or `SHEET` for every table.
    """
    return Answers(
        MappingProxyType(dict(_ways(table, "numbers", numbers))),
        MappingProxyType(dict(_ways(table, "dates", dates))),
        frozenset(name for given in exclude if (name := _mine(table, given))),
        next((name for given in sheets if (name := _sheet(table, given))), ""),
    )


def _ways(table: str, option: str, given: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in given:
        name, _, way = each.partition("=")
        if way not in _WAYS[option]:
            raise _bad(
                f"--{option} {each}",
                Text(f"读不懂 --{option} {each}", f"--{option} {each} is not understood"),
                Text(
                    f"写成 --{option} 表.列={'|'.join(_WAYS[option])}",
                    f"write --{option} TABLE.COLUMN={'|'.join(_WAYS[option])}",
                ),
            )
        if mine := _mine(table, name):
            yield mine, way


def _sheet(table: str, given: str) -> str:
    first, mark, rest = given.partition("=")
    if not mark:
        return given
    return rest if first == table else ""


def _mine(table: str, name: str) -> str:
    first, dot, rest = name.partition(".")
    if not dot:
        return name
    return rest if first == table else ""


def _column(table: Table, name: str, option: str) -> Column:
    if name in table.columns:
        return table.columns[name]
    raise _bad(
        f"--{option} {name}",
        Text(f"表 {table.name} 没有列“{name}”", f"table {table.name} has no column “{name}”"),
        Text(f"可用的有：{'、'.join(table.columns)}", f"choose from: {', '.join(table.columns)}"),
    )


def _bad(option: str, message: Text, remedy: Text) -> Invalid:
    finding = Finding("option", "error", message, remedy, Place(path=option))
    return Invalid(message, code="option", findings=(finding,))
