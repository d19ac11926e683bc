"""Which numbers a correction moved: those that counted its row before, or count it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from mingji.engine.compile import Key, grouped
from mingji.engine.corrections import NUMBER, touched_table
from mingji.engine.expressions import FACT
from mingji.engine.identity import Identity
from mingji.engine.local import fetch, prepare
from mingji.engine.model import Definitions
from mingji.engine.periods import CALENDAR_YEAR, Fiscal
from mingji.engine.slices import Question
from mingji.engine.warehouse import Warehouse

#: Simple metric and the values of the keys.
Slice = tuple[str, tuple[str, ...]]


def touched(
    warehouse: Warehouse,
    definitions: Definitions,
    *,
    metrics: Sequence[str],
    by: Sequence[str],
    periods: Sequence[str],
    identity: Identity,
    fiscal: Fiscal = CALENDAR_YEAR,
) -> Mapping[Slice, frozenset[int]]:
    """The numbers of the corrections behind each slice of each simple metric.

    A slice that a row has left is among them: the row that counts for Anna now counted for Bo.

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
    wanted = (definitions.metrics[name] for name in metrics)
    leaves = {leaf.id: leaf for metric in wanted for leaf in definitions.leaves(metric)}
    leaves = {name: leaf for name, leaf in leaves.items() if leaf.table in corrected}
    if not leaves:
        return MappingProxyType({})
    found: dict[Slice, set[int]] = {}
    question = Question(definitions, tuple(by), "quarter", tuple(periods), "", identity)
    number = Key(NUMBER, FACT, NUMBER)
    slices = {}
    for name, leaf in leaves.items():
        slice_ = question.slice(leaf)
        keys = (*slice_.keys, number)
        slices[name] = replace(slice_, table=touched_table(slice_.table), keys=keys)
    with warehouse.connect(definitions) as connection:
        prepare(connection, slices.values(), identity, fiscal)
        order = sorted(leaves.values(), key=lambda leaf: (leaf.table, leaf.time))
        for _, same in groupby(order, key=lambda leaf: (leaf.table, leaf.time)):
            together = list(same)
            slice_ = slices[together[0].id]
            for row in fetch(connection, grouped(slice_, together, definitions)).to_pylist():
                keys_of = tuple(str(row[key.label] or "") for key in slice_.keys[:-1])
                for leaf in together:
                    if row[f"{leaf.id}.rows"]:
                        found.setdefault((leaf.id, keys_of), set()).add(row[number.label])
    return MappingProxyType({key: frozenset(numbers) for key, numbers in found.items()})
