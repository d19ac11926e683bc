"""Run a Python command against a PostgreSQL server of its own that is gone afterwards.

    python tests/on_postgres.py -m pytest tests

Needs the Debian package `postgresql` (or `initdb` and `pg_ctl` on the path).
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _found(name: str) -> str | None:
    """Where a program of the server lies: Debian keeps them off the path, by version."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: place.parent.name
    )
    found = next(
        (str(place / name) for place in reversed(versions) if (place / name).exists()), None
    )
    return found or shutil.which(name)


def available() -> bool:
    """Whether a server can be started here."""
    return _found("initdb") is not None


def program(name: str) -> str:
    """Where a program of the server lies; without it there is nothing to do."""
    found = _found(name)
    if found is None:
        sys.exit(f"{name} is missing: install PostgreSQL (Debian: apt-get install postgresql)")
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def server() -> Iterator[str]:
    """The address of a fresh, empty server on the loopback; stopped and removed in the end."""
    # PostgreSQL refuses to run as root, so root hands it to the user that Debian made for it.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    place = Path(tempfile.mkdtemp(prefix="mingji-postgres-"))
    if account:
        os.chown(place, account.pw_uid, account.pw_gid)
    data, port = place / "data", free_port()

    def run(*command: str) -> None:
        log = subprocess.DEVNULL
        subprocess.run(command, check=True, cwd=place, stdout=log, **drop)  # type: ignore[call-overload]

    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} -c fsync=off"
    )
    try:
        run(
            program("initdb"),
            "--no-sync",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--auth=trust",
            "--username=mingji",
            f"--pgdata={data}",
        )
        log = str(place / "log")
        run(program("pg_ctl"), "start", "--wait", f"--pgdata={data}", f"--log={log}", "-o", options)
        try:
            yield f"postgresql://mingji@127.0.0.1:{port}/postgres"
        finally:
            run(program("pg_ctl"), "stop", "--wait", "--mode=fast", f"--pgdata={data}")
    finally:
        shutil.rmtree(place)


def main(arguments: list[str]) -> int:
    # A stop signal must unwind like any other end, or the server would stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as address:
        command = subprocess.Popen(
            [sys.executable, *arguments], env=os.environ | {"MINGJI_DATABASE": address}
        )
        try:
            return command.wait()
        finally:
            command.terminate()
            command.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
