"""Which rows of a key give way: to the later row, or to the one that was changed last.

The statements run in a private local engine; the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.lines import BATCH, ROW
from mingji.engine.model import Table
from mingji.engine.sql import literal, render


@dataclass(frozen=True, slots=True)
class Superseded:
    """Rows that give way, and to what.

    `within` are rows of the batch that give way to another of its rows; `across` counts rows of
    other batches, `older` rows of this one that were changed earlier than one of another batch,
    `tied` keys of which two rows were changed at the same time.
    """

    within: Sequence[int] = ()
    across: int = 0
    older: int = 0
    tied: int = 0

    @property
    def count(self) -> int:
        """All rows that give way because of this batch."""
        return len(self.within) + self.across + self.older


def changed_last(table: Table, batch: str, new: str, others: Mapping[str, str]) -> str:
    """A query for the rows that give way to one of their key whose `latest` is greater.

    Where it is the same, or blank, the later row stays.

    Args:
        table: The table.
        batch: The id of the batch that is loaded.
        new: Its rows, as a relation of SQL.
        others: The rows of the other batches by id, in the order in which they count; the batch
            itself stands among them, with its place.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    latest = f'"{table.latest}"'
    rows = " UNION ALL ".join(
        f"SELECT {key}, {latest} AS latest, {BATCH}, {ROW}, {place} AS place FROM {source}"
        for place, source in enumerate(others.values())
    )
    mine = f"{BATCH} = {render(literal(batch))}"
    order = f"ORDER BY latest DESC NULLS LAST, place DESC, {ROW} DESC"
    return (
        f"WITH every AS (SELECT * FROM ({rows}) SEMI JOIN (SELECT {key} FROM {new}) USING ({key})),"
        f" ranked AS (SELECT *, row_number() OVER (PARTITION BY {key} {order}) AS rank, "
        f"row_number() OVER (PARTITION BY {key}, {BATCH} {order}) AS own, "
        f"max(latest) OVER (PARTITION BY {key}) AS top FROM every) "
        f"SELECT {BATCH}, {ROW}, {mine} AND own > 1 AS within, "
        f"rank = 2 AND latest = top AS tied FROM ranked WHERE rank > 1"
    )


def told_apart(rows: pa.Table, batch: str) -> Superseded:
    """The rows of `changed_last` and of deletions, by what they give way to.

    Args:
        rows: `_batch`, `_row`, `within` and `tied`.
        batch: The id of the batch that is loaded.
    """
    own = compute.equal(rows[BATCH], batch)
    within = rows.filter(rows["within"])[ROW].to_pylist()
    others = rows.filter(compute.invert(own)).num_rows
    older = rows.num_rows - others - len(within)
    tied = compute.sum(compute.fill_null(rows["tied"], False)).as_py() or 0
    return Superseded(within, others, older, tied)
