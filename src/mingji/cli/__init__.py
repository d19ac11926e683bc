"""The command `mingji`. Each command is imported only when it is called: `--help` stays instant."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "demo": "Serve a marketing company with a year of data.",
    "serve": "Serve this installation.",
    "score": "Score members from a scheme file and a table of facts.",
    "metrics": "Compute metrics from tables of rows.",
    "scheme": "Check a scheme file; print its schema.",
    "try": "Compute, score and explain a folder of CRM files.",
    "members": "Load who works here; set a password.",
    "load": "Load a file of rows into this installation.",
    "rejected": "List, export and replay rows that were set aside.",
    "owners": "Match the owners of source systems to members.",
    "sources": "List, test and run the sources of this installation.",
    "remind": "Tell people by e-mail what waits for them.",
    "refresh": "Compute the metrics of this installation.",
    "engine": "Copy the rows of this installation into your company's engine.",
    "verify": "Recompute a cycle from its frozen facts, or check signed goals or loaded rows.",
}
# Where a command lives when it is not `command` in the module of its own name.
_PLACES = {
    "try": ("try_folder", "command"),
    "load": ("data", "load"),
    "rejected": ("rejected", "rejected"),
    "owners": ("data", "owners"),
    "refresh": ("data", "refresh"),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = _PLACES.get(name, (name, "command"))
        command: click.Command = getattr(importlib.import_module(f"mingji.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy)
@click.version_option(package_name="mingji", prog_name="mingji")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; also after a command.")
def main(lang: str | None) -> None:
    """Mingji 明绩: performance management for marketing teams."""
