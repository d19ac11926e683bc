"""Asks the engine: one query for each fact table and date, whatever the number of metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import duckdb

from mingji.engine.compile import ORDERED, ROWS, Slice, grouped, ordered
from mingji.engine.local import fetch
from mingji.engine.model import Definitions, Metric
from mingji.engine.values import interpolated

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the engine found for a simple metric in a slice.

    `slice_rows` are the rows there, whatever they are; `rows` those that pass the metric's filter;
    `cells` those of them that hold a value; `whole` the aggregate (of an average: the sum).
    """

    slice_rows: int = 0
    rows: int = 0
    cells: int = 0
    whole: Fraction | None = None

    def value(self, metric: Metric) -> Fraction | None:
        """The exact value; None where there is nothing to say it from.

        No row at all is no data; rows of which none passes the filter make a sum or count of 0.
        """
        if self.slice_rows == 0:
            return None
        if metric.agg in _COUNTS or (metric.agg == "sum" and self.rows == 0):
            return self.whole or Fraction(0)
        if self.whole is None or self.cells == 0:
            return None
        return self.whole / self.cells if metric.agg == "average" else self.whole

    def flags(self, metric: Metric) -> tuple[str, ...]:
        """Codes of what a reader should know: `no_data`, `values_missing`."""
        if self.value(metric) is None:
            return ("no_data",)
        return ("values_missing",) if self.cells < self.rows else ()

    def __add__(self, other: Counted) -> Counted:
        """Two slices of a sum or a count as one."""
        wholes = [each.whole for each in (self, other) if each.whole is not None]
        return Counted(
            self.slice_rows + other.slice_rows,
            self.rows + other.rows,
            self.cells + other.cells,
            sum(wholes, Fraction(0)) if wholes else None,
        )


_COUNTS = ("count", "count_distinct")
NO_ROW = Counted()
#: What was found for each simple metric, in each slice.
Found = dict[str, dict[Keys, Counted]]


def count(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    leaves: Iterable[Metric],
    slices: Mapping[str, Slice],
) -> Found:
    """Asks each table once for all its metrics, and once more for each median."""
    found: Found = {leaf.id: {} for leaf in leaves}
    order = sorted(leaves, key=lambda leaf: (leaf.table, leaf.time, leaf.id))
    for _, same in groupby(order, key=lambda leaf: (leaf.table, leaf.time)):
        together = list(same)
        slice_ = slices[together[0].id]
        for row in fetch(connection, grouped(slice_, together, definitions)).to_pylist():
            keys = _keys(row, slice_)
            for leaf in together:
                found[leaf.id][keys] = Counted(
                    row[ROWS],
                    row[f"{leaf.id}.rows"],
                    row[f"{leaf.id}.cells"],
                    None if row[leaf.id] is None else Fraction(row[leaf.id]),
                )
        for leaf in together:
            if leaf.agg in ORDERED:
                _order(connection, definitions, leaf, slice_, found[leaf.id])
    return found


def _order(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    leaf: Metric,
    slice_: Slice,
    found: dict[Keys, Counted],
) -> None:
    points: dict[Keys, list[tuple[Fraction, int, int]]] = {}
    for row in fetch(connection, ordered(slice_, leaf, definitions)).to_pylist():
        point = (Fraction(row["value"]), int(row["upto"]), int(row["total"]))
        points.setdefault(_keys(row, slice_), []).append(point)
    share = Fraction(leaf.percentile) if leaf.percentile is not None else Fraction(1, 2)
    for keys, counted in found.items():
        value = interpolated(sorted(points[keys]), share) if keys in points else None
        found[keys] = Counted(counted.slice_rows, counted.rows, counted.cells, value)


def _keys(row: dict[str, Any], slice_: Slice) -> Keys:
    return tuple(_key(row[key.label]) for key in slice_.keys)


def _key(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
