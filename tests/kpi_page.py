"""The reference page of the KPIs, made from the metric library in Chinese or English."""

from __future__ import annotations

from pathlib import Path

from mingji.engine.kpi import BASELINES, FREQUENCIES, Kpi
from mingji.engine.model import Definitions, Metric
from mingji.kit.numbers import UNITS
from mingji.people.families import JOB_FAMILIES
from mingji.rules.text import Text

REFERENCE = Path(__file__).parents[1] / "docs/reference"
PAGES = {"en": REFERENCE / "kpis.md", "zh": REFERENCE / "kpis.zh.md"}

_TITLE = Text("市场部的 88 个 KPI", "The 88 KPIs of a marketing department")
_INTRO = Text(
    """[English](kpis.md) · [给岗位选 KPI](../how-to/choose-kpis.zh.md) ·
[标准数据模型](canonical-model.zh.md) · [KPI 怎么写](metrics.zh.md#kpi)

本页由 `src/mingji/metrics/library/` 里的定义生成，测试保证两边一致。
每个 KPI 都有一组手算的数字作证明：`tests/integration/metrics_library/`。
比率存小数，0.25 即 25%。权重是占整张考核表的常见百分数；计分方法见[方案文件](scheme-file.zh.md)；
“定值”是期间结束后多少天数字不再变动。同一编号有两个指标的，是它的两种读法，合在一起看。""",
    """[中文](kpis.zh.md) · [Choose KPIs for a post](../how-to/choose-kpis.md) ·
[The canonical model](canonical-model.md) · [How a KPI is written](metrics.md#kpi)

This page is made from the definitions in `src/mingji/metrics/library/`; a test keeps the two
together. Each KPI is proved on numbers worked by hand: `tests/integration/metrics_library/`.
A ratio is a fraction: 0.25 is 25 %. The weight is the usual percentage of a whole form; scoring
methods are those of [scheme files](scheme-file.md); “settled” is how many days after the end of a
period the value no longer moves. Two metrics under one number are its two readings, to be read
together.""",
)
_DIRECTIONS = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "closer": Text("越接近目标越好", "closer to the target is better"),
}
_RATIO = Text("比率", "ratio")
_COUNT = Text("个数", "count")
_RED_LINE = Text("红线，不占权重", "red line, no weight")


def kpis(definitions: Definitions) -> list[tuple[Kpi, Metric]]:
    """The metrics that are KPIs, by their numbers."""
    found = [(metric.kpi, metric) for metric in definitions.metrics.values() if metric.kpi]
    return sorted(found, key=lambda each: each[0].number)


def page(definitions: Definitions, language: str) -> str:
    """The whole page."""
    head = {
        "zh": "| 编号 | KPI | 指标 | 单位 | 方向 | 岗位族 | 权重 % |",
        "en": "| no. | KPI | metric | unit | direction | job families | weight % |",
    }[language]
    lines = [f"# {_TITLE.in_(language)}", "", _INTRO.in_(language), "", head, "|---" * 7 + "|"]
    known = kpis(definitions)
    lines += [_line(kpi, metric, language) for kpi, metric in known]
    for kpi, metric in known:
        lines += ["", *_section(kpi, metric, definitions, language)]
    return "\n".join(lines) + "\n"


def _line(kpi: Kpi, metric: Metric, language: str) -> str:
    cells = (
        str(kpi.number),
        kpi.name.in_(language),
        f"[`{metric.id}`](#{kpi.number}-{metric.id})",
        _unit(metric, language),
        _DIRECTIONS[metric.direction].in_(language),
        " ".join(kpi.families),
        _weight(kpi, language),
    )
    return f"| {' | '.join(cells)} |"


def _section(kpi: Kpi, metric: Metric, definitions: Definitions, language: str) -> list[str]:
    counter = definitions.metrics[metric.counter_metric]
    zh = language == "zh"
    methods = ("、" if zh else ", ").join(f"`{name}`" for name in kpi.methods)
    settings = "".join(f" `{name}: {value}`" for name, value in kpi.parameters)
    families = ("、" if zh else ", ").join(
        JOB_FAMILIES[code].in_(language) for code in kpi.families
    )
    told = {
        ("公式", "Formula"): metric.formula_text.in_(language),
        ("单位与方向", "Unit and direction"): f"{_unit(metric, language)} · "
        f"{_DIRECTIONS[metric.direction].in_(language)}",
        ("数据", "Data"): f"{kpi.source.in_(language)} · {metric.owner.in_(language)}",
        ("起始值", "Baseline"): BASELINES[kpi.baseline].in_(language),
        ("频率", "Frequency"): f"{FREQUENCIES[kpi.frequency].in_(language)} · "
        + (f"期末后 {kpi.lag_days} 天定值" if zh else f"settled after {kpi.lag_days} days"),
        ("计分", "Scoring"): f"{methods}{settings} · {_weight(kpi, language)}"
        + ("" if kpi.weight is None else "%" if zh else " %"),
        ("岗位族", "Job families"): families,
        ("怎么被做假", "Gaming risk"): metric.gaming_risk.in_(language),
        ("对照", "Watch beside it"): f"{counter.name.in_(language)} `{counter.id}`",
    }
    return [
        f"## {kpi.number} `{metric.id}`",
        "",
        f"**{metric.name.in_(language)}** {'：' if zh else '— '}{kpi.definition.in_(language)}"
        + ("。" if zh else "."),
        "",
        *(f"- {words[0 if zh else 1]}{'：' if zh else ': '}{text}" for words, text in told.items()),
    ]


def _unit(metric: Metric, language: str) -> str:
    if metric.unit == "ratio":
        return _RATIO.in_(language)
    if metric.unit == "count":
        return _COUNT.in_(language)
    return UNITS[metric.unit].in_(language) if metric.unit in UNITS else metric.unit


def _weight(kpi: Kpi, language: str) -> str:
    if kpi.weight is None:
        return _RED_LINE.in_(language)
    low, high = kpi.weight
    return str(low) if low == high else f"{low}–{high}"
