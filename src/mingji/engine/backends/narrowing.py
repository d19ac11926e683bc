"""Amounts have 28 digits; nearly all of them fit into 18, which a processor adds in one step.

The engine refuses an amount that does not fit: a narrowed query answers the same or not at all.
"""

from __future__ import annotations

from typing import Any

from mingji.engine.cell_numbers import FEW_DIGITS, PLACES_OF_FEW
from mingji.engine.expressions import FACT
from mingji.engine.model import Definitions, Table
from mingji.engine.sql import Tree, exp


def table_of(query: Tree, definitions: Definitions) -> Table | None:
    """The fact table that the outermost query reads; none if it reads journeys or another query."""
    source = query.args.get("from_")
    named = source.this if source is not None else None
    return definitions.tables.get(named.name) if isinstance(named, exp.Table) else None


def narrowed(query: Tree, definitions: Definitions) -> Tree | None:
    """The query with sums and extremes of plain columns taken over 18 digits, for DuckDB.

    Returns:
        The narrowed query, or None if nothing in it can be narrowed.
    """
    table = table_of(query, definitions)
    if table is None:
        return None
    copy = query.copy()
    found = [
        each
        for node in copy.find_all(exp.Sum, exp.Min, exp.Max)
        if _is_amount(each := _of(node), table)
    ]
    for each in found:
        kind = exp.DataType.build(f"DECIMAL({FEW_DIGITS}, {table.columns[each.name].scale})")
        each.replace(exp.Cast(this=each.copy(), to=kind))
    return copy if found else None


def _of(node: Any) -> Any:
    """What an aggregate is taken over, be it under a condition."""
    value = node.this
    return value.args["ifs"][0].args["true"] if isinstance(value, exp.Case) else value


def _is_amount(node: Any, table: Table) -> bool:
    if not isinstance(node, exp.Column) or node.table != FACT:
        return False
    spec = table.columns.get(node.name)
    return spec is not None and spec.type == "decimal" and spec.scale <= PLACES_OF_FEW
