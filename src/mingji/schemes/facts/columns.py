"""The columns of a table of facts: their names, their Chinese and other spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place, Severity
from mingji.rules.methods import METHODS
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.document.complaints import nearest
from mingji.schemes.document.shapes import fields_of

# What a column is about: the member, the item in the row, or one part of it.
MEMBER_COLUMNS = (
    "name",
    "team",
    "level",
    "family",
    "presence",
    "adjustment",
    "adjustment_reason",
    "red_line",
    "difficulty_factor",
    "manual_total",
    "manual_reason",
)
FIGURE_COLUMNS = ("actual", "second", "target", "baseline", "stretch", "threshold")
PART_COLUMNS = ("part", "part_weight", "part_target", "part_baseline", "days_late")
ITEM_COLUMNS = (*FIGURE_COLUMNS, "weight", "choice", "reason", "evidence")
_NOT_OVERRIDABLE = {"id", "name", "scoring", "description", "raters", "source", "metric"}
PARAMETERS = frozenset(
    name for method in METHODS.values() for name in fields_of(method)
) | frozenset(set(fields_of(Item)) - _NOT_OVERRIDABLE - set(ITEM_COLUMNS))
KNOWN = (
    frozenset(("member", "item", "method"))
    | frozenset(MEMBER_COLUMNS)
    | frozenset(ITEM_COLUMNS)
    | frozenset(PART_COLUMNS)
    | PARAMETERS
)

ALIASES: dict[str, tuple[str, ...]] = {
    "member": ("成员", "工号", "员工", "员工编号", "被考核人", "member_id", "employee"),
    "name": ("姓名", "成员姓名", "名字"),
    "team": ("团队", "部门", "小组", "department"),
    "level": ("层级", "职级", "岗位层级"),
    "family": ("岗位序列", "序列", "岗位族", "job_family"),
    "item": ("考核项", "考核指标", "指标", "指标名称", "考核项目", "kpi", "metric"),
    "actual": ("实际值", "实际", "实际完成", "完成值", "实际完成值", "完成情况", "value"),
    "second": ("第二指标", "第二实际值"),
    "target": ("目标值", "目标"),
    "baseline": ("起始值", "基准值", "基期值", "上期值"),
    "stretch": ("挑战值",),
    "threshold": ("门槛值", "底线值"),
    "weight": ("权重", "权重(%)", "权重%"),
    "choice": ("所选等级", "评定等级", "选项", "行为等级"),
    "part": ("分项", "明细", "评价人", "评价组", "关键结果", "里程碑"),
    "part_weight": ("分项权重",),
    "part_target": ("分项目标值", "分项目标"),
    "part_baseline": ("分项起始值",),
    "days_late": ("延迟天数", "延期天数", "逾期天数"),
    "presence": ("在岗比例", "出勤系数"),
    "adjustment": ("调整分", "调整"),
    "adjustment_reason": ("调整原因",),
    "red_line": ("红线", "red_lines"),
    "difficulty_factor": ("难度系数",),
    "manual_total": ("手工总分",),
    "manual_reason": ("手工总分原因",),
    "reason": ("说明",),
    "evidence": ("依据", "证据"),
    "method": ("计分方法",),
    "cap": ("封顶", "上限"),
    "floor": ("保底", "下限"),
    "direction": ("方向",),
    "step": ("步长",),
    "base": ("基准分",),
    "tolerance": ("容差",),
    "points_each": ("每次分值", "每次扣分"),
    "unit": ("单位",),
}
_BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: `names` has the known name at each place, empty for the others."""

    names: tuple[str, ...]
    written: dict[str, str]
    findings: tuple[Finding, ...]


def read_header(cells: Iterable[str], file: str, row: int = 1) -> Header:
    """Recognise the columns of a header row.

    Raises:
        Invalid: a column that is needed is missing, or two columns mean the same.
    """
    names: list[str] = []
    written: dict[str, str] = {}
    findings: list[Finding] = []
    for cell in cells:
        name = _known(cell)
        if not name and (bare := _known(_without_brackets(cell))):
            if bare in (*FIGURE_COLUMNS, *PART_COLUMNS):
                findings.append(_unit_in_header(cell, file, row))
            name = bare
        if name in written:
            findings.append(_twice(written[name], cell, file, row))
        elif name:
            written[name] = cell
        elif cell.strip():
            findings.append(_ignored(cell, file, row))
        names.append(name)
    if "member" not in written and "name" in written:
        # A sheet that knows people by name only: the name is then who they are.
        written["member"] = written.pop("name")
        names[names.index("name")] = "member"
    findings += _missing(written, file, row)
    errors = [each for each in findings if each.severity == "error"]
    if errors:
        raise Invalid(
            Text(
                zh=f"数据表 {file} 的列名有问题：{errors[0].message.zh}",
                en=f"the columns of {file} cannot be used: {errors[0].message.en}",
            ),
            code="invalid_columns",
            findings=tuple(findings),
        )
    return Header(tuple(names), written, tuple(findings))


