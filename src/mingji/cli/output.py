"""What every file command has in common: formats, findings, exit codes, the reader's language."""

from __future__ import annotations

import csv
import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from mingji.kit.spreadsheets import safe_cell
from mingji.rules.errors import MingjiError
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

OK, FINDINGS, BAD_INPUT = 0, 1, 2
FORMATS = ("table", "json", "csv")
_NOTATIONS = (
    ("--numbers", "[TABLE.]COLUMN=comma|point", "Which mark of 1.052 or 1052,75 is the decimal."),
    ("--dates", "[TABLE.]COLUMN=dmy|mdy|ymd", "How 03/04/2026 is meant in a column."),
    ("--exclude", "[TABLE.]COLUMN", "Never store this column (personal data)."),
    (
        "--sheet",
        "[TABLE=]SHEET|all",
        "Read this sheet of a workbook, or all with the same columns.",
    ),
)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def readers_locale() -> str:
    """`zh` or `en`: `mingji --lang`, else `MINGJI_LANG` or the POSIX locale variables."""
    context = click.get_current_context(silent=True)
    if context and (asked := context.find_root().params.get("lang")):
        return str(asked)
    names = ("MINGJI_LANG", "LC_ALL", "LANG")
    named = next(filter(None, map(os.environ.get, names)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def common_options(command: _Command) -> _Command:
    """`--format` and `--lang`, and the end of every command: findings told, exit code set.

    The command function returns its findings; a `MingjiError` ends it with exit code 2.
    """

    @functools.wraps(command)
    def run(*args: Any, locale: str | None, **kwargs: Any) -> None:
        chosen = locale or readers_locale()
        try:
            findings = command(*args, locale=chosen, **kwargs)
        except MingjiError as error:
            tell_error(error, chosen)
            sys.exit(BAD_INPUT)
        sys.exit(exit_code(findings))

    run = click.option("--lang", "locale", type=click.Choice(["zh", "en"]), help="zh or en.")(run)
    return click.option(  # type: ignore[return-value]
        "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True
    )(run)


def notation_options(command: _Command) -> _Command:
    """`--numbers`, `--dates`, `--exclude` and `--sheet`: what a file does not say of itself."""
    for name, metavar, told in reversed(_NOTATIONS):
        command = click.option(name, multiple=True, metavar=metavar, help=told)(command)
    return command


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when nothing worse than information was found, 1 for warnings, 2 for errors."""
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return BAD_INPUT
    return FINDINGS if "warning" in severities else OK


def tell_error(error: MingjiError, locale: str) -> None:
    """A failure on the error stream: the sentence, then each finding with place and remedy."""
    click.echo(error.message.in_(locale), err=True)
    tell(getattr(error, "findings", ()), locale)


def tell(
    findings: Iterable[Finding],
    locale: str,
    named: Callable[[Place], Text] = Place.in_words,
) -> None:
    """Findings on the error stream, a line each: severity, place, what, how to mend it.

    `named` says where one points in words; English keeps the form that editors open.
    """
    words = {
        "error": Text(zh="错误", en="error"),
        "warning": Text(zh="提醒", en="warning"),
        "info": Text(zh="说明", en="note"),
    }
    for finding in findings:
        place = named(finding.place).zh if locale == "zh" else str(finding.place)
        head = ": ".join(filter(None, (place, words[finding.severity].in_(locale))))
        remedy = finding.remedy.in_(locale)
        line = f"{head}: {finding.message.in_(locale)}{' → ' + remedy if remedy else ''}"
        click.echo(line, err=True)


def findings_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings for a JSON answer."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "message": {"zh": finding.message.zh, "en": finding.message.en},
            "remedy": {"zh": finding.remedy.zh, "en": finding.remedy.en},
            "place": str(finding.place),
            "count": finding.count,
        }
        for finding in findings
    ]


def emit_json(data: object) -> None:
    """JSON on standard output: stable order of keys, Chinese as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))


def emit_rows(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str], form: str, *, title: str = ""
) -> None:
    """Rows as a table for people or as CSV; numbers arrive as finished strings."""
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([safe_cell(row.get(column, "")) for column in columns] for row in rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left")
    for column in columns:
        numeric = all(_is_number(row.get(column, "")) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(row.get(column, "") for column in columns))
    Console(width=None if sys.stdout.isatty() else 200, markup=False).print(table)


def _is_number(text: str) -> bool:
    return text in ("", "–") or text.lstrip("-").replace(".", "", 1).replace(",", "").isdigit()
