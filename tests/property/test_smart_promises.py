"""Promises of the SMART check and the forecast, over generated texts and figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mingji.analysis.forecast import Aim, Forecast, Pace, forecast
from mingji.rules.smart.check import check
from mingji.rules.smart.draft import Draft, Measured
from mingji.rules.text import Text

D = Decimal
TODAY = date(2026, 9, 20)
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
MQL = Measured(code="mql", name=Text("MQL 数", "MQLs"), unit="count")
PIECES = (
    "提升", "加强", "针", "相关", "MQL", "300", "万", "%", "，", "到", "from", " to ", "2.5",
    "improve ", "Q3",
    "9月30日", "从", "三成", "百分之", "翻番", "🚀", "مرحبا", "١٢٣", "\u202e", "\x00", "ß", "İ",
    "第", "一", ".", "-",
)  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
amounts = st.decimals(min_value="0.01", max_value="1000000", places=2)
pasts = st.lists(amounts, min_size=2, max_size=10)
anything = st.decimals(min_value="-100000", max_value="100000", places=2)


@settings(max_examples=150, deadline=None)
@given(
    title=texts, target=anything, baseline=anything, unit=st.sampled_from(("count", "ratio", "%"))
)
def test_any_text_gets_five_letters_and_never_an_error(title, target, baseline, unit):
    metric = Measured(code="mql", name=Text("MQL 数", "MQLs"), unit=unit)
    draft = Draft(title=title, metric=metric, target=target, baseline=baseline, period=QUARTER)

    letters = check(draft, today=TODAY)

    assert [letter.initial for letter in letters] == list("SMART")
    assert all(letter.sentence.zh and letter.sentence.en for letter in letters)
    assert letters == check(draft, today=TODAY)


@settings(max_examples=5, deadline=None)
@given(piece=st.sampled_from((*PIECES, "9", "1,000,", "提升到", "a ", "9月")))
def test_ten_thousand_characters_are_no_trouble(piece):
    draft = Draft(title=(piece * 10_000)[:10_000], metric=MQL, target=D(300), period=QUARTER)

    assert len(check(draft, today=TODAY)) == 5


def chance(past, target, direction="up", scale="amount", **more):
    said = forecast(past, scale=scale, aim=Aim(target=target, direction=direction), **more)
    assert isinstance(said, Forecast)
    return said.chance


@settings(max_examples=60, deadline=None)
@given(past=pasts, first=amounts, second=amounts)
def test_a_better_target_is_never_likelier(past, first, second):
    easy, good = sorted((first, second))

    assert chance(past, good) <= chance(past, easy)
    assert chance(past, easy, "down") <= chance(past, good, "down")


@settings(max_examples=40, deadline=None)
@given(
    past=pasts,
    first=amounts,
    second=amounts,
    so_far=amounts,
    elapsed=st.sampled_from([D("0.1"), D("0.5"), D("0.9")]),
)
def test_nor_is_it_in_the_middle_of_a_period(past, first, second, so_far, elapsed):
    easy, good = sorted((first, second))
    pace = Pace(elapsed=elapsed, so_far=so_far, before=tuple(value * elapsed for value in past))

    assert chance(past, good, pace=pace) <= chance(past, easy, pace=pace)
    said = forecast(past, scale="amount", pace=pace)
    assert so_far <= said.high
    assert said.low <= said.median <= said.high


@settings(max_examples=60, deadline=None)
@given(past=st.lists(anything.filter(bool), min_size=2, max_size=8), target=anything)
def test_down_mirrors_up(past, target):
    mirrored = [-value for value in past]

    up, down = chance(past, target, scale="any"), chance(mirrored, -target, "down", "any")

    assert up == down
    assert chance(past, target, scale="any") + chance(past, target, "down", "any") == 1


@settings(max_examples=40, deadline=None)
@given(past=pasts, factor=st.sampled_from([D("0.01"), D(7), D(10000)]))
def test_another_unit_changes_no_chance(past, factor):
    target = past[-1]

    other = [value * factor for value in past]

    assert chance(past, target) == chance(other, target * factor)


@settings(max_examples=40, deadline=None)
@given(
    past=st.lists(st.decimals(min_value=0, max_value=1, places=3), min_size=2, max_size=8),
)
def test_a_share_stays_a_share(past):
    said = forecast(past, scale="share")

    if isinstance(said, Forecast):
        assert 0 <= said.low <= said.median <= said.high <= 1
