"""What a workbook holds beyond the values that its reader gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What a spreadsheet shows for each code of an error ([MS-XLS] 2.5.10, [MS-XLSB] 2.5.97.2).
SHOWN = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(slots=True)
class Seen:
    """What a sheet holds beyond its values.

    `formulas` are cells whose formula failed or was never computed, by row and place (from 0), with
    what the spreadsheet shows there (`#DIV/0!`) or the formula itself; `hidden` are hidden rows
    by number, `hidden_columns` hidden columns by place (from 0).
    """

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The sheets by name; `since_1904` says that days are counted from 1904 on."""

    sheets: Mapping[str, Seen]
    since_1904: bool = False
