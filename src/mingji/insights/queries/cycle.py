"""The board of the running cycle: stages as columns, who is late, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.appraisals import queries as appraisals
from mingji.appraisals.queries import AppraisalLine
from mingji.people.viewer import Viewer
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with how many of the viewer's people are in it, and their share in percent."""

    stage: str
    label: str
    count: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class CycleBoard:
    """The latest cycle as far as it concerns the viewer."""

    code: str
    name: Text
    columns: tuple[Column, ...]
    late: tuple[AppraisalLine, ...]


def cycle_board(viewer: Viewer) -> CycleBoard | None:
    """Where the appraisals of the latest cycle stand, and whose review is overdue today."""
    cycle = appraisals.current_cycle()
    if cycle is None:
        return None
    counts = appraisals.stage_counts(viewer, cycle)
    total = sum(counts.values()) or 1
    lines = appraisals.lines_for(viewer, cycle=cycle)
    return CycleBoard(
        code=cycle.code,
        name=Text(cycle.name_zh, cycle.name_en),
        columns=tuple(
            Column(str(stage), str(stage.label), count, Decimal(count) * 100 / total)
            for stage, count in counts.items()
        ),
        late=tuple(line for line in lines if line.due is not None and line.due < viewer.on),
    )
