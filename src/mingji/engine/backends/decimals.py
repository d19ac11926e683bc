"""Decimals as ClickHouse wants them: branches of a CASE alike, and no product beyond 76 digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingji.engine.model import Column
from mingji.engine.sql import Tree, exp

#: Digits of a product, so that sums of billions of them still fit.
_MOST_DIGITS = 65
#: The columns of a query by alias and name.
Columns = Mapping[tuple[str, str], Column]


def levelled(query: Tree, columns: Columns) -> Tree:
    """The query with what ClickHouse does not do by itself for decimals.

    Every choice between numbers is cast to the most places among them, and a product that 76
    digits cannot hold is an error instead of another number.
    """
    query = query.copy()
    for node in reversed(list(query.find_all(exp.Case, exp.Coalesce, exp.Mul))):
        if isinstance(node, exp.Mul):
            node.replace(_guarded(node.copy(), scale(node, columns) or 0))
            continue
        places = [scale(each, columns) for each in _branches(node)]
        known = [each for each in places if each is not None]
        if len(set(known)) > 1:
            for each in _branches(node):
                each.replace(_cast(each, max(known)))
    return query


def _guarded(product: Any, places: int) -> Any:
    """A product plus nothing, or an error where it comes near the most that fits."""
    sides = [
        exp.Anonymous(this="toFloat64", expressions=[side.copy()])
        for side in (product.this, product.expression)
    ]
    size = exp.Abs(this=exp.Mul(this=sides[0], expression=sides[1]))
    most = exp.Anonymous(
        this="toFloat64", expressions=[exp.Literal.string(f"1e{_MOST_DIGITS - places}")]
    )
    beyond = exp.Coalesce(this=exp.GT(this=size, expression=most), expressions=[exp.false()])
    error = exp.Anonymous(
        this="throwIf", expressions=[beyond, exp.Literal.string("decimal overflow")]
    )
    return exp.paren(exp.Add(this=product, expression=error))


def scale(node: Any, columns: Columns) -> int | None:
    """The places after the point of an expression, None if it is no number.

    >>> scale(exp.Mul(this=exp.Literal.number("0.25"), expression=exp.Literal.number("1.5")), {})
    3
    """
    if isinstance(node, exp.Literal):
        return None if node.is_string else len(node.name.partition(".")[2])
    if isinstance(node, exp.Column):
        return _places(columns.get((node.table, node.name)))
    if isinstance(node, exp.Paren | exp.Neg):
        return scale(node.this, columns)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        sides = [scale(side, columns) or 0 for side in (node.this, node.expression)]
        return sum(sides) if isinstance(node, exp.Mul) else max(sides)
    if isinstance(node, exp.Case | exp.Coalesce):
        known = [scale(each, columns) for each in _branches(node)]
        return max((each for each in known if each is not None), default=None)
    return 0 if isinstance(node, exp.DateDiff) else None


def _places(column: Column | None) -> int | None:
    if column is None or column.type not in ("integer", "decimal"):
        return None
    return column.scale if column.type == "decimal" else 0


def _branches(node: Any) -> list[Any]:
    if isinstance(node, exp.Coalesce):
        return [node.this, *node.expressions]
    otherwise = node.args.get("default")
    results = [branch.args["true"] for branch in node.args["ifs"]]
    return results if otherwise is None else [*results, otherwise]


def _cast(node: Any, places: int) -> Any:
    kind = exp.DataType.build(f"Nullable(Decimal(76, {places}))", dialect="clickhouse")
    return exp.Cast(this=node.copy(), to=kind)
