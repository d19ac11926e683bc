"""Contracts with systems that nobody here wrote: set up once, kept in var/, run when asked for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from on_postgres import free_port, program, server

HERE = Path(__file__).parent
PLACE = HERE.parents[1] / "var" / "tryton"
KEY = "a-key-for-the-contract-test"
PACKAGES = ("trytond>=8.2,<8.3", "trytond-sale-opportunity>=8.2,<8.3", "psycopg[binary,pool]>=3.3")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Setting Tryton up takes minutes: only `-m tryton` (make tryton) does."""
    if "tryton" in config.option.markexpr:
        return
    here = [item for item in items if item.get_closest_marker("tryton")]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in here]


@pytest.fixture(scope="session")
def tryton() -> Iterator[str]:
    """The address of a Tryton server with 300 opportunities, on a PostgreSQL of its own."""
    PLACE.mkdir(parents=True, exist_ok=True)
    if not (PLACE / "venv" / "bin" / "trytond").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE / "venv")], check=True)
        pip = str(PLACE / "venv" / "bin" / "pip")
        subprocess.run([pip, "install", "--quiet", *PACKAGES], check=True)
    with server() as database:
        web, config = f"127.0.0.1:{free_port()}", PLACE / "trytond.conf"
        base = database.rsplit("/", 1)[0]
        config.write_text(f"[database]\nuri = {base}/\n[web]\nlisten = {web}\n")
        fill(database, config)
        command = [str(PLACE / "venv" / "bin" / "trytond"), "-c", str(config), "-d", "tryton"]
        with (PLACE / "trytond.log").open("w") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                answers(f"http://{web}")
                yield f"http://{web}"
            finally:
                running.terminate()
                running.wait()


def fill(database: str, config: Path) -> None:
    """A company with opportunities, in a database restored from the dump of an earlier run."""
    subprocess.run([program("createdb"), "--maintenance-db", database, "tryton"], check=True)
    here, dump = database.rsplit("/", 1)[0] + "/tryton", PLACE / "dump.sql"
    if dump.exists():
        command = [program("psql"), "--dbname", here, "--quiet", "--set", "ON_ERROR_STOP=1"]
        subprocess.run([*command, "--output", os.devnull, "--file", str(dump)], check=True)
    else:
        install(here, config, dump)
    python = PLACE / "venv" / "bin" / "python"
    subprocess.run([str(python), str(HERE / "tryton_setup.py"), str(config), KEY], check=True)


def install(database: str, config: Path, dump: Path) -> None:
    """Creates Tryton's tables, which takes minutes, and dumps them."""
    password = PLACE / "password"
    password.write_text("not-a-secret-on-the-loopback")
    environment = os.environ | {"TRYTONPASSFILE": str(password)}
    admin = [str(PLACE / "venv" / "bin" / "trytond-admin"), "-c", str(config), "-d", "tryton"]
    modules = ["--email", "admin@example.com", "-u", "sale_opportunity", "--activate-dependencies"]
    subprocess.run([*admin, *modules], check=True, env=environment)
    part = dump.with_suffix(".part")
    subprocess.run([program("pg_dump"), "--dbname", database, "--file", str(part)], check=True)
    part.replace(dump)


def answers(address: str) -> None:
    """Waits until the server accepts requests."""
    for _ in range(120):
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"nothing answers at {address}")
