"""A real CRM extract: every figure against plain Python that knows nothing of the engine."""

from __future__ import annotations

import csv
import datetime as dt
import statistics
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import mingji
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.observation import Observations
from mingji.engine.observe import observe
from mingji.engine.warehouse import Batch, Warehouse

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "crm_sales"
FILE = Path(mingji.__file__).parent / "demo" / "crm_sales" / "definitions.yaml"
METRICS = ("won_value", "won_deals", "closed_deals", "win_rate", "median_days_to_close")
Row = Mapping[str, str]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the CRM extract is not on this machine")


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(FILE)


@pytest.fixture(scope="module")
def crm(
    tmp_path_factory: pytest.TempPathFactory, definitions: Definitions
) -> tuple[Warehouse, dict[str, Batch]]:
    warehouse = Warehouse(tmp_path_factory.mktemp("crm"))
    batches = {
        name: warehouse.load(table, open_file(DATA / f"{name}.csv"), loaded_at="2026-11-22")
        for name, table in definitions.tables.items()
    }
    return warehouse, batches


def table(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def quarter(row: Row) -> str:
    day = dt.date.fromisoformat(row["close_date"])
    return f"{day.year}Q{(day.month + 2) // 3}"


def days(row: Row) -> int:
    start, end = (dt.date.fromisoformat(row[name]) for name in ("engage_date", "close_date"))
    return (end - start).days


def figures(rows: list[Row]) -> dict[str, Decimal | None]:
    """The five metrics of some rows, by the most direct way."""
    won = [row for row in rows if row["deal_stage"] == "Won"]
    closed = len(won) + sum(1 for row in rows if row["deal_stage"] == "Lost")
    if not rows:
        return dict.fromkeys(METRICS)
    return {
        "won_value": sum((Decimal(row["close_value"]) for row in won), Decimal(0)),
        "won_deals": Decimal(len(won)),
        "closed_deals": Decimal(closed),
        "win_rate": half_up(Fraction(len(won), closed), "1E-20") if closed else None,
        "median_days_to_close": (
            half_up(statistics.median(Fraction(days(row)) for row in won), "0.1") if won else None
        ),
    }


def half_up(value: Fraction, step: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), rounding=ROUND_HALF_UP)


TEAMS = {row["sales_agent"]: row for row in table("sales_teams")} if DATA.exists() else {}
WHO: Mapping[str, Callable[[Row], str]] = {
    "member": lambda row: row["sales_agent"],
    "manager": lambda row: TEAMS[row["sales_agent"]]["manager"],
    "office": lambda row: TEAMS[row["sales_agent"]]["regional_office"],
}


def expected(who: str) -> dict[tuple[str, str], dict[str, Decimal | None]]:
    closed = [row for row in table("sales_pipeline") if row["close_date"]]
    people = {WHO[who]({"sales_agent": agent}) for agent in TEAMS}
    slices: dict[tuple[str, str], list[Row]] = {
        (person, period): [] for person in people for period in {quarter(row) for row in closed}
    }
    for row in closed:
        slices[WHO[who](row), quarter(row)].append(row)
    return {keys: figures(rows) for keys, rows in slices.items()}


def observed(answer: Observations, who: str) -> dict[tuple[str, str], dict[str, Decimal | None]]:
    found: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    for row in answer.rows:
        found.setdefault((row.keys[who], row.keys["quarter"]), {})[row.metric] = row.value
    return found


@pytest.mark.parametrize("who", list(WHO))
def test_every_figure_equals_the_independent_one(
    crm: tuple[Warehouse, dict[str, Batch]], definitions: Definitions, who: str
) -> None:
    answer = observe(crm[0], definitions, metrics=METRICS, by=(who, "quarter"))

    assert observed(answer, who) == expected(who)
    assert answer.unmatched == ()


def test_the_quirks_of_the_extract_are_reported_with_counts(
    crm: tuple[Warehouse, dict[str, Batch]], definitions: Definitions
) -> None:
    warehouse, batches = crm
    answer = observe(warehouse, definitions, metrics=["won_value"], by=("member", "quarter"))
    rows = table("sales_pipeline")

    assert {each.code: each.count for each in answer.findings} == {
        "blank_dimension": 1425,
        "undated_rows": sum(1 for row in rows if not row["close_date"]),
    }
    renamed = [each.count for each in batches["sales_pipeline"].findings]
    assert renamed == [sum(1 for row in rows if row["product"] == "GTXPro")]
    assert batches["sales_pipeline"].loaded == len(rows) == 8800


def test_agents_without_any_row_are_no_data(
    crm: tuple[Warehouse, dict[str, Batch]], definitions: Definitions
) -> None:
    answer = observe(crm[0], definitions, metrics=["won_value"], by=("member",))

    silent = {row.keys["member"] for row in answer.rows if row.value is None}
    assert len(answer.rows) == 35
    assert silent == set(TEAMS) - {row["sales_agent"] for row in table("sales_pipeline")}
    assert len(silent) == 5
