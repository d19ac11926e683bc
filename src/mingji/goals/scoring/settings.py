"""The settings of each scoring method that a goal may agree on, with what they start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.numbers import HUNDRED, shown
from mingji.rules.text import Text

# share: typed in percent, kept as a fraction. number: as it is. step: in percent, or in the unit of
# the metric where that is what is measured. bands, lines, anchors: a table, a line for each.
Kind = Literal["share", "number", "step", "anchors", "bands", "lines", "choice", "formula"]
_USUAL_MOST = Decimal(120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: its name in a scheme file, what it is called, how it is typed."""

    name: str
    label: Text
    kind: Kind = "number"
    advice: Text = Text("", "")
    choices: tuple[tuple[str, Text], ...] = ()


def asked(method: str, direction: str = "up") -> tuple[Setting, ...]:
    """What a method asks for, in the order of its form; nothing of one that needs no setting.

    >>> [each.name for each in asked("ratio")], [each.name for each in asked("ratio", "down")]
    (['cap'], ['cap', 'form'])
    """
    settings = _SETTINGS.get(method, ())
    return tuple(each for each in settings if each.name != "form" or direction == "down")


def defaults(method: str, direction: str = "up", most: Decimal | None = None) -> dict[str, str]:
    """The settings of a method as a form starts with them; `most` is what the scheme pays at most
    (1 is the whole weight).

    >>> defaults("tiered_target", most=Decimal("1.1"))["stretch_score"]
    '110'
    """
    top = min(_USUAL_MOST, most * HUNDRED) if most is not None else _USUAL_MOST
    whole = min(HUNDRED, top)
    start = _DEFAULTS.get(method)
    return start(direction == "down", whole, top) if start else {}


_MEASURE = Setting(
    name="measure",
    label=Text("按什么查", "Looked up by"),
    kind="choice",
    choices=(
        (
            "percent",
            Text("完成率（实际值 ÷ 目标值，%）", "attainment: actual ÷ target, in percent"),
        ),
        ("actual", Text("实际值", "the actual value")),
    ),
)
_STEPS_IN = Setting(
    name="measure",
    label=Text("按什么量", "Measured in"),
    kind="choice",
    choices=(
        ("percent", Text("百分比", "percent")),
        ("value", Text("指标自己的单位", "the unit of the metric")),
    ),
)
_BELOW = Setting(
    name="below",
    label=Text("差于最低点", "Worse than the lowest point"),
    kind="choice",
    choices=(
        ("zero", Text("得 0 分", "earns 0")),
        ("flat", Text("按最低点计", "earns what the lowest point does")),
    ),
)
_OF_WEIGHT = Text("占权重的百分数", "In percent of the weight.")
_A_LINE = Text("一行一段", "a line each")


def _points(name: str, zh: str, en: str) -> Setting:
    return Setting(name=name, label=Text(zh, en), advice=_OF_WEIGHT)


