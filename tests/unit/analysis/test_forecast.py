"""Forecasts worked by hand, and what they must never do."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from mingji.analysis.belief import carried, from_past, squared_errors
from mingji.analysis.forecast import Aim, Forecast, Pace, TooLittle, forecast
from mingji.analysis.scales import kind_for
from mingji.rules.errors import Invalid

D = Decimal
SIX = tuple(D(value) for value in (200, 220, 210, 240, 230, 250))


def said(past=SIX, scale="amount", **more) -> Forecast:
    found = forecast(past, scale=scale, **more)
    assert isinstance(found, Forecast), found
    return found


def chance(target, direction="up", past=SIX, scale="amount", tolerance=0, **more) -> Decimal:
    aim = Aim(target=D(target), direction=direction, tolerance=D(tolerance))
    found = said(past, scale, aim=aim, **more).chance
    assert found is not None
    return found


def test_two_periods_by_hand():
    """10 and 14: drift 4·1/5 = 0.8; carried on 10 + 1.6 and 14 + 0.8, weighted 1 : 2."""
    path = ((0, D(10)), (1, D(14)))

    assert abs(carried(path, 2) - (D("11.6") + 2 * D("14.8")) / 3) < D("1e-20")
    assert squared_errors(path) == [16]

    found = from_past(path, (), usual=D(1), at=2)
    assert found is not None
    belief, basis = found
    assert (basis, belief.freedom) == ("own", 3)
    assert belief.variance == (2 * D(1) + 16) / 3


def test_the_interval_by_hand():
    """On the scale `any`: usual spread 0.15·12 = 1.8, so variance (2·3.24 + 16)/3; t(2)."""
    forecasted = said((D(10), D(14)), "any")

    spread = math.sqrt((2 * 3.24 + 16) / 3) * 1.885618
    middle = (11.6 + 29.6) / 3
    assert float(forecasted.median) == pytest.approx(middle, abs=0.005)
    assert float(forecasted.low) == pytest.approx(middle - spread, abs=0.01)
    assert float(forecasted.high) == pytest.approx(middle + spread, abs=0.01)
    assert forecasted.freedom == 2


def test_the_pace_by_hand():
    """Half had come in by the middle; 150 so far speaks for 300, the past for less."""
    past = (D(200), D(200), D(200))
    pace = Pace(elapsed=D("0.5"), so_far=D(150), before=(D(100), D(100), D(100)))

    before, now = said(past), said(past, pace=pace)

    # Precision: past 1/(2·0.0225/4) = 88.9, pace 1/((2·0.0225/4)·4/3) = 66.7, on the logarithm.
    middle = math.exp((88.89 * math.log(200) + 66.67 * math.log(300)) / 155.56)
    assert before.median == 200
    assert float(now.median) == pytest.approx(middle, rel=0.001)


def test_who_loads_the_end_of_the_period_is_not_taken_for_late():
    end_loaded = tuple(value * D("0.12") for value in SIX)

    shaped = said(pace=Pace(elapsed=D(3) / 13, so_far=D(30), before=end_loaded))
    run_rate = D(30) * 13 / 3

    assert D(235) < shaped.median < D(265)
    assert run_rate == 130


def test_what_is_reached_is_reached():
    pace = Pace(elapsed=D("0.5"), so_far=D(310), before=tuple(v / 2 for v in SIX))

    assert chance(300, pace=pace) == 1
    assert said(pace=pace).low >= 310
    assert chance(305, "down", pace=pace) == D("0.001")


def test_nothing_so_far_is_bad_news_and_no_error():
    pace = Pace(elapsed=D("0.5"), so_far=D(0), before=tuple(v / 2 for v in SIX))

    assert chance(250, pace=pace) < chance(250)


def test_a_ratio_so_far_is_compared_with_ratios_not_added_up():
    past = (D("0.20"), D("0.22"), D("0.21"), D("0.23"))
    pace = Pace(elapsed=D("0.5"), so_far=D("0.30"), before=past, adds_up=False)

    found = said(past, "share", pace=pace)

    assert D("0.22") < found.median < D("0.30")


def test_shares_stay_between_nought_and_one():
    high = said((D("0.97"), D("0.99"), D(1), D("0.98")), "share")
    low = said((D(0), D("0.01"), D(0)), "share")

    assert high.high <= 1
    assert low.low >= 0


def test_metrics_below_zero_are_forecast_on_their_own_scale():
    found = said((D(-30), D(-10), D(5), D(12)), "any", aim=Aim(target=D(20)))

    assert found.low < found.median < found.high
    assert kind_for([D(-30), D(5)]) == "any"


def test_up_and_down_are_mirrors():
    mirrored = tuple(-value for value in SIX)

    for target in (180, 240, 260, 400):
        assert chance(target, past=SIX, scale="any") == chance(
            -target, "down", past=mirrored, scale="any"
        )
        assert chance(target) + chance(target, "down") == 1


def test_closer_needs_a_tolerance_and_gains_from_a_wider_one():
    assert chance(250, "closer", tolerance=5) < chance(250, "closer", tolerance=25)
    with pytest.raises(Invalid) as caught:
        chance(250, "closer")
    assert "容差" in caught.value.message.zh


def test_fewer_than_two_periods_borrow_from_three_others_and_say_so():
    others = ((D(90), D(100)), (D(120),), (D(80), D(95), D(90)))

    borrowed, with_one = said((), others=others), said((D(300),), others=others)

    assert (borrowed.basis, borrowed.others) == ("pooled", 3)
    assert "3" in borrowed.note.zh
    assert borrowed.median < with_one.median < 300
    assert borrowed.high / borrowed.low > said().high / said().low


@pytest.mark.parametrize(
    ("past", "others", "code"),
    [
        ((), (), "no_history"),
        ((D(5),), (), "no_history"),
        ((D(5), None), (), "no_history"),
        ((), ((D(5), D(6)), (D(7),)), "no_history"),
        ((D(0), D(0), D(0)), (), "all_zero"),
    ],
)
def test_too_little_is_said_and_no_number_made_up(past, others, code):
    found = forecast(past, scale="amount", aim=Aim(target=D(9)), others=others)

    assert isinstance(found, TooLittle)
    assert found.code == code


def test_a_missing_period_counts_as_time_gone_by():
    whole = said((D(100), D(110), D(121), D(133)))
    gap = said((D(100), None, D(121), D(133)))

    assert abs(whole.median - gap.median) < 5
    assert gap.periods == 3


def test_a_past_that_ends_early_is_less_sure():
    fresh, stale = said(), said((*SIX, None, None))

    assert stale.high / stale.low > fresh.high / fresh.low


def test_further_ahead_is_less_sure():
    near, far = said(), said(ahead=3)

    assert far.high / far.low > near.high / near.low


@pytest.mark.parametrize(
    ("past", "scale", "more"),
    [
        ((D(-5), D(3)), "amount", {}),
        ((D(20), D(30)), "share", {}),
        (SIX, "amount", {"ahead": 0}),
        (SIX, "amount", {"pace": Pace(elapsed=D(1), so_far=D(9))}),
        (SIX, "amount", {"pace": Pace(elapsed=D("0.5"), so_far=D(9)), "ahead": 2}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(past, scale, more):
    with pytest.raises(Invalid) as caught:
        forecast(past, scale=scale, **more)
    assert caught.value.message.zh
    assert caught.value.message.en


def test_figures_have_four_digits_and_the_interval_is_rounded_outwards():
    found = said((D(123456789), D(133456789), D(143456789)))

    assert str(found.low) == str(int(found.low))
    assert len(str(found.median).strip("0")) <= 4
