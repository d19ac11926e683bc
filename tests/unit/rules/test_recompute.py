"""Every kind of explanation recomputes from its leaves, also after it was stored."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from mingji.rules.explanation import Node, from_data, to_json
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods import Method
from mingji.rules.methods.events import Bonus, Deduct, Lateness, Milestone, Okr
from mingji.rules.methods.rated import (
    BehaviourAnchor,
    BehaviourLevel,
    Case,
    Described,
    GradeScale,
    MultiRater,
    RaterGroup,
    ScaleLevel,
)
from mingji.rules.methods.ratio import Binary, Ratio
from mingji.rules.methods.steps import BaseStep
from mingji.rules.methods.tables import Rank
from mingji.rules.points import score_item
from mingji.rules.recompute import mismatches, recompute
from mingji.rules.text import Text
from unit.rules.forms import an_item

D = Decimal
RATED = MultiRater(
    groups=(RaterGroup(id="peer", weight=D(60)), RaterGroup(id="self", weight=D(40)))
)
ANSWERS = (*(Part(key="peer", value=D(v)) for v in (71, 80, 92, 64)), Part(key="self", value=D(99)))
CASES = (
    Case(id="normal", name=Text.same("normal"), scored_by=Ratio(cap=D("1.1"))),
    Case(id="late", name=Text.same("late"), points=D(8)),
)
LEVELS = tuple(BehaviourLevel(level=n, behaviour=Text.same("b")) for n in range(1, 6))
SCALE = (ScaleLevel(id="good", name=Text("良", "good"), points=D(10)),)
KEY_RESULTS = (
    Part(key="cpl", value=D(60), baseline=D(80), target=D(50), weight=D("0.7")),
    Part(key="mql", value=None, baseline=D(0), target=D(9), weight=D("0.3")),
)
DONE = (Part(key="plan", value=D(1)), Part(key="launch", value=D("0.5"), days_late=4))
COLLEAGUES = tuple(Part(key=k, value=D(v)) for k, v in (("b", 90), ("c", 80), ("d", 80)))

EXPLAINED: list[tuple[Method, ItemFacts]] = [
    (Okr(), ItemFacts(parts=KEY_RESULTS)),
    (Milestone(lateness=(Lateness(days=7, factor=D("0.8")),)), ItemFacts(parts=DONE)),
    (Deduct(points_each=D(2)), ItemFacts(parts=(Part(key="e", weight=D(3)), Part(key="f")))),
    (Bonus(), ItemFacts(actual=D(3))),
    (Binary(), ItemFacts(choice="是")),
    (Described(cases=CASES), ItemFacts(choice="late")),
    (Described(cases=CASES), ItemFacts(choice="normal", actual=D(93), target=D(100))),
    (GradeScale(levels=SCALE), ItemFacts(choice="良")),
    (BehaviourAnchor(levels=LEVELS), ItemFacts(actual=D("3.5"))),
    (RATED, ItemFacts(parts=ANSWERS)),
    (Rank(ties="mean"), ItemFacts(actual=D(80), parts=COLLEAGUES)),
    (BaseStep(target_difficulty_cap=True), ItemFacts(actual=D(9), target=D(5), baseline=D(8))),
]


@pytest.mark.parametrize(("method", "facts"), EXPLAINED, ids=lambda case: type(case).__name__)
def test_it_recomputes_after_it_was_stored(method: Method, facts: ItemFacts) -> None:
    node = score_item(an_item("it", 30, scoring=method), facts).node

    stored = from_data(json.loads(to_json(node)))

    assert isinstance(node.value, Decimal)
    assert recompute(stored) == node.value
    assert mismatches(stored) == ()


def test_a_colleagues_figure_does_not_stand_in_somebody_elses_rank() -> None:
    facts = ItemFacts(actual=D(80), parts=COLLEAGUES)

    node = score_item(an_item("it", 30, scoring=Rank()), facts).node

    assert D(90) not in {each.value for each in node.walk()}


def test_the_actuals_own_explanation_hangs_under_the_score() -> None:
    metric = Node("won_value", Text("赢单额", "won value"), D(92), "metric.sum")

    node = score_item(an_item("it", 20), ItemFacts(node=metric, target=D(100))).node
    found = node.find("score/actual")

    assert found is not None
    assert found.rule == "metric.sum"
    assert str(node.value) == "18.40"


def test_a_rule_that_nobody_knows_is_taken_as_recorded() -> None:
    assert recompute(Node("x", Text.same("x"), D(3), "metric.ratio")) == D(3)
