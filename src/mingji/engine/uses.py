"""Which metrics read a column, and with which values they compare it.

What is told of a column then says what hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from mingji.engine.model import Definitions, Metric, Table
from mingji.rules.text import Text


def with_uses(definitions: Definitions) -> Definitions:
    """The definitions, whose tables know the metrics that read their columns, and how."""
    found: dict[tuple[str, str], dict[str, Text]] = {}
    words: dict[tuple[str, str], dict[str, None]] = {}
    for metric in definitions.metrics.values():
        for name, columns in columns_of(definitions, metric).items():
            for column in columns:
                found.setdefault((name, column), {})[metric.id] = metric.name
        for leaf in definitions.leaves(metric):
            table = definitions.base(leaf.table)
            for column, word in _compared(leaf, table):
                words.setdefault((table.name, column), {})[word] = None
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
            words=MappingProxyType(
                {
                    column: tuple(words[name, column])
                    for column in table.columns
                    if (name, column) in words
                }
            ),
        )
        for name, table in definitions.tables.items()
    }
    return replace(definitions, tables=MappingProxyType(tables))


#: A text column, or what stands for a blank in it, beside one value or a list of them.
_VALUE = r"'((?:[^']|'')*)'"
_COLUMN = rf"(?:coalesce\(\s*)?\b(\w+)\b(?:\s*,\s*{_VALUE}\s*\))?"
_ONE = re.compile(rf"(?i){_COLUMN}\s*(?:=|<>)\s*{_VALUE}")
_LIST = re.compile(rf"(?i){_COLUMN}\s+(?:not\s+)?in\s*\(((?:\s*{_VALUE}\s*,?)+)\)")


def _compared(leaf: Metric, table: Table) -> Iterator[tuple[str, str]]:
    """The text columns that a metric compares with values, and each value."""
    for text in (leaf.filter, leaf.expression):
        for column, _, value in _ONE.findall(text):
            yield from _spelt(table, column, value)
        for column, _, values, _ in _LIST.findall(text):
            for value in re.findall(_VALUE, values):
                yield from _spelt(table, column, value)


def _spelt(table: Table, column: str, value: str) -> Iterator[tuple[str, str]]:
    if column in table.columns and table.columns[column].type == "text":
        yield column, value.replace("''", "'")


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
