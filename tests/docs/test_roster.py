"""The page about rosters describes every column, and its example loads in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingji.cli import main
from mingji.people.families import JOB_FAMILIES, LEVELS
from mingji.people.models import Duty, Posting
from mingji.people.roster.columns import HEADERS

DOCS = Path(__file__).parents[2] / "docs/how-to"
PAGES = ["load-members.md", "load-members.zh.md"]


def example(page: str) -> str:
    (found,) = re.findall(r"```csv\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    return re.sub(r"^ +", "", found, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_column_family_and_level_is_described(page):
    text = (DOCS / page).read_text("utf-8")

    assert {*HEADERS, *JOB_FAMILIES, *LEVELS} <= set(re.findall(r"`(\w+)`", text))
    for headers in HEADERS.values():
        assert headers[0] in text


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_example_loads_as_the_page_says(page, tmp_path):
    roster = tmp_path / "members.csv"
    roster.write_text(example(page), encoding="utf-8")

    told = CliRunner().invoke(main, ["members", "load", str(roster)])

    assert (told.exit_code, told.stderr) == (0, "")
    posts = Posting.objects.filter(ends_on=None)
    assert set(posts.values_list("member__code", "manager__code", "job_family", "level")) == {
        ("M01", None, "MG", "head"),
        ("M02", "M01", "HR", "specialist"),
        ("M03", "M01", "OP", "specialist"),
        ("M04", "M01", "GR", "lead"),
        ("M05", "M04", "GR", "specialist"),
        ("M06", "M04", "DG", "specialist"),
    }
    assert set(Duty.objects.values_list("member__code", "kind")) == {
        ("M02", "hr_partner"),
        ("M03", "analyst"),
    }
