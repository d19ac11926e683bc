"""Which metric the values of a goal are those of: what its metric meant when it was signed."""

from __future__ import annotations

from typing import Protocol

from mingji.engine.model import Definitions
from mingji.goals.models import Agreement
from mingji.metrics.definitions import library


class Measured(Protocol):
    """A goal, or those columns of it that say what it is measured by."""

    @property
    def metric(self) -> str: ...
    @property
    def definition(self) -> int: ...
    @property
    def status(self) -> str: ...


def counted(goal: Measured, known: Definitions | None = None) -> str:
    """What the metric of a goal meant when it was proposed and signed; of a draft, what it means
    now. `known` are the definitions in force, for callers with many goals. Where a metric has meant
    something else, the goal's agreement is read: select it."""
    known = library().definitions if known is None else known
    if goal.metric not in known.earlier or goal.status == Agreement.Status.DRAFT:
        return goal.metric
    return known.as_of(goal.metric, goal.definition)
