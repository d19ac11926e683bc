"""A load that is killed anywhere and run again leaves the bytes of one that was not disturbed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from integration.engine.conftest import DEALS, DEFINITIONS
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse

#: Loads a file in a process of its own, which stops for good where its argument says.
CHILD = """
import os, pathlib, signal, sys
from mingji.connectors.files import open_file
from mingji.engine import batches, warehouse
from mingji.engine.definitions import load_definitions
from mingji.engine.loading import Loader

root, file, where = sys.argv[1:]
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def after(cls, name):
    real = getattr(cls, name)
    def run(*args, **kwargs):
        real(*args, **kwargs)
        die()
    setattr(cls, name, run)
if where == "before reading": Loader.run = die
if where == "half way through": after(Loader, "_take_rows")
if where == "after reading": warehouse.Warehouse._supersede = die
if where == "before the files are moved": batches.Shelf.put = die
if where and where in "01234":
    real, count = batches._sync, [int(where)]
    def sync(path):
        if not count[0]: die()
        count[0] -= 1
        real(path)
    batches._sync = sync
if where == "before the old batch goes": batches.Shelf.remove = die
table = load_definitions(pathlib.Path(root).parent / "definitions.yaml").tables["deals"]
warehouse.Warehouse(pathlib.Path(root)).load(
    table, open_file(pathlib.Path(file)), loaded_at="2026-11-22T00:00:00Z"
)
print("survived")
"""
PLACES = [
    *("before reading", "half way through", "after reading", "before the files are moved"),
    *("0", "1", "2", "3", "4"),
]
FIRST = DEALS + "9,Bob,Won,MG,2026-01-01,2026-02-30,1\n"
SECOND = DEALS.replace("100.10", "100.20") + "2,Bob,Won,MG,2026-01-01,2026-02-03,1\n10,Bob\n"


def content(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"folder"
        for path in root.rglob("*")
    }


def killed(root: Path, file: Path, where: str) -> None:
    words = [sys.executable, "-c", CHILD, str(root), str(file), where]
    child = subprocess.run(words, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, (where, child.stdout, child.stderr)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "definitions.yaml").write_text(DEFINITIONS, encoding="utf-8")
    paths = (tmp_path / "first.csv", tmp_path / "second.csv")
    for path, text in zip(paths, (FIRST, SECOND), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def loaded(root: Path, *files: Path) -> dict[str, bytes]:
    table = load_definitions(DEFINITIONS).tables["deals"]
    for file in files:
        Warehouse(root).load(table, open_file(file), loaded_at="2026-11-22T00:00:00Z")
    return content(root)


@pytest.mark.parametrize("where", PLACES)
def test_killed_anywhere_and_run_again_gives_the_same_bytes(
    tmp_path: Path, two: tuple[Path, Path], where: str
) -> None:
    whole = loaded(tmp_path / "whole", *two)
    loaded(tmp_path / "broken", two[0])
    before = len(Warehouse(tmp_path / "broken").batches("deals"))

    killed(tmp_path / "broken", two[1], where)

    assert len(Warehouse(tmp_path / "broken").batches("deals")) in (before, before + 1)
    assert loaded(tmp_path / "broken", two[1]) == whole


def test_killed_between_the_new_batch_and_the_removal_of_the_old_one(
    tmp_path: Path, two: tuple[Path, Path]
) -> None:
    old = DEFINITIONS.replace("product: {type: text, values: {GTXPro: GTX Pro}}", "product: text")
    table = load_definitions(old).tables["deals"]
    for name in ("broken", "whole"):
        at = "2026-11-22T00:00:00Z"
        Warehouse(tmp_path / name).load(table, open_file(two[0]), loaded_at=at)

    killed(tmp_path / "broken", two[0], "before the old batch goes")

    assert loaded(tmp_path / "broken", two[0]) == loaded(tmp_path / "whole", two[0])


def test_two_deliveries_at_the_same_time_are_one(tmp_path: Path, two: tuple[Path, Path]) -> None:
    words = [sys.executable, "-c", CHILD, str(tmp_path / "both"), str(two[0]), ""]
    children = [subprocess.Popen(words, stdout=subprocess.PIPE) for _ in range(2)]
    assert [child.communicate()[0] for child in children] == [b"survived\n"] * 2

    assert loaded(tmp_path / "both", two[0]) == loaded(tmp_path / "whole", two[0])
