"""The board of the running cycle: stages as columns, who is late, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.appraisals import queries as appraisals
from mingji.appraisals.queries import AppraisalLine
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

# The board names the first that are late; the page of the cycle lists everybody.
LATE_NAMED = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with how many of the viewer's people are in it, and their share in percent."""

    stage: str
    label: str
    count: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class CycleBoard:
    """The latest cycle as far as it concerns the viewer; `late` are the first of `late_count`."""

    code: str
    name: Text
    columns: tuple[Column, ...]
    late: tuple[AppraisalLine, ...]
    late_count: int


def cycle_board(viewer: Viewer) -> CycleBoard | None:
    """Where the appraisals of the latest cycle stand, and whose review is overdue today."""
    cycle = appraisals.current_cycle()
    if cycle is None:
        return None
    counts = appraisals.stage_counts(viewer, cycle)
    total = sum(counts.values()) or 1
    overdue = [stage for stage in counts if appraisals.is_overdue(cycle, stage, viewer.on)]
    return CycleBoard(
        code=cycle.code,
        name=Text(cycle.name_zh, cycle.name_en),
        columns=tuple(
            Column(str(stage), str(stage.label), count, Decimal(count) * 100 / total)
            for stage, count in counts.items()
        ),
        late=tuple(appraisals.lines_at(viewer, cycle, overdue, limit=LATE_NAMED)),
        late_count=sum(counts[stage] for stage in overdue),
    )
