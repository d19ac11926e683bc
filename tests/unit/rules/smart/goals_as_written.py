"""Goals as marketers write them, and what a careful reader says of each letter.

`+` good, `-` to mend, `?` cannot be told. The period is the fourth quarter of 2026, today is
20 September 2026, the post is in growth marketing, every goal hangs on a theme unless it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from mingji.analysis.forecast import Aim, Forecast, forecast
from mingji.analysis.scales import kind_for
from mingji.rules.smart.draft import Draft, Measured, Outlook, Post
from mingji.rules.text import Text

D = Decimal
TODAY = date(2026, 9, 20)
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
GROWTH = Post(name=Text("增长运营", "growth marketing"), job_family="GR")
CRM = Text("CRM", "the CRM")
OWNER = Text("营销运营", "marketing operations")


def metric(code: str, zh: str, en: str, unit: str, **more: Any) -> Measured:
    return Measured(
        code=code, name=Text(zh, en), unit=unit, source=CRM, owner=OWNER, families=("GR",), **more
    )


METRICS = {
    "mql": metric("mql", "MQL 数", "MQLs", "count", aliases=("MQL", "市场合格线索")),
    "leads": metric("leads", "线索数", "Leads", "count", aliases=("有效线索",)),
    "cpl": metric("cpl", "单线索成本", "CPL", "CNY", direction="down", aliases=("CPL", "线索成本")),
    "cvr": metric(
        "cvr", "官网转化率", "Website conversion", "ratio", aliases=("转化率", "conversion")
    ),
    "roas": metric("roas", "ROAS", "ROAS", "times"),
    "revenue": metric("revenue", "市场贡献收入", "Marketing-sourced revenue", "CNY"),
    "nps": metric("nps", "净推荐值", "NPS", "point", aliases=("NPS",)),
    "churn": metric("churn", "流失率", "Churn", "ratio", direction="down"),
    "response": metric("response", "首响时长", "First response", "hour", direction="down"),
}
HISTORY = {
    "mql": ("220", "240", "250", "260", "270", "280"),
    "leads": ("1100", "1180", "1150", "1240", "1230", "1300"),
    "cpl": ("95", "92", "90", "88", "86", "84"),
    "cvr": ("0.020", "0.021", "0.022", "0.022", "0.024", "0.025"),
    "roas": ("2.1", "2.3", "2.2", "2.4"),
    "revenue": ("4200000", "4500000", "4400000", "4800000"),
    "nps": ("30", "32", "35", "36"),
    "churn": ("0.06", "0.055", "0.05", "0.05"),
    "response": ("30", "28", "26", "24"),
}


@dataclass(frozen=True)
class Row:
    title: str
    expected: str
    metric: str = ""
    target: str = ""
    kind: str = "key_result"
    more: dict[str, Any] = field(default_factory=dict)


def draft_of(row: Row) -> Draft:
    """The goal of a row, with the metric's past and its forecast."""
    past = tuple(D(value) for value in HISTORY.get(row.metric, ()))
    target = D(row.target) if row.target else None
    made = Draft(
        title=row.title,
        kind=row.kind,
        metric=METRICS.get(row.metric),
        target=target,
        baseline=past[-1] if past else None,
        history=past,
        period=QUARTER,
        theme="获客增长",
        post=GROWTH,
        outlook=outlook(past, METRICS.get(row.metric), target),
    )
    return replace(made, **row.more)


def outlook(
    past: tuple[Decimal, ...], measured: Measured | None, target: Decimal | None
) -> Outlook | None:
    if measured is None or target is None:
        return None
    said = forecast(
        past,
        scale=kind_for(past, measured.unit),
        aim=Aim(target=target, direction=measured.direction, tolerance=D(1)),
    )
    if not isinstance(said, Forecast):
        return None
    return Outlook(
        median=said.median, low=said.low, high=said.high, chance=said.chance, note=said.note
    )


