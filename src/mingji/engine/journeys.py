"""The rows of a table as a query reads them; those of a journey with the days of their steps.

Each step is the earliest row of its table, for the same key, that comes no earlier than the step
before it. Only equal keys are joined; everything else is filtered before, so that no engine falls
back to comparing every row with every other one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mingji.engine.expressions import FACT, check
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Definitions, Table
from mingji.engine.part_words import STEP
from mingji.engine.shapes import Journey, Step
from mingji.engine.sql import Tree, column, exp, literal

_BEFORE, _KEY, _ENTRY, _DAY = "_before", "_key", "_entry", "_day"


def day_of(table: Table, name: str) -> Tree:
    """The calendar day of a row."""
    tree = column(name, FACT)
    return exp.cast(tree, "date") if table.columns[name].type == "timestamp" else tree


def rows_of(table: Table, definitions: Definitions) -> Any:
    """What stands after FROM: the table itself, or the query of its journeys, called `t`."""
    journey = table.journey
    if journey is None:
        return exp.table_(table.name, quoted=True, alias=FACT)
    base = definitions.tables[journey.table]
    names = (*base.columns, BATCH, FILE, ROW)
    query = exp.select(*(column(name, FACT).as_(name, quoted=True) for name in names))
    query = query.from_(exp.table_(base.name, quoted=True, alias=FACT))
    for step in journey.steps:
        name = f"{STEP}{step.id}"
        query = query.select(column(_DAY, name).as_(name, quoted=True))
        on = exp.EQ(this=column(base.key[0], FACT), expression=column(_KEY, name))
        query = query.join(exp.table_(name, quoted=True), on=on, join_type="left")
    return with_steps(query, journey, journey.steps, definitions).subquery(FACT)


def with_steps(
    query: Any, journey: Journey, steps: Sequence[Step], definitions: Definitions
) -> Any:
    """The query with a named one for each of the first steps: `_key`, `_entry`, `_day`."""
    before: Step | None = None
    for step in steps:
        taken = _taken(step, before, journey, definitions)
        query = query.with_(exp.to_identifier(f"{STEP}{step.id}", quoted=True), as_=taken)
        before = step
    return query


def _taken(step: Step, before: Step | None, journey: Journey, definitions: Definitions) -> Any:
    """Who took a step, and when: `_key`, `_entry` (the day of the first step), `_day`."""
    table = definitions.tables[step.table or journey.table]
    day = day_of(table, step.time)
    query = exp.Select().from_(exp.table_(table.name, quoted=True, alias=FACT))
    query = filtered(query, step, table, definitions)
    query = query.where(exp.Not(this=exp.Is(this=day.copy(), expression=exp.null())))
    if before is None:
        key = column(table.key[0], FACT)
        return query.select(
            key.as_(_KEY, quoted=True),
            day.copy().as_(_ENTRY, quoted=True),
            day.copy().as_(_DAY, quoted=True),
        )
    key = column(step.key if step.table else table.key[0], FACT)
    entry = column(_ENTRY, _BEFORE)
    on = exp.EQ(this=column(_KEY, _BEFORE), expression=key)
    query = query.join(exp.table_(f"{STEP}{before.id}", quoted=True, alias=_BEFORE), on=on)
    query = query.where(exp.GTE(this=day.copy(), expression=column(_DAY, _BEFORE)))
    if journey.days is not None:
        days = exp.DateDiff(this=day.copy(), expression=entry.copy(), unit=exp.var("DAY"))
        query = query.where(exp.LTE(this=days, expression=literal(journey.days)))
    return query.select(
        column(_KEY, _BEFORE).as_(_KEY, quoted=True),
        entry.as_(_ENTRY, quoted=True),
        exp.Min(this=day.copy()).as_(_DAY, quoted=True),
    ).group_by(column(_KEY, _BEFORE), entry.copy())


def filtered(query: Any, step: Step, table: Table, definitions: Definitions) -> Any:
    """The query of a step's table, kept to the rows that fulfil the condition of the step."""
    if not step.filter:
        return query
    checked = check(step.filter, definitions, table, kind="boolean")
    for name in sorted(checked.joins):
        join = table.joins[name]
        key = column(definitions.tables[join.table].key[0], name)
        on = exp.EQ(this=column(join.on, FACT), expression=key)
        query = query.join(exp.table_(join.table, quoted=True, alias=name), on=on, join_type="left")
    return query.where(checked.tree)
