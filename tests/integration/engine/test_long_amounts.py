"""Amounts are added in 18 digits where they fit, in 28 where not: the sums are the same."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from integration.engine.conftest import loader
from mingji.engine.definitions import load_definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse

LONGEST = "9999999999.99999999"  # 18 digits, the longest that is still narrow
LONG = "99999999999999999999.99999999"
DEFINITIONS = load_definitions("""\
tables:
  deals:
    key: id
    owner: owner
    columns: {id: text, owner: text, stage: text, amount: decimal}
metrics:
  total: {table: deals, column: amount, scale: 8}
  won: {table: deals, column: amount, filter: stage = 'Won', scale: 8}
  least: {table: deals, agg: min, column: amount, scale: 8}
  most: {table: deals, agg: max, column: amount, scale: 8}
  mean: {table: deals, agg: average, column: amount, scale: 8}
""")


@pytest.mark.parametrize(
    ("largest", "total", "mean"),
    [
        (LONGEST, "19999999999.99999999", "6666666666.66666666"),
        ("10000000000", "20000000000", "6666666666.66666667"),
        (
            "99999999999999999999.99999999",
            "100000000009999999999.99999999",
            "33333333336666666666.66666666",
        ),
    ],
)
def test_every_digit_is_kept_however_long_the_amounts_are(
    tmp_path: Path, largest: str, total: str, mean: str
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    rows = f"id,owner,stage,amount\n1,Anna,Won,{LONGEST}\n2,Anna,Won,0.00000001\n3,Anna,Lost,"
    loader(tmp_path, warehouse, DEFINITIONS)("deals", f"{rows}{largest}\n")

    answer = observe(warehouse, DEFINITIONS, by=("member",))

    assert {row.metric: row.value for row in answer.rows} == {
        "total": Decimal(total),
        "won": Decimal("10000000000"),
        "least": Decimal("0.00000001"),
        "most": Decimal(largest),
        "mean": Decimal(mean),
    }


@pytest.mark.parametrize("files", [(LONG, "0.5"), ("0.5", LONG)], ids=["long first", "long later"])
def test_files_of_long_and_of_short_amounts_are_counted_together(
    tmp_path: Path, files: tuple[str, str]
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load = loader(tmp_path, warehouse, DEFINITIONS)
    for number, amount in enumerate(files):
        load("deals", f"id,owner,stage,amount\n{number},Anna,Won,{amount}\n")

    answer = observe(warehouse, DEFINITIONS, metrics=["total"], by=("member",))

    assert [row.value for row in answer.rows] == [Decimal("100000000000000000000.49999999")]


def test_a_long_amount_far_down_a_file_changes_none_before_it(tmp_path: Path) -> None:
    short = 400_000
    rows = "".join(f"{n},Anna,Won,{n}.25\n" for n in range(short))
    warehouse = Warehouse(tmp_path / "warehouse")
    load = loader(tmp_path, warehouse, DEFINITIONS)

    batch = load("deals", f"id,owner,stage,amount\n{rows}last,Anna,Won,{LONG}\nmore,Anna,Won,1\n")

    answer = observe(warehouse, DEFINITIONS, metrics=["total"], by=("member",))
    assert batch.loaded == short + 2
    assert [row.value for row in answer.rows] == [Decimal("100000000079999900000.99999999")]
    assert not list((tmp_path / "warehouse").rglob("*.narrow"))