MADE = {"measure": "milestone", "evidence": "上线公告"}
IN_QUARTER = {"due": date(2026, 11, 30)}
MONTH = {"period": (date(2026, 10, 1), date(2026, 10, 31))}

CHINESE = (
    # measured: a vague verb is fine once the number says how far
    Row("提升MQL到300", "+++++", "mql", "300"),
    Row("提升 MQL 数到 300 个", "+++++", "mql", "300"),
    Row("MQL 数达到 300", "+++++", "mql", "300"),
    Row("Q4新增MQL 300个", "+++++", "mql", "300"),
    Row("四季度获取市场合格线索300条", "+++++", "mql", "300"),
    Row("尽量把CPL降到80", "+++++", "cpl", "80"),
    Row("单线索成本从84元降至80元", "+++++", "cpl", "80"),
    Row("CPL 控制在 80 元以内", "+++++", "cpl", "80"),
    Row("优化落地页，官网转化率从2.5%提升到2.6%", "+++++", "cvr", "0.026"),
    Row("官网转化率２．６％", "+++++", "cvr", "0.026"),
    Row("转化率提升0.1个百分点", "+++++", "cvr", "0.026"),
    Row("ROAS 做到 2.5", "+++++", "roas", "2.5"),
    Row("ROAS达到2.5倍", "+++++", "roas", "2.5"),
    Row("市场贡献收入500万", "+++++", "revenue", "5000000"),
    Row("市场贡献收入达到五百万", "+++++", "revenue", "5000000"),
    Row("完成市场贡献收入 500 万元", "+++++", "revenue", "5000000"),
    Row("NPS 提升到 38 分", "+++++", "nps", "38"),
    Row("流失率降到4.8%", "+++++", "churn", "0.048"),
    Row("线索首响时长缩短到22小时", "+++++", "response", "22"),
    Row("有效线索增长 4%", "+++++", "leads", "1352"),
    Row("MQL 数", "+++++", "mql", "300", "kpi"),
    Row("线索数", "+++++", "leads", "1350", "kpi"),
    Row("12月20日前新增 MQL 300 个", "+++++", "mql", "300"),
    Row("较2025年多拿 MQL，达到300", "+++++", "mql", "300"),
    # vague
    Row("进一步加强品牌建设", "--?++"),
    Row("努力做好内容运营工作", "--?++"),
    Row("提升一下品牌影响力", "--?++"),
    Row("持续优化投放效果", "--?++"),
    Row("全面赋能销售团队", "--?++"),
    Row("找到增长抓手，形成闭环", "--?++"),
    Row("积极推进渠道拓展", "--?++"),
    Row("做好双11相关工作", "--?++"),
    Row("适当增加直播场次", "--?++"),
    Row("大幅提升客户满意度", "--?++"),
    Row("加大力度拓展私域", "--?++"),
    Row("配合销售完成若干客户拜访", "--?++"),
    Row("打造一个行业标杆", "--?++"),
    Row("举办3场行业沙龙，进一步提升品牌影响力", "--?++"),
    Row("协助产品部上线新功能", "--?++"),
    Row("提升", "--?++"),
    Row("努力", "--?++"),
    Row("300", "--?++"),
    Row("", "--?++"),
    Row("品牌", "--?++"),
    Row("🚀🚀🚀", "--?++"),
    # looks vague, is not
    Row("完成加强针主题科普视频3支", "+-?++"),
    Row("发布相关系数分析报告2份", "+-?++"),
    Row("新增互相关注达人50位", "+-?++"),
    Row("招募SEO优化师2名", "+-?++"),
    Row("主推进口奶粉，签约经销商5家", "+-?++"),
    Row("做好友裂变活动3场，新增好友2000人", "+-?++"),
    Row("增加强曝光资源位3个", "+-?++"),
    Row("按各类目发布选购指南12篇", "+-?++"),
    Row("用户参与度报告上线", "+-?++"),
    Row("搭建技术支持知识库", "+-?++"),
    Row("签约渠道伙伴十家", "+-?++"),
    # what the lists were tried on afterwards
    Row("降低线索退回率", "--?++"),
    Row("保持零客诉", "+-?++"),
    Row("三个月内完成", "--?++"),
    Row("降本增效", "--?++"),
    Row("完成领导交办的其他工作", "--?++"),
    Row("建立健全考核机制", "--?++"),
    Row("以客户为中心，做有温度的品牌", "--?++"),
    Row("跟进销售线索，48小时内100%回访", "+-?++"),
    Row("把响应时间从24h缩短到4h", "+-?++"),
    Row("与销售部对齐线索标准并每月复盘一次", "+-?++"),
    Row("新媒体矩阵粉丝总量突破50w", "+-?++"),
    Row("重点客户复购率提高至四成", "+-?++"),
    Row("完成618大促复盘报告", "+-?++"),
    # milestones
    Row("11月30日前上线新官网", "+++++"[:2] + "?++", more={**MADE, **IN_QUARTER}),
    Row("完成品牌手册定稿并发布", "++?++", more=MADE),
    Row("上线会员小程序", "+-?++", more={"measure": "yes_no"}),
    # the numbers disagree
    Row("提升MQL到300", "+-+++", "mql", "295"),
    Row("市场贡献收入达到500万", "+--++", "revenue", "500"),
    Row("官网转化率达到2.6%", "+--++", "cvr", "2.6"),
    Row("转化率提升4%", "+++++", "cvr", "0.026"),
    Row("转化率提升0.1%", "+-+++", "cvr", "0.026"),
    Row("CPL从90降到80", "+-+++", "cpl", "80"),
    Row("MQL增长20%", "+-+++", "mql", "300"),
    # too low, too high
    Row("MQL 达到 250", "++-++", "mql", "250"),
    Row("CPL 降到 95 元", "++-++", "cpl", "95"),
    Row("MQL 翻三倍，达到 840", "++-++", "mql", "840"),
    Row("MQL 翻一番，达到 560", "++-++", "mql", "560"),
    Row("CPL 降到 30 元", "++-++", "cpl", "30"),
    Row("NPS 达到 95", "++-++", "nps", "95"),
    Row("MQL 达到 300", "++?++", "mql", "300", more={"history": (), "outlook": None}),
    # not for this post, not aligned, gamed
    Row("MQL 达到 300", "+++-+", "mql", "300", more={"theme": ""}),
    Row(
        "MQL 达到 300", "+++-+", "mql", "300",
        more={"post": Post(name=Text("公关", "PR"), job_family="PR")},
    ),
    Row(
        "MQL 达到 300", "+++-+", "mql", "300",
        more={
            "others": frozenset({"cpl"}),
            "metric": replace(
                METRICS["mql"], gaming_risk=Text("放宽评分", "scores are loosened"),
                counter_metric="rejection",
            ),
        },
    ),
    # when
    Row("2027年3月前MQL达到300", "++++-", "mql", "300"),
    Row("Q3 MQL 达到 300", "++++-", "mql", "300"),
    Row("9月30日前MQL达到300", "++++-", "mql", "300"),
    Row("MQL达到300", "++++-", "mql", "300", more={"due": date(2027, 1, 5)}),
    Row("MQL达到300", "++++-", "mql", "300", more={"period": None}),
    Row(
        "市场贡献收入达到500万", "++++-", "revenue", "5000000",
        more={**MONTH, "metric": replace(METRICS["revenue"], lag_days=120)},
    ),
    Row(
        "MQL达到300", "++++-", "mql", "300",
        more={"period": (date(2026, 4, 1), date(2026, 6, 30))},
    ),
    # objectives
    Row("成为华东中小企业首选的营销平台", "++?++", kind="objective", more={"key_results": 3}),
    Row("成为华东中小企业首选的营销平台", "+??++", kind="objective"),
    Row("进一步提升品牌影响力", "-??++", kind="objective"),
    Row("让新客户三天内看到价值", "-??++", kind="objective"),
    Row("进入行业前三", "+-?++", kind="objective", more={"key_results": 1}),
)  # fmt: skip

