"""What a metric hangs on, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mingji.engine.metric_checks import reaches
from mingji.engine.model import Definitions, Metric
from mingji.engine.uses import columns_of
from mingji.metrics.definitions import library, metric_of
from mingji.metrics.queries.concerned import concerned
from mingji.metrics.queries.data_owners import OwnerOfData, data_owner
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Used:
    """A table that a metric reads, with the columns of it that the metric reads."""

    name: str
    label: Text
    columns: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Dependence:
    """What a metric hangs on, and what hangs on it: other metrics, and `people` with a value."""

    tables: tuple[Used, ...]
    used_by: tuple[str, ...]
    people: int
    data_owner: OwnerOfData | None


def dependence(metric_id: str) -> Dependence:
    """What a metric hangs on and what hangs on it. How people are measured is no secret.

    Raises:
        NotFound: there is no such metric.
    """
    definitions, metric = library().definitions, metric_of(metric_id)
    above = [
        each.id
        for each in definitions.metrics.values()
        if each.id != metric.id and reaches(each.id, metric.id, definitions, set())
    ]
    _, people = concerned(definitions, metric.id)
    return Dependence(
        tables=tuple(_used(definitions, metric)),
        used_by=tuple(sorted(above)),
        people=people,
        data_owner=data_owner(metric.id),
    )


def _used(definitions: Definitions, metric: Metric) -> Iterator[Used]:
    columns = columns_of(definitions, metric)
    for name in sorted(definitions.sources(metric)):
        table = definitions.tables[name]
        read = [each for each in table.columns if each in columns.get(name, ())]
        yield Used(name, table.label, tuple((each, table.columns[each].label) for each in read))
