"""Amounts in many currencies: each row is converted at the rate of its own day, exactly.

Rates become one small table a target currency, a row for each currency and day, so that every
engine looks them up by equal values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from mingji.engine.backends.interface import Session
from mingji.engine.compile import Slice, without_rate
from mingji.engine.expressions import FACT, Converted
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.periods import Fiscal, is_period
from mingji.engine.sql import column, exp
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LISTED = 10


class Rate(NamedTuple):
    """What one unit of a currency is worth, from one day to another (both included)."""

    currency: str
    into: str
    first: dt.date
    last: dt.date
    rate: Decimal


def rates_in(session: Session, definitions: Definitions, fiscal: Fiscal) -> list[Rate]:
    """Every rate of the definitions' table with the days on which it is valid."""
    rates = definitions.rates
    assert rates is not None
    named = {"currency": rates.currency, "since": rates.day or rates.period, "rate": rates.rate}
    if rates.into_column:
        named["into"] = rates.into_column
    query = exp.select(
        *(column(name, FACT).as_(label, quoted=True) for label, name in named.items())
    ).from_(exp.table_(rates.table, quoted=True, alias=FACT))
    rows = [row for row in session.run(query).to_pylist() if None not in row.values()]
    for row in rows:
        row.setdefault("into", rates.into)
    return list(_by_period(rows, fiscal) if rates.period else _since(rows))


def _by_period(rows: Iterable[dict[str, Any]], fiscal: Fiscal) -> Iterator[Rate]:
    for row in rows:
        if is_period(row["since"]):
            yield Rate(row["currency"], row["into"], *fiscal.days(row["since"]), row["rate"])


def _since(rows: Iterable[dict[str, Any]]) -> Iterator[Rate]:
    """Each rate up to the day before the next one; the newest one without end."""
    following: dict[tuple[str, str], dt.date] = {}
    for row in sorted(rows, key=lambda row: row["since"], reverse=True):
        pair = (row["currency"], row["into"])
        last = following.get(pair, dt.date.max)
        following[pair] = row["since"] - dt.timedelta(days=1)
        yield Rate(*pair, row["since"], last, row["rate"])


def provide_rates(
    session: Session,
    definitions: Definitions,
    fiscal: Fiscal,
    first: dt.date,
    last: dt.date,
) -> None:
    """Gives the session the rates of every day from first to last, by target currency."""
    found = rates_in(session, definitions, fiscal)
    for target in sorted(_targets(definitions)):
        days: dict[tuple[str, dt.date], Decimal] = {}
        for rate in found:
            if rate.into != target:
                continue
            start, end = max(rate.first, first), min(rate.last, last)
            for offset in range((end - start).days + 1):
                days[rate.currency, start + dt.timedelta(days=offset)] = rate.rate
        session.provide(Converted.table(target), _table(days))


def _table(days: dict[tuple[str, dt.date], Decimal]) -> pa.Table:
    keys = sorted(days)
    scale = max((-_exponent(days[key]) for key in keys), default=0)
    columns = [
        pa.array([currency for currency, _ in keys], pa.string()),
        pa.array([day for _, day in keys], pa.date32()),
        pa.array([days[key] for key in keys], pa.decimal128(38, max(scale, 0))),
    ]
    return pa.table(columns, names=["currency", "day", "rate"])


def _exponent(rate: Decimal) -> int:
    exponent = rate.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _targets(definitions: Definitions) -> set[str]:
    """The currencies that amounts are converted into."""
    leaves = (*definitions.metrics.values(), *definitions.parts.values())
    return {definitions.target(leaf) for leaf in leaves} - {""}


def has_currencies(table: Table) -> bool:
    """Whether amounts of a table name their currency in each row."""
    return any(each.currency for each in table.columns.values())


def unrated(
    session: Session, definitions: Definitions, slices: Iterable[tuple[Metric, Slice]]
) -> Iterator[Finding]:
    """Rows whose amount has no rate on their day, by table, column and currency."""
    asked: dict[tuple[str, str, Converted], Slice] = {}
    for metric, slice_ in slices:
        target = definitions.target(metric)
        for column_ in slice_.table.columns.values():
            if target and column_.currency and column_.name in metric.expression + metric.filter:
                converted = Converted(column_.name, column_.currency, target)
                asked[slice_.table.name, slice_.day, converted] = slice_
    for (_, _, converted), slice_ in sorted(asked.items(), key=lambda item: item[0]):
        rows = session.run(without_rate(slice_, converted, definitions)).to_pylist()
        counts = {row["currency"] or "–": row["rows"] for row in rows}
        if counts:
            yield _missing(slice_.table, converted, counts)


def _missing(table: Table, converted: Converted, counts: dict[str, int]) -> Finding:
    total = sum(counts.values())
    listed = [f"{currency} ({count:,})" for currency, count in sorted(counts.items())]
    zh, en = "、".join(listed[:_LISTED]), ", ".join(listed[:_LISTED])
    name, amount = table.label, table.columns[converted.amount].label
    return Finding(
        "missing_rate",
        "warning",
        Text(
            f"{name.zh} 有 {total:,} 行的 {amount.zh} 在那一天没有换算成 {converted.target} 的"
            f"汇率，没有计入：{zh}",
            f"{total:,} {'row' if total == 1 else 'rows'} of {name.en} with a {amount.en} that has "
            f"no rate into {converted.target} on its day, and counts for nothing: {en}",
        ),
        Text("在汇率表里补上这些货币和日期", "add these currencies and days to the rates"),
        Place(path=f"{table.name}.{converted.amount}"),
        count=total,
    )
