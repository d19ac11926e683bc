"""The kinds of metrics: what each is called, what it is for, and which words it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind as people meet it: its name, what it is for, and its words in a definition."""

    name: Text
    about: Text
    words: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "simple": Kind(
        Text("从一张表的行统计", "Counted from the rows of a table"),
        Text(
            "行数、合计、平均、中位数、不重复个数……例如新增线索数",
            "Rows, a sum, a mean, a median, different values … such as new leads",
        ),
        ("table", "agg", "percentile", "column", "filter", "time"),
        ("table",),
    ),
    "ratio": Kind(
        Text("两个指标相除", "One metric over another"),
        Text(
            "合计除以合计，从不对比率求平均。例如赢单率",
            "A sum over a sum, never a mean of ratios, such as the win rate",
        ),
        ("numerator", "denominator"),
        ("numerator", "denominator"),
    ),
    "derived": Kind(
        Text("由指标写成的公式", "A formula over metrics"),
        Text("加减乘除和括号。例如投入产出比", "With + - * / and brackets, such as a return"),
        ("formula",),
        ("formula",),
    ),
    "conversion": Kind(
        Text("几步之间的转化", "A conversion over steps"),
        Text(
            "走了第一步的，限期内有多少走到最后一步。例如线索到赢单",
            "Of those who took the first step, how many reached the last in time: lead to won",
        ),
        ("table", "window", "cohort", "above", "below"),
        ("table",),
    ),
    "share": Kind(
        Text("占整体的份额", "A share of a whole"),
        Text(
            "占另一个指标，或占各渠道、各产品之和。例如市场份额",
            "Of another metric, or of all channels, all products …, such as the market share",
        ),
        ("metric", "of", "of_total", "over"),
        ("metric",),
    ),
    "growth": Kind(
        Text("和早先相比的增长", "Growth against earlier"),
        Text(
            "比上一期，或比去年同期。例如营收同比",
            "Against the period before, or the same one a year ago",
        ),
        ("metric", "against", "told_as"),
        ("metric",),
    ),
    "cumulative": Kind(
        Text("累计", "To date, or over a window"),
        Text(
            "从年初、季初起，或最近若干天。例如年初至今营收",
            "Since the start of a year or quarter, or over the last days, such as 90 days",
        ),
        ("metric", "grain_to_date", "window"),
        ("metric",),
    ),
    "lagged": Kind(
        Text("早先一期的数值", "The value of an earlier period"),
        Text(
            "用来和几个月后才见效的结果相比", "To compare with what takes months to show its effect"
        ),
        ("metric", "offset_window"),
        ("metric", "offset_window"),
    ),
    "survey": Kind(
        Text("问卷得分", "A survey score"),
        Text("净推荐值（NPS）或满意度（CSAT）", "NPS, or satisfaction (CSAT)"),
        ("method", "table", "column", "filter", "time", "top_box_from", "min_answers"),
        ("table", "column"),
    ),
    "typed": Kind(
        Text("人工录入，经第二人批准", "Typed in, approved by a second person"),
        Text(
            "任何系统里都没有的数。例如品牌知名度调研",
            "What no system holds, such as a survey of the brand",
        ),
    ),
}
#: What the form calls otherwise than a definition: the steps of a conversion are no metrics.
CALLED = {"above": "numerator", "below": "denominator", "told_as": "as"}
#: Every word that some kind has; a metric that changes its kind loses those of the other.
WORDS = {CALLED.get(word, word) for kind in KINDS.values() for word in kind.words} | {
    "expression",
    "steps",
}
