"""What a definitions file must satisfy beyond its form: names resolve, nothing is circular."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mingji.engine.complaints import check_time, known, note
from mingji.engine.currency_checks import check_rates
from mingji.engine.document import Notes
from mingji.engine.expressions import FACT
from mingji.engine.metric_checks import (
    check_metric,
    check_moved_once,
    check_typed_whole,
    reaches,
)
from mingji.engine.model import Definitions, Join, Table
from mingji.rules.text import Text

_NAME = re.compile(r"[^\W\d_]\w*")


def _refuse_alike(names: Iterable[str], path: str, notes: Notes) -> None:
    """Engines fold case: two names that differ only in it would be one."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            notes.add(
                notes.nearest(f"{path}.{name}"),
                Text(
                    f"“{other}”和“{name}”只差大小写", f"“{other}” and “{name}” differ only in case"
                ),
                Text("给其中一个改名", "rename one of them"),
                code="name",
            )


def check_definitions(definitions: Definitions, notes: Notes) -> None:
    """Notes every mistake of a definitions file that its form alone does not show."""
    _refuse_alike(definitions.tables, "tables", notes)
    for table in definitions.tables.values():
        _refuse_alike((FACT, *table.joins), f"tables.{table.name}.joins", notes)
        _check_table(table, definitions, notes)
    _check_roster(definitions, notes)
    check_rates(definitions, notes)
    if notes.findings:
        return
    for metric in definitions.metrics.values():
        check_metric(metric, definitions, notes)
    if notes.findings:
        return
    for metric in definitions.metrics.values():
        if not reaches(metric.id, metric.id, definitions, set()):
            check_moved_once(metric, definitions, notes)
            check_typed_whole(metric, definitions, notes)
            continue
        note(
            notes,
            metric,
            "formula",
            Text(f"“{metric.id}”最终由它自己算出", f"“{metric.id}” is made from itself"),
            Text("去掉其中一个引用", "remove one of the references"),
            "cycle",
        )


def _check_table(table: Table, definitions: Definitions, notes: Notes) -> None:
    if not _NAME.fullmatch(table.name):
        note(
            notes,
            table,
            "",
            Text(f"表名“{table.name}”不合规则", f"“{table.name}” cannot be a table name"),
            Text(
                "用字母、数字和下划线，字母开头",
                "use letters, digits and _, starting with a letter",
            ),
        )
    for word, columns in (
        ("key", table.key),
        ("time", (table.time,) if table.time else ()),
        ("owner", (table.owner,) if table.owner else ()),
        ("latest", (table.latest,) if table.latest else ()),
    ):
        for name in columns:
            known(notes, table, word, name, table.columns)
    check_time(table, table, table.time, notes)
    _check_latest(table, notes)
    for join in table.joins.values():
        _check_join(table, join, definitions, notes)


def _check_latest(table: Table, notes: Notes) -> None:
    """Notes what cannot say which of two rows of a key was changed last."""
    column = table.columns.get(table.latest)
    if column is None:
        return
    message = None
    if not table.key:
        message = Text("latest 需要主键", "latest needs a key")
    elif column.type not in ("date", "timestamp", "integer") or column.name in table.key:
        message = Text(
            f"latest: “{column.name}”不能说明哪一行改得晚",
            f"latest: “{column.name}” cannot say which row was changed last",
        )
    if message:
        remedy = Text(
            "写 key，并用一个 timestamp、date 或 integer 列",
            "give the table a key, and name a column of type timestamp, date or integer",
        )
        note(notes, table, "latest", message, remedy)


def _check_join(table: Table, join: Join, definitions: Definitions, notes: Notes) -> None:
    word = f"joins.{join.name}"
    if not known(notes, table, word, join.table, definitions.tables):
        return
    if not known(notes, table, f"{word}.on", join.on, table.columns):
        return
    target = definitions.tables[join.table]
    alone = len(target.key) == 1 and target.key[0] in target.columns
    if not alone or target.columns[target.key[0]].type != table.columns[join.on].type:
        note(
            notes,
            table,
            word,
            Text(
                f"维度表 {join.table} 需要一个与 {join.on} 同类型的单列主键",
                f"dimension table {join.table} needs a key of one column, of the type of {join.on}",
            ),
            Text("在该表写 key: 列名", "give that table a key: column"),
        )
    if join.name == FACT or not _NAME.fullmatch(join.name):
        note(
            notes,
            table,
            word,
            Text(f"关联名“{join.name}”不可用", f"“{join.name}” cannot name a join"),
            Text("换一个名字", "choose another name"),
        )


def _check_roster(definitions: Definitions, notes: Notes) -> None:
    roster = definitions.roster
    if roster is None:
        return
    table = definitions.tables.get(roster.table)
    missing = (
        [roster.table]
        if table is None
        else [
            name
            for name in (roster.member, *roster.attributes.values())
            if name not in table.columns
        ]
    )
    for name in missing:
        notes.add(
            None,
            Text(f"members: 没有“{name}”", f"members: there is no “{name}”"),
            Text("写已定义的表和列", "name a table and columns that are defined"),
            code="name",
        )
