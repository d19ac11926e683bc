"""`mingji try`: a folder of CRM files, computed, scored and explained, without a database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from mingji.cli.output import common_options, notation_options
from mingji.rules.findings import Finding


@click.command("try")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--scheme", default="minimal", show_default=True, help="A shipped scheme or a file.")
@click.option("--mapping", default="", help="A mapping file, or the name of a shipped one.")
@click.option("--period", "periods", multiple=True, help="Only this period, such as 2017Q4.")
@click.option("--by", multiple=True, help="Only these scorecards, as the mapping names them.")
@notation_options
@click.option("--explain", is_flag=True, help="Show how each score came about.")
@click.option("--serve", is_flag=True, help="Show the scorecards in a browser, on this machine.")
@click.option("--port", default=8010, show_default=True, help="The port for --serve.")
@common_options
def command(
    folder: Path,
    scheme: str,
    mapping: str,
    periods: tuple[str, ...],
    by: tuple[str, ...],
    numbers: tuple[str, ...],
    dates: tuple[str, ...],
    exclude: tuple[str, ...],
    sheet: tuple[str, ...],
    explain: bool,
    serve: bool,
    port: int,
    form: str,
    locale: str,
) -> Sequence[Finding]:
    """Compute, score and explain a folder of CRM files.

    FOLDER holds the files and, unless a shipped mapping fits them, a mapping file mingji.yaml.
    Nothing in it is changed and nothing is kept.
    """
    from mingji.cli.trial.mapping import understand
    from mingji.cli.trial.report import report
    from mingji.cli.trial.scorecards import attempt
    from mingji.kit import clock
    from mingji.schemes.document import find, load

    loaded = load(find(scheme))
    understood = understand(folder, mapping)
    with tempfile.TemporaryDirectory(prefix="mingji-try-") as root:
        if sys.stderr.isatty():
            click.echo(f"{understood.name.in_(locale)} …", err=True)
        trial = attempt(
            understood,
            loaded.scheme,
            Path(root),
            by=by,
            periods=periods,
            options=(numbers, dates, exclude, sheet),
            today=clock.day_here(),
        )
        if serve:
            from mingji.cli.trial.server import serve as serve_trial

            serve_trial(trial, Path(root), port, locale)
        else:
            report(trial, form, locale, explain=explain)
    return trial.findings
