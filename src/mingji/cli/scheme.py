"""`mingji scheme`: check a scheme file, print the schema that editors complete it from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.rules.explanation import plain
from mingji.rules.findings import Finding
from mingji.rules.scheme import Scheme
from mingji.rules.text import Text

_HEADINGS = {
    "level": Text("层级", "level"),
    "family": Text("岗位序列", "family"),
    "items": Text("考核项数", "items"),
}


@click.group("scheme", help="Check a scheme file; print its schema.")
def command() -> None:
    """The commands about scheme files."""


@command.command("check", help="Check FILE (or a shipped scheme by name) and summarise it.")
@click.argument("file")
@common_options
def check(file: str, *, form: str, locale: str) -> Sequence[Finding]:
    """Findings go to the error stream (into the answer under JSON), the summary to the output."""
    from mingji.schemes.document import find, load

    loaded = load(find(file))
    if form == "json":
        scheme = loaded.scheme
        emit_json(
            {
                "id": scheme.id,
                "version": scheme.version,
                "digest": loaded.digest,
                "findings": findings_data(loaded.findings),
                "forms": list(_forms(scheme)),
            }
        )
        return loaded.findings
    _summarise(loaded.scheme, form, locale)
    tell(loaded.findings, locale)
    return loaded.findings


@command.command("schema", help="Print the JSON schema of scheme files.")
def schema() -> None:
    """The same text as docs/reference/scheme.schema.json."""
    from mingji.schemes.document.schema import schema_text

    click.echo(schema_text(), nl=False)


@command.command("list", help="Name the schemes that come with Mingji.")
def shipped_schemes() -> None:
    """One name a line, as `--scheme` takes it."""
    from mingji.schemes.document import shipped

    for name in shipped():
        click.echo(name)


def _summarise(scheme: Scheme, form: str, locale: str) -> None:
    """Every form of the scheme: what its dimensions weigh and how many items it has."""
    rows = list(_forms(scheme))
    dimensions = {each.id: each.name for each in scheme.dimensions}
    columns = ["level", "family", *dimensions, "items"]
    if form == "csv":
        emit_rows(rows, columns, form)
        return
    headings = {**_HEADINGS, **dimensions}
    names = {each.id: each.name for each in scheme.levels}
    names |= {each.family: each.name for each in scheme.templates}
    kept = [name for name in columns if name != "family" or scheme.templates]
    shown = [
        {
            headings[name].in_(locale): _cell(name, row.get(name, "0"), names, locale)
            for name in kept
        }
        for row in rows
    ]
    emit_rows(
        shown, [headings[name].in_(locale) for name in kept], form, title=scheme.name.in_(locale)
    )


def _cell(column: str, cell: str, names: dict[str, Text], locale: str) -> str:
    named = column in ("level", "family") and cell in names
    return names[cell].in_(locale) if named else cell


def _forms(scheme: Scheme) -> Iterator[dict[str, str]]:
    from mingji.rules.form import form_for

    families = [each.family for each in scheme.templates] or [""]
    for level in scheme.levels:
        for family in families:
            made = form_for(scheme, level.id, family)
            yield {
                "level": level.id,
                "family": family,
                "items": str(sum(1 for _ in made.items())),
                **{each.id: plain(each.weight) for each in made.dimensions},
            }
