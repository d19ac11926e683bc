"""The decomposition check: do the targets below make up the one above, and what closes the gap?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mingji.rules.decomposition.amounts import amount, step
from mingji.rules.decomposition.closing import ways
from mingji.rules.decomposition.combining import combined
from mingji.rules.decomposition.counting import counted
from mingji.rules.decomposition.terms import (
    PERCENT,
    Child,
    Decomposition,
    Direction,
    Mode,
    Parent,
    Stage,
    Verdict,
)
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node
from mingji.rules.numbers import HUNDRED, checked, exact, shown
from mingji.rules.text import Text

_RATES = PERCENT | {"ratio"}


@exact
def check(
    parent: Parent,
    children: Sequence[Child],
    *,
    mode: Mode,
    stages: Sequence[Stage] = (),
    tolerance: Decimal = Decimal("0.5"),
) -> Decomposition:
    """Combine the children's targets and hold them against the parent's.

    `tolerance` is in percent of the parent's target. A child without a target, of another unit,
    currency or period, or without what the mode needs is named in `uncounted`, never taken for 0.

    >>> def goal(key: str, target: int) -> Child:
    ...     return Child(key=key, name=Text.same(key), target=Decimal(target), unit="leads")
    >>> above = Parent(key="team", name=Text.same("team"), target=Decimal(1000), unit="leads")
    >>> found = check(above, [goal("li", 500), goal("wang", 460)], mode="sum")
    >>> found.verdict, found.difference, found.percent
    ('gap', Decimal('-40'), Decimal('-4.00'))
    >>> found.ways[1].words.en
    'raise “li” alone by 40, to 540'

    Raises:
        Invalid: a child stands there twice, a share is not above 0 and up to 1, rates would be
            summed in a stage, or a number cannot be reckoned with.
    """
    checked(parent.target, parent.name)
    fit, left = counted(parent, children, mode, stages)
    for stage in stages:
        _check_stage(stage, fit)
    made = combined(parent, fit, mode, stages)
    value = made.value if isinstance(made.value, Decimal) else None
    target = Node("target", Text("上级目标值", "target above"), parent.target, unit=parent.unit)
    node = _difference(parent, made, target)
    difference = node.value if isinstance(node.value, Decimal) else None
    percent = difference / abs(parent.target) * HUNDRED if difference and parent.target else None
    verdict = _verdict(parent, difference, tolerance)
    return Decomposition(
        mode=mode,
        verdict=verdict,
        combined=value,
        difference=difference,
        percent=Decimal(0) if difference == 0 and parent.target else percent,
        ways=ways(parent, fit, mode, made, target) if verdict in ("gap", "overlap") else (),
        uncounted=left,
        words=_words(parent, made, difference, percent, verdict),
        node=node,
    )


def _verdict(parent: Parent, difference: Decimal | None, tolerance: Decimal) -> Verdict:
    if difference is None or parent.target is None:
        return "unknown"
    if abs(difference) <= abs(parent.target) * tolerance / HUNDRED:
        return "adds_up"
    beyond: dict[Direction, bool] = {"up": difference > 0, "down": difference < 0, "closer": False}
    return "overlap" if beyond[parent.direction] else "gap"


def _difference(parent: Parent, made: Node, target: Node) -> Node:
    known = made.value if isinstance(made.value, Decimal) else None
    both = known is not None and parent.target is not None
    return Node(
        key="difference",
        label=Text("与上级目标的差", "difference to the target above"),
        value=known - parent.target if known is not None and parent.target is not None else None,
        rule="goals.difference",
        formula=Text.same(
            f"{amount(known, parent.unit).en} − {amount(parent.target, parent.unit).en}"
        ),
        unit=parent.unit,
        inputs=(made, target),
        flags=() if both else ("no_data",),
    )


def _words(
    parent: Parent,
    made: Node,
    difference: Decimal | None,
    percent: Decimal | None,
    verdict: Verdict,
) -> Text:
    if difference is None or not isinstance(made.value, Decimal):
        return _unknown(made)
    t, v = amount(parent.target, parent.unit), amount(made.value, parent.unit)
    d = step(difference, parent.unit)
    off = f"（{shown(abs(percent))}%）" if percent else ""
    off_en = f" ({shown(abs(percent))} %)" if percent else ""
    if verdict == "adds_up":
        return Text(
            f"下级合成 {v.zh}，支撑上级目标 {t.zh}", f"{v.en} together make up the target {t.en}"
        )
    if verdict == "gap":
        return Text(
            f"下级合成 {v.zh}，距上级目标 {t.zh} 还差 {d.zh}{off}",
            f"{v.en} together miss the target {t.en} by {d.en}{off_en}",
        )
    return Text(
        f"下级合成 {v.zh}，比上级目标 {t.zh} 多出 {d.zh}{off}",
        f"{v.en} together go beyond the target {t.en} by {d.en}{off_en}",
    )


def _unknown(made: Node) -> Text:
    """That nothing can be told, naming the sides or stages that no goal below carries."""
    bare = [each.label for each in made.inputs if not each.inputs and each.rule != "given"]
    if not bare:
        return Text(
            "还缺目标值或环节，算不出下级目标能否支撑上级目标",
            "a target or a stage is missing: whether the targets add up cannot be told",
        )
    zh, en = "”“".join(each.zh for each in bare), "”, “".join(each.en for each in bare)
    return Text(
        f"还没有下级目标承担“{zh}”，算不出能否支撑上级目标",
        f"no goal below carries “{en}” yet: whether the targets add up cannot be told",
    )


def _check_stage(stage: Stage, fit: Sequence[Child]) -> None:
    several = sum(child.stage == stage.key for child in fit) > 1
    if several and stage.mode == "sum" and stage.unit in _RATES:
        raise Invalid(
            Text(
                f"环节“{stage.name.zh}”是比率，多个下级目标不能相加；改为加权平均或合计相除",
                f"the stage “{stage.name.en}” is a rate: its targets cannot be added; "
                "use a weighted mean or a ratio of sums",
            ),
            code="rates_summed",
        )
