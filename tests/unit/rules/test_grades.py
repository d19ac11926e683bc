"""Grades, their spread over a pool, quotas and ceilings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.coefficients import DEFAULT_GRADES, Grade
from mingji.rules.grades import (
    ceiling_for,
    check_grades,
    grade_for,
    spread,
    under_ceiling,
    with_quota,
)
from mingji.rules.scheme import CEILINGS, DistributionGuidance, GradeShare
from mingji.rules.text import Text

D = Decimal


def a_grade(name: str, at_least: str | None, below: str | None = None) -> Grade:
    return Grade(
        id=name,
        name=Text.same(name),
        at_least=None if at_least is None else D(at_least),
        below=None if below is None else D(below),
    )


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "S"), ("95", "S"), ("94.99", "A"), ("85", "A"), ("70", "B"), ("60", "C"), ("-3", "D")],
)
def test_a_total_gets_the_best_grade_whose_bound_it_reaches(total: str, grade: str) -> None:
    found = grade_for(D(total), DEFAULT_GRADES)

    assert found is not None
    assert found.id == grade


@pytest.mark.parametrize(
    ("grades", "code"),
    [
        ((a_grade("A", "80"), a_grade("B", None, "75")), "grade_gap"),
        ((a_grade("A", "80"), a_grade("B", None, "85")), "grade_overlap"),
        ((a_grade("A", "80"), a_grade("B", "80"), a_grade("C", None)), "grade_overlap"),
        ((a_grade("A", "80"),), "grades_without_floor"),
        ((a_grade("A", "80"), a_grade("A", "70"), a_grade("B", None)), "grade_twice"),
    ],
)
def test_gaps_overlaps_and_repetitions_are_found(grades: tuple[Grade, ...], code: str) -> None:
    assert [each.code for each in check_grades(grades)] == [code]


def test_the_default_grades_are_contiguous() -> None:
    assert check_grades(DEFAULT_GRADES) == ()


def test_guidance_is_silent_in_a_small_pool_and_counts_people_in_a_large_one() -> None:
    guidance = DistributionGuidance()

    assert spread(["S"] * 19, guidance) == ()
    top, second, low = spread(["S"] * 3 + ["A"] * 4 + ["B"] * 13, guidance)

    assert (top.count, top.most, top.departs) == (3, 2, True)
    assert (second.count, second.most, second.departs) == (4, 4, False)
    assert (low.count, low.least, low.departs) == (0, 1, True)


def quota(ties: str, percent: int = 10) -> DistributionGuidance:
    return DistributionGuidance(
        mode="quota",
        minimum_pool=10,
        shares=(GradeShare(grades=("S",), at_most=D(percent)),),
        ties=ties,  # type: ignore[arg-type]
    )


def test_people_tied_at_the_edge_of_a_quota_share_one_fate() -> None:
    totals = {f"m{n}": D(96) for n in range(2)} | {f"n{n}": D(75) for n in range(8)}

    lower = with_quota(totals, DEFAULT_GRADES, quota("lower"))
    better = with_quota(totals, DEFAULT_GRADES, quota("better"))

    assert (lower["m0"], lower["m1"]) == ("A", "A")
    assert (better["m0"], better["m1"]) == ("S", "S")
    assert lower["n0"] == "B"


def test_a_quota_takes_the_best_and_does_not_depend_on_the_order() -> None:
    totals = {"a": D(99), "b": D(96), "c": D(97), **{f"n{n}": D(75) for n in range(7)}}

    grades = with_quota(totals, DEFAULT_GRADES, quota("lower"))
    turned = with_quota(dict(reversed(totals.items())), DEFAULT_GRADES, quota("lower"))

    assert (grades["a"], grades["b"], grades["c"]) == ("S", "A", "A")
    assert grades == turned


def test_nobody_is_moved_without_a_quota_or_in_a_small_pool() -> None:
    totals = {f"m{n}": D(96) for n in range(9)}

    assert set(with_quota(totals, DEFAULT_GRADES, quota("lower")).values()) == {"S"}
    assert set(with_quota(totals, DEFAULT_GRADES, DistributionGuidance()).values()) == {"S"}


@pytest.mark.parametrize(
    ("team", "top", "second"),
    [("5", 15, 40), ("4.5", 10, 35), ("4", 8, 30), ("3.5", 5, 30), ("3", 3, 25), ("2.5", 0, 20)],
)
def test_the_team_result_bounds_the_share_of_top_grades(team: str, top: int, second: int) -> None:
    ceiling = ceiling_for(D(team), CEILINGS)

    assert ceiling is not None
    assert (ceiling.top, ceiling.second) == (D(top), D(second))


def test_a_team_with_too_many_top_grades_departs_from_its_ceiling() -> None:
    ceiling = ceiling_for(D(5), CEILINGS)
    assert ceiling is not None

    top, second = under_ceiling(["S"] * 2 + ["A"] * 4 + ["B"] * 4, DEFAULT_GRADES, ceiling)

    assert (top.most, top.departs) == (1, True)
    assert (second.most, second.departs) == (4, False)
