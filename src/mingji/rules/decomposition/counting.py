"""Which children can be counted; the others are named with their reason, never taken for zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.decomposition.terms import PERCENT, Child, Mode, Parent, Side, Stage, Uncounted
from mingji.rules.errors import Invalid
from mingji.rules.numbers import HUNDRED, checked, exact, rounded
from mingji.rules.text import Text

_REASONS = {
    "other_period": Text("期间和上级目标不同", "it is of another period"),
    "other_unit": Text("单位或币种不同，不能直接合并", "it has another unit or currency"),
    "no_target": Text("还没有目标值", "it has no target yet"),
    "no_stage": Text("没有选择所在环节", "it stands in no stage of this funnel"),
    "no_weight": Text("没有大于 0 的权重（体量）", "it has no weight (volume) above 0"),
    "no_parts": Text("没有填分子和大于 0 的分母", "it has no numerator and denominator above 0"),
    "other_metric": Text(
        "这个环节已按另一个指标计算", "this stage is measured by another metric already"
    ),
    "parts_differ": Text("分子÷分母和目标值不符", "its numerator ÷ denominator is not its target"),
}


@exact
def counted(
    parent: Parent, children: Sequence[Child], mode: Mode, stages: Sequence[Stage]
) -> tuple[tuple[Child, ...], tuple[Uncounted, ...]]:
    """The children that can be combined, and those that cannot, with the reason.

    Raises:
        Invalid: a child stands there twice, or a share or number cannot be reckoned with.
    """
    _check(children)
    by_key = {stage.key: stage for stage in stages}
    units = _units(parent, children)
    fit, left = [], []
    for child in children:
        if code := _why_not(parent, child, mode, by_key, units):
            left.append(Uncounted(child=child, code=code, reason=_REASONS[code]))
        else:
            fit.append(child)
    return tuple(fit), tuple(left)


def _units(parent: Parent, children: Sequence[Child]) -> dict[Side, str]:
    """The unit of either side of a fraction: as its metric says, else as the first child has it."""
    found: dict[Side, str] = {"": parent.unit}
    if parent.numerator_unit:
        found["numerator"] = parent.numerator_unit
    if parent.denominator_unit:
        found["denominator"] = parent.denominator_unit
    for child in sorted(children, key=lambda child: child.key):
        found.setdefault(child.side, child.unit)
    return found


def _why_not(
    parent: Parent,
    child: Child,
    mode: Mode,
    stages: Mapping[str, Stage],
    units: Mapping[Side, str],
) -> str:
    if parent.period and child.period != parent.period:
        return "other_period"
    if mode != "shared_funnel":
        unit = units[child.side] if mode == "ratio_of_sums" else parent.unit
        return "other_unit" if child.unit != unit else _lacks(child, mode)
    stage = stages.get(child.stage)
    if stage is None:
        return "no_stage"
    if stage.metric and child.metric != stage.metric:
        return "other_metric"
    return "other_unit" if child.unit != stage.unit else _lacks(child, stage.mode)


def _lacks(child: Child, mode: str) -> str:
    if mode == "ratio_of_sums" and not child.side:
        return _wrong_parts(child)
    if child.target is None:
        return "no_target"
    if mode == "weighted_mean" and (child.weight is None or child.weight <= 0):
        return "no_weight"
    return ""


def _wrong_parts(child: Child) -> str:
    above, below = child.numerator, child.denominator
    if above is None or below is None or below <= 0:
        return "no_parts"
    if child.target is None:
        return ""
    exponent = child.target.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    made = above / below * (HUNDRED if child.unit in PERCENT else 1)
    return "" if rounded(made, places) == child.target else "parts_differ"


def _check(children: Sequence[Child]) -> None:
    seen: set[str] = set()
    for child in children:
        if child.key in seen:
            raise Invalid(
                Text(
                    f"“{child.name.zh}”在下级里出现了两次；删去一个",
                    f"“{child.name.en}” stands among the children twice; take one away",
                ),
                code="child_twice",
            )
        seen.add(child.key)
        for value in (child.target, child.weight, child.numerator, child.denominator):
            checked(value, child.name)
        if not Decimal(0) < child.share <= Decimal(1):
            raise Invalid(
                Text(
                    f"“{child.name.zh}”的贡献占比应大于 0、不超过 1",
                    f"the share of “{child.name.en}” must lie above 0 and up to 1",
                ),
                code="bad_share",
            )
