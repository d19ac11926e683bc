"""Which metrics read a column, so that what is told of a column says what hangs on it."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from mingji.engine.model import Definitions, Metric, Table
from mingji.rules.text import Text


def with_uses(definitions: Definitions) -> Definitions:
    """The definitions, whose tables know the metrics that read their columns."""
    found: dict[tuple[str, str], dict[str, Text]] = {}
    for metric in definitions.metrics.values():
        for name, columns in columns_of(definitions, metric).items():
            for column in columns:
                found.setdefault((name, column), {})[metric.id] = metric.name
    tables = {
        name: replace(
            table,
            uses=MappingProxyType(
                {
                    column: tuple(found[name, column].values())
                    for column in table.columns
                    if (name, column) in found
                }
            ),
        )
        for name, table in definitions.tables.items()
    }
    return replace(definitions, tables=MappingProxyType(tables))


def columns_of(definitions: Definitions, metric: Metric) -> dict[str, set[str]]:
    """The columns that a metric reads, by the table they stand in."""
    found: dict[str, set[str]] = {}
    for leaf in definitions.leaves(metric):
        table = definitions.base(leaf.table)
        found.setdefault(table.name, set()).update(_columns(leaf, table))
    return found


def _columns(leaf: Metric, table: Table) -> set[str]:
    words = set(re.findall(r"\w+", f"{leaf.expression} {leaf.filter} {leaf.time or table.time}"))
    return words & set(table.columns)
