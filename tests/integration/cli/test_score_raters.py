"""Answers of several raters in a table of facts: groups by their names, and none lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mingji.cli import main

SCHEME = """\
id: rated
name: 评价
blend: {mode: none}
dimensions:
  - id: all
    name: 协作
    weight: 100
    items:
      - {id: together, name: 协作, weight: 100, source: rated, description: 看得见的协作行为,
         scoring: multi_rater}
"""


def run(folder: Path, rows: list[tuple[str, int]], *more: str) -> Result:
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    lines = ["姓名,考核项,评价组,实际值", *(f"李雷,协作,{group},{mark}" for group, mark in rows)]
    (folder / "facts.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    paths = ["--scheme", str(folder / "scheme.yaml"), "--facts", str(folder / "facts.csv")]
    return CliRunner().invoke(main, ["score", *paths, *more])


@pytest.mark.parametrize(
    ("manager", "peer", "own"),
    [("上级", "同级", "自评"), ("直属上级", "同事", "本人"), ("Manager", "peers", "SELF")],
)
def test_groups_go_by_their_names_in_either_language(tmp_path, manager, peer, own):
    rows = [(manager, 90), *[(peer, 80)] * 4, (own, 100)]

    told = run(tmp_path, rows, "--format", "json")

    # specialists: manager 45, peers 30, self 10 of 85: (4050 + 2400 + 1000) ÷ 85
    (member,) = json.loads(told.stdout)["members"]
    assert member["total"] == "87.65"


def test_a_group_that_nobody_knows_is_told_and_its_answers_are_not_lost_in_silence(tmp_path):
    told = run(tmp_path, [("上级", 90), ("同极", 80)], "--lang", "zh")

    assert told.exit_code == 2
    assert "第 3 行「评价组」列" in told.stderr
    assert "没有评价组“同极”" in told.stderr
    assert "同级（peer）" in told.stderr


def test_a_rating_that_names_no_group_is_refused(tmp_path):
    told = run(tmp_path, [("", 90)], "--lang", "en")

    assert told.exit_code == 2
    assert "this rating names no group of raters" in told.stderr
