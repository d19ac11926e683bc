"""What the style guide shows: invented, of the lengths and oddities that real data has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingji.kit import charts, charts_path, charts_series
from mingji.rules.explanation import Node, Source
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

D = Decimal
RELEASED = datetime(2026, 10, 16, 14, 3)  # noqa: DTZ001 (a sample, shown as it stands)

_ROWS = Source(
    kind="rows",
    label=Text("商机：已赢单", "Opportunities: won"),
    ref="sample",
    filter="stage = 'won' and closed_on in 2026Q3",
    rows=37,
    origin=("crm_opportunities_2026Q3.csv", "crm_opportunities_2026Q2_补录.csv"),
    at="2026-10-08",
)
_ACTUAL = Node(
    key="actual",
    label=Text("赢单金额", "Won revenue"),
    value=D("1284350.00"),
    rule="metric.sum",
    formula=Text("把 37 个已赢单商机的金额相加", "The amounts of 37 won opportunities, added up"),
    unit="CNY",
    sources=(_ROWS,),
)
_TARGET = Node(
    key="target",
    label=Text("目标值", "Target"),
    value=D("1400000"),
    unit="CNY",
    sources=(
        Source(
            kind="agreement",
            label=Text("第三季度目标确认书", "Goal agreement for Q3"),
            by="欧阳若琳、赵明远",
            at="2026-07-03T10:20:00+08:00",
        ),
    ),
)
TREE = Node(
    key="won_revenue",
    label=Text("赢单金额 · 得分", "Won revenue · points"),
    value=D("18.35"),
    rule="method.ratio",
    formula=Text(
        "1,284,350 ÷ 1,400,000 × 20 = 18.35（完成率 91.7%）",
        "1,284,350 ÷ 1,400,000 × 20 = 18.35 (91.7% of target)",
    ),
    unit="point",
    parameters=MappingProxyType({"weight": D(20), "direction": "up", "cap": D("1.2")}),
    inputs=(_ACTUAL, _TARGET),
    rounding="0.01 half_up",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the sample table."""

    name: Text
    unit: str
    actual: Decimal | None
    target: Decimal
    points: Decimal | None
    status: str
    chart: charts.Bullet


def _item(
    name: Text, unit: str, actual: str | None, marks: tuple[str, str, str], points: str | None,
    status: str, direction: charts.Direction = "up", expected: str | None = None,
) -> Item:  # fmt: skip
    value = None if actual is None else D(actual)
    threshold, target, stretch = map(D, marks)
    drawn = charts.bullet(
        value,
        target=target,
        threshold=threshold,
        stretch=stretch,
        expected=None if expected is None else D(expected),
        direction=direction,
        unit=unit,
        label=name,
    )
    scored = None if points is None else D(points)
    return Item(name, unit, value, target, scored, status, drawn)


ITEMS = (
    _item(
        Text("赢单金额", "Won revenue"), "CNY", "1284350.00",
        ("1000000", "1400000", "1750000"), "18.35", "at_risk", expected="1330000",
    ),
    _item(
        Text("市场合格线索到销售合格线索的转化率（华东、华南两区合计）",
             "Conversion from marketing-qualified to sales-qualified leads, East and South China"),
        "ratio", "0.3127", ("0.2", "0.28", "0.33"), "15.60", "on_track",
    ),
    _item(
        Text("单条线索成本", "Cost per lead"), "CNY", "186.40",
        ("180", "150", "130"), "6.07", "off_track", "down",
    ),
    _item(
        Text("首次响应时长", "Time to first response"), "hour", "3.5",
        ("8", "4", "2"), "10.00", "on_track", "down",
    ),
    _item(
        Text("净推荐值", "Net promoter score"), "point", None,
        ("30", "40", "50"), None, "no_data",
    ),
)  # fmt: skip

