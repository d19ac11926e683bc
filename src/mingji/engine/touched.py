"""Which numbers a correction moved: those that counted its row before, or count it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mingji.engine.backends.duckdb import opened
from mingji.engine.compile import Key, Slice
from mingji.engine.corrections import NUMBER, touched_table
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity
from mingji.engine.local import prepare
from mingji.engine.meanings import Meanings
from mingji.engine.model import Definitions
from mingji.engine.periods import CALENDAR_YEAR, Fiscal
from mingji.engine.plan import Plan
from mingji.engine.slices import Question, chosen
from mingji.engine.warehouse import Warehouse

#: Simple metric and the values of the keys; that of the period says on which days it counted.
Touched = tuple[str, tuple[str, ...]]


def touched(
    warehouse: Warehouse,
    definitions: Definitions,
    *,
    metrics: Sequence[str],
    by: Sequence[str],
    periods: Sequence[str],
    identity: Identity,
    fiscal: Fiscal = CALENDAR_YEAR,
) -> Mapping[Touched, frozenset[int]]:
    """The numbers of the corrections behind each slice of each simple metric.

    A slice that a row has left is among them: the row that counts for Anna now counted for Bo.
    Where a metric looks at other days, those stand in the place of the period.

    Args:
        warehouse: Where the rows and the corrections are.
        definitions: What the metrics mean.
        metrics: Metric ids; simple ones and those below the others are looked at.
        by: Keys of the slices, as `observe.observe` takes them.
        periods: Only these periods.
        identity: The mapping from owners to members.
        fiscal: The calendar.
    """
    corrected = {each.table for each in warehouse.corrections}
    if not corrected:
        return MappingProxyType({})
    question = Question(definitions, tuple(by), "quarter", tuple(periods), "", identity)
    plan = Plan(question, Meanings(definitions, fiscal), chosen(definitions, metrics))

    def seen(slice_: Slice) -> Slice | None:
        """The same slice of the touched rows alone, cut by the number of the correction too."""
        if slice_.table.name not in corrected or len(slice_.keys) < len(question.by):
            return None
        keys = (*slice_.keys, Key(NUMBER, FACT, NUMBER))
        return replace(slice_, table=touched_table(slice_.table), keys=keys)

    looked = [each for slice_ in plan.slices.values() if (each := seen(slice_)) is not None]
    found: dict[Touched, set[int]] = {}
    with opened(warehouse, definitions) as session:
        prepare(session, looked, definitions, identity, fiscal)
        for leaf, cells in plan.found(session, seen).items():
            for (*keys, number), counted in cells.items():
                if counted.rows:
                    found.setdefault((leaf, tuple(keys)), set()).add(int(number))
    return MappingProxyType({key: frozenset(numbers) for key, numbers in found.items()})
