"""The words for the stable codes of rules, flags, parameters and sources, in both languages."""

from __future__ import annotations

from mingji.rules import explain_text
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
    "approved": Text("已批准", "Approved by"),
    "released": Text("已发布", "Released by"),
    "frozen": Text("已冻结", "Frozen by"),
    "submitted": Text("已提交", "Submitted by"),
}
SOURCES = {
    "rows": Text("数据行", "Source rows"),
    "typed": Text("人工填写", "Typed in"),
    "correction": Text("更正", "Correction"),
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
    "metric.change": Text("两期相比", "One period against the other"),
    "metric.simple": Text("直接统计", "Counted from rows"),
    "metric.ratio": Text("两数相除", "One number over another"),
    "metric.derived": Text("由其他指标算出", "Derived from other metrics"),
    "metric.growth": Text("与先前期间相比", "Change against an earlier period"),
    "metric.cumulative": Text("累计", "Accumulated"),
    "metric.lagged": Text("先前期间的值", "Value of an earlier period"),
    "metric.share": Text("占比", "Share of a whole"),
    "metric.survey": Text("由问卷答案算出", "From the answers of a survey"),
    "metric.conversion": Text("各步转化", "Conversion from step to step"),
    "item.points": Text("按权重折算的得分", "Points by weight"),
    "item.missing": Text("缺少数据的考核项", "Item without data"),
    "part": Text("组成部分", "Part"),
    "dimension.weighted": Text("维度内加权", "Weighted inside the dimension"),
    "dimension.sum": Text("维度内相加", "Added up inside the dimension"),
    "total.sum": Text("各维度相加", "Dimensions added up"),
    "total.formula": Text("按方案公式汇总", "Totalled by the scheme's formula"),
    "total.manual": Text("人工给出的总分", "Total given by a person"),
    "total.blocked": Text("等数据补齐", "Waiting for data"),
    "total.difficulty": Text("乘以难度系数", "Times the difficulty factor"),
    "bonus.add": Text("加分项", "Extra points"),
    "adjustment.add": Text("评分人调整", "Rater's adjustment"),
    "blend.weighted": Text("个人与团队加权", "Individual and team, weighted"),
    "blend.coefficient": Text("乘以团队系数", "Times the team coefficient"),
    "team.mean": Text("成员得分的平均值", "Mean of the members' scores"),
    "round.total": Text("总分取整", "Total, rounded"),
    "grade.by_score": Text("按得分定等级", "Grade by score"),
    "grade.cap": Text("红线：等级封顶", "Red line: grade capped"),
    "grade.fix": Text("红线：指定等级", "Red line: grade fixed"),
    "grade.set": Text("由人确定的等级", "Grade set by a person"),
    "goal.attainment": Text("实际与此时应到之比", "Actual against expected by now"),
    "goal.progress": Text("从起始值到目标值走了多少", "Share of the way from baseline to target"),
    "goal.milestones": Text("已完成里程碑的权重", "Weights of the milestones that are done"),
    "goal.objective": Text("关键结果加权平均", "Weighted mean of the key results"),
    "goal.effect": Text("只算由指标决定的部分", "Only what metrics decide"),
    "goal.expected": Text("此时应到", "Expected by now"),
    "goals.sum": Text("下级目标相加", "Targets below added up"),
    "goals.weighted_mean": Text("按体量加权平均", "Mean weighted by volume"),
    "goals.quotient": Text("合计相除", "One sum over another"),
    "goals.product": Text("各环节相乘", "Stages multiplied"),
    "goals.min": Text("取最小", "The smallest"),
    "goals.max": Text("取最大", "The largest"),
    "goals.farthest": Text("离目标最远的一个", "The one farthest off"),
    "goals.difference": Text("下级合成减上级目标", "From below minus the target above"),
    "goals.missing": Text("上级目标减下级合成", "The target above minus what comes from below"),
    "goals.move": Text("需要的值减现在的值", "What is needed minus what there is"),
    "goals.needed": Text("其余不变时需要的值", "What is needed when all else stays"),
    "goals.percent": Text("占下级合成的百分比", "In percent of what comes from below"),
    "goals.alone": Text("由一个下级单独补齐", "Closed by one goal alone"),
    "insight.funnel": Text("逐步转化", "Step by step"),
    "insight.rate": Text("两数相除", "One number over another"),
    "insight.change": Text("两期相减", "One period less the other"),
    "target.grown": Text("在上期基础上增长", "Grown from the period before"),
    "rank.among": Text("在同组中的名次", "Place in the group"),
    "year.annual": Text("年度合成", "The year put together"),
    "year.prorated": Text("按在岗天数折算", "Prorated by days in the post"),
}
# Beyond those of `rules.explain_text`.
FLAGS = {
    "no_baseline": Text("没有起始值", "No baseline"),
    "zero_denominator": Text("分母为零，算不出比率", "The denominator is zero: there is no ratio"),
    "no_base": Text("没有可比的先前期间", "There is no earlier period to compare with"),
    "zero_base": Text("先前期间为零，算不出增长率", "The earlier period is zero: there is no rate"),
    "negative_base": Text(
        "先前期间为负，增长率没有意义",
        "The earlier period is below zero: a rate would mean nothing",
    ),
    "too_few_answers": Text("答案太少，不作数", "Too few answers to say anything"),
    "answers_outside": Text("有答案超出量表，未计入", "Answers off the scale are not counted"),
    "values_missing": Text("有行没有数值，未计入", "Rows without a value are not counted"),
    "rate_missing": Text("有金额找不到汇率，未计入", "Amounts without a rate are not counted"),
    "set_by_calibration": Text("等级由绩效校准确定", "The grade was set in calibration"),
    "set_by_appeal": Text("等级由绩效申诉确定", "The grade was set by an appeal"),
    "set_by_quota": Text("等级由比例限制确定", "The grade was set by a quota"),
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
    "out_of": Text("满分", "Out of"),
    "held_at": Text("不超过", "Held at"),
    "grade": Text("绩效等级", "Grade"),
    "order": Text("等级顺序", "Order of grades"),
    "by": Text("由谁确定", "Set by"),
    "growth": Text("增长率", "Growth"),
    "days": Text("天数", "Days"),
    "start": Text("开始", "Start"),
    "end": Text("结束", "End"),
    "factor": Text("系数", "Factor"),
    "coefficient": Text("绩效系数", "Coefficient"),
    "count": Text("数量", "Count"),
    "ties": Text("并列时", "When tied"),
    "individual_share": Text("个人占比", "Individual share"),
    "expression": Text("公式", "Formula"),
    "reference": Text("参照值", "Reference"),
    "measure": Text("按什么量", "Measured in"),
    "points_each": Text("每次分值", "Points each"),
    "minimum": Text("最少人数", "Minimum group"),
    "better": Text("方向", "Direction"),
    "agg": Text("汇总方式", "Aggregation"),
    "column": Text("字段", "Column"),
    "time": Text("日期字段", "Date column"),
    "table": Text("数据表", "Table"),
    "against": Text("对比", "Against"),
    "as": Text("表示为", "As"),
    "grain_to_date": Text("累计自", "To date within"),
    "window": Text("窗口", "Window"),
    "offset_window": Text("往前", "Back by"),
    "over": Text("各部分所在的维度", "Parts of"),
    "of_total": Text("除以整体", "Of the whole"),
    "method": Text("方法", "Method"),
    "min_answers": Text("最少答案数", "Least answers"),
    "cohort": Text("归入期间", "Counted in"),
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
    "percent": Text("百分比", "percent"),
    "value": Text("原单位", "the item's own unit"),
    "half_even": Text("四舍六入五成双", "half even"),
    "largest_remainder": Text("最大余数法", "largest remainder"),
    "previous_period": Text("上一期", "the period before"),
    "last_year": Text("去年同期", "the same period last year"),
    "rate": Text("增长率", "a rate"),
    "difference": Text("差值", "a difference"),
    "nps": Text("净推荐值", "net promoter score"),
    "csat": Text("满意度", "satisfaction"),
    "entry": Text("第一步的期间", "the period of the first step"),
    "event": Text("每步发生的期间", "the period of each step"),
    "true": Text("是", "Yes"),
    "false": Text("否", "No"),
}


def worded(table: dict[str, Text], code: str) -> Text:
    """The words for a code; a code that nobody put into words yet stands for itself."""
    return table.get(code) or Text.same(code)


def flag_words(flag: str) -> Text:
    """What a flag means; a flag that nobody put into words yet speaks for itself."""
    if flag.startswith("red_line_"):
        return Text("触及红线", "A red line applies")
    return FLAGS.get(flag) or explain_text.flag_words(flag)


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
