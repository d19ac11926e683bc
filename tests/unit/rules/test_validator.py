"""What a scheme is refused for or warned about, each with its place and remedy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mingji.rules.coefficients import CoefficientWeight, CommissionTier, Settlement, YearRule
from mingji.rules.goal_checks import check_goal
from mingji.rules.methods import Method
from mingji.rules.methods.anchors import Anchors
from mingji.rules.methods.bands import Band, BandMethod
from mingji.rules.methods.events import Deduct
from mingji.rules.methods.rated import GradeScale, MultiRater, RaterGroup, ScaleLevel
from mingji.rules.methods.ratio import Ratio
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.methods.tables import Formula, Matrix
from mingji.rules.scheme import (
    BlendRule,
    Calendar,
    DimensionWeight,
    Item,
    Level,
    RaterRule,
    RedLine,
    Scheme,
    Stage,
)
from mingji.rules.text import Text
from mingji.rules.validator import errors, validate
from unit.rules.forms import a_dimension, a_scheme, an_item

D = Decimal
WORD = Text.same("word")


def healthy(**changes: Any) -> Scheme:
    items = [an_item(f"i{n}", 25, data_owner="ops") for n in range(4)]
    scheme: Scheme = a_scheme(**{"dimensions": (a_dimension("all", 100, *items),), **changes})
    return scheme


def with_item(item: Item) -> Scheme:
    others = [an_item(f"i{n}", 25, data_owner="ops") for n in range(3)]
    return healthy(dimensions=(a_dimension("all", 100, item, *others),))


def codes(scheme: Scheme) -> set[str]:
    return {each.code for each in validate(scheme)}


def test_a_healthy_scheme_has_no_findings() -> None:
    assert validate(healthy()) == ()


@pytest.mark.parametrize("part", ["dimensions", "levels", "grades"])
def test_a_scheme_without_one_dimension_level_or_grade_is_refused(part: str) -> None:
    found = validate(healthy(**{part: ()}))

    assert [(each.code, each.severity, each.place.path) for each in found] == [
        (f"no_{part}", "error", part)
    ]


def test_the_items_of_the_team_must_make_a_hundred_too() -> None:
    items = (an_item("revenue", 60, data_owner="ops"), an_item("pipe", 35, data_owner="ops"))

    (found,) = validate(healthy(team_items=items))

    assert (found.code, found.place.path) == ("weights_not_100", "team_items")
    assert "95" in found.message.zh
    assert validate(healthy(team_items=items, aggregation="sum")) == ()


def test_a_change_without_a_baseline_is_doubted_for_a_row_may_bring_it() -> None:
    change = BaseStep(measure="given")
    bare = an_item("change", 25, scoring=change, data_owner="ops")
    told = an_item("change", 25, scoring=change, data_owner="ops", baseline=D(100))

    assert [(each.code, each.severity) for each in validate(with_item(bare))] == [
        ("delta_without_baseline", "warning")
    ]
    assert validate(with_item(told)) == ()


def test_each_finding_names_its_place_and_remedy_in_both_languages() -> None:
    scheme = with_item(an_item("bad", 20, scoring=Anchors()))

    for found in validate(scheme):
        assert found.place.path
        assert found.remedy.zh
        assert found.remedy.en
    assert "dimensions[0].items[0].scoring.anchors" in {e.place.path for e in validate(scheme)}


SCORINGS: list[tuple[Method, str]] = [
    (Anchors(), "anchors_not_distinct"),
    (BandMethod(), "band_empty"),
    (
        BandMethod(bands=(Band(high=D(1), points=D(1)), Band(low=D(2), points=D(2)))),
        "band_gap",
    ),
    (
        BandMethod(bands=(Band(high=D(3), points=D(1)), Band(low=D(2), points=D(2)))),
        "band_overlap",
    ),
    (BaseStep(step=D(0)), "step_not_positive"),
    (Matrix(rows=(D(1),), columns=(D(1), D(2)), coefficients=((D(1),),)), "matrix_shape"),
    (Formula(expression="actual.real"), "formula_refused"),
    (MultiRater(minimum=2), "anonymity_minimum_too_low"),
    (GradeScale(), "levels_not_distinct"),
    (Deduct(floor=D(-80)), "deductions_exceed_dimension"),
]


@pytest.mark.parametrize(("scoring", "code"), SCORINGS)
def test_settings_of_a_method_that_make_no_sense_are_errors(scoring: Method, code: str) -> None:
    found = errors(validate(with_item(an_item("bad", 25, scoring=scoring, data_owner="ops"))))

    assert [each.code for each in found] == [code]


ITEMS: list[tuple[dict[str, Any], str]] = [
    ({"target": D(0)}, "target_not_positive"),
    ({"data_owner": ""}, "no_data_owner"),
    ({"gaming_risk": Text("刷量", "fake leads")}, "no_counter_metric"),
    ({"target_growth": D(10)}, "delta_without_baseline"),
    ({"source": "rated"}, "levels_not_described"),
    (
        {
            "source": "rated",
            "scoring": GradeScale(
                levels=tuple(ScaleLevel(id=i, name=WORD, points=D(1)) for i in ("a", "b"))
            ),
        },
        "levels_not_described",
    ),
]


@pytest.mark.parametrize(("changes", "code"), ITEMS)
def test_an_item_is_found_wanting(changes: dict[str, Any], code: str) -> None:
    item = an_item("bad", 25, **{"data_owner": "ops", **changes})

    assert codes(with_item(item)) == {code}


def test_a_monthly_target_on_a_slow_outcome_is_refused() -> None:
    item = an_item("share", 25, data_owner="ops", lag_months=4)
    others = [an_item(f"i{n}", 25, data_owner="ops") for n in range(3)]
    scheme = healthy(period="month", dimensions=(a_dimension("all", 100, item, *others),))

    assert codes(scheme) == {"outcome_too_slow"}


def test_a_gaming_risk_with_its_counter_metric_is_fine() -> None:
    item = an_item(
        "leads", 25, data_owner="ops", gaming_risk=Text("刷量", "fake"), counter_metric="quality"
    )

    assert validate(with_item(item)) == ()


def test_a_real_form_whose_35_points_can_lose_105_is_refused() -> None:
    losing = [
        an_item(f"d{n}", 35 if n == 0 else 0, scoring=Deduct(floor=D(floor)), data_owner="ops")
        for n, floor in enumerate((0, -35, -35))
    ]
    rest = [an_item(f"i{n}", 65 if n == 0 else 0, data_owner="ops") for n in range(2)]
    scheme = healthy(
        aggregation="weighted_total",
        dimensions=(a_dimension("conduct", 35, *losing), a_dimension("rest", 65, *rest)),
    )

    found = [e for e in validate(scheme) if e.code == "deductions_exceed_dimension"]

    assert len(found) == 1
    assert "105" in found[0].message.en
    assert "35" in found[0].message.zh


def test_weights_of_95_are_refused_inside_a_dimension_and_across_them() -> None:
    items = [an_item(f"i{n}", w, data_owner="ops") for n, w in enumerate((30, 30, 35))]
    scheme = healthy(dimensions=(a_dimension("all", 95, *items),))

    found = [each for each in errors(validate(scheme)) if each.code == "weights_not_100"]

    assert {each.place.path for each in found} == {"dimensions", "dimensions.all.items"}
    assert all("95" in each.message.zh for each in found)


def test_a_dimension_that_does_not_weigh_what_its_items_weigh_is_warned_about() -> None:
    items = [an_item(f"i{n}", 25, data_owner="ops") for n in range(4)]
    scheme = healthy(aggregation="weighted_total", dimensions=(a_dimension("all", 90, *items),))

    assert codes(scheme) == {"dimension_weight_differs"}
    assert errors(validate(scheme)) == ()


def test_few_many_or_heavy_items_are_warnings_only() -> None:
    heavy = healthy(dimensions=(a_dimension("a", 100, an_item("x", 100, data_owner="o")),))
    many = [an_item(f"i{n}", 5, data_owner="o") for n in range(20)]
    crowded = healthy(dimensions=(a_dimension("a", 100, *many),))

    assert codes(heavy) == {"item_count", "item_too_heavy"}
    assert codes(crowded) == {"item_count"}
    assert errors(validate(heavy)) == errors(validate(crowded)) == ()


SCHEMES: list[tuple[dict[str, Any], str]] = [
    ({"levels": (Level(id="a", name=WORD, individual=D(2)),)}, "share_out_of_range"),
    ({"levels": (Level(id="a", name=WORD), Level(id="a", name=WORD))}, "id_twice"),
    (
        {
            "levels": (
                Level(id="a", name=WORD, weights=(DimensionWeight(dimension="no", weight=D(1)),)),
            )
        },
        "unknown_dimension",
    ),
    ({"raters": RaterRule(minimum=1)}, "anonymity_minimum_too_low"),
    (
        {"raters": RaterRule(groups=(RaterGroup(id="peer", weight=D(90)),))},
        "weights_not_100",
    ),
    ({"year": YearRule(quarters=D(60), review=D(60))}, "weights_not_100"),
    ({"red_lines": (RedLine(id="r", name=WORD, effect="cap_grade", grade="Z"),)}, "unknown_grade"),
    ({"blend": BlendRule(team="team_items")}, "no_team_items"),
    ({"calendar": Calendar(stages=(Stage(id="s", name=WORD, days=0),))}, "stage_too_short"),
    ({"settlement": Settlement(gate="Z")}, "unknown_grade"),
    (
        {"settlement": Settlement(weights=(CoefficientWeight(id="a", weight=D(90)),))},
        "weights_not_100",
    ),
    (
        {"settlement": Settlement(tiers=(CommissionTier(low=D(1), rate=D(1)),))},
        "tiers_not_contiguous",
    ),
    ({"aggregation": "formula", "formula": "al + 1"}, "formula_refused"),
]


@pytest.mark.parametrize(("changes", "code"), SCHEMES)
def test_the_rest_of_a_scheme_is_checked_too(changes: dict[str, Any], code: str) -> None:
    assert codes(healthy(**changes)) == {code}


@pytest.mark.parametrize(
    ("scoring", "target", "code"),
    [
        (Ratio(), "0", "target_not_positive"),
        (Ratio(), "-1", "target_not_positive"),
        (BestHistory(), "1", "delta_without_baseline"),
        (BaseStep(reference="baseline"), "1", "delta_without_baseline"),
    ],
)
def test_a_goal_is_refused_when_it_is_saved(scoring: Method, target: str, code: str) -> None:
    found = check_goal(an_item("x", 100, scoring=scoring), target=D(target))

    assert [each.code for each in found] == [code]


def test_a_sound_goal_is_accepted() -> None:
    assert check_goal(an_item("x", 100, scoring=BaseStep()), target=D(0)) == ()
    assert check_goal(an_item("x", 100, scoring=BestHistory()), target=None, baseline=D(3)) == ()
