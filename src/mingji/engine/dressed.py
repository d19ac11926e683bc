"""Totals that are dressed as rows: complete, with key and day, and a word such as 合计 in a column.

The word alone proves nothing, a category may be called Total. Such a row is a total where all its
numbers are the sums of other rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.totals import Totals, TotalsRow

#: So many rows are weighed; where more bear the word, it is a category.
_WEIGHED = 1000
#: The sum of one row above is its copy as likely as its total.
_SEVERAL = 2


@dataclass(slots=True)
class Dressed:
    """Complete rows that look like totals, what they say, and the sums of the rows between them.

    `rates` are columns of numbers that nobody adds up; `more` counts rows that are not weighed.
    """

    rates: frozenset[str]
    totals: Totals = field(default_factory=Totals)
    said: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    more: int = 0

    def found(self, rows: Iterable[TotalsRow]) -> None:
        """Rows that look like totals; to be called before `take` gets what they say."""
        for row in rows:
            if len(self.totals.rows) < _WEIGHED:
                self.totals.found(row)
            else:
                self.more += 1

    def take(self, values: Mapping[str, pa.Array], numbers: pa.Array) -> None:
        """Takes in the numbers of a batch by column, and the row numbers."""
        if not self.totals.rows:
            self.totals.take(values, numbers)
            return
        weighed = pa.array([row.row for row in self.totals.rows], pa.int64())
        dressed = compute.is_in(numbers, value_set=weighed)
        for at, row in zip(
            compute.indices_nonzero(dressed).to_pylist(),
            numbers.filter(dressed).to_pylist(),
            strict=True,
        ):
            said = {name: column[at].as_py() for name, column in values.items()}
            self.said[row] = {
                name: Decimal(value)
                for name, value in said.items()
                if value is not None and name not in self.rates
            }
        plain = compute.invert(dressed)
        rest = {name: column.filter(plain) for name, column in values.items()}
        self.totals.take(rest, numbers.filter(plain))

    def proven(self, everything: Mapping[str, Decimal]) -> set[int]:
        """The rows whose every number is the sum of others; `everything` is that of all rows.

        Of the rows above, since the last one that looks like a total, of all above, or of all
        rows. A single row above counts only where another total is proven.
        """
        found = {
            row.row: fewest
            for at, row in enumerate(self.totals.rows)
            if (fewest := self._rows_added(at, self.said.get(row.row, {}), everything))
        }
        if all(fewest < _SEVERAL for fewest in found.values()):
            return set()
        return set(found)

    def _rows_added(
        self, at: int, said: Mapping[str, Decimal], everything: Mapping[str, Decimal]
    ) -> int:
        """How many rows a row adds up, at least `_SEVERAL` if it is all; 0 if it adds up none."""
        if not any(said.values()):
            return 0
        others = {name: everything.get(name, Decimal(0)) - value for name, value in said.items()}
        if said == others or _agrees(said, self.totals.whole()):
            return _SEVERAL
        return max((rows for sums, rows in self._above(at) if _agrees(said, sums)), default=0)

    def _above(self, at: int) -> Iterator[tuple[dict[str, Decimal], int]]:
        parts, rows = self.totals.sums, self.totals.counts
        yield parts[at], rows[at]
        names = {name for sums in parts[: at + 1] for name in sums}
        above = {n: sum((s.get(n, Decimal(0)) for s in parts[: at + 1]), Decimal(0)) for n in names}
        yield above, sum(rows[: at + 1])


def _agrees(said: Mapping[str, Decimal], sums: Mapping[str, Decimal]) -> bool:
    return all(sums.get(name, Decimal(0)) == value for name, value in said.items())
