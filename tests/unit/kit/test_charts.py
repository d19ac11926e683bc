"""The geometry of the charts: nothing leaves the frame, and each place means what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.kit.charts import Step, bullet, waterfall
from mingji.kit.charts_series import Point, nice_ticks, so_far, spread, trend
from mingji.rules.calendar import Period
from mingji.rules.text import Text

D = Decimal
amounts = st.decimals(places=2, min_value=-(10**6), max_value=10**6)


def test_a_bullet_puts_the_actual_in_proportion_to_the_target() -> None:
    drawn = bullet(D(50), target=D(100), threshold=D(80), stretch=D(120))

    assert drawn.actual is not None
    assert drawn.target is not None
    assert drawn.actual.width == pytest.approx(drawn.target / 2, abs=D("0.01"))
    assert [band.look for band in drawn.bands] == ["band-1", "band-2", "band-3"]


def test_lower_is_better_turns_the_ground_round() -> None:
    drawn = bullet(D(180), target=D(150), threshold=D(170), direction="down")

    assert [band.look for band in drawn.bands] == ["band-3", "band-2", "band-1"]
    assert drawn.words.en.endswith("lower is better")
    assert drawn.words.zh.endswith("越低越好")


def test_a_value_below_nought_lies_left_of_it_and_looks_different() -> None:
    drawn = bullet(D(-20), target=D(30))

    assert drawn.actual is not None
    assert drawn.zero is not None
    assert drawn.actual.look == "fall"
    assert drawn.actual.x + drawn.actual.width == drawn.zero
    assert bullet(D(20), target=D(30)).zero is None


def test_a_bullet_without_data_says_so_and_draws_no_bar() -> None:
    drawn = bullet(None, target=D(10), unit="day", label=Text("时长", "Time"))

    assert drawn.actual is None
    assert drawn.words == Text(
        "时长：实际 无数据，目标 10 天", "Time: actual No data, target 10 days"
    )


def test_a_bullet_without_a_target_is_one_ground() -> None:
    drawn = bullet(D(5), target=None)

    assert [band.look for band in drawn.bands] == ["band-3"]
    assert drawn.target is None


@given(amounts, amounts, st.none() | amounts, st.sampled_from(["up", "down", "closer"]))
def test_a_bullet_stays_inside_its_frame(
    actual: Decimal, target: Decimal, threshold: Decimal | None, direction: str
) -> None:
    drawn = bullet(actual, target=target, threshold=threshold, direction=direction)  # type: ignore[arg-type]

    bars = [*drawn.bands, drawn.actual]
    for bar in bars:
        assert bar is not None
        assert bar.x >= 0
        assert bar.width >= 0
        assert bar.x + bar.width <= D("100.01")


def test_a_waterfall_adds_up_and_each_bar_starts_where_the_last_ended() -> None:
    drawn = waterfall(
        [
            Step(Text("甲", "a"), D(60)),
            Step(Text("乙", "b"), None),
            Step(Text("丙", "c"), D(-20)),
            Step(Text("总", "total"), None, total=True),
        ]
    )
    first, missing, fall, total = drawn.rows

    assert [row.running for row in drawn.rows] == [D(60), D(60), D(40), D(40)]
    assert missing.bar is None
    assert first.bar is not None
    assert fall.bar is not None
    assert total.bar is not None
    assert (first.bar.look, fall.bar.look, total.bar.look) == ("rise", "fall", "sum")
    assert fall.bar.x + fall.bar.width == first.bar.x + first.bar.width == fall.join
    assert total.bar.width == fall.bar.x


def test_an_empty_waterfall_has_no_rows() -> None:
    assert waterfall([]).rows == ()


def test_a_missing_period_leaves_a_gap_in_the_line() -> None:
    values = (D(1), D(2), None, D(3))

    drawn = trend([Point(Text.same(str(index)), value) for index, value in enumerate(values)])

    assert len(drawn.lines) == 1
    assert drawn.places[2].y is None
    assert not drawn.targets


def test_at_most_six_periods_are_named_and_the_last_one_is() -> None:
    drawn = trend([Point(Text.same(str(index)), D(index)) for index in range(24)])

    assert sum(place.named for place in drawn.places) == 6
    assert drawn.places[-1].named


@pytest.mark.parametrize("values", [[], [None], [D(0)], [D(7)], [D(-3), D(-3)]])
def test_a_trend_of_little_data_can_be_drawn(values: list[Decimal | None]) -> None:
    drawn = trend([Point(Text.same("2026Q3"), value) for value in values])

    assert len(drawn.places) == len(values)
    assert len(drawn.ticks) >= 2


@given(amounts, amounts)
def test_ticks_are_few_and_hold_all_values(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))

    ticks = nice_ticks(low, high)

    assert 2 <= len(ticks) <= 5
    assert ticks[0] <= low
    assert ticks[-1] >= high


@given(st.lists(amounts, max_size=60))
def test_no_two_dots_of_a_spread_lie_on_each_other(values: list[Decimal]) -> None:
    drawn = spread([(str(index), value) for index, value in enumerate(values)])

    assert len(drawn.dots) == len(values)
    rows: dict[int, list[Decimal]] = {}
    for dot in drawn.dots:
        assert 0 <= dot.x <= 100
        assert 0 <= dot.y <= drawn.axis
        rows.setdefault(dot.y, []).append(dot.x)
    for places in rows.values():
        assert all(b - a >= D("3.4") for a, b in pairwise(places))


def test_the_median_of_an_even_number_lies_between() -> None:
    drawn = spread([("a", D(1)), ("b", D(2)), ("c", D(4)), ("d", D(9))], mine="c")

    assert drawn.median is not None
    assert drawn.median.value == D(3)
    assert [dot.mine for dot in drawn.dots] == [False, False, True, False]


def test_a_period_that_has_not_ended_is_drawn_as_running_and_says_how_far() -> None:
    running = so_far(Period.parse("2026Q4"), date(2026, 11, 20))
    values = [Point(Text.same("2026Q2"), D(4)), Point(Text.same("2026Q3"), D(5))]

    drawn = trend([*values, Point(Text.same("2026Q4"), D(2), so_far=running)])

    assert [line.running for line in drawn.lines] == [False, True]
    assert drawn.so_far == Text("进行中：第 51 天，共 92 天", "so far: day 51 of 92")


@pytest.mark.parametrize("period", ["2026Q3", "2027Q1"])
def test_a_period_that_is_over_or_has_not_begun_does_not_run(period: str) -> None:
    assert so_far(Period.parse(period), date(2026, 11, 20)) is None
