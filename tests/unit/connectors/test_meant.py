"""How cells are meant when somebody said so: rewritten digit by digit, or set aside."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.connectors.files import open_file
from mingji.connectors.inbox import first_rows
from mingji.connectors.meant import UNITS, Way, _column, meant


def read(cells, way):
    return _column(pa.array(cells, pa.string()), way).to_pylist()


def test_the_order_of_day_and_month_is_the_one_that_was_said():
    cells = ["03/04/2026", "3.4.2026 10:00", "2026-01-31", "soon", None]

    assert read(cells, Way(dates="dmy")) == [
        "2026-04-03",
        "2026-4-3 10:00",
        "2026-01-31",
        "soon",
        None,
    ]
    assert read(cells, Way(dates="mdy"))[0] == "2026-03-04"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1.052,75", "1052.75"),
        ("1052,75", "1052.75"),
        ("1 052,7", "1052.7"),
        ("-3,5 €", "-3.5 €"),
        ("¥1.000", "¥1000"),
        ("(1.234,50)", "(1234.50)"),
        ("7", "7"),
        ("1052.75", "1052.75 ?"),
        ("1.05", "1.05 ?"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_a_decimal_comma_is_read_and_what_contradicts_it_is_marked(cell, told):
    assert read([cell], Way(comma=True)) == [told]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("12.5", "125000."),
        ("1,234.56789", "12345678.9"),
        ("¥3", "¥30000."),
        ("5万", "5万"),
        ("12%", "12%"),
        ("-", "-"),
    ],
)
def test_a_unit_moves_the_point_unless_the_cell_names_its_own(cell, told):
    assert read([cell], Way(unit="10000")) == [told]


@given(st.decimals(min_value=0, max_value=10**9, places=6), st.sampled_from(sorted(UNITS)))
def test_moving_the_point_is_exact(number, unit):
    (told,) = read([f"{number:f}"], Way(unit=unit))

    assert Decimal(told) == number * int(unit)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_number_written_with_a_comma_comes_back(number):
    written = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))

    assert Decimal(read([written], Way(comma=True))[0]) == number


def test_a_reading_says_in_its_digest_how_it_was_meant(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("id;amount\n1;3,5\n", encoding="utf-8")
    plain = open_file(path)

    said = meant(plain, {"amount": Way(comma=True)})

    assert list(first_rows(said, 5)) == [("1", "3.5")]
    assert said.digest != plain.digest
    assert meant(plain, {"amount": Way()}) is plain
