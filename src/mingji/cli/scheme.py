"""`mingji scheme`: check a scheme file, print the schema that editors complete it from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from mingji.cli.output import common_options, emit_json, emit_rows, findings_data, tell
from mingji.rules.explanation import plain
from mingji.rules.findings import Finding
from mingji.rules.scheme import Scheme


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
    rows = list(_summary(loaded.scheme, locale))
    if form == "json":
        scheme = loaded.scheme
        emit_json(
            {
                "id": scheme.id,
                "version": scheme.version,
                "digest": loaded.digest,
                "findings": findings_data(loaded.findings),
                "forms": rows,
            }
        )
        return loaded.findings
    tell(loaded.findings, locale)
    columns = ("level", "family", *(each.id for each in loaded.scheme.dimensions), "items")
    emit_rows(rows, columns, form, title=loaded.scheme.name.in_(locale) if form == "table" else "")
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


def _summary(scheme: Scheme, locale: str) -> Iterator[dict[str, str]]:
    """The weights of the dimensions and the number of items, for each level and family."""
    from mingji.rules.form import form_for

    families = [each.family for each in scheme.templates] or [""]
    for level in scheme.levels:
        for family in families:
            made = form_for(scheme, level.id, family)
            yield {
                "level": level.name.in_(locale),
                "family": family,
                "items": str(sum(1 for _ in made.items())),
                **{each.id: plain(each.weight) for each in made.dimensions},
            }
