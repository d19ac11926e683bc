"""Brings the columns of a source into the columns of a table, by a mapping that a person chose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as compute

from mingji.connectors.reading import ROW, Reading
from mingji.connectors.source import DELETED
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


def shaped(
    reading: Reading,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> Reading:
    """The reading with the columns of a table.

    Its digest comes from the content and the mapping: the same rows under another mapping are
    another batch.

    Args:
        reading: Rows with the columns of the source.
        columns: By column of the table, the column of the source; empty: blank cells.
        values: By column of the table, which spelling means which.

    Raises:
        Invalid: If the source has no such column.
    """
    values = values or {}
    absent = sorted({name for name in columns.values() if name} - set(reading.columns))
    if absent:
        raise _absent(reading, absent)
    places = [reading.columns.index(name) if name else None for name in columns.values()]
    spelt = [values.get(name, {}) for name in columns]

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reading.batches():
            cells = [
                pa.nulls(batch.num_rows, pa.string())
                if place is None
                else _respelt(batch.column(str(place)), words)
                for place, words in zip(places, spelt, strict=True)
            ]
            system = [name for name in (ROW, DELETED) if name in batch.schema.names]
            names = [*map(str, range(len(cells))), *system]
            kept = [batch.column(name) for name in system]
            yield pa.RecordBatch.from_arrays([*cells, *kept], names)

    told = json.dumps([list(columns.items()), {n: dict(v) for n, v in values.items()}])
    digest = hashlib.sha256(f"{reading.digest} {told}".encode()).hexdigest()
    return Reading(
        reading.file,
        digest,
        tuple(columns),
        batches,
        spreadsheet=reading.spreadsheet,
        misshapen=reading.misshapen,
        header=reading.header,
        unread=reading.unread,
        told=reading.told,
    )


def _respelt(cells: pa.Array, words: Mapping[str, str]) -> pa.Array:
    if not words:
        return cells
    text = cells.cast(pa.string())
    at = compute.index_in(text, pa.array(list(words), pa.string()))
    meant = pa.array(list(words.values()), pa.string()).take(at)
    return compute.if_else(compute.is_null(at), text, meant)


def _absent(reading: Reading, absent: list[str]) -> Invalid:
    there = [name for name in reading.columns if name]
    return Invalid(
        Text(
            f"{reading.file} 没有列：{'、'.join(absent)}；有：{'、'.join(there)}",
            f"{reading.file} has no column {', '.join(absent)}; it has {', '.join(there)}",
        ),
        code="columns",
    )
