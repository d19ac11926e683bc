"""Asks the engine: one query for each fact table and date, however many metrics and questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.backends.interface import Session
from mingji.engine.compile import ORDERED, ROWS, Slice, grouped, ordered
from mingji.engine.model import Definitions, Metric
from mingji.engine.values import interpolated

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the engine found for a simple metric in a slice.

    `slice_rows` are the rows there, whatever they are; `rows` those that pass the metric's filter;
    `cells` those of them that hold a value; `whole` the aggregate (of an average: the sum);
    `unrated` the rows whose amount found no rate of exchange.
    """

    slice_rows: int = 0
    rows: int = 0
    cells: int = 0
    whole: Fraction | None = None
    unrated: int = 0

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
        """Codes of what a reader should know: `no_data`, `values_missing`, `rate_missing`."""
        unrated = ("rate_missing",) if self.unrated else ()
        if self.value(metric) is None:
            return ("no_data", *unrated)
        blank = self.cells + self.unrated < self.rows
        return (*(("values_missing",) if blank else ()), *unrated)

    def __add__(self, other: Counted) -> Counted:
        """Two slices of a sum or a count as one."""
        wholes = [each.whole for each in (self, other) if each.whole is not None]
        return Counted(
            self.slice_rows + other.slice_rows,
            self.rows + other.rows,
            self.cells + other.cells,
            sum(wholes, Fraction(0)) if wholes else None,
            self.unrated + other.unrated,
        )


_COUNTS = ("count", "count_distinct")
NO_ROW = Counted()
#: What was found for each simple metric, in each slice.
Found = dict[str, dict[Keys, Counted]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question wants to have counted: simple metrics, and the slice of each."""

    leaves: Sequence[Metric]
    slices: Mapping[str, Slice]


def count(session: Session, definitions: Definitions, asked: Sequence[Asked]) -> list[Found]:
    """Asks each table once for all metrics of all questions, and once more for each median.

    A table is asked once for each of its dates, and for each set of days: those are other rows.
    """
    answers: list[Found] = [{leaf.id: {} for leaf in each.leaves} for each in asked]
    for same in _together(asked):
        leaves = {leaf.id: leaf for _, mine in same for leaf in mine.leaves}
        slices = [mine.slices[mine.leaves[0].id] for _, mine in same]
        rows = session.run(grouped(slices, leaves.values(), definitions))
        for (place, mine), slice_ in zip(same, slices, strict=True):
            for row in _rows_of(rows, slice_, len(slices)).to_pylist():
                keys = _keys(row, slice_)
                for leaf in mine.leaves:
                    answers[place][leaf.id][keys] = _counted(row, leaf)
        for leaf in (each for each in leaves.values() if each.agg in ORDERED):
            wanted = [
                (answers[place][leaf.id], slice_)
                for (place, mine), slice_ in zip(same, slices, strict=True)
                if leaf in mine.leaves
            ]
            _order(session, definitions, leaf, wanted)
    return answers


def _together(asked: Sequence[Asked]) -> Iterator[list[tuple[int, Asked]]]:
    """What is counted over the same rows, with the place of the question that it belongs to."""
    frames: dict[tuple[object, ...], list[tuple[int, Asked]]] = {}
    for place, each in enumerate(asked):
        for leaves in _same_rows(each):
            slice_ = each.slices[leaves[0].id]
            frame = (
                slice_.table.name,
                slice_.day,
                slice_.calendar,
                slice_.grain,
                slice_.periods,
                slice_.where,
                slice_.blank,
            )
            frames.setdefault(frame, []).append((place, Asked(leaves, each.slices)))
    yield from frames.values()


def _same_rows(asked: Asked) -> Iterator[list[Metric]]:
    """The metrics of a question by table, date and, of typed-in values, the level."""

    def of(leaf: Metric) -> tuple[str, str, str]:
        return leaf.table, leaf.time, asked.slices[leaf.id].where

    for _, leaves in groupby(sorted(asked.leaves, key=lambda leaf: (of(leaf), leaf.id)), key=of):
        yield list(leaves)


def _rows_of(rows: pa.Table, slice_: Slice, slices: int) -> pa.Table:
    """The rows of the answer that are those of a slice."""
    if slices == 1:
        return rows
    own = {key.absent for key in slice_.keys}
    mine = pa.scalar(True)
    for name in rows.column_names:
        if name.startswith("@") and name.endswith("?"):
            mine = compute.and_(mine, compute.equal(rows[name], int(name not in own)))
    return rows.filter(mine)


def _counted(row: Mapping[str, Any], leaf: Metric) -> Counted:
    return Counted(
        row[ROWS],
        row[f"{leaf.id}.rows"],
        row[f"{leaf.id}.cells"],
        None if row[leaf.id] is None else Fraction(row[leaf.id]),
        row.get(f"{leaf.id}.unrated", 0),
    )


def _order(
    session: Session,
    definitions: Definitions,
    leaf: Metric,
    wanted: Sequence[tuple[dict[Keys, Counted], Slice]],
) -> None:
    """Puts a median or percentile into what was found in each slice."""
    slices = [slice_ for _, slice_ in wanted]
    rows = session.run(ordered(slices, leaf, definitions))
    share = Fraction(leaf.percentile) if leaf.percentile is not None else Fraction(1, 2)
    for found, slice_ in wanted:
        points: dict[Keys, list[tuple[Fraction, int, int]]] = {}
        for row in _rows_of(rows, slice_, len(slices)).to_pylist():
            point = (Fraction(row["value"]), int(row["upto"]), int(row["total"]))
            points.setdefault(_keys(row, slice_), []).append(point)
        for keys, counted in found.items():
            value = interpolated(sorted(points[keys]), share) if keys in points else None
            found[keys] = replace(counted, whole=value)


def _keys(row: dict[str, Any], slice_: Slice) -> Keys:
    return tuple(_key(row[key.label]) for key in slice_.keys)


def _key(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
