"""The pages about scheme files and tables of facts name what there is, and their examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingji.cli import main
from mingji.rules.methods import METHODS
from mingji.rules.scheme import Dimension, Item, Level, Scheme, Template
from mingji.schemes.document import load
from mingji.schemes.document.shapes import fields_of
from mingji.schemes.facts.columns import ALIASES, ITEM_COLUMNS, MEMBER_COLUMNS, PART_COLUMNS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ENDINGS = ("md", "zh.md")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_key_and_setting_of_a_scheme_is_described(ending):
    page = (DOCS / f"reference/scheme-file.{ending}").read_text("utf-8")
    records = (Scheme, Item, Dimension, Level, Template, *METHODS.values())

    named = set(re.findall(r"`(\w+)`", page))

    assert {name for record in records for name in fields_of(record)} | set(METHODS) <= named


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_example_of_a_scheme_is_good(ending):
    page = (DOCS / f"reference/scheme-file.{ending}").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert load(example).findings == ()


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_column_of_a_table_of_facts_is_described(ending):
    page = (DOCS / f"reference/facts-table.{ending}").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))

    assert {"member", "item", "method", *MEMBER_COLUMNS, *ITEM_COLUMNS, *PART_COLUMNS} <= named
    for column in ("member", "item", "actual", "target", "weight", "part"):
        assert set(re.findall(r"[\u4e00-\u9fff]+", " ".join(ALIASES[column]))) & set(
            re.findall(r"[\u4e00-\u9fff]+", page)
        )


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_example_of_the_guide_scores_what_the_guide_says(ending, tmp_path):
    page = (DOCS / f"how-to/score-a-spreadsheet.{ending}").read_text("utf-8")
    (example,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    facts = tmp_path / "quarter.csv"
    facts.write_text(re.sub(r"^ +", "", example, flags=re.MULTILINE), encoding="utf-8")

    told = CliRunner().invoke(
        main, ["score", "--scheme", "minimal", "--facts", str(facts), "--items", "--format", "csv"]
    )

    points = [line.split(",")[8] for line in told.stdout.splitlines()[1:]]
    assert points == ["43.81", "30.50", "20.83"]
    assert all(each in page for each in (*points, "95.14"))
