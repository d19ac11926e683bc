"""What the environment says about this installation."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


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
