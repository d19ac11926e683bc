"""Typed-in values stand for one period and one level; whatever would add them up is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mingji.engine.corrections import Correction
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, Posting
from mingji.engine.lineage import rows
from mingji.engine.observe import observe
from mingji.engine.typed import TYPED
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

DEFINITIONS = """
tables:
  orders:
    key: id
    time: day
    owner: rep
    columns: {id: text, day: date, rep: text, amount: {type: decimal, unit: CNY, scale: 2}}
metrics:
  revenue: {table: orders, column: amount}
  score: {type: typed, unit: point}
  gained: {type: growth, metric: score, as: difference}
  revenue_per_point: {type: derived, formula: revenue / score}
"""
PEOPLE = Identity(
    postings=(
        Posting("anna", {"unit_0": "company", "unit_1": "north"}),
        Posting("bo", {"unit_0": "company", "unit_1": "south"}),
    )
)


def a_value(number: int, period: str, level: str, who: str, value: str) -> Correction:
    return Correction(number, TYPED, "add", ("score", period, level, who), {"value": value})


VALUES = (
    a_value(1, "2026Q3", "member", "anna", "4.5"),
    a_value(2, "2026Q2", "member", "anna", "4"),
    a_value(3, "2026Q3", "team", "north", "3"),
    a_value(4, "2026Q3", "company", "company", "2.25"),
    a_value(5, "2026", "company", "company", "9"),
    Correction(6, "orders", "add", ("O1",), {"day": "2026-07-05", "rep": "anna", "amount": "90"}),
)


def seen(
    tmp_path: Path, metric: str, *by: str, periods: tuple[str, ...] = ("2026Q3", "2026")
) -> dict[tuple[str, ...], Fraction]:
    answer = observe(
        Warehouse(tmp_path, VALUES),
        load_definitions(DEFINITIONS),
        metrics=[metric],
        by=by,
        periods=periods,
        identity=PEOPLE,
        empty=False,
    )
    found = {tuple(row.keys.values()): row.value for row in answer.rows}
    return {keys: Fraction(value) for keys, value in found.items() if value is not None}


def test_each_level_and_each_period_has_its_own_value_and_no_other(tmp_path: Path) -> None:
    assert seen(tmp_path, "score", "period") == {
        ("2026Q3",): Fraction("2.25"),
        ("2026",): Fraction(9),
    }
    assert seen(tmp_path, "score", "member", "period") == {("anna", "2026Q3"): Fraction("4.5")}
    assert seen(tmp_path, "score", "unit_1", "period") == {("north", "2026Q3"): Fraction(3)}
    assert seen(tmp_path, "score", "unit_0", "period") == {}


def test_other_metrics_are_made_from_them_at_the_same_level(tmp_path: Path) -> None:
    assert seen(tmp_path, "gained", "member", "period") == {("anna", "2026Q3"): Fraction("0.5")}
    assert seen(tmp_path, "revenue_per_point", "unit_1", "period") == {
        ("north", "2026Q3"): Fraction(30)
    }


def test_the_value_of_an_earlier_period_opens_to_its_own_row(tmp_path: Path) -> None:
    definitions = load_definitions(DEFINITIONS)
    answer = observe(
        Warehouse(tmp_path, VALUES),
        definitions,
        metrics=["gained"],
        by=("member", "period"),
        periods=("2026Q3",),
        identity=PEOPLE,
        empty=False,
    )
    (found,) = answer.rows
    before = found.node.inputs[1].sources[0].ref

    page = rows(Warehouse(tmp_path, VALUES), definitions, before, identity=PEOPLE)
    assert [row[-3:] for row in page.rows] == [("correction №2", 2, page.rows[0][-1])]
    assert page.rows[0][1] == "2026Q2"


@pytest.mark.parametrize("by", [("member",), ("member", "unit_1", "period"), ("rep", "period")])
def test_what_they_cannot_be_cut_by_is_refused(tmp_path: Path, by: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        seen(tmp_path, "score", *by)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("{type: cumulative, metric: score, grain_to_date: year}", "one value a period"),
        ("{type: lagged, metric: score, offset_window: 90 days}", "one value a period"),
        ("{type: share, metric: score, over: member}", "is no sum or count"),
        ("{type: share, metric: score, of: revenue_per_point, of_total: true}", "one value a"),
        ("{table: typed_values, agg: count}", "cannot be aggregated"),
        ("{type: typed}", "unit"),
    ],
)
def test_definitions_that_would_add_them_up_are_refused(metric: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_definitions(f"{DEFINITIONS}  wrong: {metric}\n")

    assert any(said in each.message.en for each in refused.value.findings)


def test_the_name_of_their_table_is_kept() -> None:
    with pytest.raises(Invalid, match="kept for typed-in values"):
        load_definitions("tables: {typed_values: {columns: {a: text}}}")


def test_a_whole_that_is_reckoned_from_a_typed_in_value_is_refused_with_what_to_write() -> None:
    wrong = "  twice: {type: derived, formula: 2 * score}\n"
    wrong += "  part: {type: share, metric: score, of: twice, of_total: true}\n"
    with pytest.raises(Invalid) as refused:
        load_definitions(DEFINITIONS + wrong)

    assert "the typed-in metric itself" in refused.value.findings[0].remedy.en
