"""The demo site, served as people serve it, and one Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from e2e.looking import Eyes, Reader

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """These take minutes and need Chromium: only `-m e2e` (make e2e) runs them."""
    if "e2e" in config.option.markexpr:
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in here]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo: `MINGJI_SITE`, or one that is made and served here."""
    if given := os.environ.get("MINGJI_SITE"):
        yield given
        return
    port = free_port()
    home = tmp_path_factory.mktemp("e2e") / "demo"
    command = [sys.executable, "-m", "mingji", "demo", "--port", str(port), "--home", str(home)]
    log = home.with_suffix(".log")
    with log.open("w") as told:
        served = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told)
    address = f"http://127.0.0.1:{port}"
    try:
        while not answers(f"{address}/people/sign-in/"):
            if _ended(served):
                pytest.fail(f"the demo ended before it answered:\n{log.read_text()[-3000:]}")
        yield address
    finally:
        served.terminate()
        served.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=0.3)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("there is no chromium on this machine: apt-get install chromium")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def eyes(site: str, browser: Browser) -> Eyes:
    return Eyes(site, browser)


@pytest.fixture
def visit(eyes: Eyes) -> Iterator[Callable[..., Page]]:
    """`visit(path, reader)`: a page that is closed after the test."""
    opened: list[Page] = []

    def go(path: str, reader: Reader | None = None) -> Page:
        opened.append(eyes.open(path, reader or Reader()))
        return opened[-1]

    yield go
    for page in opened:
        page.close()
