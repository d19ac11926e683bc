"""The journeys that corrections touch, once as they were and once as they are.

A journey is touched by a correction of the row that sets out, or of a row in which one of its steps
is looked for. Only such rows are walked again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from mingji.engine.backends.interface import Session
from mingji.engine.corrections import BASE, NUMBER, TOUCHED, touched_table
from mingji.engine.expressions import FACT
from mingji.engine.journeys import rows_of
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.model import Definitions, Table
from mingji.engine.sql import column, exp

_KEY, _KEYS, _SOME = "_journey", "~journeys", "~some"


def touched_journeys(
    session: Session, table: Table, definitions: Definitions, corrected: Collection[str]
) -> Table:
    """Makes the touched journeys known to a session, each with the number of its correction.

    Args:
        session: A session over a warehouse with corrections.
        table: A table of journeys.
        definitions: Where the tables of its steps are.
        corrected: The tables that have corrections.

    Returns:
        The table of the touched journeys, to be asked like the journeys themselves.
    """
    found = touched_table(table)
    session.provide(f"{table.name}{_KEYS}", _numbers(session, table, definitions, corrected))
    walked = [
        _walked(session, table, definitions, corrected if suffix else (), suffix)
        for suffix in (BASE, "")
    ]
    session.provide(found.name, pa.concat_tables(walked, promote_options="permissive"))
    return replace(found, journey=None)


def _keys(table: Table, definitions: Definitions) -> dict[str, set[str]]:
    """For each table that a journey looks at, the columns that hold the key of the journey."""
    journey = table.journey
    assert journey is not None
    own = definitions.tables[journey.table].key[0]
    keys: dict[str, set[str]] = {journey.table: {own}}
    for step in journey.steps:
        keys.setdefault(step.table or journey.table, set()).add(step.key if step.table else own)
    return keys


def _numbers(
    session: Session, table: Table, definitions: Definitions, corrected: Collection[str]
) -> pa.Table:
    """Which journey each correction touches: `_journey`, `_correction`."""
    found = [
        session.run(
            exp.select(
                exp.cast(column(key, FACT), "text").as_(_KEY, quoted=True),
                column(NUMBER, FACT).as_(NUMBER, quoted=True),
            )
            .distinct()
            .from_(exp.table_(f"{name}{TOUCHED}", quoted=True, alias=FACT))
        )
        for name, keys in _keys(table, definitions).items()
        if name in corrected
        for key in sorted(keys)
    ]
    every = pa.concat_tables(found, promote_options="permissive")
    return every.group_by([_KEY, NUMBER]).aggregate([])


def _walked(
    session: Session,
    table: Table,
    definitions: Definitions,
    corrected: Collection[str],
    suffix: str,
) -> pa.Table:
    """The journeys over the rows of the touched ones, under the numbers that touch them."""
    tables = dict(definitions.tables)
    for name, keys in _keys(table, definitions).items():
        few = f"{name}{suffix}{_SOME}"
        source = f"{name}{BASE}" if name in corrected else name
        session.provide(few, session.run(_few(tables[name], source, table, keys)))
        tables[name] = replace(tables[name], name=few)
    some = replace(definitions, tables=MappingProxyType(tables))
    key = definitions.base(table.name).key[0]
    numbers = f"{table.name}{_KEYS}"
    names = (*table.columns, BATCH, FILE, ROW)
    return session.run(
        exp.select(
            *(column(name, FACT).as_(name, quoted=True) for name in names),
            column(NUMBER, numbers).as_(NUMBER, quoted=True),
        )
        .from_(rows_of(table, some))
        .join(
            exp.table_(numbers, quoted=True),
            on=exp.EQ(this=column(_KEY, numbers), expression=exp.cast(column(key, FACT), "text")),
        )
    )


def _few(table: Table, source: str, journeys: Table, keys: Collection[str]) -> Any:
    """The rows of a table that a touched journey may walk through."""
    names = (*table.columns, BATCH, FILE, ROW)
    touched = exp.select(exp.column(_KEY, quoted=True)).from_(
        exp.table_(f"{journeys.name}{_KEYS}", quoted=True)
    )
    return (
        exp.select(*(column(name, FACT).as_(name, quoted=True) for name in names))
        .from_(exp.table_(source, quoted=True, alias=FACT))
        .where(
            exp.or_(
                *(
                    exp.In(
                        this=exp.cast(column(key, FACT), "text"), query=touched.copy().subquery()
                    )
                    for key in sorted(keys)
                )
            )
        )
    )
