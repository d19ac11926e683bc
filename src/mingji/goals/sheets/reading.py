"""Reading the rows of a sheet of goals as text, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mingji.connectors.files import ROW, open_file
from mingji.engine.headers import headed, places
from mingji.engine.model import Column, Table
from mingji.engine.small import read_small
from mingji.goals.sheets.cells import unguarded
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

HEADERS: Mapping[str, tuple[str, ...]] = {
    "member": ("member", "成员", "成员编号", "工号", "姓名", "name", "code"),
    "item": ("item", "考核项", "指标", "KPI", "metric", "目标项"),
    "target": ("target", "目标值", "目标"),
    "baseline": ("baseline", "起始值", "基线"),
    "threshold": ("threshold", "门槛值"),
    "stretch": ("stretch", "挑战值", "stretch target"),
    "weight": ("weight", "权重"),
    "theme": ("theme", "战略主题"),
    "support": ("support", "承诺的支持", "support promised"),
    "support_due": ("support due", "支持到位日期"),
    "kind": ("kind", "类型"),
    "objective": ("objective", "所属目标"),
    "title": ("title", "标题"),
    "description": ("description", "说明"),
    "metric_id": ("metric id", "指标编号"),
    "measure": ("measured by", "衡量方式"),
    "unit": ("unit", "单位"),
    "commitment": ("commitment", "承诺程度"),
    "due": ("due", "截止日期"),
    "milestones": ("milestones", "里程碑"),
    "scoring": ("scoring", "计分方法", "method"),
    "team": ("team", "团队"),
    "serves": ("serves", "支撑目标"),
}
_REQUIRED = ("member", "item", "target")
_TABLE = Table(
    "goals",
    Text(zh="目标表", en="sheet of goals"),
    {
        name: Column(name, "text", headers=headers, optional=name not in _REQUIRED)
        for name, headers in HEADERS.items()
    },
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the file, and its cells as they were written, by column."""

    number: int
    cells: Mapping[str, str]

    @classmethod
    def of(cls, number: object, cells: Mapping[str, object]) -> Row:
        """The row of these cells; those that are not there are blank.

        Raises:
            ValueError, TypeError, AttributeError: this is no row.
        """
        return cls(int(str(number)), {name: str(cells.get(name, "")) for name in HEADERS})

    @property
    def written(self) -> dict[str, str]:
        """The cells that are not blank."""
        return {name: cell for name, cell in self.cells.items() if cell}

    @property
    def of_a_team(self) -> bool:
        """Whether it is a goal of a whole team, as an export writes them."""
        return not self.cells["member"] and bool(self.cells["team"])


def read_sheet(path: Path) -> tuple[Row, ...]:
    """The rows of a CSV or Excel file, a goal of a member in each.

    Raises:
        Invalid: the file cannot be read, lacks a column, or holds no row.
    """
    reading = headed(_TABLE, open_file(path))
    places(_TABLE, reading)
    rows = tuple(
        Row(row[ROW], {name: unguarded(str(row.get(name) or "").strip()) for name in HEADERS})
        for row in read_small(_TABLE, reading)
    )
    if not rows:
        raise Invalid(
            Text(
                zh="表里没有目标；列名下面每个成员的每个考核项写一行。",
                en="There are no goals in it; write a row for each item of each member.",
            ),
            code="no_rows",
        )
    return rows
