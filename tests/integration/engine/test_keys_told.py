"""What is told of the keys of a file beside those of the files before it."""

from __future__ import annotations

from integration.engine.conftest import DEALS, Load
from mingji.engine.batches import Batch
from mingji.engine.warehouse import Warehouse

HEADER = DEALS.splitlines()[0]


def deals(*keys: str) -> str:
    return "\n".join([HEADER, *(f"{key},Anna,Won,,2026-01-01,2026-01-02,1" for key in keys)])


def told(batch: Batch) -> list[tuple[str, str, int | None]]:
    return [(each.code, each.severity, each.count) for each in batch.findings]


def test_keys_that_differ_in_leading_zeros_are_told_within_a_file(load: Load) -> None:
    batch = load("deals", deals("007", "7", "07", "10", "A01", "1", "0"))

    assert told(batch) == [("alike_keys", "warning", 2)]
    assert "007 / 07、007 / 7" in batch.findings[0].message.zh


def test_keys_whose_zeros_a_spreadsheet_took_away_are_told_beside_those_of_before(
    load: Load, warehouse: Warehouse
) -> None:
    load("deals", deals("00123", "00124"), "crm.csv")

    batch = load("deals", deals("123", "125"), "excel.csv")

    assert told(batch) == [("alike_keys", "warning", 1)]
    assert "00123 / 123" in batch.findings[0].message.en
    assert [each.superseded for each in warehouse.batches("deals")] == [0, 0]


def test_rows_that_an_export_no_longer_has_are_told_and_count(load: Load) -> None:
    load("deals", deals(*map(str, range(1, 11))), "june.csv")

    batch = load("deals", deals(*map(str, range(1, 8)), "11"), "july.csv")

    assert told(batch) == [
        ("replaced_rows", "info", 7),
        ("rows_no_longer_there", "info", 3),
    ]


def test_a_file_of_changes_only_is_no_export_that_has_lost_rows(load: Load) -> None:
    load("deals", deals(*map(str, range(1, 11))), "june.csv")

    assert told(load("deals", deals("1", "2", "11"), "changes.csv")) == [
        ("replaced_rows", "info", 2)
    ]
