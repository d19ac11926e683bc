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
_ADD = Text("在汇率表里补上这些货币和日期", "add these currencies and days to the rates")
_MEND = Text("在汇率表里改好", "mend them in the table of rates")


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
    rows = [row for row in _rows(session, definitions) if row["rate"] > 0]
    return list(_by_period(rows, fiscal) if rates.period else _since(rows))


def _rows(session: Session, definitions: Definitions) -> list[dict[str, Any]]:
    """The rows of the table of rates that say everything: `currency`, `into`, `since`, `rate`."""
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
    return rows


def _by_start(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str, Any], set[Decimal]]:
    """The different rates above zero by currency, target and the day or period they start with."""
    found: dict[tuple[str, str, Any], set[Decimal]] = {}
    for row in rows:
        if row["rate"] > 0:
            found.setdefault((row["currency"], row["into"], row["since"]), set()).add(row["rate"])
    return found


def _by_period(rows: Iterable[dict[str, Any]], fiscal: Fiscal) -> Iterator[Rate]:
    for (currency, into, period), values in sorted(_by_start(rows).items()):
        if is_period(period) and len(values) == 1:
            yield Rate(currency, into, *fiscal.days(period), *values)


def _since(rows: Iterable[dict[str, Any]]) -> Iterator[Rate]:
    """Each rate up to the day before the next one; the newest one without end.

    Of two for one day neither holds: nobody knows which is meant.
    """
    following: dict[tuple[str, str], dt.date] = {}
    for (currency, into, since), values in sorted(_by_start(rows).items(), reverse=True):
        last = following.get((currency, into), dt.date.max)
        following[currency, into] = since - dt.timedelta(days=1)
        if len(values) == 1:
            yield Rate(currency, into, since, last, *values)


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
    asked: dict[tuple[str, str, Converted], tuple[Slice, list[Metric]]] = {}
    for metric, slice_ in slices:
        target = definitions.target(metric)
        for column_ in slice_.table.columns.values():
            if target and column_.currency and column_.name in metric.expression + metric.filter:
                converted = Converted(column_.name, column_.currency, target)
                key = (slice_.table.name, slice_.day, converted)
                asked.setdefault(key, (slice_, []))[1].append(metric)
    for (_, _, converted), (slice_, metrics) in sorted(asked.items(), key=lambda item: item[0]):
        query = without_rate(slice_, converted, metrics, definitions)
        rows = session.run(query).to_pylist()
        for dated in (1, 0):
            counts = {row["currency"] or "–": row["rows"] for row in rows if row["dated"] == dated}
            # A row without a date lies in no period: that is told already.
            if counts and (dated or not slice_.grain):
                yield _missing(slice_, converted, counts, dated=bool(dated))


def _missing(
    slice_: Slice, converted: Converted, counts: dict[str, int], *, dated: bool
) -> Finding:
    table, total = slice_.table, sum(counts.values())
    listed = [f"{currency} ({count:,})" for currency, count in sorted(counts.items())]
    zh, en = "、".join(listed[:_LISTED]), ", ".join(listed[:_LISTED])
    name, amount = table.label, table.columns[converted.amount].label
    day = table.columns[slice_.day].label
    why = Text(
        f"在{day.zh}那一天没有换算成 {converted.target} 的汇率",
        f"that has no rate into {converted.target} on the day of {day.en}",
    )
    if not dated:
        why = Text(
            f"因为没有{day.zh}，查不到换算成 {converted.target} 的汇率",
            f"that finds no rate into {converted.target}, for want of {day.en}",
        )
    return Finding(
        "missing_rate",
        "warning",
        Text(
            f"{name.zh} 有 {total:,} 行的 {amount.zh} {why.zh}，没有计入：{zh}",
            f"{total:,} {'row' if total == 1 else 'rows'} of {name.en} with a {amount.en} "
            f"{why.en}, and counts for nothing: {en}",
        ),
        _ADD if dated else Text("补上这些行的日期", "give these rows a date"),
        Place(path=f"{table.name}.{converted.amount}"),
        count=total,
    )


def doubtful(
    session: Session, definitions: Definitions, slices: Iterable[tuple[Metric, Slice]]
) -> Iterator[Finding]:
    """Rates that nothing is converted at: two for one day, and those that are not above zero."""
    if not any(definitions.target(metric) for metric, _ in slices):
        return
    rates = definitions.rates
    assert rates is not None
    place = Place(path=f"{rates.table}.{rates.rate}")
    rows = _rows(session, definitions)
    none = sorted({f"{row['currency']} {row['since']}" for row in rows if row["rate"] <= 0})
    if none:
        message = Text(
            f"{len(none)} 个汇率不大于零，没有用：{'、'.join(none[:_LISTED])}",
            f"rates that are not above zero, and not used: {', '.join(none[:_LISTED])}",
        )
        yield Finding("odd_rates", "warning", message, _MEND, place, count=len(none))
    two = [
        f"{currency} {since} ({', '.join(f'{rate.normalize():f}' for rate in sorted(values))})"
        for (currency, _, since), values in sorted(_by_start(rows).items())
        if len(values) > 1
    ]
    if two:
        message = Text(
            f"同一天有两个不同的汇率，都没有用：{'、'.join(two[:_LISTED])}",
            f"two different rates for one day, neither of which is used: "
            f"{', '.join(two[:_LISTED])}",
        )
        yield Finding("two_rates", "warning", message, _MEND, place, count=len(two))
