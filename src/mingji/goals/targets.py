"""Whether the values of a goal can be scored and followed, before anybody agrees to them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mingji.kit.words import RULES
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import shown
from mingji.rules.text import Text

# What an item may be scored by when its target is zero or negative.
NO_RATIO_NEEDED = ("base_step", "anchors", "described")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The values of one goal in the unit of its metric; `weight` in percent of the form."""

    target: Decimal | None = None
    baseline: Decimal | None = None
    threshold: Decimal | None = None
    stretch: Decimal | None = None
    weight: Decimal | None = None


def findings(targets: Targets, *, method: str = "", direction: str = "up") -> tuple[Finding, ...]:
    """What is wrong with these values under this scoring method; nothing wrong is an empty tuple.

    >>> [found.code for found in findings(Targets(target=Decimal(0)), method="ratio")]
    ['ratio_target_not_positive']
    >>> [found.code for found in findings(Targets(target=Decimal(5), baseline=Decimal(5)))]
    ['baseline_is_target']
    """
    return tuple(_complaints(targets, method, direction))


def _complaints(targets: Targets, method: str, direction: str) -> Iterator[Finding]:
    target = targets.target
    if target is None:
        yield _error(
            "target_missing",
            "target",
            Text(zh="还没有填目标值。", en="There is no target."),
            Text(
                zh="填一个要在期末达到的数值。",
                en="Write the value to be reached by the end of the period.",
            ),
        )
        return
    if method == "ratio" and target <= 0:
        yield _not_positive(target)
    if targets.baseline == target:
        yield _error(
            "baseline_is_target",
            "baseline",
            Text(
                zh="起始值和目标值相同，进度无从算起。",
                en="Baseline and target are the same: there is no progress to measure.",
            ),
            Text(
                zh="改目标值，或把起始值留空。",
                en="Change the target, or leave the baseline empty.",
            ),
        )
    yield from _order(targets, target, direction)
    if targets.weight is not None and not 0 < targets.weight <= 100:
        yield _WEIGHT


def _not_positive(target: Decimal) -> Finding:
    names = [RULES[f"method.{method}"] for method in NO_RATIO_NEEDED]
    zh = "、".join(name.zh for name in names)
    en = ", ".join(
        f"{name.en} ({method})" for name, method in zip(names, NO_RATIO_NEEDED, strict=True)
    )
    return _error(
        "ratio_target_not_positive",
        "target",
        Text(
            zh=f"这一项用比率法计分，目标值不能是 {shown(target)}：除以零或负数没有意义。",
            en=f"This item is scored by ratio; a target of {shown(target)} cannot be divided by.",
        ),
        Text(
            zh=f"把目标值改为正数，或在方案里改用{zh}计分。",
            en=f"Set a target above zero, or score the item in the scheme by one of: {en}.",
        ),
    )


def _order(targets: Targets, target: Decimal, direction: str) -> Iterator[Finding]:
    if direction == "closer":
        return
    remedy = Text(
        zh="越高越好的指标：门槛值 < 目标值 < 挑战值；越低越好的指标反过来。",
        en="Higher is better: threshold < target < stretch; lower is better: the other way round.",
    )
    if targets.threshold is not None and not _better(target, targets.threshold, direction):
        yield _error(
            "threshold_beyond_target",
            "threshold",
            Text(
                zh="门槛值应当比目标值容易达到。",
                en="A threshold must be easier to reach than the target.",
            ),
            remedy,
        )
    if targets.stretch is not None and not _better(targets.stretch, target, direction):
        yield _error(
            "stretch_below_target",
            "stretch",
            Text(
                zh="挑战值应当比目标值更难达到。",
                en="A stretch target must be harder to reach than the target.",
            ),
            remedy,
        )


def _better(one: Decimal, other: Decimal, direction: str) -> bool:
    return one < other if direction == "down" else one > other


def _error(code: str, field: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=field))


_WEIGHT = _error(
    "weight_out_of_range",
    "weight",
    Text(zh="权重要在 0 到 100 之间。", en="A weight lies between 0 and 100."),
    Text(
        zh="填一个大于 0、不超过 100 的百分数，或留空沿用方案的权重。",
        en="Write a percentage above 0 and up to 100, or leave it empty for the scheme's.",
    ),
)
