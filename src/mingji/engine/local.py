"""Prepares what every query joins, and finds the members where no mapping is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from mingji.engine.backends.interface import Session
from mingji.engine.compile import CALENDAR, Slice, people_of
from mingji.engine.currency import has_currencies, provide_rates
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity, Posting
from mingji.engine.journeys import day_of, rows_of
from mingji.engine.model import Definitions, Table
from mingji.engine.periods import Fiscal
from mingji.engine.sql import column, exp


def prepare(
    session: Session,
    slices: Iterable[Slice],
    definitions: Definitions,
    identity: Identity,
    fiscal: Fiscal,
) -> Mapping[tuple[str, str], int]:
    """Gives the session the calendar and the people that the queries join.

    Returns:
        For each table and date that is looked at, how many rows have no such date.
    """
    undated: dict[tuple[str, str], int] = {}
    ends: list[dt.date] = []
    people: dict[str, pa.Table] = {}
    tables: dict[str, tuple[Table, set[str]]] = {}
    for slice_ in slices:
        days = tables.setdefault(slice_.table.name, (slice_.table, set()))[1]
        if slice_.grain or (slice_.day and has_currencies(slice_.table)):
            days.add(slice_.day)
    for table, days in tables.values():
        if table.owner:
            if table.source not in people:
                people[table.source] = identity.table(table.source)
            session.provide(people_of(table), people[table.source])
        for day, (first, last, without) in _dates(session, table, days, definitions):
            ends += [each for each in (first, last) if each is not None]
            undated[table.name, day] = without
    first, last = (min(ends), max(ends)) if ends else (dt.date(2000, 1, 1), dt.date(2000, 1, 1))
    session.provide(CALENDAR, fiscal.table(first, last))
    if definitions.rates is not None:
        provide_rates(session, definitions, fiscal, first, last)
    return undated


def _dates(
    session: Session, table: Table, days: Iterable[str], definitions: Definitions
) -> Iterator[tuple[str, tuple[dt.date | None, dt.date | None, int]]]:
    """Of each date of a table the first and the last day, and how many rows have none."""
    named = sorted(days)
    if not named:
        return
    query = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(rows_of(table, definitions))
    for place, name in enumerate(named):
        day = day_of(table, name)
        query = query.select(
            exp.Min(this=day).as_(f"first{place}"),
            exp.Max(this=day.copy()).as_(f"last{place}"),
            exp.Count(this=day.copy()).as_(f"with{place}"),
        )
    (row,) = session.run(query).to_pylist()
    for place, name in enumerate(named):
        without = row["rows"] - row[f"with{place}"]
        yield name, (row[f"first{place}"], row[f"last{place}"], without)


def own_identity(session: Session, definitions: Definitions, tables: Iterable[Table]) -> Identity:
    """Who the members are when no mapping is given.

    They are those of the definitions' roster if it names one; otherwise each owner is a member of
    that name.
    """
    roster = definitions.roster
    if roster is None:
        names: set[str] = set()
        for table in tables:
            query = _distinct(table.name, {"member": table.owner}) if table.owner else None
            rows = session.run(query).to_pylist() if query is not None else []
            names |= {row["member"] for row in rows}
        return Identity(postings=tuple(Posting(name, {}) for name in sorted(names)))
    query = _distinct(roster.table, {"member": roster.member, **roster.attributes})
    return Identity(
        postings=tuple(
            Posting(
                row["member"],
                MappingProxyType({name: row[name] or "" for name in roster.attributes}),
            )
            for row in session.run(query).to_pylist()
        )
    )


def _distinct(table: str, columns: dict[str, str]) -> Any:
    member = column(columns["member"], FACT)
    return (
        exp.select(*(column(name, FACT).as_(label, quoted=True) for label, name in columns.items()))
        .distinct()
        .from_(exp.table_(table, quoted=True, alias=FACT))
        .where(exp.Not(this=exp.Is(this=member, expression=exp.null())))
    )
