"""What a definitions file must satisfy beyond its form: names resolve, expressions are safe,
nothing is circular, ratios are ratios of sums, days are moved once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mingji.engine.document import Notes
from mingji.engine.expressions import FACT, Kind, check, reachable
from mingji.engine.model import ADDITIVE, Definitions, Join, Metric, Table
from mingji.engine.shapes import Cumulative, Lagged, Share
from mingji.engine.sql import Refused
from mingji.rules.text import Text

_WORDS = {"derived": "formula", "ratio": "numerator/denominator"}
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
    if notes.findings:
        return
    for metric in definitions.metrics.values():
        _check_metric(metric, definitions, notes)
    if notes.findings:
        return
    for metric in definitions.metrics.values():
        if not _reaches(metric.id, metric.id, definitions, set()):
            _check_moved_once(metric, definitions, notes)
            continue
        _note(
            notes,
            metric,
            "formula",
            Text(f"“{metric.id}”最终由它自己算出", f"“{metric.id}” is made from itself"),
            Text("去掉其中一个引用", "remove one of the references"),
            "cycle",
        )


def _note(
    notes: Notes, thing: Table | Metric, word: str, message: Text, remedy: Text, code: str = "name"
) -> None:
    group, name = ("tables", thing.name) if isinstance(thing, Table) else ("metrics", thing.id)
    notes.add(notes.nearest(f"{group}.{name}.{word}".rstrip(".")), message, remedy, code=code)


def _known(notes: Notes, thing: Table | Metric, word: str, name: str, names: Iterable[str]) -> bool:
    if name in names:
        return True
    listed = sorted(names)
    _note(
        notes,
        thing,
        word,
        Text(f"{word}: 没有“{name}”", f"{word}: there is no “{name}”"),
        Text(f"可用：{'、'.join(listed)}", f"use one of: {', '.join(listed)}"),
    )
    return False


def _check_table(table: Table, definitions: Definitions, notes: Notes) -> None:
    if not _NAME.fullmatch(table.name):
        _note(
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
    ):
        for name in columns:
            _known(notes, table, word, name, table.columns)
    _check_time(table, table, table.time, notes)
    for join in table.joins.values():
        _check_join(table, join, definitions, notes)


def _check_time(thing: Table | Metric, table: Table, name: str, notes: Notes) -> None:
    column = table.columns.get(name)
    if column is not None and column.type not in ("date", "timestamp"):
        _note(
            notes,
            thing,
            "time",
            Text(f"“{name}”不是日期列", f"“{name}” is not a date"),
            Text("把这一列的 type 写成 date", "give the column the type date"),
        )


def _check_join(table: Table, join: Join, definitions: Definitions, notes: Notes) -> None:
    word = f"joins.{join.name}"
    if not _known(notes, table, word, join.table, definitions.tables):
        return
    if not _known(notes, table, f"{word}.on", join.on, table.columns):
        return
    target = definitions.tables[join.table]
    alone = len(target.key) == 1 and target.key[0] in target.columns
    if not alone or target.columns[target.key[0]].type != table.columns[join.on].type:
        _note(
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
        _note(
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


def _check_metric(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    if metric.type == "simple":
        _check_simple(metric, definitions, notes)
    for name in metric.inputs:
        known = _known(notes, metric, _WORDS.get(metric.type, "metric"), name, definitions.metrics)
        if known and metric.type == "ratio":
            _check_additive(metric, definitions.metrics[name], notes)
    if isinstance(metric.shape, Share) and metric.shape.over and not notes.findings:
        _check_parts_of_whole(metric, metric.shape.over, definitions, notes)
    if metric.counter_metric:
        _known(notes, metric, "counter_metric", metric.counter_metric, definitions.metrics)
    if metric.unit == "%":
        _note(
            notes,
            metric,
            "unit",
            Text(
                "比率按小数发布（0.6315），单位不能是 %", "a ratio is published as 0.6315, not in %"
            ),
            Text(
                "写 unit: ratio，页面会显示成百分比",
                "write unit: ratio; pages show it as a percentage",
            ),
            "unit",
        )


def _check_additive(metric: Metric, part: Metric, notes: Notes) -> None:
    if part.agg in ADDITIVE:
        return
    _note(
        notes,
        metric,
        part.id,
        Text(
            f"比率的分子分母要是合计或计数，“{part.id}”不是",
            f"a ratio divides sums or counts, “{part.id}” is neither",
        ),
        Text("改用 type: derived 写公式", "write a formula with type: derived"),
        "ratio_parts",
    )


def _check_simple(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    if not _known(notes, metric, "table", metric.table, definitions.tables):
        return
    table = definitions.tables[metric.table]
    if metric.time and _known(notes, metric, "time", metric.time, table.columns):
        _check_time(metric, table, metric.time, notes)
    counting = metric.agg in ("count", "count_distinct")
    if not metric.expression and metric.agg != "count":
        _note(
            notes,
            metric,
            "column",
            Text(f"{metric.agg} 要写 column 或 expression", f"{metric.agg} needs a column"),
            Text("补上 column: 列名", "add column: name"),
        )
    _check_percentile(metric, notes)
    kind: Kind | None = None if counting else "number"
    _check_expression(metric, "expression", metric.expression, kind, definitions, notes)
    _check_expression(metric, "filter", metric.filter, "boolean", definitions, notes)


def _check_percentile(metric: Metric, notes: Notes) -> None:
    if metric.agg != "percentile" or (
        metric.percentile is not None and 0 <= metric.percentile <= 1
    ):
        return
    _note(
        notes,
        metric,
        "percentile",
        Text("percentile 要写 0 到 1 之间的数", "percentile must lie between 0 and 1"),
        Text("例如 percentile: 0.9", "for example percentile: 0.9"),
    )


def _check_expression(
    metric: Metric,
    word: str,
    text: str,
    kind: Kind | None,
    definitions: Definitions,
    notes: Notes,
) -> None:
    if not text:
        return
    try:
        check(text, definitions, definitions.tables[metric.table], kind=kind)
    except Refused as refused:
        _note(notes, metric, word, refused.message, refused.remedy, refused.code)


def _check_parts_of_whole(
    metric: Metric, over: str, definitions: Definitions, notes: Notes
) -> None:
    """The parts of a whole add up only where each row counts in one of them."""
    part = definitions.metric(metric.inputs[0])
    if part.agg not in ("sum", "count"):
        _note(
            notes,
            metric,
            "metric",
            Text(
                f"“{part.id}”不是行的合计或计数，各部分相加不等于 1",
                f"“{part.id}” is no sum or count of rows: its parts would not add up to 1",
            ),
            Text(
                "选一个合计或计数的指标，或用 of 指定整体",
                "choose a metric that is a sum or a count, or name the whole with of",
            ),
            "share_parts",
        )
        return
    columns = reachable(definitions, definitions.table(part.table))
    owned = definitions.table(part.table).owner
    _known(notes, metric, "over", over, (*columns, *(("member",) if owned else ())))


def _check_moved_once(metric: Metric, definitions: Definitions, notes: Notes) -> None:
    """Days that are no period cannot be compared with those of the period before."""
    by_days = isinstance(metric.shape, Lagged) and metric.shape.offset.unit == "days"
    if not by_days and not isinstance(metric.shape, Cumulative):
        return
    below = definitions.metric(metric.inputs[0])
    if not definitions.moves(below):
        return
    _note(
        notes,
        metric,
        "metric",
        Text(
            f"“{below.id}”自己就看别的期间，不能再累计或按天前移",
            f"“{below.id}” looks at other periods itself and cannot be cumulated or moved by days",
        ),
        Text(
            "直接累计它所依据的指标；增长可以建立在累计之上",
            "cumulate what it is made from; growth may be made from a cumulative metric",
        ),
        "moved_twice",
    )


def _reaches(name: str, goal: str, definitions: Definitions, seen: set[str]) -> bool:
    for below in definitions.metric(name).inputs:
        if below == goal:
            return True
        if below not in seen:
            seen.add(below)
            if _reaches(below, goal, definitions, seen):
                return True
    return False
