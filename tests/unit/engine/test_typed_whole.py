"""A share of a typed-in whole: one's own sales of the market that a report gives the size of."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from mingji.engine.corrections import Correction
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.lineage import rows
from mingji.engine.observation import Observation
from mingji.engine.observe import Cut, look, observe
from mingji.engine.touched import touched
from mingji.engine.typed import TYPED
from mingji.engine.warehouse import Warehouse

DEFINITIONS = load_definitions("""
tables:
  orders:
    key: id
    time: day
    owner: rep
    columns:
      id: text
      day: date
      rep: text
      channel: text
      amount: {type: decimal, unit: CNY, scale: 2}
metrics:
  revenue: {table: orders, column: amount}
  market: {type: typed, unit: CNY}
  market_share: {type: share, metric: revenue, of: market, of_total: true}
  share_gained: {type: growth, metric: market_share, as: difference}
""")
PEOPLE = Identity(
    postings=(
        Posting("anna", {"unit_0": "company", "unit_1": "north"}),
        Posting("bo", {"unit_0": "company", "unit_1": "south"}),
    )
)


def an_order(number: int, day: str, who: str, amount: str, channel: str = "") -> Correction:
    cells = {"day": day, "rep": who, "amount": amount, "channel": channel}
    return Correction(number, "orders", "add", (f"O{number}",), cells)


def a_size(number: int, period: str, level: str, who: str, value: str) -> Correction:
    return Correction(number, TYPED, "add", ("market", period, level, who), {"value": value})


# Q2: anna 120, the market 2,400. Q3: anna 90 + 60, bo 50, the market 2,000. Q4: no size yet.
ROWS = (
    an_order(1, "2026-05-05", "anna", "120", "web"),
    an_order(2, "2026-07-05", "anna", "90", "web"),
    an_order(3, "2026-08-05", "anna", "60", "fair"),
    an_order(4, "2026-09-05", "bo", "50", "fair"),
    an_order(5, "2026-10-05", "bo", "70", "web"),
    a_size(6, "2026Q2", "company", "company", "2400"),
    a_size(7, "2026Q3", "company", "company", "2000"),
    a_size(8, "2026Q3", "team", "north", "500"),
)
QUARTERS = ("2026Q2", "2026Q3", "2026Q4")


def told(tmp_path: Path, metric: str, *by: str, empty: bool = False) -> list[Observation]:
    answer = observe(
        Warehouse(tmp_path, ROWS),
        DEFINITIONS,
        metrics=[metric],
        by=by,
        periods=QUARTERS,
        identity=PEOPLE,
        empty=empty,
    )
    return list(answer.rows)


def values(rows: list[Observation]) -> dict[tuple[str, ...], Decimal | None]:
    return {tuple(row.keys.values()): row.value for row in rows}


def test_the_companys_share_is_its_sales_of_the_market_that_was_typed_in(tmp_path: Path) -> None:
    assert values(told(tmp_path, "market_share", "period")) == {
        ("2026Q2",): Decimal("0.05"),  # 120 of 2,400
        ("2026Q3",): Decimal("0.1"),  # 200 of 2,000
        ("2026Q4",): None,  # sold 70, and nobody knows the market: no data, not zero
    }


def test_members_and_teams_have_their_share_of_the_companys_market(tmp_path: Path) -> None:
    assert values(told(tmp_path, "market_share", "member", "period")) == {
        ("anna", "2026Q2"): Decimal("0.05"),
        ("anna", "2026Q3"): Decimal("0.075"),  # 150 of 2,000
        ("bo", "2026Q3"): Decimal("0.025"),
        ("bo", "2026Q4"): None,
    }
    # Not of the 500 that were typed in for the team itself.
    assert values(told(tmp_path, "market_share", "unit_1", "period"))["north", "2026Q3"] == Decimal(
        "0.075"
    )


def test_a_dimension_of_the_part_cuts_the_share(tmp_path: Path) -> None:
    found = values(told(tmp_path, "market_share", "channel", "period"))

    assert found["web", "2026Q3"] == Decimal("0.045")  # 90 of 2,000
    assert found["fair", "2026Q3"] == Decimal("0.055")  # 110 of 2,000


def test_who_sold_nothing_has_no_data_and_a_missing_size_says_so(tmp_path: Path) -> None:
    found = {
        tuple(row.keys.values()): row
        for row in told(tmp_path, "market_share", "member", "period", empty=True)
    }

    assert found["bo", "2026Q2"].value is None
    without = found["bo", "2026Q4"].node
    assert without.flags == ("no_data",)
    assert [child.value for child in without.inputs] == [Decimal(70), None]


def test_the_share_grows_in_points(tmp_path: Path) -> None:
    found = values(told(tmp_path, "share_gained", "period"))

    assert (found["2026Q3",], found["2026Q4",]) == (Decimal(5), None)


def test_the_reasons_open_to_the_row_of_the_company(tmp_path: Path) -> None:
    (row,) = [
        each
        for each in told(tmp_path, "market_share", "member", "period")
        if tuple(each.keys.values()) == ("bo", "2026Q3")
    ]
    whole = row.node.inputs[1]

    assert (whole.label.zh, whole.value) == ("market（全部）", Decimal(2000))
    assert row.node.formula.zh.endswith("50.00 ÷ 2000.00 = 0.0250")
    page = rows(Warehouse(tmp_path, ROWS), DEFINITIONS, whole.sources[0].ref, identity=PEOPLE)
    assert [each[:5] for each in page.rows] == [
        ("market", "2026Q3", "company", "company", page.rows[0][4])
    ]


def test_the_metric_itself_and_its_share_are_asked_for_together(tmp_path: Path) -> None:
    cuts = [Cut((whose, "period"), ("market", "market_share")) for whose in ("member", "unit_1")]
    looked = look(
        Warehouse(tmp_path, ROWS), DEFINITIONS, cuts, periods=QUARTERS, identity=PEOPLE, empty=False
    )
    found = {(row.metric, *row.keys.values()): row.value for row in looked.rows(1)}

    assert found["market", "north", "2026Q3"] == Decimal(500)
    assert found["market_share", "north", "2026Q3"] == Decimal("0.075")
    assert not [row for row in looked.rows(0) if row.metric == "market"]


def test_the_value_that_was_typed_in_is_behind_everybodys_share(tmp_path: Path) -> None:
    found = touched(
        Warehouse(tmp_path, ROWS),
        DEFINITIONS,
        metrics=["market_share"],
        by=("member", "period"),
        periods=QUARTERS,
        identity=PEOPLE,
    )

    assert found["market-company", ("2026Q3",)] == {7}
    assert found["revenue", ("bo", "2026Q3")] == {4}
