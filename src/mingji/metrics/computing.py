"""Where this installation computes: in its own process, or in the engine of `MINGJI_ENGINE`."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from mingji.engine.backends.choosing import Engine, engine_at, places_of
from mingji.engine.backends.copying import Copied, copy
from mingji.engine.typed import TYPED
from mingji.engine.warehouse import Warehouse
from mingji.metrics.corrected import applied
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid
from mingji.rules.text import Text


def places() -> dict[str, str]:
    """The tables whose rows lie in the engine already (`MINGJI_ENGINE_TABLES`), and where.

    Raises:
        Invalid: one of them is no table of the library.
    """
    told = settings.MINGJI_ENGINE_TABLES if settings.MINGJI_ENGINE else ""
    return places_of(filter(None, told.split(",")), library().definitions.tables)


def engine() -> Engine | None:
    """The engine of this installation; None: the embedded one.

    Raises:
        Invalid: the address is of no engine that is known.
    """
    if not settings.MINGJI_ENGINE:
        return None
    return engine_at(settings.MINGJI_ENGINE, places(), zone=settings.TIME_ZONE)


def in_force() -> Warehouse | Engine:
    """What questions are asked of: the rows as the approved corrections leave them.

    Raises:
        Invalid: as `computing`.
    """
    return _asked(applied().warehouse)


def computing(rows: Warehouse) -> Warehouse | Engine:
    """What metrics are computed on: the engine, once it holds the same rows, or the warehouse.

    Corrections lie over the warehouse and are not copied: with any in force it is asked itself.
    Typed-in values are rows of their own, and are copied.

    Raises:
        Invalid: the engine cannot be reached, or refuses; or corrections would not reach tables
            that are nowhere else.
    """
    asked = _asked(rows)
    if not isinstance(asked, Warehouse):
        copied_to(asked, rows)
    return asked


def _asked(rows: Warehouse) -> Warehouse | Engine:
    chosen = engine()
    if chosen is None:
        return rows
    if all(each.table == TYPED for each in rows.corrections):
        return chosen
    if places():
        raise Invalid(_OUT_OF_REACH, code="corrections_elsewhere")
    return rows


_OUT_OF_REACH = Text(
    zh="有生效的更正，但 MINGJI_ENGINE_TABLES 里的表不在明绩的数据仓库中，更正改不到它们。"
    "把这些表载入明绩，或撤下 MINGJI_ENGINE_TABLES 后再刷新。",
    en="Corrections are in force, but the tables of MINGJI_ENGINE_TABLES lie outside Mingji's "
    "warehouse, where corrections cannot reach them. Load these tables, or take "
    "MINGJI_ENGINE_TABLES away, and refresh again.",
)


def copied_to(chosen: Engine, rows: Warehouse) -> Sequence[Copied]:
    """Brings the copy of the warehouse in an engine up to date, but for tables that are there."""
    return copy(rows, library().definitions, chosen, but=places())
