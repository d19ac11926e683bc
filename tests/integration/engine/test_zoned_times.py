"""A time of day with a time zone counts on the day that is written, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.engine.conftest import Judge
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

HEADER = "商机编号,负责人,关闭日期,金额\n"


def lines(*times: str) -> str:
    return HEADER + "".join(f"A{at},甲,{time},{10**at}\n" for at, time in enumerate(times))


@pytest.mark.parametrize("zone", ["Z", "+00:00", "+0000", " UTC"])
def test_universal_time_is_told_with_its_count(judge: Judge, zone: str) -> None:
    told = judge(lines(f"2026-04-30T16:30:00{zone}", "2026-05-02"), by="month")

    assert told.values == {"2026-04": "1.00", "2026-05": "10.00"}
    assert told.findings == [("zoned_times", 1)]
    assert f"{zone.strip()} (1)" in told.words


def test_two_zones_in_one_column_are_told(judge: Judge) -> None:
    told = judge(lines("2026-03-29T01:59:59+01:00", "2026-03-29 03:00:00.5+02:00"))

    assert told.findings == [("zoned_times", 2)]
    assert "+01:00 (1)、+02:00 (1)" in told.words


def test_local_time_with_its_one_zone_is_nothing_to_be_told(judge: Judge) -> None:
    assert judge(lines("2026-04-30T23:59:59+08:00", "2026-05-01 00:00:00+08:00")).findings == []


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("2026-04-30T16:30:00Z", "2026-05-01"),
        ("2026-04-30T15:59:59.999Z", "2026-04-30"),
        ("2026-04-30 23:59:59+08:00", "2026-04-30"),
        ("2026-12-31T11:30:00-0500", "2027-01-01"),
        ("2024-02-28T16:00:00+00:00", "2024-02-29"),
        ("2026-03-29 22:30", "2026-03-29"),
        ("2026-03-29", "2026-03-29"),
    ],
)
def test_a_column_with_a_zone_counts_times_on_the_day_there(
    tmp_path: Path, time: str, day: str
) -> None:
    definitions = load_definitions(
        "tables: {t: {key: id, columns: {id: text, at: {type: date, zone: Asia/Shanghai}}}}"
    )
    file = tmp_path / "t.csv"
    file.write_text(f"id,at\n1,{time}\n", encoding="utf-8")
    warehouse = Warehouse(tmp_path / "warehouse")

    batch = warehouse.load(definitions.tables["t"], open_file(file), loaded_at="")

    with warehouse.connect(definitions) as connection:
        assert connection.sql("SELECT CAST(t.at AS VARCHAR) FROM t").fetchall() == [(day,)]
    zoned = time[-1] == "Z" or time[10:].count("+") or "-" in time[10:]
    assert [each.code for each in batch.findings] == (["converted_times"] if zoned else [])


def test_summer_time_is_that_of_the_zone(tmp_path: Path) -> None:
    definitions = load_definitions(
        "tables: {t: {key: id, columns: {id: text, at: {type: timestamp, zone: Europe/Berlin}}}}"
    )
    file = tmp_path / "t.csv"
    file.write_text("id,at\n1,2026-03-29T00:59:59Z\n2,2026-03-29T01:00:00Z\n", encoding="utf-8")
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.load(definitions.tables["t"], open_file(file), loaded_at="")

    with warehouse.connect(definitions) as connection:
        times = connection.sql("SELECT CAST(t.at AS VARCHAR) FROM t ORDER BY id").fetchall()
    assert times == [("2026-03-29 01:59:59",), ("2026-03-29 03:00:00",)]


@pytest.mark.parametrize("word", ["{type: date, zone: Mars/Olympus}", "{zone: Asia/Shanghai}"])
def test_a_zone_that_is_none_or_stands_elsewhere_is_refused(word: str) -> None:
    with pytest.raises(Invalid, match="is no time zone for a column of dates"):
        load_definitions(f"tables: {{t: {{columns: {{at: {word}}}}}}}")
