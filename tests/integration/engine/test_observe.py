"""Numbers worked out by hand, by member, team, period and dimension."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from integration.engine.conftest import DEFINITIONS
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, OwnerLink, Posting
from mingji.engine.model import Definitions
from mingji.engine.observation import Observations
from mingji.engine.observe import observe
from mingji.engine.periods import Fiscal
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid
from mingji.rules.explanation import to_json

MID_FEBRUARY = dt.date(2026, 2, 15)
IDENTITY = Identity(
    owners=(
        OwnerLink("Anna", "anna", "crm"),
        OwnerLink("Bob", "bob"),
        OwnerLink("Carl", "carl"),
    ),
    postings=(
        Posting("anna", {"team": "north"}, ends_on=MID_FEBRUARY - dt.timedelta(days=1)),
        Posting("anna", {"team": "south"}, starts_on=MID_FEBRUARY),
        Posting("bob", {"team": "south"}),
        Posting("carl", {"team": "north"}),
        Posting("eve", {"team": "south"}),
    ),
)


def value(answer: Observations, metric: str, **keys: str) -> str | None:
    found = answer.at(metric, **keys)
    assert found is not None
    return None if found.value is None else str(found.value)


def test_sums_counts_and_means_of_a_member_and_quarter(
    book: Warehouse, definitions: Definitions
) -> None:
    names = ["won_value", "win_rate", "average", "median_days", "products_sold", "largest"]

    answer = observe(book, definitions, metrics=names, identity=IDENTITY)

    anna = {name: value(answer, name, member="anna", period="2026Q1") for name in names}
    assert anna == {
        "won_value": "300.30",
        "win_rate": "0.66666666666666666667",
        "average": "150.15",
        "median_days": "50.00",  # of 10, 50 and 51 days
        "products_sold": "1",  # GTXPro is GTX Pro
        "largest": "200.20",
    }


def test_who_has_no_team_at_a_depth_is_not_missing_there(
    book: Warehouse, definitions: Definitions
) -> None:
    links = tuple(OwnerLink(name.title(), name) for name in ("anna", "bob", "carl", "dora"))
    identity = Identity(
        links,
        (
            Posting("anna", {"unit_0": "all", "unit_1": "north"}),
            Posting("bob", {"unit_0": "all"}),  # heads the department: no team below it
            Posting("carl", {"unit_0": "all", "unit_1": ""}),  # a gap that somebody should fill
        ),
    )

    by_unit = {
        name: observe(book, definitions, metrics=["won"], by=(name,), identity=identity)
        for name in ("unit_0", "unit_1")
    }

    assert [(each.keys, each.value) for each in by_unit["unit_0"].rows] == [({"unit_0": "all"}, 4)]
    assert [(each.keys, each.value) for each in by_unit["unit_1"].rows] == [
        ({"unit_1": "north"}, 2)
    ]
    assert [each.owner for each in by_unit["unit_0"].unmatched] == ["Dora"]
    assert [each.owner for each in by_unit["unit_1"].unmatched] == ["Carl", "Dora"]


def test_rows_that_fail_the_filter_are_zero_and_no_rows_are_no_data(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        book, definitions, metrics=["won_value", "won", "win_rate", "average"], identity=IDENTITY
    )

    assert value(answer, "won_value", member="bob", period="2026Q2") == "0.00"
    assert value(answer, "won", member="bob", period="2026Q2") == "0"
    assert value(answer, "win_rate", member="bob", period="2026Q2") == "0.0000"
    assert value(answer, "average", member="bob", period="2026Q2") is None
    assert value(answer, "won_value", member="eve", period="2026Q2") is None
    assert value(answer, "won", member="anna", period="2026Q2") is None
    eve = answer.at("win_rate", member="eve", period="2026Q1")
    assert eve is not None
    assert eve.node.flags == ("no_data",)


def test_a_row_counts_for_the_team_of_its_own_day(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        book,
        definitions,
        metrics=["won_value", "closed", "win_rate", "median_days"],
        by=("team", "period"),
        identity=IDENTITY,
    )

    assert value(answer, "won_value", team="north", period="2026Q1") == "100.10"
    assert value(answer, "won_value", team="south", period="2026Q1") == "200.25"
    assert value(answer, "closed", team="south", period="2026Q1") == "3"
    # 2 of 3: the ratio of the sums, where the mean of the members' ratios would be 0.75.
    assert value(answer, "win_rate", team="south", period="2026Q1") == "0.66666666666666666667"
    # Of 1, 50 and 51 days: the median of the rows, not of the members' medians.
    assert value(answer, "median_days", team="south", period="2026Q1") == "50.00"


def test_rows_of_nobody_are_listed_and_still_count_for_the_company(
    book: Warehouse, definitions: Definitions
) -> None:
    by_member = observe(book, definitions, metrics=["won_value"], by=("member",), identity=IDENTITY)
    company = observe(book, definitions, metrics=["won_value"], by=(), identity=IDENTITY)

    (nobody,) = by_member.unmatched
    assert (nobody.source, nobody.owner, nobody.rows, nobody.reason) == (
        "crm",
        "Dora",
        1,
        "no_member",
    )
    assert nobody.values["won_value"] == Decimal("1000.00")
    assert [each.code for each in by_member.findings if each.severity == "warning"] == [
        "unknown_dimension",
        "no_member",
    ]
    members = sum((row.value or Decimal(0)) for row in by_member.rows)
    assert company.rows[0].value == members + Decimal("1000.00") == Decimal("1300.35")


def test_rows_of_a_member_without_a_posting_belong_to_no_team(
    book: Warehouse, definitions: Definitions
) -> None:
    late = Identity(IDENTITY.owners, (Posting("anna", {"team": "north"}, starts_on=MID_FEBRUARY),))

    answer = observe(book, definitions, metrics=["won"], by=("team",), identity=late)

    assert value(answer, "won", team="north") == "1"
    assert {(each.owner, each.reason) for each in answer.unmatched} == {
        ("Anna", "no_posting"),
        ("Bob", "no_posting"),
        ("Carl", "no_posting"),
        ("Dora", "no_member"),
    }


def test_undated_rows_lie_in_no_period_and_are_counted(
    book: Warehouse, definitions: Definitions
) -> None:
    by_period = observe(book, definitions, metrics=["won"], by=("period",))
    ever = observe(book, definitions, metrics=["won"], by=("member",))

    undated = [each for each in by_period.findings if each.code == "undated_rows"]
    assert [each.count for each in undated] == [1]
    assert value(by_period, "won", period="2026Q1") == "4"
    assert value(ever, "won", member="Carl") == "1"


def test_a_value_that_is_missing_is_flagged_not_taken_for_zero(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(book, definitions, metrics=["won_value"], by=("member",))

    assert value(answer, "won_value", member="Carl") is None


def test_metrics_of_two_tables_meet_in_the_period(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        book, definitions, metrics=["cost_per_won", "margin"], by=("quarter",), identity=IDENTITY
    )

    assert value(answer, "cost_per_won", quarter="2026Q1") == "7.50"
    assert value(answer, "margin", quarter="2026Q1") == "0.97692928826854308455"
    second = answer.at("cost_per_won", quarter="2026Q2")
    assert second is not None
    assert (second.value, second.node.flags) == (None, ("no_data", "zero_denominator"))


def test_a_key_that_a_table_does_not_have_is_refused(
    book: Warehouse, definitions: Definitions
) -> None:
    with pytest.raises(Invalid, match="table spend, which has no “member”"):
        observe(book, definitions, metrics=["cost_per_won"], by=("member", "period"))
    with pytest.raises(Invalid, match="no “channel”"):
        observe(book, definitions, metrics=["won"], by=("channel",))


@pytest.mark.parametrize(
    ("by", "where", "metrics"),
    [
        (("period", "month"), "", ["won"]),
        (("member", "member"), "", ["won"]),
        (("member",), "colour = 'red'", ["won"]),
        (("member",), "amount", ["won"]),
        (("member",), "", ["no_such_metric"]),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    book: Warehouse, definitions: Definitions, by: tuple[str, ...], where: str, metrics: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        observe(book, definitions, metrics=metrics, by=by, where=where)

    assert refused.value.findings[0].remedy.zh


def test_a_joined_dimension_cuts_and_what_it_does_not_know_is_listed(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(book, definitions, metrics=["won", "closed"], by=("series",))

    assert value(answer, "won", series="GTX") == "2"
    assert value(answer, "won", series="MG") == "2"
    assert value(answer, "closed", series="") == "2"  # Ufo and the blank one
    found = {each.code: each.count for each in answer.findings}
    assert found == {"blank_dimension": 1, "unknown_dimension": 1}


def test_where_limits_the_rows_of_every_metric(book: Warehouse, definitions: Definitions) -> None:
    answer = observe(book, definitions, metrics=["win_rate"], by=(), where="products.series = 'MG'")

    assert value(answer, "win_rate") == "0.5000"


def test_periods_asked_for_appear_even_when_empty(
    book: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        book,
        definitions,
        metrics=["won"],
        by=("team", "period"),
        periods=["2025Q4", "2026Q1"],
        identity=IDENTITY,
    )

    assert value(answer, "won", team="north", period="2025Q4") is None
    assert {row.keys["period"] for row in answer.rows} == {"2025Q4", "2026Q1"}


def test_grains_and_fiscal_years(book: Warehouse, definitions: Definitions) -> None:
    months = observe(book, definitions, metrics=["won"], by=("month",))
    weeks = observe(book, definitions, metrics=["won"], by=("week",))
    fiscal = observe(book, definitions, metrics=["won"], by=("quarter",), fiscal=Fiscal(2))

    assert [row.keys["month"] for row in months.rows] == [
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    assert value(weeks, "won", week="2026-W02") == "1"
    assert [row.keys["quarter"] for row in fiscal.rows] == ["2026Q4", "2027Q1"]


def test_every_value_opens_into_its_reasons(book: Warehouse, definitions: Definitions) -> None:
    answer = observe(book, definitions, metrics=["win_rate"], identity=IDENTITY)

    found = answer.at("win_rate", member="anna", period="2026Q1")
    assert found is not None
    assert found.node.formula.en == "won ÷ closed = 2 ÷ 3 = 0.66666667"
    assert found.node.rounding == f"{Decimal(1).scaleb(-20):f} half_up"
    won = found.node.find("won")
    assert won is not None
    assert won.value == 2
    (source,) = won.sources
    assert source.ref == "won?member=anna&period=2026Q1"
    assert (source.filter, source.rows, source.origin) == ("stage = 'Won'", 2, ("deals.csv",))


def test_the_same_question_gives_the_same_bytes(book: Warehouse, definitions: Definitions) -> None:
    metrics = ["won_value", "win_rate", "median_days", "average"]
    first, second = (
        observe(book, definitions, metrics=metrics, identity=IDENTITY) for _ in range(2)
    )

    assert [to_json(row.node) for row in first.rows] == [to_json(row.node) for row in second.rows]
    assert [row.keys for row in first.rows] == [row.keys for row in second.rows]


def test_metrics_and_keys_of_one_name_stay_apart(book: Warehouse) -> None:
    named = load_definitions(
        DEFINITIONS.replace("  won:", "  product: {table: deals, agg: count}\n  won:")
    )

    answer = observe(book, named, metrics=["product"], by=("product",))

    assert value(answer, "product", product="GTX Pro") == "2"


def test_an_empty_warehouse_answers_no_data(warehouse: Warehouse, definitions: Definitions) -> None:
    answer = observe(warehouse, definitions, metrics=["won", "win_rate", "median_days"], by=())

    assert [row.value for row in answer.rows] == [None, None, None]


def test_percentiles_and_row_expressions_are_exact(book: Warehouse) -> None:
    more = """\
  ninth: {table: deals, agg: percentile, percentile: 0.9, column: amount, scale: 4}
  weighted:
    table: deals
    expression: amount * case when product = 'MG' then 0.333 else 1 end
    filter: amount is not null
    scale: 5
"""

    answer = observe(
        book, load_definitions(DEFINITIONS + more), metrics=["ninth", "weighted"], by=()
    )

    # Of 0, 0, 0, 0.05, 100.10, 200.20, 1000 at place 6 × 0.9 = 5.4: 200.20 + 0.4 × 799.80.
    assert [str(row.value) for row in answer.rows] == ["520.12", "1300.31665"]
