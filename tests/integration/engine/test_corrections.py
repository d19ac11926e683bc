"""A correction changes what counts, never what was loaded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from integration.engine.conftest import Load
from integration.engine.test_observe import IDENTITY
from mingji.engine.corrections import Correction, check_correction
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.touched import touched
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

QUARTER = "2026Q1"


def corrected(book: Warehouse, *corrections: Correction) -> Warehouse:
    return Warehouse(book.root, corrections)


def won(book: Warehouse, definitions: Definitions, member: str) -> Decimal | None:
    answer = observe(
        book,
        definitions,
        metrics=["won_value"],
        by=("member", "period"),
        periods=[QUARTER],
        identity=IDENTITY,
    )
    found = answer.at("won_value", member=member, period=QUARTER)
    return found.value if found else None


def files(book: Warehouse, definitions: Definitions, member: str) -> list[str]:
    page = rows(book, definitions, f"won?member={member}&period={QUARTER}", identity=IDENTITY)
    place = page.columns.index("_file")
    return [str(row[place]) for row in page.rows]


def test_a_row_that_is_excluded_no_longer_counts(book: Warehouse, definitions: Definitions) -> None:
    mended = corrected(book, Correction(1, "deals", "exclude", ("2",)))

    assert won(book, definitions, "anna") == Decimal("300.30")
    assert won(mended, definitions, "anna") == Decimal("100.10")


def test_a_row_with_another_owner_moves_and_its_lineage_names_the_correction(
    book: Warehouse, definitions: Definitions
) -> None:
    mended = corrected(book, Correction(12, "deals", "change", ("2",), {"rep": "Bob"}))

    assert won(mended, definitions, "anna") == Decimal("100.10")
    assert won(mended, definitions, "bob") == Decimal("200.25")
    assert files(mended, definitions, "bob") == ["deals.csv · correction №12", "deals.csv"]


def test_a_missing_row_counts_until_the_source_brings_it(
    book: Warehouse, definitions: Definitions
) -> None:
    row = {"rep": "Anna", "stage": "Won", "closed_on": "2026-03-01", "amount": "50"}
    missing = corrected(book, Correction(3, "deals", "add", ("99",), row))
    known = corrected(book, Correction(3, "deals", "add", ("1",), row))

    assert won(missing, definitions, "anna") == Decimal("350.30")
    assert "correction №3" in files(missing, definitions, "anna")
    assert won(known, definitions, "anna") == Decimal("300.30")


def test_a_correction_outlasts_a_later_delivery_and_what_it_does_not_name_follows_the_source(
    warehouse: Warehouse, definitions: Definitions, load: Load
) -> None:
    change = Correction(1, "deals", "change", ("2",), {"rep": "Bob"})
    header = "id,rep,stage,product,opened_on,closed_on,amount\n"
    load("deals", f"{header}2,Anna,Open,MG,2026-01-01,2026-02-20,200\n")
    load("deals", f"{header}2,Anna,Won,MG,2026-01-01,2026-02-20,777\n", name="later.csv")

    assert won(corrected(warehouse, change), definitions, "bob") == Decimal("777.00")


def test_where_corrections_meet_the_later_one_wins(
    book: Warehouse, definitions: Definitions
) -> None:
    first = Correction(1, "deals", "change", ("2",), {"amount": "1", "rep": "Bob"})
    second = Correction(2, "deals", "change", ("2",), {"amount": "2"})

    assert won(corrected(book, second, first), definitions, "bob") == Decimal("2.05")


def test_the_batches_are_the_same_bytes_with_and_without_corrections(
    book: Warehouse, definitions: Definitions
) -> None:
    before = {path: path.read_bytes() for path in sorted(book.root.rglob("*")) if path.is_file()}
    won(corrected(book, Correction(1, "deals", "exclude", ("2",))), definitions, "anna")

    assert {p: p.read_bytes() for p in sorted(book.root.rglob("*")) if p.is_file()} == before


def test_the_numbers_that_a_correction_moved_are_known_also_where_a_row_left(
    book: Warehouse, definitions: Definitions
) -> None:
    mended = corrected(
        book,
        Correction(4, "deals", "change", ("2",), {"rep": "Bob"}),
        Correction(5, "deals", "exclude", ("3",)),
    )

    found = touched(
        mended,
        definitions,
        metrics=["win_rate"],
        by=("member", "period"),
        periods=[QUARTER],
        identity=IDENTITY,
    )

    assert found == {
        ("won", ("anna", QUARTER)): {4},
        ("won", ("bob", QUARTER)): {4},
        ("closed", ("anna", QUARTER)): {4, 5},
        ("closed", ("bob", QUARTER)): {4},
    }


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (Correction(1, "deals", "change", ("1",), {"amount": "ten"}), "amount cannot be “ten”"),
        (Correction(1, "deals", "change", ("1",), {"id": "2"}), "“id” cannot be corrected"),
        (Correction(1, "deals", "change", ("1",), {}), "no column would be different"),
        (Correction(1, "deals", "change", ("1",), {"closed_on": ""}), "closed_on cannot be empty"),
        (Correction(1, "deals", "exclude", ()), "does not say which row"),
        (Correction(1, "spend", "exclude", ("x",)), "has no key"),
    ],
)
def test_a_correction_that_a_table_cannot_take_is_refused_in_words(
    definitions: Definitions, correction: Correction, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_correction(definitions.tables[correction.table], correction)

    assert said in refused.value.message.en


def test_an_empty_warehouse_can_be_corrected(tmp_path: Path, definitions: Definitions) -> None:
    row = {"rep": "Anna", "stage": "Won", "closed_on": "2026-03-01", "amount": "50"}
    empty = Warehouse(tmp_path / "none", (Correction(1, "deals", "add", ("9",), row),))

    assert won(empty, definitions, "anna") == Decimal("50.00")
