"""`mingji rejected`: rows that were set aside, listed, exported, mended and loaded again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import click

from mingji.cli.installation import open_installation
from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.cli.places import named_by
from mingji.kit.spreadsheets import safe_cell
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_TITLES = {
    "batch": Text(zh="批次", en="batch"),
    "file": Text(zh="文件", en="file"),
    "row": Text(zh="行号", en="row"),
    "reason": Text(zh="原因", en="reason"),
    "rows": Text(zh="行数", en="rows"),
    "loaded": Text(zh="已加载", en="loaded"),
    "mends": Text(zh="修正的批次", en="mends"),
}
_PATH = click.Path(path_type=Path)


@click.group("rejected", help="List, export and replay rows that were set aside.")
def rejected() -> None:
    """The commands about rejected rows."""


@rejected.command("list")
@click.argument("table")
@common_options
def list_rows(table: str, form: str, locale: str) -> Sequence[Finding]:
    """List the rows of TABLE that were set aside and are not mended yet."""
    open_installation()
    from mingji.engine.rejected import rejected_rows
    from mingji.metrics.actions.loading import known_table
    from mingji.metrics.definitions import warehouse

    rows = [
        {
            "batch": row.batch.id,
            "file": row.batch.file,
            "row": str(row.row),
            "reason": row.why.in_(locale),
        }
        for row in rejected_rows(warehouse(), known_table(table).name)
    ]
    _emit(rows, ("batch", "file", "row", "reason"), form, locale)
    return ()


@rejected.command("export")
@click.argument("table")
@click.argument("file", type=_PATH)
@click.option("--batch", default="", help="Only rows of this batch.")
@common_options
def export(table: str, file: Path, batch: str, form: str, locale: str) -> Sequence[Finding]:
    """Write the rejected rows of TABLE to FILE (CSV), each with its reason, to be mended there."""
    open_installation()
    from mingji.engine.rejected import exported, rejected_rows
    from mingji.metrics.actions.loading import known_table
    from mingji.metrics.definitions import warehouse

    known = known_table(table)
    waiting = rejected_rows(warehouse(), table)
    columns, rows = exported((row for row in waiting if batch in ("", row.batch.id)), known, locale)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([safe_cell(row.get(name, "")) for name in columns] for row in rows)
    _emit([{"file": file.name, "rows": str(len(rows))}], ("file", "rows"), form, locale)
    return ()


@rejected.command("replay")
@click.argument("table")
@click.argument("file", type=_PATH)
@common_options
def replay(table: str, file: Path, form: str, locale: str) -> Sequence[Finding]:
    """Load the mended rows of FILE into TABLE; the old rejections count as settled.

    FILE is an export of `mingji rejected export`, mended; remove the rows that stay as they are.
    """
    open_installation()
    from mingji.kit import clock
    from mingji.metrics import actions
    from mingji.metrics.definitions import library

    batches = actions.replay_rejected("system", table, file, clock.now())
    findings = [finding for batch in batches for finding in batch.findings]
    findings += actions.check_steps("system", {table}, clock.now())
    rows = [
        {"mends": each.mends, "rows": str(each.read), "loaded": str(each.loaded)}
        for each in batches
    ]
    if form == "json":
        emit_json({"batches": rows, "findings": findings_data(findings)})
    else:
        _emit(rows, ("mends", "rows", "loaded"), form, locale)
        tell(findings, locale, named_by(library().definitions, {file.name: table}))
    return findings


def _emit(rows: list[dict[str, str]], names: Sequence[str], form: str, locale: str) -> None:
    if form == "json":
        emit_json({"rows": rows})
        return
    titles = {name: name if form == "csv" else _TITLES[name].in_(locale) for name in names}
    told = [{titles[name]: row[name] for name in names} for row in rows]
    emit_rows(told, list(titles.values()), form)
