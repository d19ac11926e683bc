"""The data of an installation: `mingji load`, `mingji owners` and `mingji refresh`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mingji.cli.installation import open_installation
from mingji.cli.output import (
    common_options,
    emit_json,
    emit_rows,
    findings_data,
    notation_options,
    tell,
)
from mingji.cli.places import named_by
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_TITLES = {
    "table": Text(zh="数据表", en="table"),
    "file": Text(zh="文件", en="file"),
    "rows": Text(zh="行数", en="rows"),
    "loaded": Text(zh="已加载", en="loaded"),
    "source": Text(zh="数据来源", en="source"),
    "owner": Text(zh="负责人", en="owner"),
    "likely": Text(zh="可能是", en="probably"),
    "matches": Text(zh="对应条数", en="matches"),
    "new": Text(zh="新增", en="new"),
    "run": Text(zh="数据刷新", en="refresh"),
    "periods": Text(zh="期间", en="periods"),
}
_PATH = click.Path(path_type=Path)


@click.command("load")
@click.argument("table")
@click.argument("file", type=_PATH)
@notation_options
@common_options
def load(
    table: str,
    file: Path,
    numbers: tuple[str, ...],
    dates: tuple[str, ...],
    exclude: tuple[str, ...],
    sheet: tuple[str, ...],
    form: str,
    locale: str,
) -> Sequence[Finding]:
    """Load FILE (CSV, TSV, Excel or Parquet) as rows of TABLE; the same content twice is one.

    Rows that cannot be read are set aside and told (`mingji rejected` lists them), and so are rows
    that no step of a conversion counts. The numbers change at the next refresh.
    """
    open_installation()
    from mingji.engine.answers import answers_for
    from mingji.kit import clock
    from mingji.metrics import actions
    from mingji.metrics.definitions import library

    answers = answers_for(table, numbers, dates, exclude, sheet)
    batches = actions.load_table("system", table, file, clock.now(), answers=answers)
    told = {
        "table": table,
        "file": ", ".join(batch.file for batch in batches),
        "rows": str(sum(batch.read for batch in batches)),
        "loaded": str(sum(batch.loaded for batch in batches)),
    }
    findings = [each for batch in batches for each in batch.findings]
    steps = actions.check_steps("system", {table}, clock.now())
    named = named_by(library().definitions, {file.name: table})
    return _tell(told, [*findings, *steps], form, locale, named)


@click.command("refresh")
@click.option("--period", "periods", multiple=True, help="This period, such as 2026Q3 (repeat it).")
@common_options
def refresh(periods: Sequence[str], form: str, locale: str) -> Sequence[Finding]:
    """Compute every metric for these periods; by default this quarter and the five before it.

    With nothing new in the data there is nothing to do. Released appraisals never change.
    """
    open_installation()
    from mingji.kit import clock
    from mingji.metrics import actions
    from mingji.metrics.queries import periods_to_refresh
    from mingji.metrics.stored import finding_of

    wanted = list(periods) or periods_to_refresh(clock.today())
    run = actions.refresh("system", wanted, clock.now())
    told = {"run": str(run.pk) if run else "–", "periods": " ".join(sorted(wanted))}
    findings = [finding_of(each) for each in run.findings] if run else []
    return _tell(told, findings, form, locale)


@click.group("owners", help="Match the owners of source systems to members.")
def owners() -> None:
    """The commands about owners."""


@owners.command("load")
@click.argument("file", type=_PATH)
@common_options
def load_owners(file: Path, form: str, locale: str) -> Sequence[Finding]:
    """Match owners to members: FILE has the columns source, owner, member[, starts_on, ends_on].

    Both days are included. All matches are taken over or none; those that stand are passed over.
    """
    open_installation()
    from mingji.connectors.files import open_file
    from mingji.engine.identity import read_identity
    from mingji.kit import clock
    from mingji.metrics import actions

    links = read_identity(open_file(file), None).owners
    new = actions.map_owners("system", links, clock.now())
    return _tell({"file": file.name, "matches": str(len(links)), "new": str(new)}, (), form, locale)


@owners.command("list")
@common_options
def list_owners(form: str, locale: str) -> Sequence[Finding]:
    """List the owners without a member, as of the last refresh, and who they probably are."""
    open_installation()
    from mingji.metrics.queries import owners_without_member

    lines = [
        {
            "source": owner.source,
            "owner": owner.owner,
            "rows": ", ".join(f"{each.name.in_(locale)} {each.rows}" for each in owner.tables),
            "likely": "; ".join(
                f"{each.code} {each.name.in_(locale)} ({each.reason.in_(locale)})"
                for each in likely
            ),
        }
        for owner, likely in owners_without_member("system")
        if owner.reason == "no_member"
    ]
    if form == "json":
        emit_json(lines)
    else:
        names = ("source", "owner", "rows", "likely")
        titles = {name: name if form == "csv" else _TITLES[name].in_(locale) for name in names}
        rows = [{titles[name]: line[name] for name in names} for line in lines]
        emit_rows(rows, list(titles.values()), form)
    return ()


def _tell(
    told: dict[str, str],
    findings: Sequence[Finding],
    form: str,
    locale: str,
    named: Callable[[Place], Text] = Place.in_words,
) -> Sequence[Finding]:
    """The outcome as one row, then the findings."""
    if form == "json":
        emit_json({**told, "findings": findings_data(findings)})
    else:
        titles = {name: name if form == "csv" else _TITLES[name].in_(locale) for name in told}
        emit_rows(
            [{titles[name]: cell for name, cell in told.items()}], list(titles.values()), form
        )
        tell(findings, locale, named)
    return findings
