"""What the environment says about this installation."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

_MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def secret_key(home: Path) -> str:
    """`MINGJI_SECRET_KEY`, or a key made once and kept beside the data for its owner only."""
    given = os.environ.get("MINGJI_SECRET_KEY")
    if given:
        return given
    place = home / "secret_key"
    if not place.exists():
        home.mkdir(parents=True, exist_ok=True)
        # Written aside and then linked: of two processes that start together, one key wins whole.
        draft = home / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        with suppress(FileExistsError):
            os.link(draft, place)
        draft.unlink()
    return place.read_text(encoding="utf-8")


class MailServer(NamedTuple):
    """Where mail is handed to; without a host nowhere. `tls` is asked for after the greeting,
    `ssl` is there from the start."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False


def mail_server(url: str) -> MailServer:
    """The server of `smtp://user:password@host:port` (encrypted after the greeting), `smtps://…`
    (encrypted from the start) or `smtp+plain://…` (never: for a relay on the same machine).

    Raises:
        ValueError: another scheme, or no host.
    """
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if parts.scheme not in _MAIL_PORTS or not parts.hostname:
        raise ValueError("MINGJI_MAIL: use smtp://…, smtps://… or smtp+plain://… with a host")
    return MailServer(
        host=parts.hostname,
        port=parts.port or _MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp",
        ssl=parts.scheme == "smtps",
    )


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name`, or SQLite in `home`.

    Raises:
        ValueError: the scheme is neither `postgresql` nor `sqlite`.
    """
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
    if parts.scheme not in ("", "sqlite"):
        raise ValueError(
            f"MINGJI_DATABASE: use postgresql://… or sqlite:///…, not {parts.scheme}://"
        )
    name = parts.path if parts.scheme else str(home / "mingji.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
