"""Files put into a folder are read once each, and what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.connectors.conftest import Mirror
from mingji.connectors.folder import ENTITIES, Folder, FolderSettings
from mingji.connectors.settings import decoded
from mingji.metrics.definitions import library
from mingji.rules.errors import Invalid

BAIDU = "日期,推广计划,展现,点击,消费\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Folder]:
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path))
    (tmp_path / "ads").mkdir()
    return tmp_path / "ads", Folder(decoded(FolderSettings, {"folder": "ads", "currency": "cny"}))


def test_each_file_of_a_folder_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, source = folder(tmp_path, monkeypatch)
    write(place / "10-30.csv", f"{BAIDU}2026-10-30,品牌,100,5,40\n")
    write(place / "10-31.csv", f"{BAIDU}2026-10-31,品牌,100,5,41\n")
    (place / "~$lock.xlsx").write_bytes(b"")
    spend = Mirror(source, "spend")

    assert source.test().ok
    assert [row["amount_with_currency"] for row in spend.take()] == ["40 CNY", "41 CNY"]
    assert spend.take() == []
    write(place / "11-01.csv", f"{BAIDU}2026-11-01,品牌,100,5,42\n")
    write(place / "again.csv", f"{BAIDU}2026-10-30,品牌,100,5,40\n")
    assert [row["spent_on"] for row in spend.take()] == ["2026-11-01"]
    assert source.preview("spend", 1).rows[0][1] == "2026-10-30"
    assert source.preview("leads").rows == ()


def test_what_cannot_be_read_is_named_when_the_rest_was_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, source = folder(tmp_path, monkeypatch)
    write(place / "1 notes.csv", "what,ever\n1,2\n")
    write(place / "2 good.csv", f"{BAIDU}2026-10-30,品牌,100,5,40\n")
    write(place / "3 accounts.csv", "日期,账户,展现,点击,消费\n2026-10-30,明绩,100,5,40\n")
    deliveries = source.read("spend")

    assert next(deliveries).reading.file == "2 good.csv"
    with pytest.raises(Invalid) as left_out:
        next(deliveries)
    assert [finding.place.file or finding.code for finding in left_out.value.findings] == [
        "1 notes.csv",
        "level",
    ]
    assert "重复计入" in left_out.value.findings[1].message.zh
    assert not source.test().ok


def test_a_folder_lies_where_sources_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJI_SOURCES", str(tmp_path / "allowed"))
    for name in ("../other", "/etc"):
        with pytest.raises(Invalid):
            Folder(decoded(FolderSettings, {"folder": name}))
    (tmp_path / "allowed" / "in").mkdir(parents=True)
    secret = write(tmp_path / "secret.csv", f"{BAIDU}2026-10-30,品牌,100,5,40\n")
    (tmp_path / "allowed" / "in" / "link.csv").symlink_to(secret)
    assert list(Folder(decoded(FolderSettings, {"folder": "in"})).read("spend")) == []


def test_suggestions_fit_the_canonical_tables() -> None:
    tables = library().definitions.tables
    for entity in ENTITIES:
        if entity.table:
            columns = tables[entity.table].columns
            assert {name for name, each in columns.items() if not each.optional} <= set(
                entity.columns
            )
            assert set(entity.columns) <= {*columns, "conversions"}
