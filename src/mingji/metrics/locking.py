"""One at a time: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text


@contextmanager
def alone_on(code: str) -> Iterator[None]:
    """Work alone on a source.

    The lock is a file beside the warehouse, so that whoever shares the warehouse shares the lock.
    The system frees it when the process ends, also by a crash: nobody waits for the dead.

    Raises:
        NotAllowedNow: somebody else is at work on it.
    """
    folder = settings.MINGJI_WAREHOUSE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"source-{code}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotAllowedNow(_BUSY, code="running") from error
        yield


_BUSY = Text(
    zh="这个来源正在运行，等它结束后再试。",
    en="This source is being read right now. Try again when the run has ended.",
)
