"""From items to the grade: order, missing data, blend, bonus, red lines, adjustment, rounding."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.explain_text import explain_text
from mingji.rules.explanation import from_data, to_json
from mingji.rules.facts import ItemFacts, MemberFacts, TeamFacts
from mingji.rules.form import form_for
from mingji.rules.grading import set_grade
from mingji.rules.methods.events import Deduct
from mingji.rules.methods.rated import MultiRater
from mingji.rules.methods.steps import BaseStep
from mingji.rules.recompute import mismatches, recompute
from mingji.rules.results import FormResult
from mingji.rules.scheme import (
    BlendRule,
    DimensionWeight,
    Level,
    RaterRule,
    RedLine,
    Rounding,
    Scheme,
    Template,
    TemplateItems,
)
from mingji.rules.scoring import score, score_all, unused_facts
from mingji.rules.text import Text
from mingji.rules.waterfall import item_steps, waterfall
from unit.rules.forms import a_dimension, a_member, a_scheme, an_item, reached

D = Decimal


def result_of(scheme: Scheme, facts: MemberFacts) -> FormResult:
    return score(form_for(scheme, facts.level, facts.family), facts)


def test_items_make_dimensions_and_dimensions_the_total() -> None:
    result = result_of(a_scheme(), a_member())

    assert [str(item.points) for item in result.items] == ["54.00", "32.00", "0.00", "70.00"]
    assert [str(each.score) for each in result.dimensions] == ["86.00", "70.00"]
    assert result.total == D("60.2") + D("21")
    assert (result.grade, result.grade_set_by) == ("B", "score")


def test_points_of_the_form_may_simply_be_summed() -> None:
    scheme = a_scheme(
        aggregation="sum",
        dimensions=(
            a_dimension("a", 0, an_item("won", 20), an_item("calls", 10, scoring=Deduct())),
        ),
    )
    facts = a_member(items={"won": reached(92), "calls": ItemFacts(actual=D(3))})

    assert str(result_of(scheme, facts).total) == "25.40"


def test_in_a_sum_a_dimension_without_data_gives_its_weight_to_the_others() -> None:
    dimensions = (a_dimension("a", 0, an_item("won", 20)), a_dimension("b", 0, an_item("rate", 30)))
    scheme = a_scheme(aggregation="sum", dimensions=dimensions)

    result = result_of(scheme, a_member(items={"won": reached(90)}))

    # by hand: 18 ÷ 20 of the 50 that the form is worth
    assert result.total == D("45.00")
    assert [each.effective_weight for each in result.dimensions] == [D(50), D(0)]


def test_a_total_by_formula_uses_the_dimensions() -> None:
    scheme = a_scheme(aggregation="formula", formula="min(results, 80) * 0.7 + process * 0.3")

    result = result_of(scheme, a_member())

    assert result.total == D("77")
    assert mismatches(result.node) == ()


def test_a_total_by_hand_needs_a_reason() -> None:
    scheme = a_scheme(aggregation="manual")

    with pytest.raises(Invalid) as refusal:
        result_of(scheme, a_member(manual_total=D(88)))
    given = result_of(scheme, a_member(manual_total=D(88), manual_reason="new post"))

    assert refusal.value.code == "reason_required"
    assert (given.total, given.grade) == (D(88), "A")


def test_weights_of_95_are_refused_with_what_is_missing() -> None:
    scheme = a_scheme(
        dimensions=(a_dimension("results", 100, an_item("won", 60), an_item("rate", 35)),)
    )

    with pytest.raises(Invalid) as refusal:
        result_of(scheme, a_member())

    assert "95" in refusal.value.message.en
    assert "lin" in refusal.value.message.zh
    assert refusal.value.findings[0].remedy.en.startswith("add 5")


def test_bonus_comes_after_the_blend_and_is_capped() -> None:
    items = {**a_member().items, "extra": ItemFacts(actual=D(2))}

    free = result_of(a_scheme(), a_member(items=items))
    capped = result_of(a_scheme(bonus_cap=D(3)), a_member(items=items))

    assert free.total == D("85.2")
    assert (capped.total, capped.bonus) == (D("84.2"), D(3))
    assert "bonus_capped" in capped.flags


RED_LINES = (
    RedLine(id="late", name=Text("迟报", "late report"), effect="cap_grade", grade="C"),
    RedLine(id="fraud", name=Text("舞弊", "fraud"), effect="fix_grade", grade="D"),
    RedLine(id="leak", name=Text("泄密", "leak"), effect="zero_payout"),
)


@pytest.mark.parametrize(
    ("crossed", "grade", "set_by", "closed"),
    [
        (("late",), "C", "red_line", False),
        (("fraud",), "D", "red_line", False),
        (("leak",), "B", "score", True),
        (("late", "leak"), "C", "red_line", True),
    ],
)
def test_red_lines_cap_or_fix_the_grade_or_close_the_payout(
    crossed: tuple[str, ...], grade: str, set_by: str, closed: bool
) -> None:
    result = result_of(a_scheme(red_lines=RED_LINES), a_member(red_lines=crossed))

    assert (result.grade, result.grade_set_by, result.payout_closed) == (grade, set_by, closed)
    assert mismatches(result.node) == ()


def test_an_unknown_red_line_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        result_of(a_scheme(), a_member(red_lines=("nothing",)))

    assert refusal.value.code == "unknown_red_line"


def test_an_adjustment_needs_a_reason_stays_in_its_limit_and_shows_both_totals() -> None:
    scheme = a_scheme(adjustment_limit=D(5))

    with pytest.raises(Invalid):
        result_of(scheme, a_member(adjustment=D(3)))
    with pytest.raises(Invalid):
        result_of(scheme, a_member(adjustment=D(6), adjustment_reason="launch week"))
    result = result_of(scheme, a_member(adjustment=D("3.8"), adjustment_reason="launch week"))

    assert (result.unadjusted, result.total, result.grade) == (D("81.2"), D("85.0"), "A")


def test_rounding_may_be_left_to_the_total() -> None:
    scheme = a_scheme(rounding=Rounding(at="total", places=0))
    items = {"won": reached("90.444"), "rate": reached(80), "visits": reached(70)}

    result = result_of(scheme, a_member(items=items))

    assert result.items[0].points == D("54.2664")
    assert str(result.total) == "81"


def test_the_difficulty_factor_multiplies_the_individual_total() -> None:
    result = result_of(a_scheme(), a_member(difficulty_factor=D("1.1")))

    assert result.individual == D("81.2") * D("1.1")


def test_one_item_under_its_base_holds_the_others_at_theirs() -> None:
    step = BaseStep(base=D(30))
    items = (an_item("a", 50, scoring=step), an_item("b", 50, scoring=step))
    scheme = a_scheme(weakest_item_rule=True, dimensions=(a_dimension("r", 100, *items),))
    facts = a_member(items={"a": reached(110), "b": reached(90)})

    held = result_of(scheme, facts)
    free = result_of(replace(scheme, weakest_item_rule=False), facts)

    assert [str(item.points) for item in held.items] == ["30.00", "27.00"]
    assert [str(item.points) for item in free.items] == ["33.00", "27.00"]
    assert mismatches(held.node) == ()


def test_level_and_template_change_weights_and_items() -> None:
    scheme = a_scheme(
        levels=(
            Level(
                id="head",
                name=Text.same("head"),
                weights=(
                    DimensionWeight(dimension="results", weight=D(80)),
                    DimensionWeight(dimension="process", weight=D(20)),
                ),
            ),
        ),
        templates=(
            Template(
                family="brand",
                name=Text.same("brand"),
                items=(TemplateItems(dimension="process", items=(an_item("reach", 100),)),),
            ),
        ),
    )

    form = form_for(scheme, "head", "brand")

    assert [each.weight for each in form.dimensions] == [D(80), D(20)]
    assert [item.id for _, item in form.items()] == ["won", "rate", "extra", "reach"]


def test_an_unknown_level_is_refused_and_known_ones_named() -> None:
    with pytest.raises(Invalid) as refusal:
        form_for(a_scheme(), "emperor")

    assert "specialist" in refusal.value.message.en


def test_calibration_and_appeal_need_a_reason_and_keep_the_former_grade_visible() -> None:
    scheme = a_scheme()
    result = result_of(scheme, a_member())

    with pytest.raises(Invalid):
        set_grade(result, scheme, "A", by="calibration", reason=" ")
    moved = set_grade(result, scheme, "A", by="calibration", reason="carried the launch")
    appealed = set_grade(moved, scheme, "S", by="appeal", reason="data corrected")

    assert (appealed.grade, appealed.grade_set_by) == ("S", "appeal")
    assert [node.value for node in appealed.node.walk() if node.rule.startswith("grade.")] == [
        "S",
        "A",
        "B",
    ]
    assert mismatches(appealed.node) == ()


def test_the_waterfall_ends_at_the_total() -> None:
    items = {**a_member().items, "extra": ItemFacts(actual=D(2))}
    scheme = a_scheme(blend=BlendRule(), adjustment_limit=D(5))
    facts = a_member(team="t", items=items, adjustment=D(1), adjustment_reason="why not")

    result = score_all(scheme, [facts], [TeamFacts(team="t", score=D(60))])[0]
    steps = waterfall(result.node)

    assert [step.key for step in steps] == [
        "results",
        "process",
        "blend.weighted",
        "bonus.add",
        "adjustment.add",
    ]
    assert steps[-1].running == result.total
    assert steps[0].most == D(70)
    assert item_steps(result.dimensions[0].node)[-1].running == result.dimensions[0].points


def test_the_explanation_is_complete_in_both_languages_and_survives_json() -> None:
    result = result_of(a_scheme(), a_member())

    again = from_data(json.loads(to_json(result.node)))

    assert to_json(again) == to_json(result.node)
    assert recompute(again) == result.grade
    assert "实际值 90 ÷ 目标值 100" in explain_text(result.node, "zh-Hans")
    assert "actual 90 ÷ target 100" in explain_text(result.node, "en")


def test_a_figure_changed_afterwards_is_found() -> None:
    result = result_of(a_scheme(), a_member())
    tampered = from_data(json.loads(to_json(result.node).replace('"54.00"', '"55.00"')))

    assert [each.path.split("/")[-1] for each in mismatches(tampered)] == ["won", "results"]


def test_facts_that_no_item_asks_for_are_named() -> None:
    facts = a_member(items={"won": reached(1), "wonn": reached(2)})

    assert unused_facts(form_for(a_scheme()), facts) == ("wonn",)


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    facts = a_member()
    turned = replace(facts, items=dict(reversed(list(facts.items.items()))))

    assert to_json(result_of(a_scheme(), facts).node) == to_json(result_of(a_scheme(), turned).node)


def test_a_rated_item_takes_the_groups_of_the_level_and_the_minimum_of_the_scheme() -> None:
    rated = an_item("rated", 100, scoring=MultiRater())
    scheme = a_scheme(dimensions=(a_dimension("r", 100, rated),), raters=RaterRule(minimum=3))

    _, specialist = next(form_for(scheme, "specialist").items())
    _, head = next(form_for(scheme, "head").items())

    assert isinstance(specialist.scoring, MultiRater)
    assert isinstance(head.scoring, MultiRater)
    assert {g.id: int(g.weight) for g in specialist.scoring.groups} == {
        "manager": 45,
        "peer": 30,
        "self": 10,
        "client": 15,
    }
    assert [int(g.weight) for g in head.scoring.groups] == [35, 25, 25, 5, 10]
    assert specialist.scoring.minimum == 3


def test_a_weight_or_factor_that_is_no_number_is_refused() -> None:
    with pytest.raises(Invalid):
        result_of(a_scheme(), a_member(difficulty_factor=D("NaN")))
    with pytest.raises(Invalid):
        result_of(a_scheme(), a_member(items={"won": replace(reached(90), weight=D("NaN"))}))
