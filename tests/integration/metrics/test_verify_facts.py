"""`mingji verify --facts`: a batch whose bytes are no longer those that were loaded is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mingji.cli import main


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["verify", "--facts", *arguments])


def a_batch(table: str) -> tuple[Path, Path]:
    """The rows and the manifest of the first batch of a table."""
    from mingji.metrics.definitions import warehouse

    folder = warehouse().root / "batches" / table
    rows = min(folder.glob("*.parquet"))
    return rows, rows.with_name(rows.name.partition(".")[0] + ".json")


@pytest.fixture(autouse=True)
def loaded(refreshed: Any) -> None:
    """Facts are in the warehouse."""


def test_batches_as_they_were_loaded_hold() -> None:
    answer = verify("--format", "json", "--lang", "en")

    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert "leads" in {row["table"] for row in told["results"]}
    assert {row["same"] for row in told["results"]} == {"yes"}


def test_a_changed_byte_and_a_lost_file_are_named_with_a_remedy() -> None:
    changed = a_batch("leads")[0]
    whole = bytearray(changed.read_bytes())
    whole[len(whole) // 2] ^= 1
    changed.write_bytes(bytes(whole))

    answer = verify("--lang", "zh")

    assert answer.exit_code == 2
    assert answer.stdout.count("NO") == 1
    assert f"批次文件 {changed.name} 不在了，或者内容和载入时不同" in answer.stderr
    assert "备份" in answer.stderr
    changed.unlink()
    assert verify().exit_code == 2


def test_a_batch_of_an_earlier_version_is_not_called_right() -> None:
    manifest = a_batch("leads")[1]
    said = json.loads(manifest.read_text(encoding="utf-8"))
    del said["parts"]
    manifest.write_text(json.dumps(said), encoding="utf-8")

    told = json.loads(verify("--format", "json").stdout)

    assert "?" in {row["same"] for row in told["results"]}
    assert "batch_unknown" in {finding["code"] for finding in told["findings"]}


def test_one_thing_is_checked_at_a_time() -> None:
    assert verify("--goals").exit_code == 2