_CAP = Setting(name="cap", label=Text("最多得", "At most"), kind="share", advice=_OF_WEIGHT)
_STEP = Setting(name="step", label=Text("步长", "Step"), kind="step")
_SETTINGS: dict[str, tuple[Setting, ...]] = {
    "ratio": (
        _CAP,
        Setting(
            name="form",
            label=Text("算式", "Form"),
            kind="choice",
            choices=(
                ("inverse", Text("目标 ÷ 实际", "target ÷ actual")),
                ("complement", Text("2 − 实际 ÷ 目标", "2 − actual ÷ target")),
            ),
        ),
    ),
    "tiered_target": (
        _points("threshold_score", "门槛值得", "At the threshold"),
        _points("target_score", "目标值得", "At the target"),
        _points("stretch_score", "挑战值得", "At the stretch target"),
        _BELOW,
    ),
    "anchors": (
        _MEASURE,
        Setting(
            name="anchors",
            label=Text("各点的得分", "Points at values"),
            kind="anchors",
            advice=Text(
                f"{_A_LINE.zh}：数值 = 占权重的百分数，如 80 = 60",
                f"{_A_LINE.en}: value = percent of the weight, such as 80 = 60",
            ),
        ),
        _BELOW,
    ),
    "band": (
        _MEASURE,
        Setting(
            name="bands",
            label=Text("各区间的得分", "Points of bands"),
            kind="bands",
            advice=Text(
                f"{_A_LINE.zh}：从..到 = 占权重的百分数，如 80..100 = 60；两头可以留空",
                f"{_A_LINE.en}: from..to = percent of the weight, such as 80..100 = 60; "
                "an end may be left open",
            ),
        ),
    ),
    "band_linear": (
        _MEASURE,
        Setting(
            name="bands",
            label=Text("各区间的得分", "Points of bands"),
            kind="lines",
            advice=Text(
                f"{_A_LINE.zh}：从..到 = 起..止（占权重的百分数），如 80..100 = 60..100",
                f"{_A_LINE.en}: from..to = first..last percent of the weight, "
                "such as 80..100 = 60..100",
            ),
        ),
    ),
    "base_step": (
        _points("base", "达到目标得", "At the target"),
        _STEP,
        _points("unit", "每步加减", "For each step"),
        _points("cap_up", "最多加", "At most added"),
        _points("cap_down", "最多减", "At most taken"),
        _STEPS_IN,
    ),
    "best_history": (
        _points("base", "达到历史最佳（起始值）得", "At one's own best (the baseline)"),
        Setting(name="step", label=Text("步长（%）", "Step (%)")),
        _points("unit", "每步加减", "For each step"),
        _points("cap", "最多得", "At most"),
    ),
    "efficacy": (
        _points("base", "门槛值得", "At the threshold"),
        _points("span", "从门槛值到目标值再得", "From the threshold to the target, more"),
        _points("cap", "最多得", "At most"),
    ),
    "deviation": (
        Setting(name="tolerance", label=Text("容差", "Tolerance"), kind="step"),
        Setting(
            name="unit",
            label=Text("容差之外每 1 扣几分", "Points less for each 1 outside"),
            advice=Text("考核表上的分", "In points of the form."),
        ),
        _STEPS_IN,
    ),
    "deduct": (
        Setting(
            name="points_each",
            label=Text("每发生一次扣几分", "Points less for each"),
            advice=Text("考核表上的分", "In points of the form."),
        ),
    ),
    "formula": (
        Setting(
            name="expression",
            label=Text("公式", "Formula"),
            kind="formula",
            advice=Text(
                "得出占权重的百分数。可用 actual、target、baseline、threshold、stretch，四则运算、"
                "比较、if/else、min、max；比率按小数，如 0.25",
                "Gives percent of the weight. It may use actual, target, baseline, threshold, "
                "stretch, arithmetic, comparison, if/else, min, max; rates are fractions: 0.25.",
            ),
        ),
    ),
}

_Start = Callable[[bool, Decimal, Decimal], dict[str, str]]


def _anchors(down: bool, whole: Decimal, top: Decimal) -> dict[str, str]:
    points = [("60", "0"), ("80", "60"), ("100", shown(whole)), ("120", shown(top))]
    if down:
        points = [("80", shown(top)), ("100", shown(whole)), ("120", "60"), ("140", "0")]
    lines = "\n".join(f"{value} = {earned}" for value, earned in points)
    return {"measure": "percent", "anchors": lines, "below": "zero"}


def _bands(down: bool, whole: Decimal, _top: Decimal) -> dict[str, str]:
    w = shown(whole)
    ends = ("..100", "100..120", "120..") if down else ("..80", "80..100", "100..")
    points = (w, "60", "0") if down else ("0", "60", w)
    lines = "\n".join(f"{each} = {earned}" for each, earned in zip(ends, points, strict=True))
    return {"measure": "percent", "bands": lines}


def _lines(down: bool, whole: Decimal, _top: Decimal) -> dict[str, str]:
    w = shown(whole)
    lines = f"0..60 = 0..40\n60..80 = 40..70\n80..100 = 70..{w}"
    if down:
        lines = f"0..100 = {w}..{w}\n100..120 = {w}..60\n120..140 = 60..0"
    return {"measure": "percent", "bands": lines}


def _formula(down: bool, _whole: Decimal, top: Decimal) -> dict[str, str]:
    share = "(2 - actual / target)" if down else "actual / target"
    return {"expression": f"max(0, min({share} * 100, {shown(top)}))"}


def _base(_down: bool, whole: Decimal, _top: Decimal) -> dict[str, str]:
    base = {"base": shown(whole * 8 / 10), "step": "5", "unit": "5", "measure": "percent"}
    return base | {"cap_up": shown(whole * 2 / 10), "cap_down": "40"}


_DEFAULTS: dict[str, _Start] = {
    "ratio": lambda down, _whole, top: {"cap": shown(top)} | ({"form": "inverse"} if down else {}),
    "tiered_target": lambda _down, _whole, top: {
        "threshold_score": "60",
        "target_score": "80",
        "stretch_score": shown(min(Decimal(110), top)),
        "below": "zero",
    },
    "anchors": _anchors,
    "band": _bands,
    "band_linear": _lines,
    "base_step": _base,
    "best_history": lambda _down, whole, _top: {
        "base": shown(whole * 8 / 10),
        "step": "1",
        "unit": "1",
        "cap": shown(whole),
    },
    "efficacy": lambda _down, whole, _top: {"base": "60", "span": "40", "cap": shown(whole)},
    "deviation": lambda _down, _whole, _top: {"tolerance": "5", "unit": "1", "measure": "percent"},
    "deduct": lambda _down, _whole, _top: {"points_each": "1"},
    "formula": _formula,
}
