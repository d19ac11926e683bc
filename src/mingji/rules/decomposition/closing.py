"""What closes a difference: each way reaches the target when all else stays."""

from __future__ import annotations

import decimal
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mingji.rules.decomposition.terms import Child, Mode, Parent, Way
from mingji.rules.explanation import Node
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded, shown
from mingji.rules.text import Text

_ONE = Decimal(1)
_NOISE = 14


@exact
def ways(parent: Parent, children: Sequence[Child], mode: Mode, made: Node) -> tuple[Way, ...]:
    """The ways to bring `made` to the target; none where either is missing.

    New targets are rounded to the parent's places on the better side, so that a way leaves no gap.
    """
    if parent.target is None or not isinstance(made.value, Decimal):
        return ()
    return tuple(_ways(parent, children, mode, made, parent.target, made.value))


def _ways(
    parent: Parent,
    children: Sequence[Child],
    mode: Mode,
    made: Node,
    target: Decimal,
    value: Decimal,
) -> Iterator[Way]:
    if mode == "sum":
        yield from _of_sum(parent, children, target, value)
    elif mode == "weighted_mean":
        yield from _of_mean(parent, children, target - value)
    elif mode == "ratio_of_sums":
        yield from _of_quotient(parent, children, made, target)
    elif mode == "shared_funnel":
        yield from _of_funnel(made, target, value)
    else:
        yield from _of_extreme(parent, children, mode, target)
    if mode == "same" and parent.direction == "closer":
        return  # another target above would only be far from other children
    yield Way(
        code="parent",
        words=Text(f"把上级目标改为 {shown(value)}", f"set the target above to {shown(value)}"),
        changes={parent.key: value},
    )


def _of_sum(
    parent: Parent, children: Sequence[Child], target: Decimal, value: Decimal
) -> Iterator[Way]:
    missing = target - value
    if value * target > 0:
        yield Way(
            code="scale_all",
            words=_by_percent(missing / value * HUNDRED),
            changes={
                child.key: _better(parent, _target(child) * target / value) for child in children
            },
        )
    largest = max(children, key=lambda child: (abs(_target(child)) * child.share, child.key))
    yield _one(parent, largest, missing / largest.share)
    if missing * value > 0:
        yield Way(
            code="new_child",
            words=Text(
                f"再增加一个目标值为 {shown(_better(parent, missing))} 的下级目标",
                f"add one more goal below, with a target of {shown(_better(parent, missing))}",
            ),
            changes={},
            amount=_better(parent, missing),
        )


def _of_mean(parent: Parent, children: Sequence[Child], missing: Decimal) -> Iterator[Way]:
    yield Way(
        code="shift_all",
        words=Text(
            f"每个下级目标都{_up(missing).zh} {shown(abs(missing))}",
            f"{_up(missing).en} each target below by {shown(abs(missing))}",
        ),
        changes={child.key: _better(parent, _target(child) + missing) for child in children},
    )
    whole = sum((_weight(child) for child in children), ZERO)
    heaviest = max(children, key=lambda child: (_weight(child), child.key))
    yield _one(parent, heaviest, missing * whole / _weight(heaviest))


def _of_quotient(
    parent: Parent, children: Sequence[Child], made: Node, target: Decimal
) -> Iterator[Way]:
    above, below = (each.value for each in made.inputs)
    assert isinstance(above, Decimal)
    assert isinstance(below, Decimal)
    per = made.parameters.get("per", _ONE)
    assert isinstance(per, Decimal)
    if above * target <= 0:
        return
    needed = target * below / per
    yield Way(
        code="numerators",
        words=Text(
            f"分母不变，分子合计到 {shown(needed)}（现在 {shown(above)}）",
            f"the denominators staying, numerators of {shown(needed)} together "
            f"(now {shown(above)})",
        ),
        changes={child.key: (child.numerator or ZERO) * needed / above for child in children},
    )
    needed = above * per / target
    yield Way(
        code="denominators",
        words=Text(
            f"分子不变，分母合计到 {shown(needed)}（现在 {shown(below)}）",
            f"the numerators staying, denominators of {shown(needed)} together "
            f"(now {shown(below)})",
        ),
        changes={child.key: (child.denominator or ZERO) * needed / below for child in children},
    )


def _of_funnel(made: Node, target: Decimal, value: Decimal) -> Iterator[Way]:
    if value * target <= 0:
        return
    for stage in made.inputs:
        assert isinstance(stage.value, Decimal)
        needed = stage.value * target / value
        now, then = shown(stage.value), shown(needed)
        unit = f" {stage.unit}" if stage.unit else ""
        yield Way(
            code="stage",
            words=Text(
                f"其他环节不变，“{stage.label.zh}”要从 {now} 到 {then}{unit}",
                f"the other stages staying, “{stage.label.en}” from {now} to {then}{unit}",
            ),
            changes={stage.key: needed},
        )


def _of_extreme(
    parent: Parent, children: Sequence[Child], mode: Mode, target: Decimal
) -> Iterator[Way]:
    off = [child for child in children if _target(child) != target]
    if mode == "min":
        off = [child for child in children if _target(child) < target] or [
            min(children, key=_target)
        ]
    elif mode == "max":
        off = [child for child in children if _target(child) > target] or [
            max(children, key=_target)
        ]
    if not off:
        return
    zh, en = "、".join(c.name.zh for c in off), ", ".join(c.name.en for c in off)
    yield Way(
        code="set_each",
        words=Text(f"把 {zh} 的目标值改为 {shown(target)}", f"set {en} to {shown(target)}"),
        changes={child.key: target for child in off},
    )


def _one(parent: Parent, child: Child, more: Decimal) -> Way:
    then = _better(parent, _target(child) + more)
    by = then - _target(child)
    word = _up(by)
    return Way(
        code="one_child",
        words=Text(
            f"只把“{child.name.zh}”{word.zh} {shown(abs(by))}，到 {shown(then)}",
            f"{word.en} “{child.name.en}” alone by {shown(abs(by))}, to {shown(then)}",
        ),
        changes={child.key: then},
    )


def _by_percent(percent: Decimal) -> Text:
    word = _up(percent)
    by = shown(abs(percent))
    return Text(f"每个下级目标都{word.zh} {by}%", f"{word.en} each target below by {by} %")


def _up(change: Decimal) -> Text:
    return Text("提高", "raise") if change > 0 else Text("降低", "lower")


def _better(parent: Parent, value: Decimal) -> Decimal:
    """A new target as it is written, on the side that is better for the metric."""
    if parent.places is None:
        return value
    mode = {"up": decimal.ROUND_CEILING, "down": decimal.ROUND_FLOOR}
    step = _ONE.scaleb(-parent.places)
    # What a division could not end must not become a whole unit more.
    return rounded(value, _NOISE).quantize(
        step, rounding=mode.get(parent.direction, decimal.ROUND_HALF_UP)
    )


def _weight(child: Child) -> Decimal:
    return (child.weight or ZERO) * child.share


def _target(child: Child) -> Decimal:
    return child.target or ZERO
