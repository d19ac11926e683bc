"""`mingji serve`: serve this installation on this machine."""

from __future__ import annotations

import os

import click

from mingji.cli.installation import bring_up_to_date


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
def command(host: str, port: int, workers: int) -> None:
    """Migrate the database of this installation and serve it (MINGJI_HOME, MINGJI_DATABASE)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingji.web.settings")
    import django

    django.setup()
    bring_up_to_date()
    serve_site(host, port, workers)


def serve_site(host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted. The environment says which installation it is."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "mingji.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        log_access=False,
    ).serve()
