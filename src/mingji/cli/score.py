"""`mingji score`: members' scores from a scheme file and a table of facts."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingji.cli.output import common_options, emit_rows, findings_data, tell
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.rules.facts import MemberFacts
    from mingji.rules.results import FormResult
    from mingji.schemes.document import LoadedScheme
    from mingji.schemes.facts import Scoring


@click.command("score", help="Score members from a scheme file and a table of facts.")
@click.option("--scheme", "scheme_name", required=True, help="Scheme file, or a shipped name.")
@click.option(
    "--facts",
    "facts_path",
    required=True,
    type=click.Path(path_type=Path),
    help="Table member,item,actual,… as CSV, TSV, Excel or Parquet.",
)
@click.option("--explain", is_flag=True, help="Add the reasons of every number (table, JSON).")
@click.option("--member", "only", multiple=True, help="Only this member (may be repeated).")
@click.option("--items", "by_item", is_flag=True, help="One line an item (table, CSV).")
@common_options
def command(
    scheme_name: str,
    facts_path: Path,
    *,
    explain: bool,
    only: tuple[str, ...],
    by_item: bool,
    form: str,
    locale: str,
) -> Sequence[Finding]:
    """Members in the order of the table; nothing is printed unless everybody can be scored."""
    from mingji.schemes.document import find, load
    from mingji.schemes.facts import read_facts, score_table

    if explain and form == "csv":
        raise click.UsageError("--explain needs --format table or json")
    loaded = load(find(scheme_name))
    table = read_facts(facts_path, loaded.scheme)
    _check_members(only, {facts.member for facts in table.members})
    findings = (*loaded.findings, *table.findings)
    scoring = score_table(loaded.scheme, table)
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        scoring.members, length=len(table.members), file=sys.stderr, hidden=hidden
    ) as bar:
        wanted = (pair for pair in bar if not only or pair[0].member in only)
        if form == "json":
            _emit_json(loaded, scoring, wanted, findings, explain=explain)
            return findings
        _emit_rows(loaded, wanted, form, locale, explain=explain, by_item=by_item)
    tell(findings, locale)
    return findings


def _check_members(only: Sequence[str], known: set[str]) -> None:
    unknown = [member for member in only if member not in known]
    if unknown:
        raise Invalid(
            Text(
                zh=f"表里没有成员 {'、'.join(unknown)}；检查 --member 的写法",
                en=f"the table has no member {', '.join(unknown)}; check --member",
            ),
            code="unknown_member",
        )


def _emit_rows(
    loaded: LoadedScheme,
    wanted: Iterator[tuple[MemberFacts, FormResult]],
    form: str,
    locale: str,
    *,
    explain: bool,
    by_item: bool,
) -> None:
    from mingji.cli.score_rows import (
        ITEM_COLUMNS,
        MEMBER_COLUMNS,
        for_reading,
        item_rows,
        member_row,
    )
    from mingji.rules.explain_text import explain_text

    dimensions = [each.id for each in loaded.scheme.dimensions]
    columns = ITEM_COLUMNS if by_item else (*MEMBER_COLUMNS, *dimensions, "flags")
    rows: list[dict[str, str]] = []
    reasons: list[str] = []
    for facts, result in wanted:
        exact = form == "csv"
        rows += item_rows(facts, result, exact) if by_item else [member_row(facts, result, exact)]
        if explain:
            who = facts.name or facts.member
            reasons.append(f"\n{who}\n{explain_text(result.node, locale)}")
    if form == "table":
        names = {each.id: each.name for each in loaded.scheme.dimensions}
        shown, headings = for_reading(rows, columns, names, locale)
        emit_rows(shown, headings, form, title=loaded.scheme.name.in_(locale))
    else:
        emit_rows(rows, columns, form)
    for text in reasons:
        click.echo(text)


def _emit_json(
    loaded: LoadedScheme,
    scoring: Scoring,
    wanted: Iterator[tuple[MemberFacts, FormResult]],
    findings: Sequence[Finding],
    *,
    explain: bool,
) -> None:
    """One object. Members are written one by one into a store, and out once all are known."""
    from mingji.cli.score_rows import member_data, team_data

    scheme = loaded.scheme
    head = {
        "findings": findings_data(findings),
        "scheme": {"id": scheme.id, "version": scheme.version, "digest": loaded.digest},
        "teams": [team_data(team, node, explain=explain) for team, node in scoring.teams.items()],
    }
    with tempfile.TemporaryFile("w+", encoding="utf-8") as store:
        for number, (facts, result) in enumerate(wanted):
            store.write(",\n" if number else "\n")
            data = member_data(facts, result, explain=explain)
            store.write("    " + json.dumps(data, ensure_ascii=False, sort_keys=True))
        store.seek(0)
        text = json.dumps(head, ensure_ascii=False, indent=2, sort_keys=True)
        click.echo(text.removesuffix("\n}") + ',\n  "members": [', nl=False)
        while piece := store.read(1 << 20):
            click.echo(piece, nl=False)
        click.echo("\n  ]\n}")
