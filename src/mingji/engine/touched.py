"""Which numbers a correction moved: those that counted its row before, or count it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

from mingji.engine.backends.duckdb import opened
from mingji.engine.backends.interface import Session
from mingji.engine.compile import Key, Slice
from mingji.engine.corrections import NUMBER, touched_table
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity
from mingji.engine.local import prepare
from mingji.engine.meanings import Meanings
from mingji.engine.model import Definitions, Table
from mingji.engine.periods import CALENDAR_YEAR, Fiscal, grain_of
from mingji.engine.plan import Plan, found_by
from mingji.engine.slices import Question, chosen
from mingji.engine.touched_journeys import touched_journeys
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
    Where a metric looks at other days, those stand in the place of the period. Keys that a metric
    is not cut by, as the whole of a share, are left out.

    Args:
        warehouse: Where the rows and the corrections are.
        definitions: What the metrics mean.
        metrics: Metric ids; simple ones and those below the others are looked at.
        by: Keys of the slices, as `observe.observe` takes them.
        periods: Only these periods, all of one grain.
        identity: The mapping from owners to members.
        fiscal: The calendar.
    """
    corrected = {each.table for each in warehouse.corrections}
    if not corrected:
        return MappingProxyType({})
    grain = grain_of(periods[0]) if periods else "quarter"
    question = Question(definitions, tuple(by), grain, tuple(periods), "", identity)
    plan = Plan(question, Meanings(definitions, fiscal), chosen(definitions, metrics))
    found: dict[Touched, set[int]] = {}
    with opened(warehouse, definitions) as session:
        tables = {
            slice_.table.name: _touched(session, slice_.table, definitions, corrected)
            for slice_ in {each.table.name: each for each in plan.slices.values()}.values()
        }

        def seen(slice_: Slice) -> Slice | None:
            """The same slice of the touched rows alone, cut by the number of the correction too."""
            table = tables[slice_.table.name]
            if table is None:
                return None
            return replace(slice_, table=table, keys=(*slice_.keys, Key(NUMBER, FACT, NUMBER)))

        looked = [each for slice_ in plan.slices.values() if (each := seen(slice_)) is not None]
        prepare(session, looked, definitions, identity, fiscal)
        for leaf, cells in found_by(session, [plan], seen)[0].items():
            for (*keys, number), counted in cells.items():
                if counted.rows:
                    found.setdefault((leaf, tuple(keys)), set()).add(int(number))
    return MappingProxyType({key: frozenset(numbers) for key, numbers in found.items()})


def _touched(
    session: Session, table: Table, definitions: Definitions, corrected: Set[str]
) -> Table | None:
    """The table of the rows that corrections touch; None if they touch none of this one."""
    if table.journey is None:
        return touched_table(table) if table.name in corrected else None
    steps = {step.table for step in table.journey.steps}
    if not corrected & {table.journey.table, *steps}:
        return None
    return touched_journeys(session, table, definitions, corrected)
