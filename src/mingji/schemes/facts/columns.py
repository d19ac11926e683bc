"""The columns of a table of facts: their names, their Chinese and other spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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
    "member": (
        "成员",
        "工号",
        "员工",
        "员工编号",
        "员工工号",
        "被考核人",
        "member_id",
        "employee",
        "employee_id",
    ),
    "name": ("姓名", "成员姓名", "员工姓名", "被考核人姓名", "名字", "employee_name"),
    "team": ("团队", "部门", "所属部门", "所在部门", "小组", "组别", "department"),
    "level": ("层级", "职级", "级别", "岗位层级"),
    "family": ("岗位序列", "序列", "岗位族", "job_family"),
    "item": (
        "考核项",
        "考核指标",
        "指标",
        "指标名称",
        "考核项目",
        "考核内容",
        "kpi",
        "kpi指标",
        "kpi名称",
        "kpi_name",
        "metric",
        "indicator",
    ),
    "actual": (
        "实际值",
        "实际",
        "实际完成",
        "实际达成",
        "实际业绩",
        "实际数",
        "完成值",
        "达成值",
        "完成数",
        "实际完成值",
        "实际完成情况",
        "完成情况",
        "value",
        "actual_value",
    ),
    "second": ("第二指标", "第二实际值"),
    "target": ("目标值", "目标", "目标数", "计划值", "任务值", "target_value", "goal"),
    "baseline": ("起始值", "基准值", "基线值", "基线", "基期值", "上期值", "上期实际"),
    "stretch": ("挑战值", "挑战目标"),
    "threshold": ("门槛值", "底线值", "底线目标"),
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
# How columns are called that are not quite the one that is needed: Q1实际, 本月完成 …
_STEMS: dict[str, tuple[str, ...]] = {
    "member": ("人", "员", "member", "employee", "staff"),
    "item": ("指标", "考核", "kpi", "metric", "item"),
    "actual": ("实际", "完成值", "完成数", "达成值", "actual"),
}
# From so many columns that nobody knows on, a table without items has one column for each.
_WIDE_FROM = 2
_BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: `names` has the known name at each place, empty for the others."""

    names: tuple[str, ...]
    written: dict[str, str]
    findings: tuple[Finding, ...]


def read_header(
    cells: Iterable[str], file: str, row: int = 1, before: Iterable[Finding] = ()
) -> Header:
    """Recognise the columns of a header row; `before` is what was noticed on the way to it.

    Raises:
        Invalid: a column that is needed is missing, or two columns mean the same.
    """
    names: list[str] = []
    written: dict[str, str] = {}
    findings = list(before)
    unread: list[str] = []
    for cell in cells:
        name = known_column(cell)
        if not name and (bare := known_column(_without_brackets(cell))):
            if bare in (*FIGURE_COLUMNS, *PART_COLUMNS):
                findings.append(_unit_in_header(cell, file, row))
            name = bare
        if name in written:
            findings.append(_twice(written[name], cell, file, row))
        elif name:
            written[name] = cell
        elif cell.strip():
            unread.append(cell)
        names.append(name)
    if "member" not in written and "name" in written:
        # A sheet that knows people by name only: the name is then who they are.
        written["member"] = written.pop("name")
        names[names.index("name")] = "member"
    findings += _missing(written, unread, file, row)
    findings += (_ignored(cell, file, row) for cell in unread)
    errors = [each for each in findings if each.severity == "error"]
    if errors:
        raise Invalid(
            Text(
                zh=f"数据表 {file} 的列名有问题：{errors[0].message.zh}",
                en=f"the columns of {file} cannot be used: {errors[0].message.en}",
            ),
            code="invalid_columns",
            findings=tuple(each for each in findings if each.severity != "info"),
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


def known_column(cell: str) -> str:
    """The column that a heading names, in either language; nothing when nobody knows it."""
    word = unicodedata.normalize("NFKC", cell).strip().lower().replace(" ", "_")
    word = word.removeprefix("scoring.")
    # Headings of two or three characters are often spaced out (姓 名) or broken over two lines.
    return word if word in KNOWN else _BY_ALIAS.get(word) or _BY_ALIAS.get(_unspaced(cell), "")


def _unspaced(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).lower().split())


def _missing(
    written: dict[str, str], unread: Sequence[str], file: str, row: int
) -> Iterable[Finding]:
    if not written:
        yield _finding(
            "no_header",
            "error",
            Text(zh=f"第 {row} 行不是列名", en=f"row {row} holds no column names"),
            Text(
                zh="在数据上面写一行“成员,考核项,实际值”这样的列名，用半角逗号隔开",
                en="write member,item,actual in a row above the figures, separated by plain commas",
            ),
            Place(file=file, path=f"row {row}"),
        )
        return
    missing = [name for name in ("member", "item") if name not in written]
    missing += [] if {"actual", "choice"} & set(written) else ["actual"]
    if missing == ["item", "actual"] and len(unread) >= _WIDE_FROM:
        yield _wide(unread, file, row)
        return
    for name in missing:
        yield _lacking(name, unread, file, row)


def _lacking(name: str, unread: Sequence[str], file: str, row: int) -> Finding:
    """A column that is needed and not there; columns that look like it are named."""
    usual = "、".join(ALIASES[name][:3])
    stems = _STEMS[name]
    alike = [cell for cell in unread if any(stem in cell.lower() for stem in stems)]
    zh, en = f"在第 {row} 行加上列名 {name}", f"add a column {name} in row {row}"
    if name == "actual":
        zh = f"在第 {row} 行加上列名 actual 或“实际值”；评级的考核项可以用 choice"
        en = f"add a column actual in row {row}; rated items may use choice"
    if alike:
        quoted = "”“".join(alike)
        zh = f"把“{quoted}”中要用的那一列改名为“{ALIASES[name][0]}”；一张表只放一个周期的数"
        shown = "”, “".join(alike)
        en = f"call the one of “{shown}” that is to be scored {name}; a table holds one period"
    return _finding(
        "missing_column",
        "error",
        Text(zh=f"缺少“{name}”列（中文列名：{usual}）", en=f"the column “{name}” is missing"),
        Text(zh=zh, en=en),
        Place(file=file, path=f"row {row}"),
    )


def _wide(unread: Sequence[str], file: str, row: int) -> Finding:
    """A sheet with one row for each person and one column for each item."""
    named, shown = "”“".join(unread[:3]), "”, “".join(unread[:3])
    return _finding(
        "wide_table",
        "error",
        Text(
            zh=f"没有“考核项”列和“实际值”列，“{named}”看起来是一列一个考核项",
            en=f"there is no column item and no column actual; “{shown}” look like one column "
            "for each item",
        ),
        Text(
            zh="改成一行一项：列名写“成员,考核项,实际值”，每人每项一行（Excel 的逆透视可以转换）",
            en="write one row for each member and item under member,item,actual "
            "(“unpivot columns” in Excel does it)",
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
