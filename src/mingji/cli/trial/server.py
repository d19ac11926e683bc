"""Serve a trial on this machine: the product's pages without its database or accounts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import click

from mingji.cli.trial.scorecards import Trial
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

HOST = "127.0.0.1"
_LANGUAGES = {"zh": "zh-hans", "en": "en"}
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mingji.web.errors.ErrorsMiddleware",
)
_APPS = (
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "mingji.kit",
    "mingji.web",
    "mingji.cli.trial",
)


def serve(trial: Trial, home: Path, port: int, locale: str) -> None:
    """Show the scorecards on 127.0.0.1 until interrupted; nobody else on the network sees them.

    Raises:
        Invalid: the port is taken.
    """
    configure(trial, home, locale)
    from django.core.handlers.wsgi import WSGIHandler

    try:
        server = make_server(HOST, port, WSGIHandler(), _Server, _QuietHandler)
    except OSError as error:
        message = Text(f"端口 {port} 用不了：{error}", f"port {port} cannot be used: {error}")
        remedy = Text("用 --port 换一个端口", "choose another one with --port")
        finding = Finding("port_taken", "error", message, remedy, Place(path="--port"))
        raise Invalid(message, code="port_taken", findings=(finding,)) from error
    said = Text("计分卡在 {}，按 Ctrl-C 结束", "Scorecards on {}, Ctrl-C to stop").in_(locale)
    click.echo(said.format(f"http://{HOST}:{server.server_port}/"), err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        server.server_close()


def configure(trial: Trial, home: Path, locale: str) -> None:
    """Set Django up for the pages of a trial, in the product's own frame.

    `home` is a folder that goes away with the trial: nothing of the installation is read.
    """
    os.environ["MINGJI_HOME"] = str(home)
    import django
    from django.conf import settings

    from mingji.web import settings as product

    settings.configure(
        SECRET_KEY=secrets.token_hex(),
        ALLOWED_HOSTS=[HOST, "localhost"],
        ROOT_URLCONF="mingji.cli.trial.site",
        INSTALLED_APPS=_APPS,
        MIDDLEWARE=_MIDDLEWARE,
        TEMPLATES=product.TEMPLATES,
        CONTENT_SECURITY_POLICY=product.CONTENT_SECURITY_POLICY,
        LANGUAGES=product.LANGUAGES,
        LANGUAGE_CODE=_LANGUAGES[locale],
        TIME_ZONE=product.TIME_ZONE,
        STATIC_URL=product.STATIC_URL,
        WHITENOISE_USE_FINDERS=True,
        MINGJI_DEMO=False,
        MINGJI_NOW=None,
        TRIAL=trial,
    )
    django.setup()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing: the terminal belongs to the person who typed the command."""
