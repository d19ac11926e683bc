"""Which ways of combining targets the definition of a metric allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingji.rules.decomposition.terms import PERCENT, Mode
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_ENDS: tuple[Mode, ...] = ("min", "max", "same")
_RATE: tuple[Mode, ...] = ("ratio_of_sums", "weighted_mean", "shared_funnel", *_ENDS)
_MEAN: tuple[Mode, ...] = ("weighted_mean", "shared_funnel", *_ENDS)
_ADDED: tuple[Mode, ...] = ("sum", "shared_funnel", *_ENDS)
_NAMES: Mapping[Mode, Text] = {
    "sum": Text("相加", "a sum"),
    "weighted_mean": Text("加权平均", "a weighted mean"),
    "ratio_of_sums": Text("合计相除", "a ratio of sums"),
    "shared_funnel": Text("环节相乘", "a shared funnel"),
    "min": Text("取最小", "the smallest"),
    "max": Text("取最大", "the largest"),
    "same": Text("各自相同", "the same for each"),
}
_OVERLAPPING = Text(
    "去重计数：同一个对象可能在几个下级里各算一次，合计可能偏大",
    "distinct counts may overlap: one thing counted below twice makes the sum too large",
)
_UNSURE = Text(
    "派生指标：只有公式只含加减时目标才能相加；核对公式后再选“相加”",
    "a derived metric: its targets add up only if its formula adds and subtracts; "
    "look at it before you choose a sum",
)
_REPORTED = Text(
    "没有指标的数值：是数量或金额才相加，平均值和评分不相加",
    "a number without a metric: add it up if it counts things or money, not if it is a mean",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The mode that fits a metric best, all that are allowed, and what to mind (or nothing)."""

    proposed: Mode
    allowed: tuple[Mode, ...]
    caution: Text | None = None


def modes_of(*, type: str, agg: str | None = None, unit: str = "") -> Modes:  # noqa: A002
    """The modes for a metric of this engine type, aggregate and unit (`reference/metrics.md`).

    >>> modes_of(type="ratio").proposed, "sum" in modes_of(type="ratio").allowed
    ('ratio_of_sums', False)
    >>> modes_of(type="simple", agg="sum").proposed
    'sum'
    >>> nps = modes_of(type="derived", unit="point")
    >>> nps.proposed, "sum" in nps.allowed
    ('weighted_mean', False)
    >>> profit = modes_of(type="derived", unit="CNY")
    >>> profit.proposed, "sum" in profit.allowed
    ('same', True)
    """
    if type in ("simple", "typed", "cumulative") and agg is not None:
        return _of_aggregate(agg)
    if type in ("ratio", "share", "conversion"):
        return Modes(proposed="ratio_of_sums", allowed=_RATE)
    if type == "survey":
        return Modes(proposed="same", allowed=("same", "weighted_mean", "min", "max"))
    if type == "growth" or is_rate(unit) or (type == "derived" and not _is_amount(unit)):
        return Modes(proposed="weighted_mean", allowed=_MEAN)
    if type == "cumulative":
        return Modes(proposed="sum", allowed=_ADDED)
    return _of_amount(derived=type == "derived")


def must_allow(modes: Modes, mode: Mode) -> None:
    """Refuse a way of combining that makes no sense for the metric.

    Raises:
        Invalid: with the ways that do.
    """
    if mode in modes.allowed:
        return
    zh = "、".join(_NAMES[each].zh for each in modes.allowed)
    en = ", ".join(_NAMES[each].en for each in modes.allowed)
    raise Invalid(
        Text(
            f"这个指标的目标不能用“{_NAMES[mode].zh}”合成；可用：{zh}",
            f"targets of this metric cannot be combined as {_NAMES[mode].en}; use one of: {en}",
        ),
        code="mode_not_allowed",
    )


def _of_aggregate(agg: str) -> Modes:
    match agg:
        case "sum" | "count":
            return Modes(proposed="sum", allowed=_ADDED)
        case "count_distinct":
            return Modes(proposed="sum", allowed=_ADDED, caution=_OVERLAPPING)
        case "min":
            return Modes(proposed="min", allowed=("min", "same"))
        case "max":
            return Modes(proposed="max", allowed=("max", "same"))
        case "average":
            return Modes(proposed="weighted_mean", allowed=_MEAN)
    return Modes(proposed="same", allowed=_ENDS)


def _of_amount(*, derived: bool) -> Modes:
    """A number without an aggregate of its own: what a formula makes is not added up by itself."""
    allowed: tuple[Mode, ...] = (*_ADDED, "weighted_mean")
    if derived:
        return Modes(proposed="same", allowed=allowed, caution=_UNSURE)
    return Modes(proposed="sum", allowed=allowed, caution=_REPORTED)


def is_money(unit: str) -> bool:
    """Whether a unit is the code of a currency."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()


def is_rate(unit: str) -> bool:
    """Whether a unit is that of a rate, which is never added up."""
    return unit in PERCENT or unit in ("ratio", "x", "×") or "/" in unit


def _is_amount(unit: str) -> bool:
    """Whether a unit counts things or money: a derived score, such as NPS, is in points."""
    return unit == "count" or is_money(unit)
