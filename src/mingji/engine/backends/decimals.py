"""ClickHouse wants the branches of a CASE to have as many places as each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingji.engine.model import Column
from mingji.engine.sql import Tree, exp

#: The columns of a query by alias and name.
Columns = Mapping[tuple[str, str], Column]


def levelled(query: Tree, columns: Columns) -> Tree:
    """The query with every choice between numbers cast to the most places among them."""

    def level(node: Any) -> Any:
        if isinstance(node, exp.Case | exp.Coalesce):
            places = [scale(each, columns) for each in _branches(node)]
            known = [each for each in places if each is not None]
            if len(set(known)) > 1:
                for each in _branches(node):
                    each.replace(_cast(each, max(known)))
        return node

    whole: Tree = query.transform(level)
    return whole


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
