"""Every worked example of the scoring rules holds exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts, Part
from mingji.rules.methods import METHODS, Method
from mingji.rules.methods.anchors import Anchor, Anchors, TieredTarget
from mingji.rules.methods.bands import Band, BandLinear, BandMethod, LinearBand
from mingji.rules.methods.events import Bonus, Deduct
from mingji.rules.methods.given import Given
from mingji.rules.methods.rated import (
    BehaviourAnchor,
    BehaviourLevel,
    GradeScale,
    ScaleLevel,
)
from mingji.rules.methods.ratio import Binary, Deviation, Efficacy, Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Formula, Matrix, Rank
from mingji.rules.points import score_item
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from unit.rules.forms import an_item_by

D = Decimal
DAYS = BandMethod(
    closed="high",
    bands=(
        Band(high=D(25), points=D(15)),
        Band(low=D(25), high=D(30), points=D(10)),
        Band(low=D(30), points=D(0)),
    ),
)
FIVE_BANDS = BandLinear(
    bands=tuple(
        LinearBand(low=D(low), high=D(high), bottom=D(bottom), top=D(top))
        for low, high, bottom, top in (
            (90, 100, 91, 100),
            (80, 90, 81, 90),
            (70, 80, 71, 80),
            (50, 70, 51, 70),
            (0, 50, 0, 50),
        )
    )
)
FOUR_ANCHORS = Anchors(
    anchors=tuple(
        Anchor(value=D(v), points=D(p)) for v, p in ((120, 4), (100, 3), (80, 2), (60, 1))
    )
)
SCALE = GradeScale(
    levels=tuple(
        ScaleLevel(id=i, name=Text(zh, i), points=D(p))
        for i, zh, p in (
            ("excellent", "优", 15),
            ("good", "良", 10),
            ("fair", "一般", 5),
            ("poor", "差", 0),
        )
    )
)
BARS = BehaviourAnchor(
    levels=tuple(BehaviourLevel(level=n, behaviour=Text.same(f"level {n}")) for n in range(1, 6))
)
STEPS = Formula(
    expression="100 if actual/target >= 0.9 else actual*0.8 if actual/target >= 0.8 "
    "else 60 if actual/target >= 0.6 else 0"
)
ROI = {"threshold": "1.2", "target": "1.5", "stretch": "2.0"}
BEST = {"baseline": "100"}
NO_STRETCH = {"threshold": "60", "target": "95"}

EXAMPLES: list[tuple[Method, dict[str, str], str, str]] = [
    (Ratio(), {"actual": "92", "target": "100"}, "20", "18.40"),
    (Ratio(direction="down"), {"actual": "180", "target": "150"}, "20", "16.67"),
    (Ratio(direction="down", form="complement"), {"actual": "180", "target": "150"}, "20", "16.00"),
    (DAYS, {"actual": "25"}, "15", "15.00"),
    (DAYS, {"actual": "25.5"}, "15", "10.00"),
    (DAYS, {"actual": "30"}, "15", "10.00"),
    (DAYS, {"actual": "31"}, "15", "0.00"),
    (FIVE_BANDS, {"actual": "85", "target": "100"}, "100", "85.50"),
    (FIVE_BANDS, {"actual": "100", "target": "100"}, "100", "100.00"),
    (FIVE_BANDS, {"actual": "25", "target": "100"}, "100", "25.00"),
    (Binary(), {"choice": "yes"}, "10", "10.00"),
    (Binary(), {"choice": "否"}, "10", "0.00"),
    (Deduct(points_each=D(2)), {"actual": "3"}, "10", "4.00"),
    (Deduct(points_each=D(2)), {"actual": "30"}, "10", "0.00"),
    (Bonus(points_each=D(2)), {"actual": "3"}, "0", "5.00"),
    (BaseStep(), {"actual": "110", "target": "100"}, "40", "33.00"),
    (BaseStep(), {"actual": "125", "target": "100"}, "40", "36.00"),
    (BaseStep(), {"actual": "85", "target": "100"}, "40", "25.00"),
    (BaseStep(), {"actual": "70", "target": "100"}, "40", "24.00"),
    (FOUR_ANCHORS, {"actual": "95"}, "4", "2.75"),
    (FOUR_ANCHORS, {"actual": "110"}, "4", "3.50"),
    (FOUR_ANCHORS, {"actual": "59"}, "4", "0.00"),
    (FOUR_ANCHORS, {"actual": "130"}, "4", "4.00"),
    (TieredTarget(), {"actual": "1.35", **ROI}, "100", "70.00"),
    (TieredTarget(), {"actual": "1.75", **ROI}, "100", "95.00"),
    (TieredTarget(), {"actual": "1.0", **ROI}, "100", "0.00"),
    (Efficacy(), {"actual": "82", **NO_STRETCH}, "100", "85.14"),
    (Deviation(tolerance=D(5)), {"actual": "109", "target": "100"}, "10", "6.00"),
    (Deviation(tolerance=D(5)), {"actual": "91", "target": "100"}, "10", "6.00"),
    (BestHistory(), {"actual": "100", **BEST}, "30", "25.00"),
    (BestHistory(), {"actual": "110", **BEST}, "30", "30.00"),
    (BestHistory(), {"actual": "98.5", **BEST}, "30", "24.00"),
    (Rank(), {"actual": "1"}, "10", "10.00"),
    (Rank(), {"actual": "2"}, "10", "8.00"),
    (Rank(), {"actual": "3"}, "10", "6.00"),
    (Rank(), {"actual": "4"}, "10", "0.00"),
    (SCALE, {"choice": "优"}, "15", "15.00"),
    (SCALE, {"choice": "good"}, "15", "10.00"),
    (BARS, {"choice": "1"}, "20", "4.00"),
    (BARS, {"choice": "5"}, "20", "20.00"),
    (STEPS, {"actual": "95", "target": "100"}, "100", "100.00"),
    (STEPS, {"actual": "85", "target": "100"}, "100", "68.00"),
    (STEPS, {"actual": "70", "target": "100"}, "100", "60.00"),
    (STEPS, {"actual": "50", "target": "100"}, "100", "0.00"),
]


def facts_of(given: dict[str, str]) -> ItemFacts:
    numbers = {name: D(value) for name, value in given.items() if name != "choice"}
    return ItemFacts(choice=given.get("choice", ""), **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "given", "weight", "points"), EXAMPLES)
def test_each_worked_example_gives_exactly_the_printed_points(
    method: Method, given: dict[str, str], weight: str, points: str
) -> None:
    result = score_item(an_item_by(method, weight), facts_of(given))

    assert str(result.points) == points
    assert result.node.formula.zh
    assert result.node.inputs[0].formula.en


def test_the_matrix_multiplies_the_weight_by_the_cell_of_both_measures() -> None:
    grid = Matrix(
        rows=(D(0), D(90)),
        columns=(D(0), D(80)),
        coefficients=((D("0.5"), D("0.8")), (D("0.7"), D("1.1"))),
    )

    inside = score_item(an_item_by(grid, "20"), ItemFacts(actual=D(95), second=D(85)))
    below = score_item(an_item_by(grid, "20"), ItemFacts(actual=D(-1), second=D(85)))

    assert str(inside.points) == "22.00"
    assert str(below.points) == "0.00"
    assert "outside_bands" in below.node.flags


def test_ties_share_the_better_or_the_mean_rank_as_the_scheme_says() -> None:
    others = tuple(Part(key=k, value=D(v)) for k, v in (("b", 90), ("c", 80)))
    facts = ItemFacts(actual=D(90), parts=others)

    better = score_item(an_item_by(Rank(), "10"), facts)
    mean = score_item(an_item_by(Rank(ties="mean"), "10"), facts)

    assert (str(better.points), str(mean.points)) == ("10.00", "9.00")


def test_an_easy_target_lowers_the_upward_cap() -> None:
    method = BaseStep(target_difficulty_cap=True)

    def at(target: str) -> str:
        facts = ItemFacts(actual=D(200), target=D(target), baseline=D(100))
        return str(score_item(an_item_by(method, "40"), facts).points)

    assert [at(t) for t in ("100", "80", "60", "40")] == ["36.00", "35.00", "34.00", "33.00"]


def test_where_less_is_better_a_target_above_the_baseline_is_the_easy_one() -> None:
    method = BaseStep(target_difficulty_cap=True, direction="down")

    def at(target: str) -> str:
        facts = ItemFacts(actual=D(1), target=D(target), baseline=D(100))
        return str(score_item(an_item_by(method, "40"), facts).points)

    assert [at(t) for t in ("60", "100", "120", "150", "151")] == [
        "36.00",
        "36.00",
        "35.00",
        "34.00",
        "33.00",
    ]


def test_a_hard_target_never_lifts_the_cap_that_the_scheme_names() -> None:
    method = BaseStep(target_difficulty_cap=True, cap_up=D(4))
    facts = ItemFacts(actual=D(200), target=D(100), baseline=D(100))

    assert str(score_item(an_item_by(method, "40"), facts).points) == "34.00"


@pytest.mark.parametrize("target", ["0", "-5"])
def test_a_ratio_to_a_target_that_is_not_positive_is_refused_and_names_what_works(
    target: str,
) -> None:
    with pytest.raises(Invalid) as refusal:
        score_item(an_item_by(Ratio()), ItemFacts(actual=D(5), target=D(target)))

    assert refusal.value.code == "target_not_positive"
    for words in (refusal.value.message.zh, refusal.value.message.en):
        assert "base_step" in words
        assert "anchors" in words
        assert "described" in words


def test_base_step_by_value_works_where_the_target_is_zero() -> None:
    method = BaseStep(measure="value", step=D(2), direction="down")

    result = score_item(an_item_by(method), ItemFacts(actual=D(4), target=D(0)))

    assert str(result.points) == "28.00"


@pytest.mark.parametrize("actual", ["NaN", "Infinity", "-Infinity", "1E+20"])
def test_a_figure_that_cannot_be_reckoned_with_is_refused(actual: str) -> None:
    with pytest.raises(Invalid) as refusal:
        score_item(an_item_by(Ratio()), ItemFacts(actual=D(actual), target=D(1)))

    assert refusal.value.code == "not_a_finite_number"


def test_a_negative_actual_scores_nothing_and_says_that_the_floor_holds() -> None:
    result = score_item(an_item_by(Ratio()), ItemFacts(actual=D(-5), target=D(100)))

    assert str(result.points) == "0.00"
    assert "floored" in result.node.flags


def test_a_lower_is_better_ratio_at_zero_needs_a_cap() -> None:
    facts = ItemFacts(actual=D(0), target=D(10))

    with pytest.raises(Invalid):
        score_item(an_item_by(Ratio(direction="down")), facts)
    capped = score_item(an_item_by(Ratio(direction="down", cap=D("1.2"))), facts)

    assert str(capped.points) == "120.00"


def test_every_method_has_its_class_under_its_own_id() -> None:
    assert {name: cls().method for name, cls in METHODS.items()} == {name: name for name in METHODS}
    assert len(METHODS) == 21


def test_the_target_grows_from_the_previous_period_when_nobody_named_one() -> None:
    item = Item(
        id="won",
        name=Text("赢单额", "won value"),
        weight=D(100),
        target_from="previous_period",
        target_growth=D(10),
    )

    grown = score_item(item, ItemFacts(actual=D(110), baseline=D(100)))
    nothing_before = score_item(item, ItemFacts(actual=D(110), baseline=D(0)))

    assert str(grown.points) == "100.00"
    assert nothing_before.points is None
    assert "no_target" in nothing_before.node.flags


def test_methods_also_run_on_plain_givens() -> None:
    assert Ratio().earn(Given(actual=D(1), target=D(2), weight=D(10))).score == D(5)


def test_an_unknown_level_is_refused_and_the_levels_are_named() -> None:
    with pytest.raises(Invalid) as refusal:
        score_item(an_item_by(SCALE), ItemFacts(choice="超赞"))

    assert "优" in refusal.value.message.zh
