"""Promises of bringing weights to 100, over generated forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.rules.errors import Invalid
from mingji.rules.reweighting import mended, with_weight

D = Decimal
WEIGHTS = st.lists(
    st.decimals(min_value="0.01", max_value=100, places=2), min_size=2, max_size=12
).map(lambda drawn: {f"g{place}": weight for place, weight in enumerate(drawn)})


@given(weights=WEIGHTS)
def test_mended_weights_are_exactly_100_and_keep_their_order(weights):
    found = mended(weights)

    assert sum(found.values()) == 100
    assert all(weight >= D("0.01") for weight in found.values())
    for one in weights:
        assert all(found[one] >= found[b] for b in weights if weights[one] > weights[b])


@given(weights=WEIGHTS)
def test_mending_what_is_100_changes_nothing(weights):
    once = mended(weights)

    assert mended(once) == once


@given(weights=WEIGHTS, weight=st.decimals(min_value=0, max_value=99, places=2))
def test_the_one_that_is_set_stays_and_the_others_make_up_for_it(weights, weight):
    found = with_weight(weights, "g0", weight)

    assert found["g0"] == weight
    assert sum(found.values()) == 100


def test_locked_weights_stay_and_the_rest_moves_in_proportion():
    form = {"a": D(40), "b": D(30), "c": D(20), "d": D(10)}

    assert with_weight(form, "a", D(52), locked={"b"}) == {
        "a": D(52), "b": D(30), "c": D(12), "d": D(6),
    }  # fmt: skip
    assert with_weight(form, "new", D(20)) == {
        "a": D(32), "b": D(24), "c": D(16), "d": D(8), "new": D(20),
    }  # fmt: skip


def test_weights_of_nothing_share_equally_and_all_locked_at_100_is_fine():
    assert mended({"a": D(0), "b": D(0)}) == {"a": D(50), "b": D(50)}
    assert mended({"a": D(100)}, locked={"a"}) == {"a": D(100)}


@pytest.mark.parametrize(
    ("weights", "key", "weight", "locked", "code"),
    [
        ({"a": "50", "b": "50"}, "a", "100", (), "weights_stuck"),
        ({"a": "50", "b": "50"}, "a", "60", ("b",), "weights_stuck"),
        ({"a": "50", "b": "50"}, "a", "60", ("a",), "weight_locked"),
        ({"a": "50", "b": "50"}, "a", "-1", (), "bad_weight"),
        ({"a": "50", "b": "50"}, "a", "33.333", (), "bad_weight"),
        ({"a": "50", "b": "50"}, "a", "NaN", (), "not_a_finite_number"),
        ({}, "a", "60", (), "weights_stuck"),
    ],
)
def test_what_cannot_come_to_100_is_refused(weights, key, weight, locked, code):
    form = {name: D(each) for name, each in weights.items()}

    with pytest.raises(Invalid) as refused:
        with_weight(form, key, D(weight), locked)

    assert refused.value.code == code
