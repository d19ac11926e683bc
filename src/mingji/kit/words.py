"""The words for the stable codes of rules, flags, parameters and sources, in both languages."""

from __future__ import annotations

from mingji.rules.text import Text

# Each code with its look, its icon and its words.
STATUS = {
    "on_track": ("good", "check", Text("正常", "On track")),
    "at_risk": ("warn", "alert-triangle", Text("有风险", "At risk")),
    "off_track": ("bad", "x", Text("已偏离", "Off track")),
    "no_data": ("none", "minus", Text("无数据", "No data")),
}
SEALS = {
    "signed": Text("已签署", "Signed by"),
    "agreed": Text("已同意", "Agreed by"),
    "released": Text("已发布", "Released by"),
    "frozen": Text("已冻结", "Frozen by"),
    "submitted": Text("已提交", "Submitted by"),
}
SOURCES = {
    "rows": Text("数据行", "Source rows"),
    "typed": Text("人工填写", "Typed in"),
    "rating": Text("评分", "Rating"),
    "agreement": Text("目标确认书", "Goal agreement"),
    "scheme": Text("绩效方案", "Performance scheme"),
    "period": Text("期间", "Period"),
}
RULES = {
    "given": Text("直接给出", "Given"),
    "method.ratio": Text("完成率法", "Completion ratio"),
    "method.band": Text("区间赋分法", "Bands"),
    "method.band_linear": Text("区间内插法", "Bands with interpolation"),
    "method.binary": Text("非此即彼法", "Met or not"),
    "method.deduct": Text("减分法", "Deductions"),
    "method.described": Text("说明法", "Described cases"),
    "method.bonus": Text("加分法", "Extra points"),
    "method.base_step": Text("基准分±步长法", "Base score and steps"),
    "method.anchors": Text("锚点插值法", "Anchor points"),
    "method.tiered_target": Text("门槛/目标/挑战", "Threshold, target, stretch"),
    "method.efficacy": Text("功效系数法", "Efficacy coefficient"),
    "method.deviation": Text("偏差率法", "Deviation from target"),
    "method.matrix": Text("双因素矩阵法", "Two-factor matrix"),
    "method.best_history": Text("历史最佳法", "Against own best"),
    "method.rank": Text("排名计分法", "Ranking"),
    "method.grade_scale": Text("等级评分法", "Graded levels"),
    "method.behaviour_anchor": Text("行为锚定法", "Described behaviour"),
    "method.multi_rater": Text("多评价人加权", "Several raters"),
    "method.okr": Text("OKR 打分", "OKR score"),
    "method.milestone": Text("里程碑法", "Milestones"),
    "method.formula": Text("公式法", "Formula"),
    "metric.sum": Text("求和", "Sum"),
    "metric.count": Text("计数", "Count"),
    "metric.count_distinct": Text("去重计数", "Distinct count"),
    "metric.average": Text("平均值", "Average"),
    "metric.median": Text("中位数", "Median"),
    "metric.min": Text("最小值", "Minimum"),
    "metric.max": Text("最大值", "Maximum"),
    "metric.simple": Text("直接统计", "Counted from rows"),
    "metric.ratio": Text("两数相除", "One number over another"),
    "metric.derived": Text("由其他指标算出", "Derived from other metrics"),
}
FLAGS = {
    "missing_redistributed": Text(
        "没有数据，权重分给了其他考核项", "No data: its weight went to the other items"
    ),
    "missing_zero": Text("没有数据，按方案计零分", "No data: the scheme counts it as zero"),
    "missing_blocking": Text(
        "没有数据，补齐之前不出总分", "No data: there is no total until it arrives"
    ),
    "no_data": Text("没有数据", "No data"),
    "capped": Text("到达上限，多出的不计分", "At the cap: what lies above it brings nothing"),
    "floored": Text("到达下限，不再扣分", "At the floor: nothing more is taken off"),
    "difficulty_cap": Text(
        "目标低于基准，上限相应降低", "Target below the baseline: the cap is lower"
    ),
    "prorated": Text("按在岗天数折算", "Prorated by days in the post"),
    "adjusted": Text("经过调整，原值保留", "Adjusted; the original value is kept"),
    "below_minimum_group": Text(
        "人数不足，为保护匿名不单独列出", "Too few people: left out to protect them"
    ),
}
PARAMETERS = {
    "weight": Text("权重", "Weight"),
    "effective_weight": Text("实际权重", "Effective weight"),
    "target": Text("目标值", "Target"),
    "baseline": Text("起始值", "Baseline"),
    "stretch": Text("挑战值", "Stretch target"),
    "threshold": Text("门槛值", "Threshold"),
    "cap": Text("上限", "Cap"),
    "floor": Text("下限", "Floor"),
    "direction": Text("方向", "Direction"),
    "form": Text("算式", "Form"),
    "points": Text("分值", "Points"),
    "base": Text("基准分", "Base"),
    "step": Text("步长", "Step"),
    "unit": Text("每步分值", "Points per step"),
    "tolerance": Text("容差", "Tolerance"),
    "alpha": Text("个人占比 α", "Individual share α"),
    "places": Text("小数位", "Decimal places"),
    "mode": Text("取整方式", "Rounding"),
    "missing": Text("缺数据时", "When data is missing"),
    "filter": Text("筛选条件", "Condition"),
    "scale": Text("小数位", "Decimal places"),
}
VALUES = {
    "up": Text("越高越好", "Higher is better"),
    "down": Text("越低越好", "Lower is better"),
    "closer": Text("越接近越好", "Closer is better"),
    "half_up": Text("四舍五入", "half up"),
    "inverse": Text("目标 ÷ 实际", "Target ÷ actual"),
    "complement": Text("2 − 实际 ÷ 目标", "2 − actual ÷ target"),
    "redistribute": Text("权重重新分配", "Redistribute the weight"),
    "zero": Text("计零分", "Count as zero"),
    "block": Text("等数据", "Wait for the data"),
    "true": Text("是", "Yes"),
    "false": Text("否", "No"),
}


def worded(table: dict[str, Text], code: str) -> Text:
    """The words for a code; a code that nobody put into words yet stands for itself."""
    return table.get(code) or Text.same(code)


def rounding_words(rounding: str) -> Text:
    """`0.01 half_up` as a sentence; empty stays empty.

    >>> rounding_words("0.01 half_up").en
    'Rounded to 0.01, half up.'
    """
    if not rounding:
        return Text("", "")
    place, _, mode = rounding.partition(" ")
    how = worded(VALUES, mode)
    return Text(f"取整到 {place}，{how.zh}。", f"Rounded to {place}, {how.en}.")
