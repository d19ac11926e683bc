"""Prepares what every query joins, and finds the members where no mapping is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
) -> None:
    """Gives the session the calendar and the people that the queries join."""
    days: list[dt.date] = []
    people: dict[str, pa.Table] = {}
    for slice_ in {(s.table.name, s.day): s for s in slices}.values():
        if slice_.table.owner:
            source = slice_.table.source
            if source not in people:
                people[source] = identity.table(source)
            session.provide(people_of(slice_.table), people[source])
        if slice_.grain or (slice_.day and has_currencies(slice_.table)):
            day = day_of(slice_.table, slice_.day)
            query = exp.select(
                exp.Min(this=day).as_("first"), exp.Max(this=day.copy()).as_("last")
            ).from_(rows_of(slice_.table, definitions))
            row = session.run(query).to_pylist()[0]
            days += [value for value in row.values() if value is not None]
    first, last = (min(days), max(days)) if days else (dt.date(2000, 1, 1), dt.date(2000, 1, 1))
    session.provide(CALENDAR, fiscal.table(first, last))
    if definitions.rates is not None:
        provide_rates(session, definitions, fiscal, first, last)


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
