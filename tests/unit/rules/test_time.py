"""Periods, the year over posts, expected progress, and the stages of an appraisal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mingji.rules.calendar import Period
from mingji.rules.coefficients import YearRule
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.explanation import Node
from mingji.rules.lifecycle import STAGES, advance, allowed
from mingji.rules.numbers import rounded
from mingji.rules.progress import Milepost, expected_by
from mingji.rules.recompute import mismatches
from mingji.rules.text import Text
from mingji.rules.year import Post, annual, prorated

D = Decimal


@pytest.mark.parametrize(
    ("text", "start", "end", "zh", "en", "before"),
    [
        ("2026Q3", "2026-07-01", "2026-09-30", "2026年第三季度", "Q3 2026", "2026Q2"),
        ("2026-01", "2026-01-01", "2026-01-31", "2026年1月", "Jan 2026", "2025-12"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月", "Feb 2024", "2024-01"),
        ("2026H2", "2026-07-01", "2026-12-31", "2026年下半年", "H2 2026", "2026H1"),
        ("2026", "2026-01-01", "2026-12-31", "2026年", "2026", "2025"),
    ],
)
def test_a_period_knows_its_days_its_names_and_the_one_before(
    text: str, start: str, end: str, zh: str, en: str, before: str
) -> None:
    period = Period.parse(text)

    assert (str(period), str(period.previous)) == (text, before)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.label == Text(zh, en)
    assert period.previous.next == period
    assert Period.of(period.end, period.kind) == period


@pytest.mark.parametrize("text", ["2026Q5", "26Q1", "2026-13", "Q3 2026", ""])
def test_a_period_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Period.parse(text)


def a_post(start: str, end: str, score: str | None) -> Post:
    return Post(
        name=Text.same("post"),
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        score=None if score is None else D(score),
    )


def test_a_move_in_mid_quarter_is_prorated_by_calendar_days() -> None:
    posts = [a_post("2026-07-01", "2026-07-31", "92"), a_post("2026-08-01", "2026-12-31", "61.5")]

    node = prorated(posts, Period.parse("2026Q3"))

    assert isinstance(node.value, D)
    assert rounded(node.value, 20) == rounded((D(92) * 31 + D("61.5") * 61) / 92, 20)
    assert [child.parameters["days"] for child in node.inputs] == [D(31), D(61)]
    assert mismatches(node) == ()


def test_a_post_without_a_score_gives_its_days_away_and_overlaps_are_refused() -> None:
    known, unknown = (
        a_post("2026-07-01", "2026-07-31", "92"),
        a_post("2026-08-01", "2026-08-31", None),
    )

    node = prorated([known, unknown], Period.parse("2026Q3"))

    assert node.value == D(92)
    assert node.flags == ("missing_redistributed",)
    with pytest.raises(Invalid):
        prorated([known, known], Period.parse("2026Q3"))


def quarters(*scores: str | None) -> list[Node]:
    return [
        Node(f"q{n}", Text.same(f"Q{n}"), None if s is None else D(s))
        for n, s in enumerate(scores, start=1)
    ]


def test_the_year_is_sixty_percent_quarters_and_forty_the_review() -> None:
    review = Node("review", Text.same("review"), D(90))

    node = annual(YearRule(), quarters("80", "82", "84", "86"), review)

    assert node.value == D("0.15") * (80 + 82 + 84 + 86) + D("0.4") * 90
    assert mismatches(node) == ()


def test_a_quarter_without_a_score_gives_its_weight_to_the_rest_of_the_year() -> None:
    node = annual(YearRule(), quarters(None, "80", "80", "80"), Node("r", Text.same("r"), D(90)))

    assert node.flags == ("weight_redistributed",)
    assert isinstance(node.value, D)
    assert rounded(node.value, 20) == rounded((D("45") * 80 + D("40") * 90) / 85, 20)
    assert mismatches(node) == ()


def test_quarter_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Invalid):
        annual(YearRule(quarter_weights=(D(50), D(50))), quarters("1", "2", "3"), None)


def test_progress_expected_by_now_follows_the_usual_shape() -> None:
    start, end = date(2026, 7, 1), date(2026, 8, 31)
    late = (Milepost(period=D("0.5"), done=D("0.2")),)

    def at(day: date) -> Decimal:
        return expected_by(day, start, end, late)

    assert expected_by(date(2026, 7, 31), start, end) == D("0.5")
    assert at(date(2026, 7, 31)) == D("0.2")
    assert (at(date(2026, 6, 30)), at(date(2026, 8, 31)), at(date(2027, 1, 1))) == (
        D(0),
        D(1),
        D(1),
    )


def test_an_appraisal_goes_through_its_stages_in_order() -> None:
    stage = advance("self_review", "submit_self_review")
    stage = advance(stage, "submit_manager_review")
    stage = advance(advance(stage, "compute"), "compute")

    assert advance(stage, "release") == "released"
    assert allowed("computed") == ("compute", "release")


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "manager_review"])
def test_a_review_is_refused_at_any_other_stage_with_the_stage_where_it_may(stage: str) -> None:
    with pytest.raises(NotAllowedNow) as refusal:
        advance(stage, "submit_manager_review")

    assert "上级评价" in refusal.value.message.zh
    assert refusal.value.code == f"not_at_{stage}"
