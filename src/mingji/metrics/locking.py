"""One at a time: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from django.conf import settings

from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text


@contextmanager
def alone_on(code: str) -> Iterator[TextIO]:
    """Work alone on a source.

    The lock is a file beside the warehouse, so that whoever shares the warehouse shares the lock.
    The system frees it when the process ends, also by a crash: nobody waits for the dead. A process
    that inherits the open file holds the lock with, and after, the one that started it.

    Raises:
        NotAllowedNow: somebody else is at work on it.
    """
    with _file(code) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotAllowedNow(_BUSY, code="running") from error
        yield file


def is_anybody_on(code: str) -> bool:
    """Whether a process is at work on a source right now, asked without taking the lock."""
    with _file(code) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _file(code: str) -> TextIO:
    folder = settings.MINGJI_WAREHOUSE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"source-{code}.lock").open("w")


_BUSY = Text(
    zh="这个来源正在运行，等它结束后再试。",
    en="This source is being read right now. Try again when the run has ended.",
)
