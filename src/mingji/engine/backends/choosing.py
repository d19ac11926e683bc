"""Which engine an address names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from mingji.engine.backends.clickhouse import ClickHouse
from mingji.engine.backends.copying import Shelves
from mingji.engine.backends.interface import Backend
from mingji.engine.backends.postgres import Postgres
from mingji.engine.backends.spark import Spark
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


class Engine(Backend, Shelves, Protocol):
    """An engine of a company: it computes, and it can hold copies."""


_SCHEMES: Mapping[str, Callable[[str, Mapping[str, str], str], Engine]] = {
    "postgresql": Postgres,
    "postgres": Postgres,
    "clickhouse": ClickHouse,
    "clickhouses": ClickHouse,
    "spark": Spark,
    "sc": Spark,
}


def engine_at(
    address: str, places: Mapping[str, str] = MappingProxyType({}), *, zone: str = "UTC"
) -> Engine:
    """The engine at an address; nothing is connected yet.

    Args:
        address: `postgresql://…`, `clickhouse://…` (`clickhouses://…` over HTTPS), `spark://…` or
            `sc://…`.
        places: Where tables of the definitions are, `schema.table` by name.
        zone: The time zone in which instants of the engine become days.

    Raises:
        Invalid: If the address is of no engine that is known.
    """
    scheme, separator, _ = address.partition("://")
    if separator and scheme in _SCHEMES:
        return _SCHEMES[scheme](address, places, zone)
    message = Text(f"不认识引擎 {scheme}", f"{scheme} is no engine that is known")
    known = [f"{name}://…" for name in ("postgresql", "clickhouse", "spark", "sc")]
    remedy = Text(f"写成 {'、'.join(known)}", f"write one of {', '.join(known)}")
    finding = Finding("engine", "error", message, remedy, Place())
    raise Invalid(message, code="engine", findings=(finding,))


def places_of(told: Iterable[str], tables: Iterable[str]) -> dict[str, str]:
    """Where tables are, from `NAME=schema.table` each.

    Raises:
        Invalid: If a name is that of no table, or no place is given.
    """
    known, places = list(tables), dict[str, str]()
    for each in told:
        name, _, place = each.partition("=")
        if name not in known or not all(place.split(".")):
            message = Text(f"“{each}”不是表的位置", f"“{each}” does not say where a table is")
            remedy = Text(
                f"写成 表名=schema.table，表名可用：{'、'.join(known)}",
                f"write NAME=schema.table with one of: {', '.join(known)}",
            )
            finding = Finding("option", "error", message, remedy, Place())
            raise Invalid(message, findings=(finding,))
        places[name] = place
    return places
