"""What the explorer shows as a table for spreadsheets: the same numbers, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingji.metrics.exploration import Exploration
from mingji.metrics.queries.comparing import moved, moved_unit
from mingji.metrics.queries.exploring import Explored, explored_whole
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

Cell = Text | str | Decimal | int | None
_HEAD = ("metric", "period", "part", "name", "value", "unit", "rows")
_COMPARED = ("compared_with", "compared_value", "change", "change_unit")


def explored_table(viewer: Viewer, ask: Exploration) -> Iterator[tuple[Cell, ...]]:
    """The whole by period as the chart shows it, then every part in the order of the page.

    A value that is missing is an empty cell. The first line names the columns.

    Raises:
        NotFound: there is no such metric.
        Invalid: the metric cannot be cut or narrowed so.
    """
    return _lines(explored_whole(viewer, ask), ask)


def _lines(found: Explored, ask: Exploration) -> Iterator[tuple[Cell, ...]]:
    metric, whole = found.metric, found.whole
    yield (*_HEAD, *(_COMPARED if ask.base else ()))
    for period, value, _ in found.series:
        asked = period == ask.period
        line = (metric.id, str(period), "", whole.name, value, metric.unit)
        compared = _compared(ask, metric.unit, value, whole.before) if asked else _blank(ask)
        yield (*line, whole.rows if asked else None, *compared)
    for part in found.parts:
        line = (metric.id, str(ask.period), part.key, part.name, part.value, metric.unit)
        yield (*line, part.rows, *_compared(ask, metric.unit, part.value, part.before))


def _compared(
    ask: Exploration, unit: str, now: Decimal | None, before: Decimal | None
) -> tuple[Cell, ...]:
    if ask.base is None:
        return ()
    return (str(ask.base), before, moved(unit, now, before), moved_unit(unit))


def _blank(ask: Exploration) -> tuple[Cell, ...]:
    return (None,) * len(_COMPARED) if ask.base else ()