_STEPS = (
    charts.Step(Text("结果贡献", "Result contribution"), D("40.02"), note="50%"),
    charts.Step(Text("过程与质量", "Process and quality"), D("13.20"), note="15%"),
    charts.Step(Text("专业能力", "Professional ability"), D("8.50"), note="10%"),
    charts.Step(Text("团队协作", "Teamwork"), D("9.00"), note="10%"),
    charts.Step(Text("创新", "Innovation"), None, note="5%"),
    charts.Step(Text("客户", "Customer"), D("8.00"), note="10%"),
    charts.Step(Text("个人得分", "Individual score"), None, total=True),
    charts.Step(Text("团队得分带来的变化", "What the team's score changes"), D("-2.14")),
    charts.Step(Text("加分：跨部门项目", "Extra: cross-team project"), D("3.00")),
    charts.Step(Text("总分", "Total"), None, total=True),
)
_QUARTERS = (
    ("2025Q3", "812000", "900000"),
    ("2025Q4", "1390500", "1200000"),
    ("2026Q1", "702300", "800000"),
    ("2026Q2", None, "1000000"),
    ("2026Q3", "1284350", "1400000"),
)
_SCORES = (
    "61.2 66 71.5 73.2 74 76.8 77.1 78.5 79.59 80.3 80.9 81.4 82.2 83 83.1 84.7 85.2 86 88.4 90.1 "
    "91.3 94.8"
)
_CARE = (
    ("1", "需要帮助", "Needs help", "资料常缺关键信息，同事要反复来问",
     "Briefs often lack what matters; colleagues have to ask again"),
    ("2", "接近要求", "Nearly there", "要点齐全，但常在截止前才给出",
     "The essentials are there, but often only just before the deadline"),
    ("3", "达到要求", "As expected", "按约定时间给出完整资料，变更当天通知",
     "Complete material on the agreed day; changes are told the same day"),
    ("4", "超出要求", "Beyond", "提前想到对方需要什么，主动补上背景和数据",
     "Thinks ahead of what others need and adds background and figures unasked"),
    ("5", "榜样", "A model", "把做法整理成模板，别的团队也照着用",
     "Has turned the way of working into a template that other teams use"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleLevel:
    """A described level of the sample item."""

    id: str
    name: Text
    description: Text
    points: Decimal


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """An entry of the sample timeline."""

    at: datetime
    who: str
    what: Text
    sealed: bool = False


_LEVELS_OF_CARE = [
    SampleLevel(key, Text(zh, en), Text(long_zh, long_en), D(int(key) * 4))
    for key, zh, en, long_zh, long_en in _CARE
]
_FINDINGS = (
    Finding(
        code="weights_not_100",
        severity="error",
        message=Text("权重合计 95，应为 100", "Weights add up to 95 instead of 100"),
        remedy=Text("给“创新”加 5，或按比例重新分配", "Add 5 to “Innovation”, or spread the rest"),
        place=Place("market_team.yaml", 41, None, "dimensions"),
    ),
    Finding(
        code="rows_without_account",
        severity="warning",
        message=Text("有些商机没有客户", "Some opportunities have no account"),
        remedy=Text("在 CRM 里补上客户", "Fill in the account in the CRM"),
        count=1425,
    ),
)
_EVENTS = (
    SampleEvent(
        datetime(2026, 10, 12, 9, 41),  # noqa: DTZ001
        "欧阳若琳",
        Text("提交自评", "Submitted the self-review"),
    ),
    SampleEvent(RELEASED, "赵明远", Text("发布结果", "Released the result"), sealed=True),
)


class SampleForm(forms.Form):
    """A form that was sent with mistakes."""

    objective = forms.CharField(label=_("Objective"), help_text=_("A verb, an object, a date."))
    target = forms.DecimalField(label=_("Target"), min_value=0)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, required=False)


def form() -> SampleForm:
    """The sample form, refused."""
    return SampleForm({"objective": "", "target": "-5", "reason": ""})


def everything(why: str) -> dict[str, Any]:
    """All samples by the name under which the page uses them; numbers open at `why`."""
    points = tuple(
        charts_series.Point(Text.same(period), None if value is None else D(value), D(target), why)
        for period, value, target in _QUARTERS
    )
    scores = [(f"#{place}", D(score)) for place, score in enumerate(_SCORES.split())]
    return {
        "items": ITEMS,
        "score": D("79.58"),
        "revenue": D("1284350"),
        "share": D("0.1234"),
        "change": D("-3.2"),
        "count": D("12408"),
        "released": RELEASED,
        "steps": charts.waterfall(
            [charts.Step(s.label, s.delta, why, s.note, s.total, s.inner) for s in _STEPS],
            caption=Text("总分怎么来的", "How the total came about"),
        ),
        "line": charts_series.trend(
            points, unit="CNY", caption=Text("赢单金额，按季度", "Won revenue by quarter")
        ),
        "way": charts_path.path(
            [(date(2026, 10, day), D(day * day)) for day in (4, 11, 18)],
            [(date(2026, 10, day), D(day * 20)) for day in (1, 31)],
            [charts_path.Level(Text("目标值", "target"), D(620), "target")],
            start=date(2026, 10, 1),
            end=date(2026, 10, 31),
            caption=Text("线索数，按周", "Leads by week"),
        ),
        "scores": charts_series.spread(
            scores, unit="point", mine="#8", caption=Text("部门得分", "Scores of the department")
        ),
        "levels_of_care": _LEVELS_OF_CARE,
        "findings": _FINDINGS,
        "events": _EVENTS,
    }
