"""The worked examples of docs/explanation/scoring.md, through the command, from real files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingji.cli import main

SCHEME = """
id: worked
name: {zh: 算例, en: Worked examples}
aggregation: sum
missing: zero
blend: {mode: none}
dimensions:
  - id: all
    name: {zh: 全部, en: All}
    weight: 100
    items:
      - &item
        {id: ratio_up, name: 比率, weight: 20, scoring: {method: ratio}, data_owner: 销售运营}
      - {<<: *item, id: inverse, scoring: {method: ratio, direction: down}}
      - {<<: *item, id: complement, scoring: {method: ratio, direction: down, form: complement}}
      - <<: *item
        id: band
        weight: 15
        scoring:
          method: band
          closed: high
          bands:
            - {high: 25, points: 15}
            - {low: 25, high: 30, points: 10}
            - {low: 30, points: 0}
      - <<: *item
        id: band_linear
        weight: 100
        scoring: &bands
          method: band_linear
          bands:
            - {low: 0, high: 50, bottom: 0, top: 50}
            - {low: 50, high: 70, bottom: 51, top: 70}
            - {low: 70, high: 80, bottom: 71, top: 80}
            - {low: 80, high: 90, bottom: 81, top: 90}
            - {low: 90, high: 100, bottom: 91, top: 100}
      - {<<: *item, id: certified, weight: 10, scoring: binary}
      - <<: *item
        id: errors
        weight: 10
        source: events
        scoring: {method: deduct, points_each: 2}
      - <<: *item
        id: launch
        weight: 10
        scoring:
          method: described
          cases:
            - {id: on_time, name: {zh: 准时, en: on time}, points: 10}
            - {id: supplier, name: {zh: 供应商延误, en: slipped by supplier}, points: 8}
      - <<: *item
        id: extra
        source: events
        weight: 0
        scoring: {method: bonus, points_each: 2, cap: 5}
      - {<<: *item, id: growth, weight: 36, scoring: base_step}
      - <<: *item
        id: share
        weight: 4
        scoring:
          method: anchors
          anchors:
            - {value: 120, points: 4}
            - {value: 100, points: 3}
            - {value: 80, points: 2}
            - {value: 60, points: 1}
      - <<: *item
        id: roi
        weight: 100
        threshold: 1.2
        target: 1.5
        stretch: 2.0
        scoring: tiered_target
      - <<: *item
        id: efficacy
        weight: 100
        scoring: {method: efficacy, unacceptable: 60, satisfactory: 95}
      - {<<: *item, id: budget, weight: 10, scoring: {method: deviation, tolerance: 5}}
      - {<<: *item, id: best, weight: 30, scoring: best_history}
      - {<<: *item, id: rank, weight: 10, scoring: rank}
      - <<: *item
        id: writing
        weight: 15
        source: rated
        raters: [manager]
        scoring:
          method: grade_scale
          levels:
            - {id: A, name: {zh: 优, en: excellent}, points: 15, description: 样样领先}
            - {id: B, name: {zh: 良, en: good}, points: 10, description: 达到要求}
            - {id: C, name: {zh: 一般, en: fair}, points: 5, description: 勉强达到}
            - {id: D, name: {zh: 差, en: poor}, points: 0, description: 没有达到}
      - {<<: *item, id: okr, weight: 100, scoring: okr}
      - <<: *item
        id: feedback
        weight: 100
        source: rated
        description: 各评价组对协作的评分
        scoring:
          method: multi_rater
          minimum: 3
          groups: [{id: manager, weight: 50}, {id: peer, weight: 30}, {id: report, weight: 20}]
      - <<: *item
        id: tiered_formula
        weight: 100
        scoring:
          method: formula
          expression: >-
            100 if actual/target >= 0.9 else
            actual*0.8 if actual/target >= 0.8 else
            60 if actual/target >= 0.6 else 0