ENGLISH = (
    Row("Increase MQLs to 300", "+++++", "mql", "300"),
    Row("Improve MQLs to 300", "+++++", "mql", "300"),
    Row("Generate 300 MQLs in Q4", "+++++", "mql", "300"),
    Row("Reach 300 MQLs by December 20", "+++++", "mql", "300"),
    Row("Cut CPL from 84 to 80", "+++++", "cpl", "80"),
    Row("Lower CPL to ¥80 or less", "+++++", "cpl", "80"),
    Row("Lift website conversion from 2.5% to 2.6%", "+++++", "cvr", "0.026"),
    Row("Raise conversion by 0.1 percentage points", "+++++", "cvr", "0.026"),
    Row("Raise conversion by 4%", "+++++", "cvr", "0.026"),
    Row("ROAS of 2.5x", "+++++", "roas", "2.5"),
    Row("Marketing-sourced revenue of 5 million", "+++++", "revenue", "5000000"),
    Row("Bring in 5M of marketing-sourced revenue", "+++++", "revenue", "5000000"),
    Row("Grow leads 4%", "+++++", "leads", "1352"),
    Row("MQLs", "+++++", "mql", "300", "kpi"),
    Row("Keep churn below 4.8%", "+++++", "churn", "0.048"),
    Row("More MQLs than 2025: 300", "+++++", "mql", "300"),
    Row("Improve brand awareness", "--?++"),
    Row("Support the sales team as needed", "--?++"),
    Row("Help sales with various materials", "--?++"),
    Row("Try to get better results from content", "--?++"),
    Row("Leverage synergies across channels", "--?++"),
    Row("Significantly boost engagement", "--?++"),
    Row("Drive growth", "--?++"),
    Row("Work on the website", "--?++"),
    Row("Manage social media", "--?++"),
    Row("Optimising campaigns continuously", "--?++"),
    Row("Ensure alignment with relevant stakeholders", "--?++"),
    Row("Do stuff", "--?++"),
    Row("Improve", "--?++"),
    Row("   ", "--?++"),
    Row("Make the brand famous", "--?++"),
    Row("Be the best marketing team", "--?++"),
    Row("Be more proactive", "--?++"),
    Row("Double-digit growth", "--?++"),
    Row("Zero compliance breaches", "+-?++"),
    Row("Place 10 articles in tier-1 media", "+-?++"),
    Row("Ensure 95% of leads are contacted within 24 hours", "+-?++"),
    Row("Launch 3 webinars for existing customers", "+-?++"),
    Row("Publish 12 case studies", "+-?++"),
    Row("Sign ten channel partners", "+-?++"),
    Row("Rewrite the help desk macros and publish them", "+-?++"),
    Row("Cut open customer support tickets to 40", "+-?++"),
    Row("Launch the new website by November 30", "++?++", more={**MADE, **IN_QUARTER}),
    Row("Increase MQLs to 300", "+-+++", "mql", "295"),
    Row("Raise conversion by 0.1%", "+-+++", "cvr", "0.026"),
    Row("Cut CPL from 90 to 80", "+-+++", "cpl", "80"),
    Row("Grow MQLs by 20%", "+-+++", "mql", "300"),
    Row("Reach 250 MQLs", "++-++", "mql", "250"),
    Row("Double MQLs to 560", "++-++", "mql", "560"),
    Row("Reach 300 MQLs by March 2027", "++++-", "mql", "300"),
    Row("Reach 300 MQLs in Q3", "++++-", "mql", "300"),
    Row(
        "Become the first choice of small companies", "++?++", kind="objective",
        more={"key_results": 4},
    ),
    Row("Enhance brand image", "-??++", kind="objective"),
)  # fmt: skip
