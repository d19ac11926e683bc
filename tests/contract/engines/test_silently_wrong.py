"""What engines get wrong without a word, each as a sentence; the numbers are worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pytest

from contract.engines.book import DEFINITIONS, IDENTITY
from contract.engines.conftest import EVERY
from mingji.engine.backends.duckdb import opened
from mingji.engine.backends.interface import Backend
from mingji.engine.definitions import load_definitions
from mingji.engine.observation import Observations
from mingji.engine.observe import observe
from mingji.engine.sql import exp, literal
from mingji.rules.errors import Invalid

_SIDE = 300  # its square is more than estimates keep apart
Ask = Callable[..., Observations]


@pytest.fixture
def ask(engine: Backend) -> Ask:
    """`ask(metrics, more, **question)`: metrics of the book and of `more` definitions."""

    def answered(metrics: str, more: str = "", **question: object) -> Observations:
        known = load_definitions(DEFINITIONS + more)
        return observe(engine, known, metrics=metrics.split(), **question)  # type: ignore[arg-type]

    return answered


def one(answer: Observations, metric: str, **keys: str) -> Decimal | None:
    found = answer.at(metric, **keys)
    assert found is not None
    return found.value


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_row_without_a_match_in_an_outer_join_has_no_value_there(ask: Ask) -> None:
    more = """\
  cheap: {table: deals, agg: count, filter: products.list_price < 1}
  unlisted: {table: deals, agg: count, filter: products.list_price is null}
  mean_list: {table: deals, agg: average, expression: products.list_price, scale: 2}
"""

    answer = ask("cheap unlisted mean_list", more, by=())

    # Three products are in no list. As 0 they would be cheap, and would halve the mean.
    assert [row.value for row in answer.rows] == [1, 3, Decimal("1108.07")]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_an_owner_without_a_member_is_nobody_and_not_the_empty_member(ask: Ask) -> None:
    answer = ask("rows", by=("member",), identity=IDENTITY)

    assert {row.keys["member"] for row in answer.rows} == {"anna", "carl", "eve", "ouyang"}
    assert [(each.owner, each.rows) for each in answer.unmatched] == [("", 1), ("Dora", 1)]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_different_values_are_counted_and_not_estimated(engine: Backend) -> None:
    sides = [exp.cast(exp.column("n", table=name), "bigint") for name in ("a", "b")]
    pairs = (
        exp.select((sides[0] * literal(_SIDE) + sides[1]).as_("x"))
        .from_(exp.table_("_side", quoted=True, alias="a"))
        .join(exp.table_("_side", quoted=True, alias="b"), join_type="cross")
    )
    different = exp.Count(this=exp.Distinct(expressions=[exp.column("x")])).as_("n")

    with opened(engine, load_definitions(DEFINITIONS)) as session:
        session.provide("_side", pa.table({"n": [str(number) for number in range(_SIDE)]}))
        answer = session.run(exp.select(different).from_(pairs.subquery("v")))

    assert answer.column("n").to_pylist() == [_SIDE * _SIDE]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_percentile_is_one_of_the_values_or_exactly_between_two(ask: Ask) -> None:
    answer = ask("median ninth", by=("stage",), where="amount is not null")

    # Won: 0.05, 7.125, 100.10, 200.20000001, 1000, 12345678901234567890.12345678
    assert one(answer, "median", stage="Won") == Decimal("150.150000005")
    # Place 5 × 0.9 = 4.5: halfway from 1000 to the largest.
    assert one(answer, "ninth", stage="Won") == Decimal("6172839450617284445.06172839")


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_quotient_of_decimals_keeps_every_digit(ask: Ask) -> None:
    more = """\
  third: {table: spend, agg: count, filter: cost > 0}
  a_third: {type: ratio, numerator: cost, denominator: third, unit: CNY}
"""

    # 120.5 ÷ 3; an engine that divides decimals at their own scale cuts it off.
    assert one(ask("a_third", more, by=()), "a_third") == Decimal("40.16666666666666666667")


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_the_first_period_has_none_before_it_and_not_zero(ask: Ask) -> None:
    answer = ask("won_value", by=("period",), periods=("2025Q3", "2025Q4", "2026Q1"))

    assert one(answer, "won_value", period="2025Q3") is None
    assert one(answer, "won_value", period="2025Q4") == 0  # one row, lost


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_days_between_are_midnights_crossed(ask: Ask) -> None:
    more = """\
  longest: {table: deals, agg: max, expression: "days_between(opened_on, closed_on)"}
  sooner: {table: deals, agg: min, expression: "days_between(closed_on, opened_on)"}
  to_signing: {table: deals, agg: sum, expression: "days_between(closed_on, signed_at)"}
