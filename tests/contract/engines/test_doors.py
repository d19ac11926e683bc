"""The doors to an engine: the command that asks it, and the refresh that runs on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

import builders
import on_postgres
from integration.engine.conftest import DEALS, DEFINITIONS
from integration.metrics.conftest import LEADS
from integration.metrics.dispute_builders import approved
from integration.metrics.test_typed import typed
from mingji.cli import main
from mingji.metrics import actions
from mingji.metrics.models import Observation

COMPANY_TABLES = """
    CREATE SCHEMA sales;
    CREATE TABLE sales.orders (
        "ID" varchar(20), rep text, stage text, product text,
        opened_on date, closed_on timestamptz, amount numeric(18, 2)
    );
    INSERT INTO sales.orders VALUES
        ('1', 'Anna', 'Won', 'MG', '2026-01-01', '2026-03-31 23:30+00', 100.10),
        ('2', 'Anna', 'Lost', 'MG', '2026-01-01', '2026-02-20 10:00+00', 0),
        ('3', 'Bob', 'Won', NULL, '2026-01-01', '2026-02-20 10:00+00', 7.25);
    CREATE TABLE sales.floats (id text, rep text, stage text, opened_on date, closed_on date,
        amount double precision);
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A database of a company, with tables that Mingji did not make."""
    if not on_postgres.available():
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    with on_postgres.server() as served:
        with psycopg.connect(served) as connection:
            connection.execute(COMPANY_TABLES)
        yield served


def asked(tmp_path: Path, *more: str) -> Any:
    definitions = tmp_path / "definitions.yaml"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    by = ["--by", "member,quarter", "--metric", "won_value", "--metric", "median_days"]
    return CliRunner().invoke(main, ["metrics", "--definitions", str(definitions), *by, *more])


def test_the_command_asks_tables_where_they_are(address: str, tmp_path: Path) -> None:
    told = asked(tmp_path, "--engine", address, "--table", "deals=sales.orders", "--format", "json")

    values = {
        (r["keys"]["member"], r["keys"]["quarter"]): r["values"]
        for r in json.loads(told.stdout)["rows"]
    }
    # Half an hour before midnight UTC; the first quarter ends there.
    assert values["Anna", "2026Q1"] == {"won_value": "100.10", "median_days": "69.50"}
    assert values["Bob", "2026Q1"]["won_value"] == "7.25"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--table", "deals=sales.floats"], "column product"),
        (["--table", "deals=sales.floats"], "binary fractions are not exact"),
        (["--table", "deals=sales.nowhere"], "the engine has no table sales.nowhere"),
        (["--table", "nothing=sales.orders"], "does not say where a table is"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_a_remedy(
    address: str, tmp_path: Path, more: list[str], sentence: str
) -> None:
    told = asked(tmp_path, "--engine", address, *more, "--lang", "en")

    assert told.exit_code == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_an_engine_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    address = f"postgresql://reader:secret@127.0.0.1:{on_postgres.free_port()}/crm"

    told = asked(tmp_path, "--engine", address, "--table", "deals=sales.orders", "--lang", "en")

    assert told.exit_code == 2
    assert "cannot reach PostgreSQL" in told.stderr
    assert "secret" not in told.stderr


def test_without_files_and_engine_there_is_nothing_to_ask(tmp_path: Path) -> None:
    told = asked(tmp_path)

    assert told.exit_code == 2
    assert "--engine" in told.stderr


@pytest.fixture
def company(db, settings, tmp_path) -> builders.Company:
    settings.MINGJI_WAREHOUSE = tmp_path / "warehouse"
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    company = builders.a_company()
    actions.load_table("system", "leads", path, builders.NOW)
    return company


def observed() -> dict[tuple[Any, ...], Any]:
    """Every value that is stored, by its slice."""
    columns = ("metric", "period", "member_id", "team_id", "value")
    return {row[:4]: row[4] for row in Observation.objects.values_list(*columns)}


def test_a_refresh_on_an_engine_finds_what_the_embedded_one_finds(
    company, settings, address: str
) -> None:
    periods = ["2026Q2", "2026Q3"]
    settings.MINGJI_ENGINE = address

    run = actions.refresh("system", periods, builders.NOW)

    assert run is not None
    on_engine = observed()
    Observation.objects.all().delete()
    run.delete()
    settings.MINGJI_ENGINE = ""
    actions.refresh("system", periods, builders.NOW)
    assert on_engine == observed()
    assert len(on_engine) > 10


def test_typed_in_values_are_copied_into_the_engine_and_replaced_there(
    company, settings, address: str
) -> None:
    settings.MINGJI_ENGINE = address
    for value in ("60", "62.5"):
        approved(typed(company.analyst, value=value), company.company_hr_partner)
        actions.refresh("system", ["2026Q3"], builders.NOW)

    found = Observation.objects.get(metric="brand_index", team__code="growth", current=True)
    assert found.value == Decimal("62.5")
    assert {each["kind"] for each in found.tree["sources"]} == {"rows", "correction"}


def test_copying_is_a_command_and_done_once(company, settings, address: str) -> None:
    settings.MINGJI_ENGINE = address
    runs = [CliRunner().invoke(main, ["engine", "copy", "--format", "json"]) for _ in range(2)]

    # A refresh of another test may have copied other rows of this table before.
    assert runs[0].exit_code == runs[1].exit_code == 0
    assert json.loads(runs[1].stdout) == []


def test_copying_without_an_engine_says_what_to_set(company, settings) -> None:
    settings.MINGJI_ENGINE = ""

    told = CliRunner().invoke(main, ["engine", "copy", "--lang", "en"])

    assert told.exit_code == 2
    assert "MINGJI_ENGINE" in told.stderr


def test_files_and_an_engine_give_the_same_figures(address: str, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    rows = """\
1,Anna,Won,MG,2026-01-01,2026-03-31,100.10
2,Anna,Lost,MG,2026-01-01,2026-02-20,0
3,Bob,Won,,2026-01-01,2026-02-20,7.25
"""
    file.write_text(f"{DEALS.splitlines()[0]}\n{rows}", encoding="utf-8")

    left = asked(tmp_path, "--table", f"deals={file}", "--format", "csv")
    right = asked(tmp_path, "--engine", address, "--table", "deals=sales.orders", "--format", "csv")

    assert left.stdout == right.stdout