"""

# item, actual, target, choice → points of the item
EXAMPLES = [
    ("ratio_up", "92", "100", "", "18.40"),
    ("inverse", "180", "150", "", "16.67"),
    ("complement", "180", "150", "", "16.00"),
    ("band", "25", "", "", "15.00"),
    ("band", "25.01", "", "", "10.00"),
    ("band", "30", "", "", "10.00"),
    ("band", "30.5", "", "", "0.00"),
    ("band_linear", "85", "100", "", "85.50"),
    ("certified", "是", "", "", "10.00"),
    ("certified", "no", "", "", "0.00"),
    ("errors", "3", "", "", "4.00"),
    ("errors", "9", "", "", "0.00"),
    ("launch", "", "", "供应商延误", "8.00"),
    ("launch", "", "", "supplier", "8.00"),
    ("extra", "2", "", "", "4.00"),
    ("extra", "9", "", "", "5.00"),
    ("growth", "110", "100", "", "33.00"),
    ("growth", "125", "100", "", "36.00"),
    ("growth", "85", "100", "", "25.00"),
    ("growth", "70", "100", "", "24.00"),
    ("share", "95", "", "", "2.75"),
    ("share", "110", "", "", "3.50"),
    ("share", "59", "", "", "0.00"),
    ("share", "130", "", "", "4.00"),
    ("roi", "1.35", "", "", "70.00"),
    ("roi", "1.75", "", "", "95.00"),
    ("roi", "1.0", "", "", "0.00"),
    ("efficacy", "82", "", "", "85.14"),
    ("budget", "109", "100", "", "6.00"),
    ("rank", "1", "", "", "10.00"),
    ("rank", "2", "", "", "8.00"),
    ("rank", "3", "", "", "6.00"),
    ("rank", "4", "", "", "0.00"),
    ("writing", "优", "", "", "15.00"),
    ("writing", "", "", "good", "10.00"),
    ("tiered_formula", "95", "100", "", "100.00"),
    ("tiered_formula", "85", "100", "", "68.00"),
    ("tiered_formula", "70", "100", "", "60.00"),
    ("tiered_formula", "50", "100", "", "0.00"),
    # what binary floats get wrong
    ("ratio_up", "0.29", "1", "", "5.80"),
    ("ratio_up", "0.57", "1", "", "11.40"),
    ("ratio_up", "0.58", "1", "", "11.60"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, dict[str, dict[str, str]]]:
    """The points of each member's items; each example has a member of its own."""
    folder: Path = tmp_path_factory.mktemp("worked")
    (folder / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    rows = [
        (f"m{n}", item, actual, target, choice)
        for n, (item, actual, target, choice, _) in enumerate(EXAMPLES)
    ]
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("member", "item", "actual", "target", "choice"), *rows])
    return score(folder)


def score(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    arguments = ["--scheme", str(folder / "scheme.yaml"), "--facts", str(folder / "facts.csv")]
    told = CliRunner().invoke(main, ["score", *arguments, "--format", "json"])
    assert told.exit_code in (0, 1), told.output
    return {
        member["member"]: {item["item"]: item for item in member["items"]}
        for member in json.loads(told.stdout)["members"]
    }


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda n: "-".join(EXAMPLES[n][:2]))
def test_a_worked_example_holds_to_the_last_digit(answers, number):
    item, *_, points = EXAMPLES[number]

    assert answers[f"m{number}"][item]["points"] == points


def test_parts_make_an_okr_and_a_360(tmp_path):
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "facts.csv").write_text(
        "成员,考核项,分项,实际值,分项权重,分项目标值,分项起始值\n"
        "a,okr,kr1,0.7,,1,0\n"
        "a,okr,kr2,1,,1,0\n"
        "a,okr,kr3,0.4,,1,0\n"
        "a,feedback,manager,90,,,\n"
        "a,feedback,peer,80,,,\n"
        "a,feedback,peer,70,,,\n"
        "a,feedback,peer,75,,,\n"
        "a,feedback,report,100,,,\n",
        encoding="utf-8",
    )

    found = score(tmp_path)["a"]

    assert found["okr"]["points"] == "70.00"
    # one report is too few to stay unnamed: 50 × 90 + 30 × 75, over 80
    assert found["feedback"]["points"] == "84.38"
