"""A time of day with a time zone counts on the day that is written, and that is told."""

from __future__ import annotations

import pytest

from integration.engine.conftest import Judge

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
