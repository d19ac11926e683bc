"""Keys whose last digits a spreadsheet has lost: rows that they no longer tell apart go aside.

A spreadsheet keeps 15 digits of a number. Of an order number with 18 it makes zeros at the end,
or 1.23E+17; two orders may then bear one key, and the later would take the place of the other,
in the same file or in one that was loaded before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as compute

from mingji.engine.columns import Cells
from mingji.engine.cut_before import CUT_NUMBER, KEPT, keys_before
from mingji.engine.model import Table

REASON = "cut_key"
#: Numbers of more digits than a spreadsheet keeps, and what it makes of them.
LONG = r"^(\d{16,}|\d(\.\d+)?[Ee]\+\d{2,})$"
CUT = rf"^({CUT_NUMBER})$"
POWER = r"^\d(\.\d+)?[Ee]\+\d{2,}$"
#: Zeros in which the long keys of a text must end together before they count as cut: one key in
#: a thousand ends in three by chance.
_ZEROS = 3


class CutKeys:
    """Looks at the keys of a file in one pass, and marks the rows that collide in the next.

    In a workbook `rounded` says which columns hold such numbers. In text, where all digits are
    exact unless a spreadsheet wrote it, they count as cut where every long one ends in zeros, and
    1.23E+17 everywhere.
    """

    def __init__(self, table: Table, columns: Iterable[str], *, rounded: set[str] | None) -> None:
        self._key = tuple(table.key) if set(table.key) <= set(columns) else ()
        self._numbers = {n for n in self._key if table.columns[n].type in ("text", "integer")}
        if rounded is not None:
            self._numbers &= rounded
        self._text = rounded is None
        self._exact: set[str] = set()
        self._sure: pa.Array | None = None
        #: The rows of the batches before, which no cut key may replace.
        self.before: Sequence[Path] = ()
        self._rows: dict[tuple[object, ...], list[int]] = {}

    def look(self, typed: Mapping[str, Cells], numbers: pa.Array) -> None:
        """Takes in the keys of rows with their numbers, as far as they can be cut."""
        if self._sure is not None:
            return
        mask: pa.Array | None = None
        for name in sorted(self._numbers):
            cut = self._cut(name, typed[name].values)
            if cut is not None:
                mask = cut if mask is None else compute.or_(mask, cut)
        if mask is None or not compute.any(mask).as_py():
            return
        columns = [typed[name].values.filter(mask).to_pylist() for name in self._key]
        for key, row in zip(
            zip(*columns, strict=True), numbers.filter(mask).to_pylist(), strict=True
        ):
            self._rows.setdefault(key, []).append(row)

    def _cut(self, name: str, values: pa.Array) -> pa.Array | None:
        """Which keys are cut; None if none is, or the column shows all of its digits."""
        values = values.cast(pa.string())
        long = (compute.max(compute.binary_length(values)).as_py() or 0) > KEPT
        if not long and not compute.any(compute.match_substring(values, "+")).as_py():
            return None
        cut = compute.fill_null(compute.match_substring_regex(values, CUT), False)
        if self._text:
            whole = compute.match_substring_regex(values, LONG)
            if compute.any(compute.and_not(whole, cut)).as_py():
                self._is_exact(name)
            if name in self._exact:
                return compute.fill_null(compute.match_substring_regex(values, POWER), False)
        return cut

    def _is_exact(self, name: str) -> None:
        """From now on only a power of ten is a cut key; others that were taken in are not."""
        self._exact.add(name)
        at = self._key.index(name)
        self._rows = {
            key: rows for key, rows in self._rows.items() if re.match(POWER, str(key[at]))
        }

    def found(self) -> bool:
        """Whether rows were found that collide, and are not marked yet."""
        if self._sure is not None:
            return False
        before = keys_before(self._key, self.before, self._surely_cut())
        rows = [
            row
            for key, same in self._rows.items()
            if len(same) > 1 or key in before
            for row in same
        ]
        self._rows = {}
        if rows:
            self._sure = pa.array(rows, pa.int64())
        return bool(rows)

    def _surely_cut(self) -> list[tuple[object, ...]]:
        """The keys that no chance gave their zeros."""
        keys = list(self._rows)
        if not self._text or not self.before:
            return keys
        powers = [key for key in keys if any(re.match(POWER, str(part)) for part in key)]
        zeros = sum(
            len(str(part)) - KEPT
            for key in keys
            for name, part in zip(self._key, key, strict=True)
            if name in self._numbers and re.match(CUT, str(part)) and str(part).isdecimal()
        )
        return keys if zeros >= _ZEROS else powers

    def marked(self, typed: Mapping[str, Cells], numbers: pa.Array) -> Mapping[str, Cells]:
        """The same cells, with the reason at the keys of rows that collide."""
        if self._sure is None:
            return typed
        collides = compute.is_in(numbers, value_set=self._sure)
        if not compute.any(collides).as_py():
            return typed
        nothing = pa.scalar(None, pa.string())
        name = self._key[0]
        reasons = compute.if_else(collides, REASON, nothing)
        cells = typed[name]
        faults = reasons if cells.faults is None else compute.coalesce(cells.faults, reasons)
        values = compute.if_else(collides, pa.scalar(None, cells.values.type), cells.values)
        return {**typed, name: Cells(values, faults)}
