"""`mingji sources`: list, test and run for cron, also through a killed run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
SET_UP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import datetime, UTC
from mingji.metrics import actions
from mingji.metrics.mapping import From
from mingji.rules.text import Text
at = datetime(2026, 11, 20, 1, tzinfo=UTC)
actions.create_source("system", "inbox", "crm", Text("线索", "Leads"), at)
actions.set_up_source("system", "crm", {"pattern": "*.csv"}, at)
names = ["lead_id", "created_on", "owner"]
told = actions.SourceMapping("leads", {name: From(name) for name in names}, names)
actions.map_source("system", "crm", told, at)
actions.schedule_source("system", "crm", actions.SourcePlan("daily"), at)
"""


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one folder source of leads, made once and copied for each test."""
    home = tmp_path_factory.mktemp("founded")
    subprocess.run([sys.executable, "-c", SET_UP], env=_environment(home), check=True)
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(founded, home)
    (home / "inbox").mkdir()
    return home


@pytest.fixture
def mingji(home: Path) -> Run:
    """`mingji("list")`: the command, in the installation of this test."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mingji", "sources", *arguments]
        return subprocess.run(
            command, env=_environment(home), capture_output=True, text=True, check=False
        )

    return run


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINGJI_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "mingji.web.settings",
        "MINGJI_HOME": str(home),
        "MINGJI_LANG": "en",
        "MINGJI_NOW": "2026-11-20T09:30:00+08:00",
    }


def _file(home: Path, rows: int, name: str = "leads.csv") -> None:
    lines = (f"L{n},2026-07-{n % 28 + 1:02},owner-{n % 50}" for n in range(rows))
    text = "\n".join(["lead_id,created_on,owner", *lines, ""])
    (home / "inbox" / name).write_text(text, encoding="utf-8")


def _bytes(home: Path) -> dict[str, bytes]:
    """The rows of every batch by file name."""
    files = (home / "warehouse" / "batches").rglob("*.parquet")
    return {path.name: path.read_bytes() for path in files}


def test_sources_are_listed_tested_and_run(mingji: Run, home: Path) -> None:
    assert mingji("test", "crm").returncode == 2
    _file(home, 3)
    assert mingji("test", "crm").returncode == 0

    due = mingji("run", "--due", "--format", "json")
    assert (due.returncode, json.loads(due.stdout)["sources"][0]["loaded"]) == (0, "3")
    assert json.loads(mingji("run", "--due", "--format", "json").stdout)["sources"] == []
    again = mingji("run", "crm", "--format", "csv")
    assert again.stdout.splitlines()[1].split(",")[2] == "nothing"
    listed = mingji("list", "--format", "csv")
    assert listed.returncode == 0
    assert "fresh" in listed.stdout
    assert "2026-11-21T06:00+08:00" in listed.stdout


def test_the_exit_code_says_whether_to_look(mingji: Run, home: Path) -> None:
    (home / "inbox" / "a.csv").write_text("lead_id,created_on,owner\nL1,soon,x\n")
    assert mingji("run", "crm").returncode == 1
    (home / "inbox" / "b.csv").write_text("number,created_on,owner\nL1,2026-07-01,x\n")
    failed = mingji("run", "crm")
    assert failed.returncode == 2
    assert "no column “lead_id”" in failed.stderr
    assert mingji("list").returncode == 2


@pytest.mark.parametrize("arguments", [("run",), ("run", "crm", "--due"), ("run", "none")])
def test_what_cannot_be_run_is_told(mingji: Run, arguments: tuple[str, ...]) -> None:
    done = mingji(*arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_killed_run_is_taken_up_and_leaves_the_same_bytes(mingji: Run, home: Path) -> None:
    untouched = home.with_name("untouched")
    _file(home, 100_000, "a.csv")
    _file(home, 150_000, "b.csv")
    shutil.copytree(home, untouched)
    command = [sys.executable, "-m", "mingji", "sources", "run", "crm"]
    killed = subprocess.Popen(command, env=_environment(home), stderr=subprocess.DEVNULL)
    folder = home / "warehouse" / "batches" / "leads"
    while not list(folder.glob("*.part")) and killed.poll() is None:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    done = json.loads(mingji("run", "crm", "--format", "json").stdout)["sources"][0]
    subprocess.run(command, env=_environment(untouched), check=True, capture_output=True)

    assert killed.returncode == -signal.SIGKILL
    assert (done["status"], done["loaded"]) == ("succeeded", "250000")
    assert _bytes(home) == _bytes(untouched)


START = """
import django; django.setup()
from mingji.kit import clock
from mingji.metrics import actions
run = actions.start_run("system", "crm", clock.now)
print(run.pk, run.status)
"""
LOOK = """
import django, json; django.setup()
from mingji.metrics.models import SourceRun
from mingji.metrics.locking import is_anybody_on
run = SourceRun.objects.get()
told = {"status": run.status, "loaded": run.loaded, "who": run.who}
print(json.dumps({**told, "working": is_anybody_on("crm")}))
"""


def done(script: str, home: Path) -> str:
    command = [sys.executable, "-c", script]
    ended = subprocess.run(
        command, env=_environment(home), capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_the_start_answers_at_once_and_the_work_outlives_who_started_it(home: Path) -> None:
    _file(home, 20_000, "a.csv")

    assert done(START, home).split()[1] == "running"

    seen = json.loads(done(LOOK, home))
    while seen["working"]:
        time.sleep(0.1)
        seen = json.loads(done(LOOK, home))
    assert seen == {"status": "succeeded", "loaded": 20_000, "who": "system", "working": False}
