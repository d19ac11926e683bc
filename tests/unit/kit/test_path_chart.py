"""The path of a value over time: days across, values up, gaps left open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingji.kit.charts_path import Level, path
from mingji.rules.text import Text

D = Decimal
START, END = date(2026, 10, 1), date(2026, 10, 31)
CAPTION = Text("线索", "Leads")


def test_days_lie_in_proportion_and_the_scale_holds_every_value_and_level():
    chart = path(
        [(date(2026, 10, 1), D(0)), (date(2026, 10, 16), D(40))],
        [(START, D(0)), (END, D(100))],
        [Level(Text("挑战值", "stretch target"), D(120), "stretch")],
        start=START,
        end=END,
        caption=CAPTION,
    )

    assert [spot.x for spot in chart.spots] == [D("15.00"), D("56.00")]
    assert [tick.value for tick in chart.ticks] == [0, 50, 100, 150]
    assert chart.expected[0].x2 == D("97.00")
    assert chart.levels[0].y < chart.expected[0].y2 < chart.spots[1].y
    assert [day for _, day in chart.days] == [
        START,
        date(2026, 10, 8),
        date(2026, 10, 16),
        date(2026, 10, 23),
        END,
    ]


def test_a_day_without_a_value_leaves_a_gap_and_stands_in_the_table():
    days = [date(2026, 10, day) for day in (4, 11, 18, 25)]
    chart = path(
        list(zip(days, [D(1), None, D(3), D(4)], strict=True)),
        [],
        start=START,
        end=END,
        caption=CAPTION,
    )

    assert len(chart.lines) == 1
    assert [row.value for row in chart.rows] == [1, None, 3, 4]


def test_nothing_at_all_and_a_period_of_one_day_are_drawn_too():
    chart = path([], [], start=START, end=START, caption=CAPTION)

    assert chart.spots == ()
    assert chart.rows == ()
    assert {day for _, day in chart.days} == {START}