"""

    answer = ask("longest sooner to_signing", more, by=())

    # From 28 February of a leap year to 1 March two years on; 23:59:59 is still its own day.
    assert [row.value for row in answer.rows] == [732, -732, 0]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_ratio_over_nothing_is_no_number_and_no_failure(ask: Ask) -> None:
    answer = ask("cost_per_won", by=("quarter",))

    found = answer.at("cost_per_won", quarter="2026Q3")
    assert found is not None
    assert (found.value, found.node.flags[0]) == (None, "no_data")


@pytest.mark.parametrize("engine", EVERY, indirect=True)
@pytest.mark.parametrize(
    ("places", "rounded"), [(0, "-333"), (1, "-333.4"), (2, "-333.35"), (3, "-333.350")]
)
def test_halves_are_rounded_away_from_zero_once(ask: Ask, places: int, rounded: str) -> None:
    more = f"""\
  half:
    {{table: deals, agg: sum, expression: amount * 10, filter: id = '12', scale: {places}}}
"""

    assert one(ask("half", more, by=()), "half") == Decimal(rounded)  # of -333.35


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_condition_on_one_side_of_a_join_filters_and_does_not_multiply(ask: Ask) -> None:
    answer = ask("rows value", by=(), where="products.series = 'MG' and amount > 0")

    assert [str(row.value) for row in answer.rows] == ["2", "12345678901234567890.17"]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_two_questions_in_one_session_do_not_disturb_each_other(engine: Backend) -> None:
    query = exp.select(literal(1).as_("one")).from_(exp.table_("deals", quoted=True, alias="t"))

    with opened(engine, load_definitions(DEFINITIONS)) as session:
        answers = [session.run(query.copy()) for _ in range(3)]

    assert [answer.num_rows for answer in answers] == [12, 12, 12]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_blank_is_neither_in_a_list_nor_outside_it(ask: Ask) -> None:
    # Not MG, not GTX Pro: Ufo, gtx pro and O'Neil; the blank one is unknown.
    assert one(ask("not_two", by=()), "not_two") == 3


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_a_decimal_in_a_definition_is_no_binary_fraction(ask: Ask) -> None:
    more = """\
  tenth: {table: spend, agg: sum, expression: cost * 0.1 * 0.1 * 0.1, scale: 12}
  exactly: {table: spend, agg: count, filter: cost * 0.1 = 3 or cost * 0.1 = 2.05}
"""

    answer = ask("tenth exactly", more, by=())

    assert [row.value for row in answer.rows] == [Decimal("0.1205"), 2]


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_products_keep_more_than_six_places(ask: Ask) -> None:
    more = """\
  fine: {table: deals, agg: sum, expression: amount * amount, filter: id = '2', scale: 16}
"""

    assert one(ask("fine", more, by=()), "fine") == Decimal("40080.0400040040000001")


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_case_and_spaces_tell_texts_apart(ask: Ask) -> None:
    answer = ask("rows", by=("product",))

    assert one(answer, "rows", product="GTX Pro") == 2
    assert one(answer, "rows", product="gtx pro") == 1


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_whole_numbers_add_up_beyond_what_a_machine_word_holds(ask: Ask) -> None:
    more = """\
  many: {table: deals, agg: sum, expression: seats * 1000000000, filter: seats > 1000}
  more: {table: deals, agg: sum, expression: seats * 1000000000 * 1.0, filter: seats > 1000}
"""

    assert one(ask("many more", more, by=()), "many") == 9 * 10**18


@pytest.mark.parametrize("engine", EVERY, indirect=True)
def test_what_no_engine_can_hold_is_told_and_not_wrapped(ask: Ask) -> None:
    more = "  absurd: {table: deals, agg: sum, expression: amount * amount * amount * amount}\n"

    with pytest.raises(Invalid) as refused:
        ask("absurd", more, by=())

    assert refused.value.message.zh
