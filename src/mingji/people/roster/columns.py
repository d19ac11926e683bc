"""The columns of a roster, and what a file comes to once each row can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("工号", "编号", "成员编号", "员工编号"),
    "name": ("姓名",),
    "name_en": ("英文名", "英文姓名"),
    "email": ("邮箱", "电子邮箱"),
    "team": ("团队", "团队代码", "部门代码"),
    "team_name_zh": ("团队名称", "团队中文名", "部门名称"),
    "team_name_en": ("团队英文名", "部门英文名"),
    "parent_team": ("上级团队", "上级部门"),
    "manager": ("直属上级", "上级工号"),
    "job_family": ("岗位序列", "序列"),
    "level": ("层级", "职级"),
    "title_zh": ("职务", "岗位名称"),
    "title_en": ("英文职务",),
    "hired_on": ("入职日期", "入职日"),
    "duty": ("职责",),
}
REQUIRED = ("code", "name", "team", "job_family", "level", "hired_on")
DUTIES = {
    "hr_partner": Text(zh="人力资源伙伴", en="HR partner"),
    "analyst": Text(zh="数据分析师", en="data analyst"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One member as the file says; `duties` are pairs of a kind of duty and a team's code."""

    number: int
    code: str
    name: str
    name_en: str
    email: str
    team: str
    manager: str
    job_family: str
    level: str
    title_zh: str
    title_en: str
    hired_on: date
    duties: tuple[tuple[str, str], ...]

    @property
    def called(self) -> Text:
        """The name in both languages; the same in both where the file has one only."""
        return Text(zh=self.name, en=self.name_en or self.name)


@dataclass(frozen=True, slots=True)
class Unit:
    """A team as the file names it, with a row that says so; blank: the file is silent."""

    number: int
    code: str
    name_zh: str = ""
    name_en: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A file whose every row can be read. `headers` are the columns as the file spells them."""

    file: str
    headers: Mapping[str, str]
    rows: tuple[Row, ...]
    units: tuple[Unit, ...]

    def wrong(self, code: str, number: int, column: str, message: Text, remedy: Text) -> Finding:
        """A finding about one cell."""
        where = f"row {number}, column {self.headers.get(column, column)}"
        return Finding(code, "error", message, remedy, Place(self.file, path=where))


def refused(faults: Iterable[Finding]) -> Invalid:
    """The failure of a whole roster, in the order of its rows."""
    return Invalid(
        Text(
            zh="名册里有问题，没有保存任何内容。", en="The roster needs mending. Nothing was saved."
        ),
        code="roster",
        findings=tuple(faults),
    )
