"""Growth, cumulative and lagged metrics: numbers worked by hand on the days that they look at."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.engine.conftest import loader
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, OwnerLink, Posting
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observation import Observations
from mingji.engine.observe import observe
from mingji.engine.periods import Fiscal
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid
from mingji.rules.explanation import to_json

SALES = """\
tables:
  sales:
    key: id
    time: day
    owner: rep
    columns:
      id: text
      rep: text
      channel: text
      customer: text
      day: date
      won: boolean
      amount: {type: decimal, unit: CNY, scale: 2}
metrics:
  revenue: {table: sales, column: amount, unit: CNY, filter: won}
  deals: {table: sales, agg: count, unit: deals}
  won_deals: {table: sales, agg: count, unit: deals, filter: won}
  win_rate: {type: ratio, numerator: won_deals, denominator: deals}
  customers: {table: sales, agg: count_distinct, column: customer, unit: customers}
  middle: {table: sales, agg: median, column: amount}
  growth: {type: growth, metric: revenue}
  yearly: {type: growth, metric: revenue, against: last_year}
  more: {type: growth, metric: revenue, as: difference}
  rate_change: {type: growth, metric: win_rate, as: difference}
  to_date: {type: cumulative, metric: revenue, grain_to_date: year}
  ever: {type: cumulative, metric: customers}
  rate_to_date: {type: cumulative, metric: win_rate, grain_to_date: year}
  middle_to_date: {type: cumulative, metric: middle, grain_to_date: year}
  days_40: {type: cumulative, metric: revenue, window: 40 days}
  two_periods: {type: cumulative, metric: revenue, window: 2 periods}
  to_date_growth: {type: growth, metric: to_date, against: last_year}
  before: {type: lagged, metric: deals, offset_window: 2 periods}
  days_before: {type: lagged, metric: deals, offset_window: 90 days}
  won_per_earlier_deal: {type: derived, formula: won_deals / before}
