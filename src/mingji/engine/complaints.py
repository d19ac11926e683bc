"""How the checks of a definitions file complain: where, of what, and with which remedy."""

from __future__ import annotations

from collections.abc import Iterable

from mingji.engine.document import Notes
from mingji.engine.expressions import Kind, check
from mingji.engine.model import Definitions, Metric, Table
from mingji.engine.sql import Refused
from mingji.rules.text import Text


def note(
    notes: Notes, thing: Table | Metric, word: str, message: Text, remedy: Text, code: str = "name"
) -> None:
    """Notes a mistake at a word of a table or metric."""
    group, name = ("tables", thing.name) if isinstance(thing, Table) else ("metrics", thing.id)
    notes.add(notes.nearest(f"{group}.{name}.{word}".rstrip(".")), message, remedy, code=code)


def known(notes: Notes, thing: Table | Metric, word: str, name: str, names: Iterable[str]) -> bool:
    """Whether a name is one of those there are; if not, it is noted."""
    if name in names:
        return True
    listed = sorted(names)
    note(
        notes,
        thing,
        word,
        Text(f"{word}: 没有“{name}”", f"{word}: there is no “{name}”"),
        Text(f"可用：{'、'.join(listed)}", f"use one of: {', '.join(listed)}"),
    )
    return False


def check_time(thing: Table | Metric, table: Table, name: str, notes: Notes) -> None:
    """Notes a column that is no date."""
    column = table.columns.get(name)
    if column is not None and column.type not in ("date", "timestamp"):
        note(
            notes,
            thing,
            "time",
            Text(f"“{name}”不是日期列", f"“{name}” is not a date"),
            Text("把这一列的 type 写成 date", "give the column the type date"),
        )


def check_expression(
    thing: Metric,
    word: str,
    text: str,
    kind: Kind | None,
    table: Table,
    definitions: Definitions,
    notes: Notes,
    *,
    target: str | None = None,
) -> None:
    """Notes what is wrong with an expression over a table; an empty one is right."""
    if not text:
        return
    into = definitions.target(thing) if target is None else target
    try:
        check(text, definitions, table, kind=kind, target=into)
    except Refused as refused:
        note(notes, thing, word, refused.message, refused.remedy, refused.code)
