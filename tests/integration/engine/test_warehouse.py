"""Loading is exactly once, whole or not at all, and loses no row in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.engine.conftest import DEALS, DEFINITIONS, SPEND, Load
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_loading_the_same_content_twice_changes_nothing(load: Load, warehouse: Warehouse) -> None:
    first = load("deals", DEALS)
    before = files(warehouse.root)

    second = load("deals", DEALS, name="another name.csv")

    assert second == first
    assert files(warehouse.root) == before
    assert (first.read, first.loaded, first.sequence) == (8, 8, 1)


def test_rows_that_do_not_fit_are_kept_aside_with_their_place(
    load: Load, warehouse: Warehouse
) -> None:
    bad = (
        DEALS + '9,Bob,Won,MG,2026-01-01,2026-02-02,"1,5"\n10,Bob,Won,MG,2026-01-01,2026-02-30,1\n'
    )

    batch = load("deals", bad + ",Bob,Won,MG,2026-01-01,2026-02-02,1\n11,Bob\n\n")

    assert (batch.read, batch.loaded) == (12, 8)
    assert list(warehouse.rejected(batch)) == [
        {"_row": 12, "column": "id", "value": None, "reason": "missing"},
        {"_row": 11, "column": "closed_on", "value": "2026-02-30", "reason": "impossible_date"},
        {"_row": 10, "column": "amount", "value": "1,5", "reason": "ambiguous_number"},
        {"_row": 13, "column": "", "value": "11,Bob", "reason": "misshapen"},
    ]
    warnings = [each for each in batch.findings if each.severity == "warning"]
    assert {each.place.line for each in warnings} == {10, 11, 12, 13}


def test_within_a_file_the_later_row_of_a_key_wins_and_is_told(
    load: Load, warehouse: Warehouse, definitions: Definitions
) -> None:
    batch = load("deals", DEALS + "1,Anna,Lost,GTXPro,2026-01-01,2026-01-11,0\n")

    answer = observe(warehouse, definitions, metrics=["won_value"], by=("member",))

    assert ("repeated_key", 1) in {(each.code, each.count) for each in batch.findings}
    anna = answer.at("won_value", member="Anna")
    assert anna is not None
    assert str(anna.value) == "200.20"


def test_a_later_batch_replaces_rows_of_the_same_key(
    load: Load, warehouse: Warehouse, definitions: Definitions
) -> None:
    load("deals", DEALS)
    header = DEALS.splitlines()[0]

    update = load("deals", f"{header}\n1,Anna,Won,MG,2026-01-01,2026-01-11,1.10\n", "update.csv")

    answer = observe(warehouse, definitions, metrics=["won_value"], by=("member",))
    assert [(each.code, each.count) for each in update.findings] == [("replaced_rows", 1)]
    anna = answer.at("won_value", member="Anna")
    assert anna is not None
    assert str(anna.value) == "201.30"
    assert anna.node.sources[0].origin == ("deals.csv", "update.csv")


def test_a_repeated_key_of_a_dimension_does_not_multiply_rows(
    load: Load, warehouse: Warehouse, definitions: Definitions
) -> None:
    load("deals", DEALS)
    load("products", "product,series\nMG,old\nMG,MG\nGTX Pro,GTX\n")

    answer = observe(warehouse, definitions, metrics=["won"], by=("series",))

    won = {row.keys["series"]: row.value for row in answer.rows}
    assert won == {"": 1, "GTX": 2, "MG": 2}


def test_money_is_added_exactly_far_beyond_binary_floats(
    load: Load, warehouse: Warehouse, definitions: Definitions
) -> None:
    header = DEALS.splitlines()[0]
    row = "{},Anna,Won,MG,2026-01-01,2026-01-11,{}\n"
    amounts = ["9007199254740993.01", *["0.1"] * 9, "0.11"]
    rows = "".join(row.format(number, amount) for number, amount in enumerate(amounts))
    load("deals", f"{header}\n{rows}")

    answer = observe(warehouse, definitions, metrics=["won_value", "average"], by=("member",))

    assert [str(each.value) for each in answer.rows] == [
        "9007199254740994.02",
        "818836295885544.91090909090909090909",
    ]


def test_two_versions_of_a_file_without_a_key_are_told(load: Load) -> None:
    load("spend", SPEND)

    again = load("spend", SPEND + "2026-04-07,mail,1\n")

    assert [each.code for each in again.findings] == ["same_file_name"]


def test_a_missing_column_is_named_and_nothing_is_written(load: Load, warehouse: Warehouse) -> None:
    with pytest.raises(Invalid, match="no column “amount”") as refused:
        load("deals", DEALS.replace("amount", "amt"))

    assert "amt" in refused.value.findings[0].remedy.en
    assert not warehouse.root.exists()


def test_a_column_that_stands_twice_is_refused(load: Load) -> None:
    with pytest.raises(Invalid, match="more than one column"):
        load("products", "product,series,Series\nMG,MG,X\n")


def test_a_file_breaking_off_leaves_no_batch(
    tmp_path: Path, warehouse: Warehouse, definitions: Definitions
) -> None:
    reading = open_file(_written(tmp_path / "deals.csv", DEALS))

    def broken():  # type: ignore[no-untyped-def]
        yield from open_file(tmp_path / "deals.csv").batches()
        raise OSError("the disk went away")

    reading.batches = broken
    with pytest.raises(OSError, match="went away"):
        warehouse.load(definitions.tables["deals"], reading, loaded_at="2026-11-22")

    assert warehouse.batches("deals") == []
    assert files(warehouse.root) == {}


def test_changed_column_types_ask_for_loading_again(
    tmp_path: Path, load: Load, warehouse: Warehouse
) -> None:
    load("deals", DEALS)
    changed = load_definitions(
        DEFINITIONS.replace("product: {type: text, values: {GTXPro: GTX Pro}}", "product: text")
    )
    with pytest.raises(Invalid, match=r"have changed since deals\.csv"):
        warehouse.connect(changed)

    path = tmp_path / "deals.csv"
    warehouse.load(changed.tables["deals"], open_file(path), loaded_at="2026-11-22")

    with warehouse.connect(changed) as connection:
        assert connection.sql("SELECT count(*) FROM deals").fetchall() == [(8,)]
    assert [batch.sequence for batch in warehouse.batches("deals")] == [1]


@pytest.mark.parametrize("order", [("old.csv", "new.csv"), ("new.csv", "old.csv")])
def test_loading_again_in_any_order_keeps_which_row_came_later(
    tmp_path: Path, load: Load, warehouse: Warehouse, order: tuple[str, str]
) -> None:
    header = DEALS.splitlines()[0]
    load("deals", f"{header}\n1,Anna,Won,MG,2026-01-01,2026-01-11,1\n", "old.csv")
    load("deals", f"{header}\n1,Anna,Won,MG,2026-01-01,2026-01-11,2\n", "new.csv")
    changed = load_definitions(DEFINITIONS.replace("unit: CNY}", "unit: CNY, scale: 2}", 1))

    for name in order:
        path = tmp_path / name
        warehouse.load(changed.tables["deals"], open_file(path), loaded_at="2026-11-22")

    with warehouse.connect(changed) as connection:
        assert connection.sql("SELECT amount FROM deals").fetchall() == [(2,)]
    assert len(list(warehouse.root.rglob("*.json"))) == 2


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
