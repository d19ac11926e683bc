"""How a value is told: its label, its formula with the numbers in place, its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from mingji.engine.meanings import At, is_span
from mingji.engine.model import Definitions, Metric
from mingji.engine.shapes import Conversion, Cumulative, Growth, Lagged, Length, Share, Survey
from mingji.engine.values import rounded, trimmed
from mingji.rules.explanation import Node, Parameter, plain
from mingji.rules.text import Text

#: Places told in words; the value itself has more.
_TOLD = 8
#: What each aggregate is called.
AGGREGATE_WORDS: Mapping[str, Text] = {
    "sum": Text("合计", "sum"),
    "count": Text("行数", "number of rows"),
    "count_distinct": Text("不重复个数", "number of different values"),
    "min": Text("最小值", "smallest"),
    "max": Text("最大值", "largest"),
    "average": Text("平均值", "mean"),
    "median": Text("中位数", "median"),
    "percentile": Text("百分位数", "percentile"),
}


def label_of(metric: Metric, at: At, own: str) -> Text:
    """What a value is called: its days, where they are not those of the slice; its whole."""
    told = _days_told(at.when) if at.when != own else Text("", "")
    if at.whole:
        told = Text(f"{told.zh}，全部".lstrip("，"), f"{told.en}, all".lstrip(", "))
    if not told.zh:
        return metric.name
    return Text(f"{metric.name.zh}（{told.zh}）", f"{metric.name.en} ({told.en})")


def _days_told(when: str | None) -> Text:
    if when is None:
        return Text("没有这个期间", "no such period")
    if not is_span(when):
        return Text.same(when)
    first, _, last = when.partition("..")
    if first.startswith("0001-01-01"):
        return Text(f"截至 {last}", f"up to {last}")
    return Text(f"{first} 至 {last}", f"{first} to {last}")


def formula_of(
    metric: Metric,
    value: Decimal | None,
    children: Sequence[Node],
    rows: int,
    definitions: Definitions,
) -> Text:
    """The formula in words, then with the numbers in place, then the result."""
    result = "–" if value is None else _told(value)
    if metric.type == "simple":
        return _simple(metric, result, rows)
    told = ["–" if child.value is None else _told(child.value) for child in children]
    words, numbers = _words(metric, children, definitions), _numbers(metric, told)
    middle = f" = {numbers}" if numbers else ""
    zh, en = metric.formula_text.zh or words.zh, metric.formula_text.en or words.en
    return Text(f"{zh}{middle} = {result}", f"{en}{middle} = {result}")


def _numbers(metric: Metric, told: list[str]) -> str:
    match metric.shape:
        case Growth() as growth:
            now, before = told
            return f"({now} − {before}) ÷ {before}" if growth.rate else f"{now} − {before}"
        case Cumulative() | Lagged():
            return ""
        case Survey(method="nps"):
            return f"({told[0]} − {told[1]}) ÷ {told[2]} × 100"
    if metric.type == "derived":
        numbers = metric.formula
        named = dict(zip(metric.inputs, told, strict=True))
        for name in sorted(named, key=len, reverse=True):
            numbers = numbers.replace(name, named[name])
        return numbers
    if metric.type == "share":
        return f"{told[0]} ÷ {told[1]}"
    named = dict(zip(metric.inputs, told, strict=True))
    return f"{named[metric.numerator]} ÷ {named[metric.denominator]}"


def _words(metric: Metric, children: Sequence[Node], definitions: Definitions) -> Text:
    names = [child.label for child in children]
    match metric.shape:
        case Growth() as growth:
            zh, en = (" − ".join(each) for each in _both(names))
            if growth.rate:
                return Text(f"（{zh}）÷ {names[1].zh}", f"({en}) ÷ {names[1].en}")
            return Text(zh, en)
        case Survey(method="nps"):
            return Text("推荐者百分比 − 贬损者百分比", "% promoters − % detractors")
        case Survey() | Conversion():
            pair = (metric.numerator, metric.denominator)
            names = [definitions.metric(name).name for name in pair]
    if metric.type == "derived":
        return Text.same(metric.formula)
    zh, en = (" ÷ ".join(each) for each in _both(names))
    return Text(zh, en)


def _both(names: Sequence[Text]) -> tuple[list[str], list[str]]:
    return [name.zh for name in names], [name.en for name in names]


def _simple(metric: Metric, result: str, rows: int) -> Text:
    word = AGGREGATE_WORDS[metric.agg or "sum"]
    zh = metric.formula_text.zh or f"{metric.expression} {word.zh}".strip()
    en = metric.formula_text.en or " of ".join(filter(None, (word.en, metric.expression)))
    if metric.agg == "count" and not metric.expression:
        return Text(f"{zh} = {result}", f"{en} = {result}")
    counted = "1 row" if rows == 1 else f"{rows} rows"
    return Text(f"{zh} = {result}（{rows} 行）", f"{en} = {result} ({counted})")


def _told(value: Decimal | str) -> str:
    """A value as words say it: no more digits than a person reads."""
    if isinstance(value, str):
        return value
    text = plain(value)
    if len(text.partition(".")[2]) <= _TOLD:
        return text
    return plain(trimmed(rounded(Fraction(value), _TOLD), 0))


def parameters_of(metric: Metric) -> dict[str, Parameter]:
    """What the rule of a value was told."""
    told: dict[str, Parameter] = {"direction": metric.direction}
    for name in ("table", "expression", "filter", "time", "formula"):
        if getattr(metric, name):
            told[name] = getattr(metric, name)
    if metric.percentile is not None:
        told["percentile"] = metric.percentile
    return told | _shape_told(metric)


def _shape_told(metric: Metric) -> dict[str, Parameter]:
    told: dict[str, Parameter] = {}
    match metric.shape:
        case Growth() as growth:
            told = {"against": growth.against, "as": "rate" if growth.rate else "difference"}
        case Cumulative() as cumulative:
            if cumulative.grain_to_date:
                told["grain_to_date"] = cumulative.grain_to_date
            elif cumulative.window:
                told["window"] = _length_told(cumulative.window)
        case Lagged() as lagged:
            told = {"offset_window": _length_told(lagged.offset)}
        case Share() as share:
            told = {"over": share.over} if share.over else {"of_total": share.of_total}
        case Survey() as survey:
            told = {"method": survey.method, "min_answers": Decimal(survey.min_answers)}
        case Conversion() as conversion:
            told = {"cohort": conversion.cohort}
            if conversion.days is not None:
                told["window"] = f"{conversion.days} days"
    return told


def _length_told(length: Length) -> str:
    return f"{length.count} {length.unit}"
