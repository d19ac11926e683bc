"""`mingji try` on a real CRM extract against plain Python; skipped where the extract is not."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingji.cli import main

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "crm_sales"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the extract is not here")

QUARTERS = ("2017Q1", "2017Q2", "2017Q3", "2017Q4")
MOST = Fraction(6, 5)
Deal = dict[str, str]


def _read(name: str) -> list[Deal]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def told():
    result = CliRunner().invoke(main, ["try", str(DATA), "--scheme", "minimal", "--format", "json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def closed() -> dict[tuple[str, str, str], list[Deal]]:
    """Deals won or lost by kind of scorecard, whose it is, and quarter."""
    agents = {row["sales_agent"]: row for row in _read("sales_teams.csv")}
    found = defaultdict(list)
    for deal in _read("sales_pipeline.csv"):
        if deal["deal_stage"] in ("Won", "Lost"):
            day = date.fromisoformat(deal["close_date"])
            quarter = f"{day.year}Q{(day.month + 2) // 3}"
            agent = agents[deal["sales_agent"]]
            for kind, key in (
                ("agent", agent["sales_agent"]),
                ("manager", agent["manager"]),
                ("office", agent["regional_office"]),
            ):
                found[kind, key, quarter].append(deal)
    return found


def _won(deals: list[Deal]) -> list[Deal]:
    return [deal for deal in deals if deal["deal_stage"] == "Won"]


def _value(deals: list[Deal]) -> Decimal:
    return sum((Decimal(deal["close_value"]) for deal in _won(deals)), Decimal("0.00"))


def _rate(deals: list[Deal]) -> Decimal:
    return _half_up(Decimal(len(_won(deals))) / len(deals), "0.00000000000000000001")


def _share(deals: list[Deal]) -> Fraction:
    """The win rate without any rounding."""
    return Fraction(len(_won(deals)), len(deals))


def _days(deals: list[Deal]) -> Decimal | None:
    spans = sorted(
        (date.fromisoformat(d["close_date"]) - date.fromisoformat(d["engage_date"])).days
        for d in _won(deals)
    )
    if not spans:
        return None
    middle = spans[(len(spans) - 1) // 2] + spans[len(spans) // 2]
    return _half_up(Decimal(middle) / 2, "0.1")


def _half_up(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)


def _hundredths(points: Fraction) -> Decimal:
    """Rounded once, half up, from the exact fraction."""
    return Decimal((points * 200 + 1) // 2) / 100


MEASURES: dict[str, Callable[[list[Deal]], Decimal | None]] = {
    "won_value": _value,
    "win_rate": _rate,
    "median_days_to_close": _days,
}


def _cards(told):
    return {(card["by"], card["key"], card["period"]): card for card in told["scorecards"]}


def test_there_is_a_card_for_everybody_in_every_quarter(told):
    counts = defaultdict(int)
    for card in told["scorecards"]:
        counts[card["by"], card["period"]] += 1

    expected = {"agent": 35, "manager": 6, "office": 3}
    assert counts == {(by, q): number for by, number in expected.items() for q in QUARTERS}


@pytest.mark.parametrize("measure", MEASURES)
def test_every_figure_of_agents_managers_and_offices_is_right(told, closed, measure):
    for place, card in _cards(told).items():
        deals = closed.get(place)
        line = next(each for each in card["items"] if each["item"] == measure)
        actual = line["actual"] and Decimal(line["actual"])

        assert actual == (MEASURES[measure](deals) if deals else None), place


def test_every_total_follows_from_the_quarter_before(told, closed):
    cards = _cards(told)
    scored = 0
    for (by, key, quarter), card in cards.items():
        if quarter == QUARTERS[0]:
            assert card["total"] is None
            continue
        before = closed.get((by, key, QUARTERS[QUARTERS.index(quarter) - 1]))
        now = closed.get((by, key, quarter))
        if not (before and now and _won(before) and _won(now)):
            continue
        points = [
            50 * min(Fraction(_value(now)) / (Fraction(_value(before)) * 105 / 100), MOST),
            30 * min(_share(now) / _share(before), MOST),
            20 * min(Fraction(_days(before)) / Fraction(_days(now)), MOST),
        ]
        assert Decimal(card["total"]) == sum(map(_hundredths, points)), (by, key, quarter)
        scored += 1
    assert scored > 100


def test_no_item_loses_a_point_to_the_rounding_of_its_ratio(told, closed):
    compared = 0
    for (by, key, quarter), card in _cards(told).items():
        line = next(each for each in card["items"] if each["item"] == "win_rate")
        now = closed.get((by, key, quarter))
        before = QUARTERS.index(quarter) and closed.get(
            (by, key, QUARTERS[QUARTERS.index(quarter) - 1])
        )
        if not (now and before and _won(before)):
            assert line["points"] is None
            continue
        points = Fraction(line["effective_weight"]) * min(_share(now) / _share(before), MOST)
        assert Decimal(line["points"]) == _hundredths(points), (by, key, quarter)
        compared += 1
    assert (compared, len(told["scorecards"])) == (117, 176)


def test_the_quirks_of_the_extract_are_told_with_their_counts(told):
    counts = {(each["code"], each["count"]) for each in told["findings"]}
    words = " ".join(each["message"]["en"] for each in told["findings"])

    assert {1425, 1480, 2089, 5} <= {count for _, count in counts}
    assert "Mei-Mei Johns" in words
    assert "account" in words


def test_agents_without_any_row_are_no_data_and_do_not_vanish(told):
    cards = _cards(told)
    for agent in ("Mei-Mei Johns", "Elizabeth Anderson", "Natalya Ivanova", "Carol Thompson"):
        card = cards["agent", agent, "2017Q4"]
        assert card["total"] is None
        assert {each["actual"] for each in card["items"]} == {None}
