"""What a goal may agree about its scoring, and what it is refused for. Worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mingji.goals.scoring import defaults, one_line, read, read_line, scoring_words, typed
from mingji.rules.agreed_scoring import AGREEABLE, examples, highest_share, scoring_findings
from mingji.rules.assess import assess
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Source
from mingji.rules.facts import ItemFacts
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.methods.anchors import TieredTarget
from mingji.rules.methods.ratio import Ratio
from mingji.rules.points import score_item
from mingji.rules.text import Text
from unit.rules.forms import an_item

D = Decimal
WON = an_item("won", 40, scoring=Ratio(cap=D("1.2")))
GOAL = GoalTerms(key="won", target=D(100), threshold=D(80), stretch=D(120), baseline=D(90))
SIGNED = (Source("agreement", Text.same("signed")),)


def points(goal: GoalTerms, item: Any = WON) -> list[str]:
    return [str(each.points) for each in examples(item, goal)]


def codes(scoring: dict[str, str], item: Any = WON, **terms: Any) -> list[str]:
    found = scoring_findings(item, replace(GOAL, scoring=scoring, **terms))
    return [each.code for each in found]


def test_points_at_threshold_target_and_stretch_follow_the_agreed_method() -> None:
    tiered = read("tiered_target", defaults("tiered_target"))
    anchors = read_line("anchors: measure = actual; 80 = 50; 100 = 100; 120 = 110")
    steps = read_line("base_step: base = 80; step = 5; unit = 4; cap_up = 20; cap_down = 40")

    assert points(GOAL) == ["32.00", "40.00", "48.00"]
    assert points(replace(GOAL, scoring=tiered)) == ["24.00", "32.00", "44.00"]
    assert points(replace(GOAL, scoring=anchors)) == ["20.00", "40.00", "44.00"]
    # 20 % off the target are four full steps of 4: 64, 80 and 96 of 100, of 40 points.
    assert points(replace(GOAL, scoring=steps)) == ["25.60", "32.00", "38.40"]


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("method", AGREEABLE)
def test_every_method_can_be_agreed_as_its_form_starts(method: str, direction: str) -> None:
    goal = replace(GOAL, threshold=D(120), stretch=D(80)) if direction == "down" else GOAL
    item = replace(WON, scoring=Ratio(direction=direction, cap=D("1.2")))  # type: ignore[arg-type]
    agreed = read(method, defaults(method, direction, D("1.2")), direction=direction)

    assert scoring_findings(item, replace(goal, scoring=agreed), direction) == ()
    assert examples(item, replace(goal, scoring=agreed), direction)
    again = read_line(one_line(agreed), direction=direction, most=D("1.2"))
    assert again == agreed
    words = scoring_words(agreed)
    assert words.zh
    assert words.en


def test_rates_are_typed_in_percent_and_kept_as_fractions() -> None:
    agreed = read_line("anchors: measure = actual; 20 = 60; 30 = 100", unit="ratio")

    assert '"value":"0.2"' in agreed["anchors"]
    assert typed(agreed, "ratio")["anchors"] == "20 = 60\n30 = 100"
    assert "20 → 60" in scoring_words(agreed, "ratio").en


@pytest.mark.parametrize(
    ("scoring", "code"),
    [
        ({"method": "rank"}, "method_not_agreeable"),
        ({"cap": "1.1"}, "method_not_agreeable"),
        ({"method": "ratio", "cap": "lots"}, "bad_parameter"),
        ({"method": "ratio", "cap": "1.2", "weight": "90"}, "unknown_parameter"),
        ({"method": "ratio", "cap": "1.2", "target": "1"}, "unknown_parameter"),
        ({"method": "ratio"}, "scoring_above_scheme"),
        ({"method": "ratio", "cap": "1.3"}, "scoring_above_scheme"),
        ({"method": "ratio", "cap": "1.2", "direction": "down"}, "scoring_direction"),
        ({"method": "formula", "expression": "max(0, actual)"}, "scoring_above_scheme"),
        ({"method": "formula", "expression": "min(actual, 9)"}, "scoring_negative"),
        ({"method": "anchors", "anchors": "[]"}, "anchors_not_distinct"),
        (read_line("anchors: 100 = 20; 80 = 90"), "scoring_backwards"),
        (read_line("band: ..80 = 0; 90.. = 100"), "band_gap"),
        (read_line("base_step: base = 20; cap_down = 40"), "scoring_negative"),
    ],
)
def test_what_cannot_be_agreed_is_refused(scoring: dict[str, str], code: str) -> None:
    assert codes(scoring) == [code]


def test_what_the_method_needs_must_be_agreed_too() -> None:
    assert codes({"method": "tiered_target"}, threshold=None) == ["threshold_missing"]
    own_best = read("best_history", defaults("best_history"))
    assert codes(own_best, baseline=None) == ["delta_without_baseline"]
    assert codes({"method": "ratio", "cap": "1"}, target=D(0)) == ["target_not_positive"]


def test_a_goal_earns_at_most_what_the_scheme_pays_for_the_item() -> None:
    tiered = an_item("won", 40, scoring=TieredTarget())
    unbounded = an_item("won", 40, scoring=Ratio())

    assert (highest_share(tiered), highest_share(unbounded)) == (D("1.1"), None)
    assert codes({"method": "ratio", "cap": "1.1"}, tiered) == []
    assert codes({"method": "ratio", "cap": "1.11"}, tiered) == ["scoring_above_scheme"]
    assert codes({"method": "ratio", "cap": "3"}, unbounded) == []


@pytest.mark.parametrize(
    "line",
    ["guess", "ratio: limit = 3", "ratio: cap = -1", "anchors: 80", "band: 80 = 3",
     "band_linear: 80.. = 1..2", "tiered_target: below = sideways", "formula: expression ="],
)  # fmt: skip
def test_a_line_that_cannot_be_read_says_so(line: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_line(line)

    assert refused.value.findings[0].remedy.zh


def test_the_reasons_say_that_the_method_was_agreed_and_by_whom() -> None:
    facts = ItemFacts(actual=D(100), target=D(100), overrides=read_line("ratio: cap = 50"))

    found = assess(WON, replace(facts, sources=SIGNED))

    assert (found.score, found.node.rule) == (D(20), "method.ratio")
    assert "scoring_agreed" in found.flags
    assert found.node.sources == SIGNED


def test_a_scheme_that_keeps_its_method_scores_by_it_and_flags_what_was_agreed() -> None:
    fixed = replace(WON, scoring_from="scheme")
    facts = ItemFacts(
        actual=D(100), target=D(100), overrides={"method": "ratio", "cap": "0.5"}, sources=SIGNED
    )

    assert str(score_item(fixed, facts).points) == "40.00"
    assert "scoring_left_to_scheme" in assess(fixed, facts).flags
    assert codes({"method": "ratio", "cap": "0.5"}, fixed) == ["scoring_fixed"]
