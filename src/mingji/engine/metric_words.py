"""Reads the metrics of a definitions file, word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mingji.engine.document import Section
from mingji.engine.formulas import names_in
from mingji.engine.health_words import OF_METRICS, read_health
from mingji.engine.kpi import read_kpi
from mingji.engine.model import AGGREGATES, EXACT_ENOUGH, METRIC_TYPES, Metric, Table
from mingji.engine.part_words import read_conversion, read_survey
from mingji.engine.periods import GRAINS
from mingji.engine.settling import OF_INPUT
from mingji.engine.shapes import Cumulative, Growth, Lagged, Length, Share
from mingji.engine.sql import Refused
from mingji.engine.typed import TYPED, read_typed
from mingji.rules.text import Text

_ID = re.compile(r"[a-z][a-z0-9_]*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LENGTH = re.compile(r"(\d{1,4}) (day|week|period)s?")
_MOST_PLACES = 12  # of a sum
_MOST_VERSIONS = 1_000_000
_SPOKEN = ("name", "formula_text", "owner", "gaming_risk")
_WRITTEN = ("unit", "direction", "counter_metric")
Tables = Mapping[str, Table]


def read_metric(name: str, section: Section, tables: Tables, *, strict: bool) -> Metric:
    """One metric as it is written; what follows from other metrics is filled in later."""
    if not _ID.fullmatch(name):
        section.complain(
            None,
            Text(f"指标标识“{name}”不合规则", f"“{name}” cannot be a metric id"),
            Text("用小写字母、数字和下划线", "use lower-case letters, digits and _"),
        )
    label = section.both("name", name)
    metric = Metric(
        id=name,
        name=label,
        type=section.choice("type", METRIC_TYPES, "simple"),
        unit=section.text("unit"),
        direction=section.choice("direction", ("up", "down", "closer"), "up"),
        formula_text=section.both("formula_text"),
        owner=section.both("owner"),
        gaming_risk=section.both("gaming_risk"),
        counter_metric=section.text("counter_metric"),
        kpi=read_kpi(section, label),
        health=read_health(section, OF_METRICS),
    )
    if strict:
        _want_everything(section)
    metric = _READERS[metric.type](metric, section, tables)
    scale = section.whole("scale", EXACT_ENOUGH, 0, EXACT_ENOUGH)
    if section.get("scale") is not None:
        metric = replace(metric, scale=scale)
    metric = _earlier(metric, section)
    section.close()
    return metric


def _earlier(metric: Metric, section: Section) -> Metric:
    """Of a metric that keeps an earlier definition: of which one, and until which version."""
    spot = section.get("formerly")
    if spot is None:
        return metric
    words = Section(spot, section.notes)
    formerly, until = (
        words.text("metric", required=True),
        words.whole("until", 0, 0, _MOST_VERSIONS),
    )
    words.close()
    return replace(metric, formerly=formerly, until=until)


def _want_everything(section: Section) -> None:
    for word in (*_SPOKEN, *_WRITTEN):
        spot = section.get(word)
        both = spot is not None and isinstance(spot.value, dict) and {"zh", "en"} <= set(spot.value)
        if both or (spot is not None and word in _WRITTEN):
            continue
        form = f"{word}: {{zh: …, en: …}}" if word in _SPOKEN else f"{word}: …"
        section.complain(
            spot,
            Text(f"发布的指标要写明 {word}", f"a metric that ships must say its {word}"),
            Text(f"补上 {form}", f"add {form}"),
            code="incomplete",
        )


def _simple(metric: Metric, section: Section, tables: Tables) -> Metric:
    table = tables.get(section.text("table", required=True))
    if section.text("table") == TYPED:
        section.complain(
            section.get("table"),
            Text(f"表 {TYPED} 里的值不能统计", f"the values of table {TYPED} cannot be aggregated"),
            Text("写 type: typed", "write type: typed"),
        )
    agg = section.choice("agg", AGGREGATES, "sum")
    expression = section.text("column") or section.text("expression")
    unit = metric.unit or _unit_of(table, expression, agg)
    return replace(
        metric,
        table=section.text("table"),
        agg=agg,
        expression=expression,
        filter=section.text("filter"),
        time=section.text("time") or (table.time if table else ""),
        percentile=section.number("percentile") if agg == "percentile" else None,
        unit=unit,
        scale=_scale(agg, unit),
    )


def _unit_of(table: Table | None, expression: str, agg: str) -> str:
    column = table.columns.get(expression) if table else None
    return column.unit if column and agg not in ("count", "count_distinct") else ""


def _scale(agg: str, unit: str) -> int:
    """Counts whole, money to the cent, sums of anything else whole to their last digit.

    Scores are made from published values: what is divided keeps so many places that its rounding
    never shows in points, not even where they lie halfway between two hundredths.
    """
    if agg in ("count", "count_distinct"):
        return 0
    if agg in ("average", "median", "percentile"):
        return EXACT_ENOUGH
    return 2 if _CURRENCY.match(unit) else _MOST_PLACES


def _ratio(metric: Metric, section: Section, _: Tables) -> Metric:
    numerator = section.text("numerator", required=True)
    denominator = section.text("denominator", required=True)
    return replace(
        metric,
        numerator=numerator,
        denominator=denominator,
        inputs=tuple(filter(None, (numerator, denominator))),
        scale=EXACT_ENOUGH,
    )


def _derived(metric: Metric, section: Section, _: Tables) -> Metric:
    formula = section.text("formula", required=True)
    inputs: tuple[str, ...] = ()
    try:
        inputs = names_in(formula) if formula else ()
    except Refused as refused:
        section.complain(section.get("formula"), refused.message, refused.remedy)
        return metric
    if formula and not inputs:
        section.complain(
            section.get("formula"),
            Text("公式里没有指标", "the formula names no metric"),
            Text("写出它由哪些指标算出", "name the metrics that it is made from"),
        )
    return replace(metric, formula=formula, inputs=inputs, scale=EXACT_ENOUGH)


def _of_one(metric: Metric, section: Section, **more: Any) -> Metric:
    name = section.text("metric", required=True)
    return replace(metric, inputs=(name,) if name else (), **more)


def _growth(metric: Metric, section: Section, _: Tables) -> Metric:
    against = section.choice("against", ("previous_period", "last_year"), "previous_period")
    rate = section.choice("as", ("rate", "difference"), "rate") == "rate"
    scale = EXACT_ENOUGH if rate else OF_INPUT
    return _of_one(metric, section, shape=Growth(against, rate), scale=scale)


def _cumulative(metric: Metric, section: Section, _: Tables) -> Metric:
    grain = section.choice("grain_to_date", ("", *GRAINS[2:]), "") or None
    window = _length("window", section) if section.get("window") else None
    if grain and window:
        section.complain(
            section.get("window"),
            Text("grain_to_date 和 window 只能写一个", "grain_to_date or window, not both"),
            Text("去掉其中一个", "remove one of them"),
        )
    return _of_one(metric, section, shape=Cumulative(grain, window), scale=OF_INPUT)


def _lagged(metric: Metric, section: Section, _: Tables) -> Metric:
    section.text("offset_window", required=True)
    offset = _length("offset_window", section) or Length(1, "periods")
    return _of_one(metric, section, shape=Lagged(offset), scale=OF_INPUT)


def _share(metric: Metric, section: Section, _: Tables) -> Metric:
    of, over = section.text("of"), section.text("over")
    of_total = section.flag("of_total")
    if bool(of) == bool(over):
        section.complain(
            section.get("over"),
            Text("share 要写 of 或 over，只写一个", "a share needs either of or over"),
            Text(
                "of: 另一个指标；over: 各部分相加为 1 的维度",
                "of: another metric; over: the dimension whose parts add up to 1",
            ),
        )
    if of_total and over:
        section.complain(
            section.get("of_total"),
            Text("of_total 只和 of 一起用", "of_total goes with of"),
            Text("去掉 of_total", "remove of_total"),
        )
    metric = _of_one(metric, section, shape=Share(over, of_total), scale=EXACT_ENOUGH)
    return replace(metric, inputs=(*metric.inputs, of)) if of else metric


def _conversion(metric: Metric, section: Section, tables: Tables) -> Metric:
    return read_conversion(metric, section, tables, _length("window", section, days_only=True))


def _length(word: str, section: Section, *, days_only: bool = False) -> Length | None:
    given = section.text(word)
    if not given:
        return None
    match = _LENGTH.fullmatch(given)
    if match and int(match[1]) and not (days_only and match[2] == "period"):
        count = int(match[1])
        return Length(count * 7 if match[2] == "week" else count, _UNITS[match[2]])
    section.complain(
        section.get(word),
        Text(f"“{word}”看不懂：{given}", f"“{word}” cannot be {given}"),
        Text("写成 90 days 或 12 weeks", "write 90 days or 12 weeks")
        if days_only
        else Text("写成 90 days、12 weeks 或 4 periods", "write 90 days, 12 weeks or 4 periods"),
    )
    return None


_UNITS: dict[str, Any] = {"day": "days", "week": "days", "period": "periods"}
_READERS: Mapping[str, Callable[[Metric, Section, Tables], Metric]] = {
    "simple": _simple,
    "ratio": _ratio,
    "derived": _derived,
    "growth": _growth,
    "cumulative": _cumulative,
    "lagged": _lagged,
    "share": _share,
    "survey": read_survey,
    "conversion": _conversion,
    "typed": read_typed,
}