def _without_brackets(cell: str) -> str:
    """A column name without what stands in brackets behind it."""
    return re.sub(r"\([^()]*\)$", "", unicodedata.normalize("NFKC", cell).strip())


def _unit_in_header(cell: str, file: str, row: int) -> Finding:
    bare = _without_brackets(cell)
    return _finding(
        "unit_in_header",
        "error",
        Text(
            zh=f"列名“{cell}”带着单位，这一列的数该按哪个单位算并不清楚",
            en=f"the column “{cell}” carries a unit; in which unit its figures count is not clear",
        ),
        Text(
            zh=f"列名只写“{bare}”，数按考核项的单位填，或把单位写在数后面，如 183万",
            en=f"call it “{bare}” and count in the item's unit, or write the unit behind each "
            "figure, such as 183万",
        ),
        Place(file=file, path=f"row {row}, column {cell}"),
    )


def _known(cell: str) -> str:
    word = unicodedata.normalize("NFKC", cell).strip().lower().replace(" ", "_")
    word = word.removeprefix("scoring.")
    return word if word in KNOWN else _BY_ALIAS.get(word, "")


def _missing(written: dict[str, str], file: str, row: int) -> Iterable[Finding]:
    if not written:
        yield _finding(
            "no_header",
            "error",
            Text(zh=f"第 {row} 行不是列名", en=f"row {row} holds no column names"),
            Text(
                zh="删去表名那一行，让第一行是“成员,考核项,实际值”这样的列名，用半角逗号隔开",
                en="remove the title, so that the first row reads member,item,actual; "
                "separate by plain commas",
            ),
            Place(file=file, path=f"row {row}"),
        )
        return
    for name in ("member", "item"):
        if name not in written:
            yield _finding(
                "missing_column",
                "error",
                Text(
                    zh=f"缺少“{name}”列（中文列名：{'、'.join(ALIASES[name][:3])}）",
                    en=f"the column “{name}” is missing",
                ),
                Text(zh=f"在第 {row} 行加上列名 {name}", en=f"add a column {name} in row {row}"),
                Place(file=file, path=f"row {row}"),
            )
    if not {"actual", "choice"} & set(written):
        yield _finding(
            "missing_column",
            "error",
            Text(zh="缺少“actual”（实际值）列", en="the column “actual” is missing"),
            Text(
                zh=f"在第 {row} 行加上列名 actual 或“实际值”；评级的考核项可以用 choice",
                en=f"add a column actual in row {row}; rated items may use choice",
            ),
            Place(file=file, path=f"row {row}"),
        )


def _twice(first: str, second: str, file: str, row: int) -> Finding:
    return _finding(
        "column_twice",
        "error",
        Text(
            zh=f"“{first}”和“{second}”两列意思相同",
            en=f"the columns “{first}” and “{second}” mean the same",
        ),
        Text(zh="删掉其中一列", en="remove one of them"),
        Place(file=file, path=f"row {row}, column {second}"),
    )


def _ignored(cell: str, file: str, row: int) -> Finding:
    close = nearest(cell.strip().lower(), KNOWN | set(_BY_ALIAS))
    return _finding(
        "unknown_column",
        "warning" if close else "info",
        Text(
            zh=f"不认识“{cell}”这一列，已忽略", en=f"the column “{cell}” is not known and not read"
        ),
        Text(zh=f"是不是“{close}”？", en=f"did you mean “{close}”?") if close else Text("", ""),
        Place(file=file, path=f"row {row}, column {cell}"),
    )


def _finding(code: str, severity: Severity, message: Text, remedy: Text, place: Place) -> Finding:
    return Finding(code, severity, message, remedy, place)
