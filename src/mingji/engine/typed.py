"""Values that no system holds: people type them in, each for one period and one level.

A metric of `type: typed` is read as a simple one over a table that every definitions file has as
soon as it needs it. Nothing in it adds up: what is typed in for a team is not the department's,
what is typed in for a quarter is not the year's. Its rows are corrections, so that each has an
author, a second person who approved it, and evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, get_args

from mingji.engine.document import Section
from mingji.engine.model import Column, Metric, Table
from mingji.engine.shapes import Share
from mingji.rules.text import Text

#: The name of the table.
TYPED = "typed_values"
Level = Literal["company", "team", "member"]
LEVELS: tuple[Level, ...] = get_args(Level)
#: Its columns.
METRIC, PERIOD, LEVEL, WHO, VALUE = "metric", "period", "level", "who", "value"
#: Decimal places that are kept of a value.
PLACES = 8
_FORMULA = Text("人工录入，经第二人批准", "typed in, approved by a second person")


def typed_table() -> Table:
    """The table of typed-in values; `who` is the code of a member or team, or `company`."""
    columns = (
        Column(METRIC, "text", headers=("指标",)),
        Column(PERIOD, "text", headers=("期间",)),
        Column(LEVEL, "text", headers=("层级",)),
        Column(WHO, "text", headers=("对象",)),
        Column(VALUE, "decimal", headers=("值",), scale=PLACES),
    )
    return Table(
        name=TYPED,
        label=Text("人工录入的值", "typed-in values"),
        columns=MappingProxyType({each.name: each for each in columns}),
        key=(METRIC, PERIOD, LEVEL, WHO),
        source=TYPED,
        typed=True,
    )


def read_typed(metric: Metric, section: Section, _: Mapping[str, Table]) -> Metric:
    """A metric whose values are typed in; it must say what they are measured in."""
    section.text("unit", required=True)
    said = metric.formula_text
    return replace(
        metric,
        type="simple",
        table=TYPED,
        agg="max",
        expression=VALUE,
        filter=f"{METRIC} = '{metric.id}'",
        formula_text=Text(said.zh or _FORMULA.zh, said.en or _FORMULA.en),
        scale=PLACES,
    )


def with_wholes(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """The same metrics; a share of a typed-in whole divides by a part that only it has: the
    company's own value, whoever the share is cut by."""
    return {name: _of_the_company(each, metrics) for name, each in metrics.items()}


def _of_the_company(metric: Metric, metrics: Mapping[str, Metric]) -> Metric:
    whole = metrics.get(metric.inputs[-1]) if metric.inputs else None
    of_total = isinstance(metric.shape, Share) and metric.shape.of_total
    if not of_total or whole is None or whole.table != TYPED:
        return metric
    part = replace(whole, id=f"{whole.id}-company")
    return replace(metric, inputs=(metric.inputs[0], part.id), parts=(*metric.parts, part))


def of_level(level: Level, codes: Iterable[str] | None, periods: Iterable[str] | None) -> str:
    """The condition on rows of the table that stand for one level.

    Args:
        level: Whose values.
        codes: Only those of these teams, if there are several kinds of teams.
        periods: Only those of these periods.
    """
    parts = [f"{LEVEL} = '{level}'"]
    if codes is not None:
        parts.append(_among(WHO, codes))
    if periods is not None:
        parts.append(_among(PERIOD, periods))
    return " and ".join(parts)


def _among(column: str, values: Iterable[str]) -> str:
    listed = ["'" + value.replace("'", "''") + "'" for value in values]
    return f"{column} in ({', '.join(listed)})" if listed else f"{column} is null"
