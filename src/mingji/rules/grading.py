"""The grade of a result as a node, what red lines do to it, and who may set it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from mingji.rules.coefficients import Grade
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Parameter
from mingji.rules.grades import grade_for, in_order
from mingji.rules.numbers import shown
from mingji.rules.results import FormResult
from mingji.rules.scheme import RedLine, Scheme
from mingji.rules.text import Text

GRADE = Text("绩效等级", "grade")
SetBy = Literal["", "score", "quota", "red_line", "calibration", "appeal"]
_SETTERS = {
    "calibration": Text("绩效校准", "calibration"),
    "appeal": Text("绩效申诉", "appeal"),
    "quota": Text("等级名额", "quota"),
}


def grade_node(total: Node, scheme: Scheme, crossed: Sequence[str]) -> tuple[Node, SetBy, bool]:
    """The root of an explanation: the grade, who set it, and whether a red line closes the payout.

    Raises:
        Invalid: a red line that the scheme does not have.
    """
    lines = [_red_line(scheme, name) for name in crossed]
    node = _by_score(total, scheme.grades)
    set_by: SetBy = "score" if node.value is not None else ""
    for line in lines:
        if line.effect == "zero_payout" or node.value is None:
            node = replace(node, flags=(*node.flags, f"red_line_{line.id}"))
            continue
        after = _under_red_line(node, line, scheme.grades)
        set_by = "red_line" if after.value != node.value else set_by
        node = after
    return node, set_by, any(line.effect == "zero_payout" for line in lines)


def set_grade(
    result: FormResult,
    scheme: Scheme,
    grade: str,
    *,
    by: Literal["calibration", "appeal", "quota"],
    reason: str,
) -> FormResult:
    """The result with a grade set by calibration, appeal or quota; the former one stays visible.

    Raises:
        Invalid: there is no such grade, or no reason is given.
    """
    if grade not in {each.id for each in scheme.grades}:
        known = ", ".join(each.id for each in in_order(scheme.grades))
        raise Invalid(
            Text(zh=f"没有等级 {grade}，可用的有：{known}", en=f"no grade {grade}; known: {known}"),
            code="unknown_grade",
        )
    if not reason.strip():
        raise Invalid(
            Text(zh="改定等级要写理由", en="setting a grade needs a reason"), code="reason_required"
        )
    words = _SETTERS[by]
    node = Node(
        key="grade",
        label=GRADE,
        value=grade,
        rule="grade.set",
        formula=Text(f"{words.zh}定为 {grade}：{reason}", f"{words.en} set {grade}: {reason}"),
        parameters={"grade": grade, "by": by},
        inputs=(result.node.keyed("before"),),
        flags=(f"set_by_{by}",),
    )
    flags = tuple(dict.fromkeys((*node.flags, *result.flags)))
    return replace(result, grade=grade, grade_set_by=by, node=node, flags=flags)


def _by_score(total: Node, grades: Sequence[Grade]) -> Node:
    value = total.value
    grade = grade_for(value, grades) if isinstance(value, Decimal) else None
    bounds: dict[str, Parameter] = {each.id: each.at_least for each in in_order(grades)}
    words = Text("没有得分，不定等级", "no score, no grade")
    if isinstance(value, Decimal) and grade is not None:
        s, name = shown(value), grade.name
        edge = "—" if grade.at_least is None else f"≥ {shown(grade.at_least)}"
        words = Text(
            f"{s} 分：{grade.id} {name.zh}（{edge}）", f"{s}: {grade.id} {name.en} ({edge})"
        )
    return Node(
        key="grade",
        label=GRADE,
        value=grade.id if grade else None,
        rule="grade.by_score",
        formula=words,
        parameters=bounds,
        inputs=(total,),
    )


def _under_red_line(node: Node, line: RedLine, grades: Sequence[Grade]) -> Node:
    order = [grade.id for grade in in_order(grades)]
    before = str(node.value)
    capped = order[max(order.index(before), order.index(line.grade))]
    fixed = line.effect == "fix_grade"
    after = line.grade if fixed else capped
    verb = Text("定为", "fixes") if fixed else Text("最高为", "caps at")
    return Node(
        key="grade",
        label=GRADE,
        value=after,
        rule="grade.fix" if fixed else "grade.cap",
        formula=Text(
            f"红线“{line.name.zh}”：等级{verb.zh} {line.grade}",
            f"red line “{line.name.en}” {verb.en} {line.grade}",
        ),
        parameters={"grade": line.grade, "order": ",".join(order)},
        inputs=(node.keyed("before"),),
        flags=(f"red_line_{line.id}",),
    )


def _red_line(scheme: Scheme, name: str) -> RedLine:
    found = next((line for line in scheme.red_lines if line.id == name), None)
    if found and (found.effect == "zero_payout" or found.grade in {g.id for g in scheme.grades}):
        return found
    known = ", ".join(line.id for line in scheme.red_lines) or "—"
    raise Invalid(
        Text(
            zh=f"方案里没有红线 {name}，或它的等级不存在；已有：{known}",
            en=f"the scheme has no red line {name}, or its grade is unknown; known: {known}",
        ),
        code="unknown_red_line",
    )
