"""Promises of every scoring method, over generated facts (scoring guide, “What always holds”)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods import Method
from mingji.rules.methods.anchors import Anchor, Anchors, TieredTarget
from mingji.rules.methods.bands import Band, BandLinear, BandMethod, LinearBand
from mingji.rules.methods.events import Bonus, Deduct, Milestone, Okr
from mingji.rules.methods.given import Given
from mingji.rules.methods.rated import BehaviourAnchor, BehaviourLevel, MultiRater, RaterGroup
from mingji.rules.methods.ratio import Binary, Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Formula, Matrix, Rank
from mingji.rules.points import score_item
from mingji.rules.recompute import mismatches
from mingji.rules.scheme import Item
from mingji.rules.text import Text

D = Decimal
WEIGHT = D(20)
CAP = D("1.2")
actuals = st.decimals(min_value="-500", max_value="500", places=2)
positive = st.decimals(min_value="0.01", max_value="500", places=2)
targets = st.decimals(min_value="1", max_value="300", places=2)

LADDER = tuple(Anchor(value=D(v), points=D(p)) for v, p in ((60, 5), (100, 15), (120, 20)))
BANDS = (
    Band(high=D(50), points=D(0)),
    Band(low=D(50), high=D(100), points=D(10)),
    Band(low=D(100), points=D(20)),
)
LINEAR = tuple(
    LinearBand(low=D(low), high=D(high), bottom=D(bottom), top=D(top))
    for low, high, bottom, top in ((0, 50, 0, 50), (50, 80, 51, 80), (80, 100, 81, 100))
)
BARS = BehaviourAnchor(
    levels=tuple(BehaviourLevel(level=n, behaviour=Text.same("b")) for n in range(1, 6))
)
GRID = Matrix(
    rows=(D(0), D(90)),
    columns=(D(0), D(80)),
    coefficients=((D("0.5"), D("0.8")), (D("0.7"), D("1.1"))),
)

# method, direction of the actual, least and most points it may give (None: no bound)
UP: list[tuple[Method, int, str, str | None]] = [
    (Ratio(cap=CAP), 1, "0", "24"),
    (Ratio(direction="down", form="complement"), -1, "0", None),
    (BandMethod(bands=BANDS), 1, "0", "20"),
    (BandMethod(bands=BANDS, measure="percent"), 1, "0", "20"),
    (BandLinear(bands=LINEAR), 1, "0", "100"),
    (Binary(), 1, "0", "20"),
    (Binary(direction="down"), -1, "0", "20"),
    (BaseStep(), 1, "24", "36"),
    (BaseStep(direction="down"), -1, "24", "36"),
    (BaseStep(measure="value"), 1, "24", "36"),
    (BaseStep(target_difficulty_cap=True), 1, "24", "36"),
    (BestHistory(), 1, "0", "30"),
    (Anchors(anchors=LADDER), 1, "0", "20"),
    (Anchors(anchors=LADDER, below="flat"), 1, "5", "20"),
    (TieredTarget(), 1, "0", "110"),
    (Efficacy(cap=D(100)), 1, "0", "100"),
    (GRID, 1, "0", "22"),
    (Formula(expression="max(min(actual / target, 1.2), 0) * weight"), 1, "0", "24"),
]
LINEAR_METHODS: list[Method] = [
    Ratio(cap=CAP),
    Ratio(direction="down", form="complement"),
    Anchors(anchors=LADDER, below="flat"),
    TieredTarget(below="flat"),
    Efficacy(cap=D(100)),
    Deviation(tolerance=D(5)),
]


def facts(actual: Decimal, target: Decimal) -> Given:
    return Given(
        actual=actual,
        second=D(85),
        target=target,
        baseline=D(100),
        threshold=target / 2,
        stretch=target * 2,
        weight=WEIGHT,
    )


@pytest.mark.parametrize(("method", "direction", "least", "most"), UP)
@settings(max_examples=50)
@given(one=actuals, other=actuals, target=targets)
def test_a_better_actual_never_scores_less_and_bounds_hold(
    method: Method,
    direction: int,
    least: str,
    most: str | None,
    one: Decimal,
    other: Decimal,
    target: Decimal,
) -> None:
    low, high = sorted((one, other), reverse=direction < 0)

    worse = method.earn(facts(low, target)).score
    better = method.earn(facts(high, target)).score

    assert worse <= better
    assert worse >= D(least)
    assert most is None or better <= D(most)


@given(one=positive, other=positive, target=targets)
def test_the_inverse_ratio_falls_as_the_cost_rises(
    one: Decimal, other: Decimal, target: Decimal
) -> None:
    method = Ratio(direction="down", cap=CAP)
    cheap, dear = sorted((one, other))

    assert method.earn(facts(cheap, target)).score >= method.earn(facts(dear, target)).score


@given(off=st.decimals(min_value="0", max_value="200", places=2), target=targets)
def test_a_deviation_costs_the_same_either_side(off: Decimal, target: Decimal) -> None:
    method = Deviation(tolerance=D(5), measure="value")

    above = method.earn(facts(target + off, target)).score
    below = method.earn(facts(target - off, target)).score

    assert above == below
    assert D(0) <= above <= WEIGHT


@pytest.mark.parametrize("method", LINEAR_METHODS)
@settings(max_examples=50)
@given(actual=actuals, target=targets)
def test_methods_called_linear_have_no_jump(
    method: Method, actual: Decimal, target: Decimal
) -> None:
    step = D("0.000001")

    here = method.earn(facts(actual, target)).score
    there = method.earn(facts(actual + step, target)).score

    # no slope is steeper than 220 points over one unit at the smallest target
    assert abs(here - there) <= step * 220


@given(
    events=st.lists(st.decimals(min_value="0", max_value="20", places=1), max_size=8),
    each=st.decimals(min_value="0", max_value="5", places=1),
)
def test_deductions_stay_between_zero_and_the_weight_and_bonus_under_its_cap(
    events: list[Decimal], each: Decimal
) -> None:
    assume(events)
    parts = tuple(Part(key=f"e{n}", value=v) for n, v in enumerate(events))

    left = Deduct(points_each=each).earn(Given(parts=parts, weight=WEIGHT)).score
    added = Bonus(points_each=each).earn(Given(parts=parts)).score

    assert D(0) <= left <= WEIGHT
    assert D(0) <= added <= D(5)


@given(
    shares=st.lists(st.decimals(min_value="0", max_value="1", places=2), min_size=1, max_size=6),
)
def test_parts_count_alike_in_any_order_and_stay_within_the_weight(
    shares: list[Decimal],
) -> None:
    parts = [Part(key=f"p{n}", value=v) for n, v in enumerate(shares)]
    turned = sorted(parts, key=lambda part: (part.value or D(0), part.key))

    for method, most in ((Okr(), D(1)), (Milestone(), WEIGHT)):
        one = method.earn(Given(parts=tuple(parts), weight=WEIGHT)).score
        other = method.earn(Given(parts=tuple(turned), weight=WEIGHT)).score
        assert abs(one - other) < D("1e-30")
        assert D(0) <= one <= most


ratings = st.lists(
    st.tuples(
        st.sampled_from(("manager", "peer", "report", "self")),
        st.decimals(min_value="0", max_value="100", places=1),
    ),
    min_size=1,
    max_size=24,
)
GROUPS = tuple(
    RaterGroup(id=g, weight=D(w)) for g, w in (("manager", 45), ("peer", 30), ("report", 25))
)


@given(answers=ratings, order=st.permutations(range(24)))
def test_raters_in_any_order_give_the_same_points_and_no_answer_shows(
    answers: list[tuple[str, Decimal]], order: list[int]
) -> None:
    item = Item(
        id="b", name=Text.same("b"), weight=D(100), scoring=MultiRater(groups=GROUPS, minimum=4)
    )
    parts = [Part(key=group, value=value) for group, value in answers]
    turned = [parts[place] for place in order if place < len(parts)]

    one = score_item(item, ItemFacts(parts=tuple(parts)))
    other = score_item(item, ItemFacts(parts=tuple(turned)))

    assert one.node == other.node
    assert one.points is None or D(0) <= one.points <= D(100)
    peers = [value for group, value in answers if group == "peer"]
    means = {node.parameters.get("key"): node.value for node in one.node.walk()}
    if len(peers) < 4:
        assert means.get("peer") is None


@given(own=actuals, others=st.lists(actuals, max_size=6), ties=st.sampled_from(("better", "mean")))
def test_ranks_do_not_depend_on_the_order_of_the_others(
    own: Decimal, others: list[Decimal], ties: str
) -> None:
    item = Item(
        id="r",
        name=Text.same("r"),
        weight=WEIGHT,
        scoring=Rank(ties=ties),  # type: ignore[arg-type]
    )

    def at(values: list[Decimal]) -> Decimal | None:
        parts = tuple(Part(key=f"m{n}", value=v) for n, v in enumerate(values))
        return score_item(item, ItemFacts(actual=own, parts=parts)).points

    assume(others)
    assert at(others) == at(sorted(others))


@given(level=st.decimals(min_value="1", max_value="5", places=2))
def test_a_mean_behaviour_level_lies_between_its_neighbours(level: Decimal) -> None:
    score = BARS.earn(Given(actual=level, weight=WEIGHT)).score

    assert abs(score - level * WEIGHT / 5) < D("1e-30")


@pytest.mark.parametrize("method", [*(row[0] for row in UP), *LINEAR_METHODS])
@settings(max_examples=50)
@given(actual=actuals, target=targets)
def test_every_explanation_recomputes_to_its_points(
    method: Method, actual: Decimal, target: Decimal
) -> None:
    item = Item(id="x", name=Text.same("x"), weight=WEIGHT, scoring=method)
    known = ItemFacts(
        actual=actual,
        second=D(85),
        target=target,
        baseline=D(100),
        threshold=target / 2,
        stretch=target * 2,
    )

    assert mismatches(score_item(item, known).node) == ()
