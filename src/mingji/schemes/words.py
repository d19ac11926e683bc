"""How an item scores, in a sentence that a marketer can check by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mingji.rules.numbers import HUNDRED, shown
from mingji.rules.scheme import Item
from mingji.rules.text import Text


def scoring_in_words(item: Item) -> Text:
    """The method of an item with its settings, in words.

    >>> from decimal import Decimal
    >>> from mingji.rules.methods.ratio import Ratio
    >>> item = Item(id="leads", name=Text.same("leads"), scoring=Ratio(cap=Decimal("1.2")))
    >>> scoring_in_words(item).en
    'actual ÷ target × weight, at most 120 % of the weight'
    """
    words = _WORDS[item.scoring.method](item.scoring)
    if item.out_of is None:
        return words
    whole = shown(item.out_of)
    return Text(
        f"{words.zh}；满分 {whole}，按权重折算", f"{words.en}; out of {whole}, scaled to the weight"
    )


def _ratio(method: Any) -> Text:
    forms = {
        "up": Text("实际值 ÷ 目标值 × 权重", "actual ÷ target × weight"),
        "inverse": Text(
            "目标值 ÷ 实际值 × 权重（越低越好）", "target ÷ actual × weight (lower is better)"
        ),
        "complement": Text(
            "（2 − 实际值 ÷ 目标值）× 权重（越低越好）",
            "(2 − actual ÷ target) × weight (lower is better)",
        ),
    }
    words = forms["up" if method.direction == "up" else method.form]
    if method.cap is None:
        return words
    cap = shown(method.cap * HUNDRED)
    return Text(f"{words.zh}，最高为权重的 {cap}%", f"{words.en}, at most {cap} % of the weight")


def _band(method: Any) -> Text:
    def stretch(band: Any) -> str:
        low = "−∞" if band.low is None else shown(band.low)
        high = "∞" if band.high is None else shown(band.high)
        opening, closing = ("[", ")") if method.closed == "low" else ("(", "]")
        opening = "(" if band.low is None else opening
        return (
            f"{opening}{low}, {high}{')' if band.high is None else closing} → {shown(band.points)}"
        )

    listed = "; ".join(stretch(band) for band in method.bands)
    return _of_measure(method, Text(f"落在哪个区间得哪个分：{listed}", f"points by band: {listed}"))


def _band_linear(method: Any) -> Text:
    listed = "; ".join(
        f"{shown(b.low)}–{shown(b.high)} → {shown(b.bottom)}–{shown(b.top)}" for b in method.bands
    )
    return _of_measure(
        method, Text(f"区间内按比例折算：{listed}", f"in proportion inside each band: {listed}")
    )


def _anchors(method: Any) -> Text:
    listed = ", ".join(f"{shown(a.value)} → {shown(a.points)}" for a in method.anchors)
    below = {
        "zero": Text("差于最低点得 0", "worse than the lowest: 0"),
        "flat": Text("差于最低点按最低点计", "worse than the lowest: as the lowest"),
    }[method.below]
    return _of_measure(
        method,
        Text(
            f"各点之间直线折算：{listed}；{below.zh}",
            f"straight lines between {listed}; {below.en}",
        ),
    )


def _of_measure(method: Any, words: Text) -> Text:
    if method.measure == "actual":
        return words
    return Text(f"按完成率（%）{words.zh}", f"by attainment in percent, {words.en}")


def _tiered(method: Any) -> Text:
    low, mid, top = map(shown, (method.threshold_score, method.target_score, method.stretch_score))
    return Text(
        f"门槛值得 {low} 分、目标值得 {mid} 分、挑战值得 {top} 分，中间直线折算",
        f"{low} at the threshold, {mid} at the target, {top} at the stretch target, "
        "straight lines between",
    )


def _efficacy(method: Any) -> Text:
    base, span = shown(method.base), shown(method.span)
    return Text(
        f"{base} + {span} ×（实际值 − 不允许值）÷（满意值 − 不允许值）",
        f"{base} + {span} × (actual − unacceptable) ÷ (satisfactory − unacceptable)",
    )


def _deviation(method: Any) -> Text:
    sign = " %" if method.measure == "percent" else ""
    tolerance, unit = shown(method.tolerance), shown(method.unit)
    return Text(
        f"偏离目标 {tolerance}{sign} 以内得满分，再每偏 1{sign} 扣 {unit} 分",
        f"in full within {tolerance}{sign} of the target, then {unit} less for each 1{sign} more",
    )


def _base_step(method: Any) -> Text:
    sign = "" if method.measure == "value" else " %"
    base, step, unit = shown(method.base), shown(method.step), shown(method.unit)
    up, down = shown(method.cap_up), shown(method.cap_down)
    better = method.direction == "up"
    return Text(
        f"基准 {base} 分，每{'高' if better else '低'}出 {step}{sign} 加 {unit} 分"
        f"（最多 {up}），反向同样扣分（最多 {down}）",
        f"{base} points, {unit} more for every {step}{sign} {'above' if better else 'below'} "
        f"(at most {up}), as many less the other way (at most {down})",
    )


def _best_history(method: Any) -> Text:
    base, step, unit, cap = map(shown, (method.base, method.step, method.unit, method.cap))
    return Text(
        f"达到自己的历史最佳得 {base} 分，每好或差 {step} % 加减 {unit} 分，最高 {cap}",
        f"{base} at one's own best, {unit} for every {step} % better or worse, at most {cap}",
    )


def _deduct(method: Any) -> Text:
    each, floor = shown(method.points_each), shown(method.floor)
    return Text(
        f"从权重分起，每发生一次扣 {each} 分，扣到 {floor} 为止",
        f"the weight less {each} for each event, down to {floor}",
    )


def _bonus(method: Any) -> Text:
    each, cap = shown(method.points_each), shown(method.cap)
    return Text(
        f"每发生一次加 {each} 分，最多 {cap} 分，不占 100 分",
        f"{each} for each event, at most {cap}, outside the 100",
    )


def _rank(method: Any) -> Text:
    listed = ", ".join(
        f"{place} → {shown(share * HUNDRED)} %" for place, share in enumerate(method.shares, 1)
    )
    return Text(f"按名次得权重的比例：{listed}", f"a share of the weight by rank: {listed}")


def _levels(method: Any) -> Text:
    zh = "、".join(f"{level.name.zh} {shown(level.points)}" for level in method.levels)
    en = ", ".join(f"{level.name.en} {shown(level.points)}" for level in method.levels)
    return Text(f"评分人选一个等级：{zh}", f"the rater picks a level: {en}")


def _behaviour(method: Any) -> Text:
    count = len(method.levels)
    return Text(
        f"评分人从 {count} 个行为等级中选最符合的一级",
        f"the rater picks the one of {count} described levels that fits best",
    )


def _multi_rater(method: Any) -> Text:
    listed = ", ".join(f"{group.id} {shown(group.weight)}" for group in method.groups)
    return Text(
        f"各组评价人的平均分加权{f'（{listed}）' if listed else ''}；"
        f"少于 {method.minimum} 人的组不计入",
        f"means of the rater groups, weighted{f' ({listed})' if listed else ''}; "
        f"groups under {method.minimum} answers are left out",
    )


def _formula(method: Any) -> Text:
    return Text(f"公式：{method.expression}", f"formula: {method.expression}")


def _says(zh: str, en: str) -> Callable[[Any], Text]:
    return lambda method: Text(zh, en)


_WORDS: dict[str, Callable[[Any], Text]] = {
    "ratio": _ratio,
    "band": _band,
    "band_linear": _band_linear,
    "binary": _says("做到得满分，否则 0 分", "met: the whole weight; otherwise 0"),
    "deduct": _deduct,
    "described": _says(
        "发生哪种情况按哪种计分，要有依据",
        "the case that happened gives the points; evidence needed",
    ),
    "bonus": _bonus,
    "base_step": _base_step,
    "anchors": _anchors,
    "tiered_target": _tiered,
    "efficacy": _efficacy,
    "deviation": _deviation,
    "matrix": _says(
        "两个指标查表得系数，乘以权重",
        "two measures give a coefficient from a table, times the weight",
    ),
    "best_history": _best_history,
    "rank": _rank,
    "grade_scale": _levels,
    "behaviour_anchor": _behaviour,
    "multi_rater": _multi_rater,
    "okr": _says(
        "各关键结果的进度（0 到 1）加权平均",
        "the weighted mean of the key results' progress (0 to 1)",
    ),
    "milestone": _says(
        "完成的里程碑权重之和，延迟打折", "the weights of milestones done, less when late"
    ),
    "formula": _formula,
}
