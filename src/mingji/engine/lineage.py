"""Opens a number: the address in its explanation leads back to the very source rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from urllib.parse import parse_qsl

from mingji.engine.backends.duckdb import opened as open_session
from mingji.engine.backends.interface import Backend
from mingji.engine.compile import Slice, key_condition, opened
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity
from mingji.engine.journeys import day_of
from mingji.engine.loading import BATCH, FILE, ROW
from mingji.engine.local import own_identity, prepare
from mingji.engine.meanings import days_of
from mingji.engine.model import Definitions, Metric
from mingji.engine.observation import RowPage
from mingji.engine.periods import Fiscal, grain_of
from mingji.engine.slices import Question, chosen, refused
from mingji.engine.sql import Tree, column, exp, literal
from mingji.engine.warehouse import Warehouse
from mingji.rules.text import Text

#: The column of a page that holds what each row adds to the metric.
VALUE = "_value"


def rows(
    store: Warehouse | Backend,
    definitions: Definitions,
    ref: str,
    *,
    identity: Identity | None = None,
    fiscal: Fiscal | None = None,
    after: str | None = None,
    limit: int = 50,
) -> RowPage:
    """The source rows behind a value: exactly those that counted, each with file and row number.

    Args:
        store: Where the rows are: the warehouse, or an engine that has them.
        definitions: The definitions that the value was computed with.
        ref: The address in a node's source, such as `won_value?member=anna&period=2026Q3`.
        identity: The same mapping that the value was computed with.
        fiscal: The same calendar, if it is not the one that the definitions say.
        after: The `next` of the page before.
        limit: Rows a page.

    Returns:
        The columns of the table, `_file`, `_row`, and `_value` (what the row adds). Rows stand in a
        fixed order; aggregating all pages gives the value.

    Raises:
        Invalid: If the address is not one of a simple metric, or names an unknown key.
    """
    fiscal = definitions.fiscal if fiscal is None else fiscal
    metric, keys, where, days = _address(definitions, ref)
    period = keys.get("period")
    with open_session(store, definitions) as session:
        table, base = definitions.table(metric.table), definitions.base(metric.table)
        identity = identity or own_identity(session, definitions, [base])
        grain = grain_of(period) if period else "quarter"
        question = Question(definitions, tuple(keys), grain, None, where, identity)
        slice_ = question.slice(metric, None)
        prepare(session, [slice_], definitions, identity, fiscal)
        conditions = [key_condition(key, keys[key.name]) for key in slice_.keys]
        conditions += _within(days, slice_, fiscal)
        if after is not None:
            conditions.append(_beyond(after))
        query = opened(slice_, metric, definitions, conditions)
        query = query.order_by(column(BATCH, FACT), column(ROW, FACT)).limit(limit + 1)
        found = session.run(query).to_pylist()
    page, more = found[:limit], len(found) > limit
    names = (*table.columns, FILE, ROW, VALUE)
    return RowPage(
        columns=names,
        rows=tuple(tuple(_plain(row[name]) for name in names) for row in page),
        next=f"{page[-1][BATCH]}:{page[-1][ROW]}" if more else None,
    )


def _address(definitions: Definitions, ref: str) -> tuple[Metric, dict[str, str], str, str]:
    """The metric, the keys, the condition and (instead of the period) the days of an address."""
    name, _, query = ref.partition("?")
    metric = definitions.parts.get(name) or chosen(definitions, [name])[0]
    if metric.type != "simple":
        raise refused(
            Text(f"“{name}”由其他指标算出，没有自己的行", f"“{name}” is made from other metrics"),
            Text(
                f"打开它的组成部分：{'、'.join(metric.inputs)}",
                f"open what it is made from: {', '.join(metric.inputs)}",
            ),
        )
    keys = dict(parse_qsl(query, keep_blank_values=True))
    days, where = keys.pop("days", ""), keys.pop("where", "")
    if days:
        keys.pop("period", "")
    return metric, keys, where, days


def _within(days: str, slice_: Slice, fiscal: Fiscal) -> list[Tree]:
    """The rows of some days only."""
    if not days:
        return []
    first, last = days_of(days, fiscal)
    return [
        sign(
            this=day_of(slice_.table, slice_.day),
            expression=exp.cast(literal(day.isoformat()), "date"),
        )
        for sign, day in ((exp.GTE, first), (exp.LTE, last))
    ]


def _beyond(after: str) -> Tree:
    batch, _, row = after.partition(":")
    if not row.isdecimal():
        raise refused(
            Text("翻页标记无效", "this page token is not valid"),
            Text("从第一页开始", "start from the first page"),
        )
    return exp.paren(
        exp.or_(
            exp.GT(this=column(BATCH, FACT), expression=literal(batch)),
            exp.and_(
                exp.EQ(this=column(BATCH, FACT), expression=literal(batch)),
                exp.GT(this=column(ROW, FACT), expression=literal(int(row))),
            ),
        )
    )


def _plain(value: object) -> object:
    """A cell as it is told: decimals without the padding of their storage, days as ISO."""
    if isinstance(value, Decimal):
        short = value.normalize()
        return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
