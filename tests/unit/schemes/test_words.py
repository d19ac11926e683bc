"""Every scoring method can be said in words, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.methods import METHODS
from mingji.rules.methods.bands import Band, BandMethod
from mingji.rules.methods.ratio import Ratio
from mingji.rules.methods.steps import BaseStep
from mingji.rules.scheme import Item
from mingji.rules.text import Text
from mingji.schemes.words import scoring_in_words


def words(scoring) -> Text:
    return scoring_in_words(Item(id="x", name=Text.same("x"), scoring=scoring))


@pytest.mark.parametrize("method", METHODS)
def test_each_method_has_words_in_both_languages(method):
    said = words(METHODS[method]())

    assert said.zh
    assert said.en
    assert said.zh != said.en


def test_the_settings_stand_in_the_words():
    assert words(Ratio(direction="down", form="complement", cap=Decimal("1.2"))).en == (
        "(2 − actual ÷ target) × weight (lower is better), at most 120 % of the weight"
    )
    assert "每高出 3 % 加 1 分（最多 6）" in words(BaseStep()).zh


def test_bands_show_which_end_belongs_to_them():
    bands = (
        Band(high=Decimal(25), points=Decimal(15)),
        Band(low=Decimal(25), high=Decimal(30), points=Decimal(10)),
        Band(low=Decimal(30), points=Decimal(0)),
    )

    assert words(BandMethod(bands=bands, closed="high")).en == (
        "points by band: (−∞, 25] → 15; (25, 30] → 10; (30, ∞) → 0"
    )
