"""`mingji demo`: a marketing company with a year of data, made up and served on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from mingji.rules.text import Text

NOW = "2026-11-20T09:30:00+08:00"


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where the demo company lives.",
)
@click.option("--fresh", is_flag=True, help="Throw the company away and make it anew.")
@click.option("--load-only", is_flag=True, help="Make the company, but do not serve it.")
def command(port: int, home: Path, fresh: bool, load_only: bool) -> None:
    """Make up the company once (about a minute), then serve it; sign in with one click."""
    home = home.resolve()
    if fresh and (home / "mingji.sqlite3").exists():
        shutil.rmtree(home)
    if not home.exists():
        _make(home)
    if load_only:
        return
    os.environ.update(_environment(home))
    from mingji.cli.output import readers_locale
    from mingji.cli.serve import serve_site

    ready = Text(
        zh=f"明绩已就绪：http://127.0.0.1:{port}（Ctrl-C 结束）",
        en=f"Mingji is ready: http://127.0.0.1:{port} (Ctrl-C ends it)",
    )
    click.echo(ready.in_(readers_locale()), err=True)
    serve_site("127.0.0.1", port)


def _make(home: Path) -> None:
    """Load beside the final place and move there when done: never half a company."""
    partial = home.with_name(f"{home.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    loading = [sys.executable, "-m", "mingji.demo.loading"]
    done = subprocess.run(loading, env=_environment(partial), check=False)  # noqa: S603 - ours
    if done.returncode:
        sys.exit(done.returncode)
    partial.rename(home)


def _environment(home: Path) -> dict[str, str]:
    """The installation is the demo's own, whatever the shell says of another one."""
    others = ("MINGJI_DATABASE", "MINGJI_SOURCES")
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "mingji.web.settings",
        "MINGJI_HOME": str(home),
        "MINGJI_DEMO": "1",
        "MINGJI_NOW": NOW,
    }
