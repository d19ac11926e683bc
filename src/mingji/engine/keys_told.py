"""What a person should know of the keys of a batch beside those that were loaded before.

The statements run in a private local engine; the names in them come from checked definitions.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from mingji.engine.batches import Batch
from mingji.engine.lines import ROW
from mingji.engine.model import Table
from mingji.engine.versions import Superseded
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_SHOWN = 5
_NOTHING = Text("", "")


def key_findings(
    table: Table, batch: Batch, others: Sequence[Batch], superseded: Superseded
) -> Iterator[Finding]:
    """Rows that gave way to others of their key, and versions of a file that both count.

    Args:
        table: The table.
        batch: What is loaded.
        others: The other batches of the table.
        superseded: The rows that give way.
    """
    place, across = Place(batch.file), superseded.across
    yield from _within(table, place, superseded.within)
    yield from _by_change(table, place, superseded)
    if across:
        message = Text(
            f"{across} 行取代了先前批次中主键相同的行",
            f"{across} rows replace rows of earlier batches with the same key",
        )
        yield Finding("replaced_rows", "info", message, _NOTHING, place, count=across)
    if not table.key and not batch.mends and any(o.file == batch.file for o in others):
        message = Text(
            f"表 {table.name} 没有主键，同名文件的两个版本会一起计入",
            f"table {table.name} has no key: both versions of this file are counted",
        )
        remedy = Text("给这张表定义 key", "give the table a key")
        yield Finding("same_file_name", "warning", message, remedy, place)


def _within(table: Table, place: Place, within: Sequence[int]) -> Iterator[Finding]:
    if not within:
        return
    listed = ", ".join(map(str, within[:_SHOWN]))
    to = Text("后面的行", "later ones")
    if table.latest:
        name = table.columns[table.latest].label
        to = Text(f"{name.zh}更晚的行", f"those with a later {name.en}")
    yield Finding(
        "repeated_key",
        "warning",
        Text(
            f"主键 {'、'.join(table.key)} 在文件内重复，{len(within):,} 行被{to.zh}取代"
            f"（第 {listed} 行{'等' if len(within) > _SHOWN else ''}）",
            f"key {', '.join(table.key)} repeats: {len(within):,} rows give way to {to.en} "
            f"(rows {listed}{', …' if len(within) > _SHOWN else ''})",
        ),
        Text("检查导出是否有重复行", "check the export for repeated rows"),
        place,
        count=len(within),
    )


def _by_change(table: Table, place: Place, superseded: Superseded) -> Iterator[Finding]:
    """Of a table that says which row was changed last: rows that come too late, and ties."""
    if not table.latest:
        return
    name = table.columns[table.latest].label
    if older := superseded.older:
        message = Text(
            f"{older:,} 行的{name.zh}早于已经载入的同主键的行，没有取代它们",
            f"rows whose {name.en} is earlier than that of a row of the same key that is loaded "
            f"already, and which do not replace it: {older:,}",
        )
        yield Finding("older_rows", "info", message, _NOTHING, place, count=older)
    if tied := superseded.tied:
        message = Text(
            f"{tied:,} 个主键有几行的{name.zh}相同，分不出先后，取后面的行",
            f"keys of which several rows have the same {name.en}, so that the later row stays: "
            f"{tied:,}",
        )
        remedy = Text("核对这些行", "check these rows")
        yield Finding("tied_rows", "warning", message, remedy, place, count=tied)


def zeros_told(table: Table, file: str, new: str, old: str) -> Iterator[Finding]:
    """Keys that differ from others only in zeros before them, which a spreadsheet takes away.

    Args:
        table: The table. Only a key of one column of text is looked at.
        file: The file that is loaded.
        new: Its rows, as a relation of SQL.
        old: The rows of earlier batches; empty: none.
    """
    if len(table.key) != 1 or table.columns[table.key[0]].type != "text":
        return
    name = f'"{table.key[0]}"'
    with duckdb.connect() as connection:
        sources = [source for source in (new, old) if source]
        zeros = f"{name} LIKE '0%' AND regexp_full_match({name}, '[0-9]+')"
        if not any(_any(connection, source, zeros) for source in sources):
            return
        every = " UNION ALL ".join(f"SELECT {name} AS k FROM {source}" for source in sources)
        digits = f"SELECT DISTINCT k, ltrim(k, '0') AS b FROM ({every}) WHERE {_digits('k')}"
        pairs = connection.sql(
            f"WITH d AS ({digits}), m AS (SELECT DISTINCT {name} AS k FROM {new}) "
            "SELECT m.k, min(d.k) FROM m JOIN d ON ltrim(m.k, '0') = d.b AND m.k <> d.k "
            f"WHERE {_digits('m.k')} GROUP BY m.k ORDER BY m.k"
        ).fetchall()
    pairs = list({tuple(sorted(pair)): None for pair in pairs})
    if pairs:
        yield _zeros_finding(table, file, pairs)


def _any(connection: duckdb.DuckDBPyConnection, source: str, condition: str) -> bool:
    return bool(connection.sql(f"SELECT 1 FROM {source} WHERE {condition} LIMIT 1").fetchall())


def _digits(name: str) -> str:
    return f"regexp_full_match({name}, '[0-9]+')"


def _zeros_finding(table: Table, file: str, pairs: Sequence[tuple[str, str]]) -> Finding:
    told = [f"{one} / {other}" for one, other in pairs]
    more = len(told) > _SHOWN
    return Finding(
        "alike_keys",
        "warning",
        Text(
            f"主键 {table.key[0]} 有 {len(told):,} 对只差前面的零，按不同的行计："
            f"{'、'.join(told[:_SHOWN])}{' 等' if more else ''}",
            f"pairs of the key {table.key[0]} that differ only in zeros before them, and count "
            f"as different rows: {', '.join(told[:_SHOWN])}{', …' if more else ''}",
        ),
        Text(
            "电子表格会去掉前面的零：把这一列设成文本格式再导出",
            "a spreadsheet takes such zeros away: make the column text before it is exported",
        ),
        Place(file, path=f"column {table.key[0]}"),
        count=len(told),
    )


def gone_told(table: Table, batch: Batch, last: Batch, new: str, old: str) -> Iterator[Finding]:
    """Rows of the file before that this one, which repeats most of it, no longer has.

    Args:
        table: The table.
        batch: What is loaded.
        last: The batch before of the same source.
        new: The rows of this batch, as a relation of SQL.
        old: The rows of the batch before.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    with duckdb.connect() as connection:
        missing, rows = connection.sql(
            f"SELECT count(*) FILTER (WHERE n.{ROW} IS NULL), count(*) "
            f"FROM (SELECT DISTINCT {key} FROM {old}) AS o "
            f"LEFT JOIN (SELECT {key}, min({ROW}) AS {ROW} FROM {new} GROUP BY ALL) AS n "
            f"USING ({key})"
        ).fetchall()[0]
    if not missing or missing * 2 > rows:
        return
    message = Text(
        f"上一个文件（{last.file}）里有 {missing:,} 行这次没有，它们仍然计入",
        f"the file before ({last.file}) had rows that this one does not have, and which still "
        f"count: {missing:,}",
    )
    remedy = Text(
        "如果这是全量导出，它们在来源里已删除：用更正去掉这些行",
        "if this is a full export they were deleted in the source: take them away by a correction",
    )
    yield Finding("rows_no_longer_there", "info", message, remedy, Place(batch.file), count=missing)
