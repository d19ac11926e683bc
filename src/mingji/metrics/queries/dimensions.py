"""What a metric can be cut by in the explorer."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.engine.expressions import reachable
from mingji.engine.model import Column, Metric, Table
from mingji.metrics.definitions import library
from mingji.metrics.exploration import MEMBER, TEAM, Exploration
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: What is no column of a table, but whose row it is.
PEOPLE = {TEAM: Text("团队", "team"), MEMBER: Text("成员", "member")}
#: Columns that name a thing or a person rather than a kind of thing.
_NAMES = frozenset({"name", "title", "email", "phone"})


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a metric can be cut by: its id, and what people call it."""

    id: str
    name: Text


def dimensions(metric: Metric) -> tuple[Dimension, ...]:
    """Everything a metric can be cut by: what every table below it has.

    Columns that hold keys, owners or names are none: they would single out rows and people.
    """
    definitions = library().definitions
    tables = {leaf.table: definitions.table(leaf.table) for leaf in definitions.cut(metric)}
    shared: dict[str, Column] | None = None
    for table in tables.values():
        here = _columns(table)
        shared = here if shared is None else {n: c for n, c in shared.items() if n in here}
    owned = all(table.personal for table in tables.values())
    fixed = tuple(Dimension(each, name) for each, name in PEOPLE.items()) if owned else ()
    return (*fixed, *(Dimension(name, column.label) for name, column in (shared or {}).items()))


def _columns(table: Table) -> dict[str, Column]:
    if table.typed:
        return {}
    ids = {*table.key, table.owner, *(join.on for join in table.joins.values())}
    return {
        name: column
        for name, (_, column) in reachable(library().definitions, table).items()
        if column.type == "text"
        and name not in ids
        and not name.endswith("_id")
        and name.rpartition(".")[2] not in _NAMES
        and "." not in name
    }


def check(ask: Exploration, known: tuple[Dimension, ...]) -> None:
    """Refuses a cut or a narrowing by what the metric does not have.

    Raises:
        Invalid: naming what it could be cut by.
    """
    columns = {each.id for each in known}
    for field, name, allowed in (
        ("by", ask.by, columns),
        ("only", ask.only, columns - PEOPLE.keys()),
    ):
        if name and name not in allowed:
            listed = sorted(allowed)
            message = Text(f"这个指标不能按“{name}”拆分", f"this metric cannot be cut by “{name}”")
            remedy = Text(f"可用：{'、'.join(listed)}", f"choose one of: {', '.join(listed)}")
            finding = Finding("dimension", "error", message, remedy, Place(path=field))
            raise Invalid(message, code="dimension", findings=(finding,))