"""

ROWS = """\
id,rep,channel,customer,day,won,amount
1,ann,ads,A,2025-01-10,true,100
2,ann,ads,B,2025-02-10,false,7
3,bob,mail,A,2025-08-01,true,50
4,ann,ads,A,2026-01-10,true,80
5,ann,mail,C,2026-02-10,true,40
6,bob,ads,A,2026-03-10,false,9
7,ann,ads,C,2026-05-20,true,150
8,bob,mail,D,2026-06-30,true,30
9,bob,mail,B,2026-07-01,true,-10
"""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(SALES)


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    folder = tmp_path_factory.mktemp("sales")
    warehouse = Warehouse(folder / "warehouse")
    loader(folder, warehouse, definitions)("sales", ROWS)
    return warehouse


def told(answer: Observations, metric: str, **keys: str) -> tuple[str | None, tuple[str, ...]]:
    found = answer.at(metric, **keys)
    assert found is not None
    return None if found.value is None else str(found.value), found.node.flags


def value(answer: Observations, metric: str, **keys: str) -> str | None:
    return told(answer, metric, **keys)[0]


def test_growth_is_the_change_divided_by_the_period_before(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(sales, definitions, metrics=["growth", "more"], by=("period",))

    # 2026Q1: 120, 2026Q2: 180, 2026Q3: -10.
    assert value(answer, "growth", period="2026Q2") == "0.5000"
    assert value(answer, "more", period="2026Q2") == "60.00"
    assert value(answer, "growth", period="2026Q3") == "-1.05555555555555555556"
    node = answer.at("growth", period="2026Q2").node  # type: ignore[union-attr]
    assert (
        node.formula.en
        == "(revenue − revenue (2026Q1)) ÷ revenue (2026Q1) = (180.00 − 120.00) ÷ 120.00 = 0.5000"
    )
    assert [(each.key, each.value) for each in node.inputs] == [
        ("revenue", Decimal(180)),
        ("revenue@2026Q1", Decimal(120)),
    ]


def test_growth_against_last_year_reads_the_year_before_though_it_was_not_asked_for(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        sales, definitions, metrics=["yearly", "revenue"], by=("period",), periods=["2026Q1"]
    )

    assert value(answer, "yearly", period="2026Q1") == "0.2000"  # 120 against 100
    assert {row.keys["period"] for row in answer.rows} == {"2026Q1"}


def test_a_base_that_is_missing_zero_or_negative_gives_no_rate_and_says_so(
    sales: Warehouse, definitions: Definitions
) -> None:
    by_month = observe(sales, definitions, metrics=["growth", "more"], by=("month",))
    answer = observe(
        sales,
        definitions,
        metrics=["growth", "more"],
        by=("period",),
        periods=["2025Q1", "2025Q4", "2026Q4"],
    )

    assert told(answer, "growth", period="2025Q1") == (None, ("no_data", "no_base"))
    assert told(answer, "growth", period="2025Q4") == (None, ("no_data",))
    assert told(answer, "growth", period="2026Q4") == (None, ("no_data",))
    assert told(by_month, "growth", month="2025-02") == ("-1.0000", ())
    assert told(by_month, "growth", month="2026-07") == ("-1.33333333333333333333", ())


def test_growth_from_below_zero_is_no_rate(tmp_path: Path, definitions: Definitions) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    text = (
        "id,rep,channel,customer,day,won,amount\n"
        "1,a,x,A,2026-01-01,true,-5\n2,a,x,A,2026-02-01,true,5\n"
        "3,a,x,A,2026-03-01,false,5\n4,a,x,A,2026-04-01,true,1\n"
    )
    loader(tmp_path, warehouse, definitions)("sales", text)

    answer = observe(warehouse, definitions, metrics=["growth", "more"], by=("month",))

    assert told(answer, "growth", month="2026-02") == (None, ("no_data", "negative_base"))
    assert value(answer, "more", month="2026-02") == "10.00"
    assert told(answer, "growth", month="2026-04") == (None, ("no_data", "zero_base"))


def test_the_difference_of_ratios_is_in_percentage_points(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(sales, definitions, metrics=["rate_change"], by=("period",))

    # 2 of 3 deals, then 2 of 2.
    assert value(answer, "rate_change", period="2026Q2") == "33.33333333333333333333"
    assert definitions.metrics["rate_change"].unit == "pp"


def test_to_date_counts_from_the_start_of_the_year_and_computes_anew(
    sales: Warehouse, definitions: Definitions
) -> None:
    names = ["to_date", "rate_to_date", "middle_to_date", "ever", "to_date_growth"]
    answer = observe(sales, definitions, metrics=names, by=("period",))

    second = {name: value(answer, name, period="2026Q2") for name in names}
    assert second == {
        "to_date": "300.00",  # 80 + 40 + 150 + 30
        "rate_to_date": "0.8000",  # 4 of 5
        "middle_to_date": "40.00",  # of 9, 30, 40, 80, 150
        "ever": "4",  # A, B, C, D
        "to_date_growth": "2.0000",  # against 100
    }
    assert value(answer, "ever", period="2025Q1") == "2"
    assert value(answer, "to_date", period="2025Q3") == "150.00"


def test_a_fiscal_year_to_date_starts_in_its_own_month(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        sales, definitions, metrics=["to_date"], by=("period",), fiscal=Fiscal(starts_in=4)
    )

    # Fiscal 2026 runs from April 2025 to March 2026: 50 + 80 + 40.
    assert value(answer, "to_date", period="2026Q4") == "170.00"
    assert value(answer, "to_date", period="2027Q1") == "180.00"


def test_trailing_windows_end_with_the_period(sales: Warehouse, definitions: Definitions) -> None:
    answer = observe(sales, definitions, metrics=["days_40", "two_periods"], by=("period",))

    # The 40 days up to 31 March start on 20 February; up to 30 June on 22 May.
    assert value(answer, "days_40", period="2026Q1") == "0.00"
    assert value(answer, "days_40", period="2026Q2") == "30.00"
    assert value(answer, "two_periods", period="2026Q2") == "300.00"


def test_a_lagged_metric_shows_what_was_before_where_now_there_is_nothing(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        sales,
        definitions,
        metrics=["before", "days_before", "deals"],
        by=("channel", "period"),
        periods=["2026Q3"],
    )

    assert value(answer, "before", channel="ads", period="2026Q3") == "2"
    assert value(answer, "deals", channel="ads", period="2026Q3") is None
    # 2026-07-01..2026-09-30 moved back by 90 days: 2026-04-02..2026-07-02.
    assert value(answer, "days_before", channel="mail", period="2026Q3") == "2"


def test_outcomes_are_divided_by_what_went_before(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(sales, definitions, metrics=["won_per_earlier_deal"], by=("period",))

    assert value(answer, "won_per_earlier_deal", period="2026Q3") == "0.33333333333333333333"


def test_other_days_hold_for_members_and_teams_as_they_stood_on_each_day(
    sales: Warehouse, definitions: Definitions
) -> None:
    may = dt.date(2026, 5, 1)
    identity = Identity(
        (OwnerLink("ann", "ann"), OwnerLink("bob", "bob")),
        (
            Posting("ann", {"team": "north"}, ends_on=may - dt.timedelta(days=1)),
            Posting("ann", {"team": "south"}, starts_on=may),
            Posting("bob", {"team": "south"}),
        ),
    )

    answer = observe(
        sales,
        definitions,
        metrics=["to_date", "ever"],
        by=("team", "period"),
        periods=["2026Q2"],
        identity=identity,
    )

    assert value(answer, "to_date", team="north", period="2026Q2") == "120.00"
    assert value(answer, "to_date", team="south", period="2026Q2") == "180.00"
    assert value(answer, "ever", team="south", period="2026Q2") == "3"  # A, C and D


def test_every_part_opens_to_the_rows_of_its_own_days(
    sales: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        sales,
        definitions,
        metrics=["to_date", "yearly", "days_before"],
        by=("member", "period"),
        periods=["2026Q1"],
    )

    refs = {
        (row.metric, node.key): node.sources[0].ref
        for row in answer.rows
        if row.keys["member"] == "ann"
        for node in row.node.walk()
        if node.sources
    }
    assert refs["to_date", "revenue"] == (
        "revenue?member=ann&period=2026Q1&days=2026-01-01..2026-03-31"
    )
    assert refs["yearly", "revenue@2025Q1"] == (
        "revenue?member=ann&period=2026Q1&days=2025-01-01..2025-03-31"
    )
    opened = rows(sales, definitions, refs["yearly", "revenue@2025Q1"])
    assert [row[0] for row in opened.rows] == ["1"]
    opened = rows(sales, definitions, refs["to_date", "revenue"])
    assert [row[0] for row in opened.rows] == ["4", "5"]


def test_without_a_period_they_are_refused(sales: Warehouse, definitions: Definitions) -> None:
    with pytest.raises(Invalid, match="looks at other periods") as refused:
        observe(sales, definitions, metrics=["growth"], by=("member",))

    assert refused.value.findings[0].remedy.zh


def test_the_same_question_gives_the_same_bytes(sales: Warehouse, definitions: Definitions) -> None:
    first, second = (observe(sales, definitions, by=("member", "period")) for _ in range(2))

    assert [to_json(row.node) for row in first.rows] == [to_json(row.node) for row in second.rows]


AMOUNTS = st.lists(
    st.tuples(
        st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)),
        st.decimals(-100, 100, places=2),
        st.sampled_from("AB"),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(AMOUNTS, st.sampled_from(("day", "week", "month", "quarter")))
def test_what_is_cumulated_is_what_the_periods_add_up_to(
    tmp_path_factory: pytest.TempPathFactory,
    definitions: Definitions,
    amounts: list[tuple[dt.date, Decimal, str]],
    grain: str,
) -> None:
    folder = tmp_path_factory.mktemp("random")
    warehouse = Warehouse(folder / "warehouse")
    lines = [
        f"{n},x,{who},{who},{day},true,{amount}" for n, (day, amount, who) in enumerate(amounts)
    ]
    text = "\n".join(["id,rep,channel,customer,day,won,amount", *lines])
    loader(folder, warehouse, definitions)("sales", text)
    more = load_definitions(SALES + "  all_time: {type: cumulative, metric: revenue}\n")

    answer = observe(warehouse, more, metrics=["revenue", "all_time"], by=("channel", grain))
    total = Decimal(0)
    for row in answer.rows:
        if row.keys["channel"] != "A":
            continue
        if row.metric == "revenue":
            total += row.value or 0
        else:
            assert row.value in (total, None)
    assert total == sum(amount for _, amount, who in amounts if who == "A")
