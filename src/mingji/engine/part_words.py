"""Reads the metrics that count rows in several ways at once: surveys and conversions.

Each way is a simple metric of its own, a part of the whole: it is counted in the same pass as every
other metric of its table, and opens to its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mingji.engine.document import Section
from mingji.engine.model import EXACT_ENOUGH, Column, Metric, Table
from mingji.engine.shapes import Conversion, Journey, Length, Step, Survey, SurveyMethod
from mingji.rules.text import Text

Tables = Mapping[str, Table]
#: The column of a journey that holds the day of a step; no column of a file can be called so.
STEP = "_step_"
_MOST_ANSWERS = 10**6
_PARTS: Mapping[str, Text] = {
    "promoters": Text("推荐者", "promoters"),
    "detractors": Text("贬损者", "detractors"),
    "satisfied": Text("满意的答案", "satisfied answers"),
    "answers": Text("有效答案", "answers"),
    "outside": Text("量表以外的答案", "answers off the scale"),
}


def read_survey(metric: Metric, section: Section, tables: Tables) -> Metric:
    """A survey: promoters, detractors or the satisfied, and all answers, each counted from rows."""
    table = tables.get(section.text("table", required=True))
    column = section.text("column") or section.text("expression")
    if not column:
        section.text("column", required=True)
    method, conditions = _answers(column or "null", section)
    given = section.text("filter")
    parts = tuple(
        Metric(
            id=f"{metric.id}-{name}",
            name=_PARTS[name],
            type="simple",
            table=section.text("table"),
            agg="count",
            time=section.text("time") or (table.time if table else ""),
            filter=_all(given, condition),
            scale=0,
        )
        for name, condition in conditions.items()
    )
    least = section.whole("min_answers", 1, 1, _MOST_ANSWERS)
    return replace(
        metric,
        shape=Survey(method, least, column, given),
        parts=parts,
        inputs=tuple(part.id for part in parts),
        numerator=parts[0].id,
        denominator=f"{metric.id}-answers",
        scale=EXACT_ENOUGH,
    )


def _answers(column: str, section: Section) -> tuple[SurveyMethod, dict[str, str]]:
    """The method, and the condition under which an answer counts for each part."""
    method: SurveyMethod = section.choice("method", ("nps", "csat"), "nps")
    if method == "csat":
        least = section.text("top_box_from", required=True)
        section.number("top_box_from")
        return method, {"satisfied": f"{column} >= {least}", "answers": f"{column} is not null"}
    return method, {
        "promoters": f"{column} between 9 and 10",
        "detractors": f"{column} between 0 and 6",
        "answers": f"{column} between 0 and 10",
        "outside": f"not {column} between 0 and 10",
    }


def read_conversion(
    metric: Metric, section: Section, tables: Tables, window: Length | None
) -> Metric:
    """A conversion: the number of those who took each step, and all steps before it."""
    name = section.text("table", required=True)
    table = tables.get(name)
    steps = tuple(_step(each, below) for each, below in section.sections("steps", short="time"))
    cohort = section.choice("cohort", ("entry", "event"), "entry")
    pair = (section.text("numerator"), section.text("denominator"))
    if len(steps) < 2:
        section.complain(
            section.get("steps"),
            Text("转化至少要有两步", "a conversion has at least two steps"),
            Text(
                "例如 steps: {lead: created_on, mql: mql_on}",
                "as in steps: {lead: created_on, mql: mql_on}",
            ),
        )
        return metric
    if not steps[0].time:
        steps = (replace(steps[0], time=table.time if table else ""), *steps[1:])
    shape = Conversion(steps, window.count if window else None, cohort)
    metric = replace(metric, shape=shape, table=name, scale=EXACT_ENOUGH)
    if table is not None:
        metric = _counted(metric, shape, table)
    return _judged(metric, shape, pair, section)


def _step(name: str, section: Section) -> Step:
    step = Step(
        id=name,
        name=section.both("name", name),
        time=section.text("time"),
        filter=section.text("filter"),
        table=section.text("table"),
        key=section.text("key"),
    )
    section.close()
    return step


def _judged(metric: Metric, shape: Conversion, pair: tuple[str, str], section: Section) -> Metric:
    """Which step is divided by which: the last by the first, if nothing else is said."""
    names = [step.id for step in shape.steps]
    above, below = pair[0] or names[-1], pair[1] or names[0]
    for word, name in (("numerator", above), ("denominator", below)):
        if name not in names:
            section.complain(
                section.get(word),
                Text(f"{word}: 没有步骤“{name}”", f"{word}: there is no step “{name}”"),
                Text(f"可用：{'、'.join(names)}", f"use one of: {', '.join(names)}"),
                code="name",
            )
    return replace(
        metric,
        inputs=tuple(f"{metric.id}-{name}" for name in names),
        numerator=f"{metric.id}-{above}",
        denominator=f"{metric.id}-{below}",
        table="",
    )


def _counted(metric: Metric, shape: Conversion, table: Table) -> Metric:
    """The parts of a conversion, over one wide table or over the journeys of several."""
    if any(step.table not in ("", table.name) for step in shape.steps):
        view = _journeys(metric, shape, table)
        days = [f"{STEP}{step.id}" for step in shape.steps]
        taken_on = [(f"{day} is not null", day) for day in days]
        return replace(metric, view=view, parts=_parts(metric, shape, view, taken_on))
    conditions: list[tuple[str, str]] = []
    taken = ""
    for step in shape.steps:
        taken = _all(taken, step.filter, *_in_order(step, shape))
        conditions.append((taken, step.time or (conditions[-1][1] if conditions else "")))
    return replace(metric, parts=_parts(metric, shape, table, conditions))


def _in_order(step: Step, shape: Conversion) -> list[str]:
    """The conditions on the day of a step: there is one, not too early, not too late."""
    if not step.time:
        return []
    conditions = [f'"{step.time}" is not null']
    entry = shape.steps[0]
    earlier = _dated_before(step, shape)
    if earlier:
        conditions.append(f'"{step.time}" >= "{earlier}"')
        if shape.days is not None:
            conditions.append(f'days_between("{entry.time}", "{step.time}") <= {shape.days}')
    return conditions


def _dated_before(step: Step, shape: Conversion) -> str:
    """The day of the last step before one that has any."""
    before = shape.steps[: shape.steps.index(step)]
    return next((each.time for each in reversed(before) if each.time), "")


def _parts(
    metric: Metric, shape: Conversion, table: Table, conditions: list[tuple[str, str]]
) -> tuple[Metric, ...]:
    entry = shape.steps[0].time
    return tuple(
        Metric(
            id=f"{metric.id}-{step.id}",
            name=step.name,
            type="simple",
            table=table.name,
            agg="count",
            filter=condition,
            time=entry if shape.cohort == "entry" else time,
            scale=0,
        )
        for step, (condition, time) in zip(shape.steps, conditions, strict=True)
    )


def _journeys(metric: Metric, shape: Conversion, table: Table) -> Table:
    """The table of those who set out, with the day on which each took each step."""
    columns = {
        f"{STEP}{step.id}": Column(f"{STEP}{step.id}", "date", headers=(step.name.zh, step.name.en))
        for step in shape.steps
    }
    return replace(
        table,
        name=f"_{metric.id}",
        columns=MappingProxyType({**table.columns, **columns}),
        journey=Journey(table.name, shape.steps, shape.days),
    )


def _all(*conditions: str) -> str:
    """All of the conditions, each in brackets if there are several."""
    given = [condition for condition in conditions if condition]
    return " and ".join(f"({each})" for each in given) if len(given) > 1 else "".join(given)
