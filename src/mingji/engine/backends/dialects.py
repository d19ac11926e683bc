"""The same question in the words of each engine, where printing alone would change its meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from mingji.engine.sql import Tree, exp, render

#: ClickHouse before 2026 holds no days beyond these; both stand for "ever".
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2299, 12, 31)
_WIDEST_INTEGER = 18  # digits that every engine reads as a whole number


def spoken(query: Tree, dialect: str) -> str:
    """The SQL of a query for an engine: `postgres`, `clickhouse` or `spark`."""
    rule = _RULES[dialect]
    return render(query.transform(rule), dialect=dialect)


def within_clickhouse(day: dt.date) -> dt.date:
    """A day, or the nearest that ClickHouse can hold.

    >>> str(within_clickhouse(dt.date(9999, 12, 31)))
    '2299-12-31'
    """
    return min(max(day, _FIRST), _LAST)


def _postgres(node: Any) -> Any:
    if isinstance(node, exp.DateDiff):  # days are whole numbers; seconds of time zones are not
        later, earlier = (exp.cast(part, "date") for part in (node.this, node.expression))
        return exp.paren(later - earlier)
    return node


def _spark(node: Any) -> Any:
    if isinstance(node, exp.DateDiff):
        return exp.Anonymous(this="datediff", expressions=[node.this, node.expression])
    return node


def _clickhouse(node: Any) -> Any:
    if isinstance(node, exp.DateDiff):
        parts = [exp.Literal.string("day"), node.expression, node.this]
        return exp.Anonymous(this="dateDiff", expressions=parts)
    if isinstance(node, exp.Literal):
        return _exact(node)
    if isinstance(node, exp.Cast):
        return _cast(node)
    if isinstance(node, exp.In):  # there, NULL IN (…) may be false, and NOT of it true
        same = [exp.EQ(this=node.this, expression=each) for each in node.expressions]
        return exp.paren(exp.or_(*same))
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Boolean):
        otherwise = exp.Boolean(this=not node.expression.this)
        whole = exp.Coalesce(this=node.this, expressions=[otherwise])
        return whole if node.expression.this else exp.Not(this=whole)
    return node


def _exact(node: Any) -> Any:
    """There, 0.1 is a binary fraction and a very long number one as well."""
    name: str = node.name
    if node.is_string or isinstance(node.parent, exp.DataTypeParam):
        return node
    if "." not in name and len(name) <= _WIDEST_INTEGER:
        return node
    scale = len(name.partition(".")[2])
    return exp.Cast(this=exp.Literal.string(name), to=clickhouse_type(f"Decimal(76, {scale})"))


def clickhouse_type(name: str) -> Any:
    """A type there that can be blank."""
    return exp.DataType.build(f"Nullable({name})", dialect="clickhouse")


def _cast(node: Any) -> Any:
    if node.to.this != exp.DataType.Type.DATE:
        return node
    inner = node.this
    if isinstance(inner, exp.Literal):
        inner = exp.Literal.string(within_clickhouse(dt.date.fromisoformat(inner.name)).isoformat())
    return exp.Cast(this=inner, to=clickhouse_type("Date32"))


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "postgres": _postgres,
    "clickhouse": _clickhouse,
    "spark": _spark,
}
