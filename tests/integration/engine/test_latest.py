"""Of rows of one key the one that was changed last stays, in whatever order they come."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from integration.engine.conftest import loader
from mingji.engine.batches import Batch
from mingji.engine.definitions import load_definitions
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

TEXT = """\
tables:
  deals:
    key: id
    latest: changed
    columns: {id: text, changed: timestamp, amount: integer}
"""
DEFINITIONS = load_definitions(TEXT)


def book(folder: Path, *files: str) -> tuple[dict[str, int], list[Batch]]:
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, DEFINITIONS)
    batches = [
        load("deals", f"id,changed,amount\n{text}", f"{at}.csv") for at, text in enumerate(files)
    ]
    with warehouse.connect(DEFINITIONS) as connection:
        return dict(connection.sql("SELECT id, amount FROM deals").fetchall()), batches


def told(batch: Batch) -> dict[str, int | None]:
    return {each.code: each.count for each in batch.findings}


def test_within_a_file_the_row_changed_last_stays_wherever_it_stands(tmp_path: Path) -> None:
    rows = "A,2026-03-01 10:00:01,1\nA,2026-03-01 10:00:00,2\nA,,3\nB,,4\nB,,5\n"

    values, (batch,) = book(tmp_path, rows)

    assert values == {"A": 1, "B": 5}
    assert told(batch) == {"repeated_key": 3}
    assert batch.findings[0].message.zh.endswith("3 行被changed更晚的行取代（第 3, 4, 5 行）")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_files_may_come_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    files = (
        "A,2026-01-01,1\nB,2026-01-01,1\n",
        "A,2026-02-01,2\nC,2026-02-01,2\n",
        "A,2026-03-01,3\n",
    )

    values, batches = book(tmp_path, *(files[at] for at in order))

    assert values == {"A": 3, "B": 1, "C": 2}
    assert ("older_rows" in told(batches[-1])) == (order[-1] != 2)


def test_rows_changed_at_the_same_time_are_told_and_the_later_stays(tmp_path: Path) -> None:
    values, (_, second) = book(tmp_path, "A,2026-01-01,1\nB,2026-01-01,1\n", "A,2026-01-01,2\n")

    assert values == {"A": 2, "B": 1}
    assert told(second) == {"replaced_rows": 1, "tied_rows": 1, "rows_no_longer_there": 1}


def test_a_row_is_counted_as_replaced_once(tmp_path: Path) -> None:
    definitions = load_definitions(TEXT.replace("    latest: changed\n", ""))
    load = loader(tmp_path, Warehouse(tmp_path / "warehouse"), definitions)

    batches = [load("deals", f"id,changed,amount\nA,,{at}\n", f"{at}.csv") for at in range(4)]

    assert [told(batch).get("replaced_rows") for batch in batches] == [None, 1, 1, 1]


@pytest.mark.parametrize(
    "table",
    [
        "{latest: changed, columns: {id: text, changed: date}}",
        "{key: id, latest: name, columns: {id: text, name: text}}",
        "{key: id, latest: other, columns: {id: text}}",
    ],
)
def test_a_column_that_cannot_say_which_row_is_the_last_is_refused(table: str) -> None:
    with pytest.raises(Invalid, match="latest"):
        load_definitions(f"tables: {{deals: {table}}}")
