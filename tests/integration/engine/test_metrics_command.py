"""`mingji metrics` from files to numbers, without a database."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from integration.engine.conftest import DEALS, DEFINITIONS, PRODUCTS, SPEND
from mingji.cli import main

KNOWN = DEALS.replace(",Ufo,", ",MG,")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "definitions.yaml": DEFINITIONS,
        "deals.csv": KNOWN,
        "products.csv": PRODUCTS,
        "spend.csv": SPEND,
        "owners.csv": "owner,member\nAnna,anna\nBob,bob\nCarl,carl\n",
        "postings.csv": "member,team\nanna,north\nbob,south\ncarl,north\neve,south\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *words: str, tables: tuple[str, ...] = ("deals", "products")) -> Result:
    options = ["metrics", "--definitions", str(folder / "definitions.yaml")]
    for name in tables:
        options += ["--table", f"{name}={folder / name}.csv"]
    return CliRunner().invoke(main, [*options, *words])


def test_csv_has_a_line_for_each_slice_and_a_column_for_each_metric(folder: Path) -> None:
    result = run(folder, "--metric", "won_value", "--metric", "win_rate", "--format", "csv")

    assert result.exit_code == 0
    assert list(csv.DictReader(io.StringIO(result.stdout)))[:3] == [
        {
            "member": "Anna",
            "quarter": "2026Q1",
            "won_value": "300.30",
            "win_rate": "0.66666666666666666667",
        },
        {"member": "Anna", "quarter": "2026Q2", "won_value": "", "win_rate": ""},
        {"member": "Bob", "quarter": "2026Q1", "won_value": "0.05", "win_rate": "1.0000"},
    ]
    assert "1 row of deals without closed_on" in result.stderr


def test_json_holds_decimals_as_text_reasons_and_findings(folder: Path) -> None:
    result = run(folder, "--metric", "win_rate", "--by", "", "--explain", "--format", "json")

    answer = json.loads(result.stdout)
    (row,) = answer["rows"]
    assert row["values"] == {"win_rate": "0.6250"}
    assert row["explanation"]["win_rate"]["inputs"][0]["value"] == "5"
    assert [each["code"] for each in answer["findings"]] == ["renamed_values", "blank_dimension"]


def test_owners_nobody_knows_are_a_finding_and_exit_code_1(folder: Path) -> None:
    result = run(
        folder,
        *("--owners", str(folder / "owners.csv"), "--postings", str(folder / "postings.csv")),
        *("--by", "team", "--metric", "won", "--format", "json"),
    )

    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(each["owner"], each["rows"], each["values"]) for each in answer["unmatched"]] == [
        ("Dora", 1, {"won": "1"})
    ]
    assert [(row["keys"]["team"], row["values"]["won"]) for row in answer["rows"]] == [
        ("north", "3"),
        ("south", "1"),
    ]


def test_a_table_for_people_has_names_in_their_language_and_the_reasons(folder: Path) -> None:
    result = run(
        folder,
        *("--by", "member", "--metric", "median_days", "--explain", "--lang", "zh"),
    )

    assert "median_days (days)" in result.stdout
    assert "中位数" in result.stdout
    assert "说明" in result.stderr


def test_metrics_whose_tables_are_not_given_are_left_out_unless_asked_for(folder: Path) -> None:
    everything = run(folder, "--by", "", "--format", "json")
    asked = run(folder, "--by", "", "--metric", "cost_per_won")

    ids = [each["id"] for each in json.loads(everything.stdout)["metrics"]]
    assert "won_value" in ids
    assert "cost_per_won" not in ids
    assert asked.exit_code == 2
    assert "--table spend=PATH" in asked.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--by", "colour"),
        ("--by", "member,channel"),
        ("--where", "amount / 2 > 1"),
        ("--period", "soon"),
        ("--metric", "wonn"),
        ("--table", "nothing=x.csv"),
        ("--table", "spend=nowhere.csv"),
        ("--owners", "nowhere.csv"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(folder: Path, words: tuple[str, str]) -> None:
    result = run(folder, *words, "--lang", "zh")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    words = ("--by", "member,month", "--explain", "--format", "json")

    assert run(folder, *words).stdout == run(folder, *words).stdout
