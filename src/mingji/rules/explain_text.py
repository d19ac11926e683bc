"""An explanation as indented text, for a terminal, a mail or a print."""

from __future__ import annotations

from mingji.rules.explanation import Node, Source
from mingji.rules.numbers import shown
from mingji.rules.text import Text

FLAGS: dict[str, Text] = {
    "adjusted": Text("已由评分人调整", "adjusted by a rater"),
    "at_bound": Text("已到上限或下限", "at its bound"),
    "blocked": Text("缺数据，暂无结果", "blocked until the data is there"),
    "bonus_capped": Text("加分已封顶", "bonus capped"),
    "capped": Text("已封顶", "capped"),
    "evidence_missing": Text("缺少证据", "evidence is missing"),
    "floored": Text("已到下限", "at the floor"),
    "held_at_base": Text("另一项低于基准分，本项不超过基准分", "held at its base by another item"),
    "missing_blocked": Text("无数据，暂不出结果", "no data: blocks the result"),
    "missing_redistributed": Text("无数据，权重分给其他项", "no data: weight redistributed"),
    "missing_zero": Text("无数据，按 0 分计", "no data: counts 0"),
    "no_baseline": Text("没有起始值", "no baseline"),
    "no_data": Text("无数据", "no data"),
    "no_events": Text("没有发生", "nothing happened"),
    "no_target": Text("没有目标值", "no target"),
    "no_threshold": Text("没有门槛值", "no threshold"),
    "no_team_score": Text("没有团队得分", "no team score"),
    "not_counted": Text("权重为 0，不计入", "weight 0: not counted"),
    "outside_bands": Text("不在任何区间内", "outside every band"),
    "part_missing_redistributed": Text(
        "部分缺数据，权重已分摊", "parts without data redistributed"
    ),
    "rater_group_left_out": Text("一组评价人数不足，未计入", "a rater group is left out"),
    "scoring_agreed": Text("按目标确认书约定的方法计分", "scored by the method that was agreed"),
    "scoring_left_to_scheme": Text(
        "方案固定了计分方法，约定的方法没有采用",
        "the scheme fixes the method: the agreed one does not count",
    ),
    "set_by_appeal": Text("由绩效申诉定级", "set by an appeal"),
    "set_by_calibration": Text("由绩效校准定级", "set by calibration"),
    "set_by_quota": Text("由等级名额定级", "set by the quota"),
    "target_below_baseline": Text("目标低于基线，加分上限降低", "easy target: lower cap"),
    "weight_redistributed": Text("权重已重新分配", "weight redistributed"),
}
_RED_LINE = "red_line_"


def explain_text(node: Node, locale: str = "zh-Hans", *, depth: int | None = None) -> str:
    """The tree as text, one line a node: label, value, the formula in words, flags, sources.

    `depth` bounds how many levels are shown; None shows all.

    >>> from decimal import Decimal
    >>> print(explain_text(Node("actual", Text("实际值", "actual"), Decimal("92.0")), "en"))
    actual: 92
    """
    return "\n".join(_lines(node, locale, depth, 0))


def flag_words(flag: str) -> Text:
    """What a flag means, in words; an unknown one speaks for itself."""
    if flag.startswith(_RED_LINE):
        name = flag.removeprefix(_RED_LINE)
        return Text(f"触及红线 {name}", f"crossed the red line {name}")
    return FLAGS.get(flag, Text.same(flag.replace("_", " ")))


def _lines(node: Node, locale: str, depth: int | None, level: int) -> list[str]:
    value = node.value if isinstance(node.value, str) else shown(node.value)
    line = f"{'  ' * level}{node.label.in_(locale)}: {value}"
    line += f" {node.unit}" if node.unit else ""
    formula = node.formula.in_(locale)
    line += f" = {formula}" if formula else ""
    if node.flags:
        line += " [" + "; ".join(flag_words(flag).in_(locale) for flag in node.flags) + "]"
    if node.sources:
        line += " ← " + "; ".join(_source(source, locale) for source in node.sources)
    lines = [line]
    if depth is None or level + 1 < depth:
        for child in node.inputs:
            lines += _lines(child, locale, depth, level + 1)
    return lines


def _source(source: Source, locale: str) -> str:
    words = source.label.in_(locale)
    if source.rows is not None:
        words += f" ({source.rows})"
    details = (*source.origin, source.by, source.at)
    return ", ".join((words, *(each for each in details if each)))
