"""The page about the arithmetic of goals says what the code does."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from mingji.rules.alignment import Limits
from mingji.rules.decomposition.check import check
from mingji.rules.decomposition.terms import Child, Decomposition, Mode, Parent, Stage
from mingji.rules.numbers import rounded, shown
from mingji.rules.reweighting import mended, with_weight
from mingji.rules.splitting import Claim, by_history, equally, split
from mingji.rules.text import Text

DOCS = Path(__file__).resolve().parents[2] / "docs/explanation"
D = Decimal


@pytest.fixture(params=["md", "zh.md"])
def page(request: pytest.FixtureRequest) -> str:
    return (DOCS / f"goal-arithmetic.{request.param}").read_text("utf-8")


def says(page: str, *values: Decimal | None) -> bool:
    """Whether each value stands on the page as a number of its own."""
    told = re.sub(r"(?<=\d),(?=\d{3})", "", page)
    return all(re.search(rf"(?<![\d.]){re.escape(shown(v))}(?![\d.]*\d)", told) for v in values)


def hold(target: str, mode: Mode, *children: Child, **more: object) -> Decomposition:
    places, direction = more.pop("places", None), more.pop("direction", "up")
    above = Parent(
        key="p",
        name=Text.same("p"),
        target=D(target),
        direction=direction,  # type: ignore[arg-type]
        places=places,  # type: ignore[arg-type]
    )
    return check(above, children, mode=mode, **more)  # type: ignore[arg-type]


def goal(key: str, target: str | None = None, **more: str) -> Child:
    stage = more.pop("stage", "")
    numbers = {name: D(value) for name, value in more.items()}
    value = None if target is None else D(target)
    return Child(key=key, name=Text.same(key), target=value, stage=stage, **numbers)


def test_it_names_every_mode(page):
    assert set(get_args(Mode)) <= set(re.findall(r"`(\w+)`", page))


def test_the_sum_leaves_the_gap_that_the_page_says(page):
    found = hold("1000", "sum", goal("li", "500"), goal("wang", "469"), places=0)
    scale, one, new, parent = found.ways

    assert found.verdict == "gap"
    assert found.percent is not None
    assert says(page, found.combined, -found.percent, new.amount, *parent.changes.values())
    assert says(page, *scale.changes.values(), *one.changes.values())
    assert "3.1992" in page
    assert "3.1992" in scale.words.en


def test_the_ratio_mean_and_funnel_are_those_of_the_page(page):
    ads = goal("ads", numerator="60000", denominator="1000")
    fair = goal("fair", numerator="40000", denominator="200")
    cost = hold("80", "ratio_of_sums", ads, fair, direction="down")
    mean = hold(
        "0.15", "weighted_mean", goal("a", "0.1", weight="900"), goal("b", "0.3", weight="100")
    )
    stages = [Stage(key=each, name=Text.same(each)) for each in ("leads", "rate", "deal")]
    funnel = hold(
        "1000000",
        "shared_funnel",
        goal("ads", "1200", stage="leads"),
        goal("events", "800", stage="leads"),
        goal("rate", "0.05", stage="rate"),
        goal("deal", "9000", stage="deal"),
        stages=stages,
    )

    assert says(page, cost.combined, cost.difference, cost.percent, D(96000), D(1250))
    assert sum(cost.ways[0].changes.values()) == 96000
    assert sum(cost.ways[1].changes.values()) == 1250
    assert says(page, mean.combined, D("0.03"), mean.ways[1].changes["a"])
    leads, rate, deal = (next(iter(way.changes.values())) for way in funnel.ways[:3])
    assert says(page, funnel.combined, rounded(leads, 2), rate * 100, deal)


def test_parts_and_weights_are_those_of_the_page(page):
    known = by_history({"a": D(300), "b": D(100), "c": D(20), "new": None})
    equal = [Claim(key=key, weight=weight) for key, weight in equally("abc").items()]
    bounded = [
        Claim(key="a", weight=D(5), high=D(300)),
        Claim(key="b", weight=D(3)),
        Claim(key="c", weight=D(2)),
    ]

    assert says(page, *known.weights.values())
    assert re.search(r"34[,、] ?33[,、] ?33", page)
    assert list(split(D(100), equal).parts.values()) == [34, 33, 33]
    assert re.search(r"300[,、] ?420[,、] ?280", page)
    assert list(split(D(1000), bounded).parts.values()) == [300, 420, 280]
    assert says(page, *mended(dict.fromkeys("abc", D(30))).values())
    assert list(with_weight({"a": D(40), "b": D(40), "c": D(20)}, "a", D(55)).values()) == [
        55,
        30,
        15,
    ]
    assert re.search(r"55[,、] ?30[,、] ?15", page)
    assert says(page, D(Limits().most))
