"""Student's t against the printed tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.analysis.student import chance_below, even, quantile

D = Decimal
# Upper percentage points: Abramowitz and Stegun, table 26.10.
TABLE = [
    (2, "0.90", "1.886"),
    (2, "0.95", "2.920"),
    (2, "0.99", "6.965"),
    (4, "0.90", "1.533"),
    (4, "0.95", "2.132"),
    (4, "0.99", "3.747"),
    (6, "0.90", "1.440"),
    (6, "0.975", "2.447"),
    (8, "0.90", "1.397"),
    (8, "0.99", "2.896"),
    (10, "0.90", "1.372"),
    (10, "0.975", "2.228"),
    (20, "0.90", "1.325"),
    (20, "0.99", "2.528"),
    (30, "0.975", "2.042"),
    (40, "0.90", "1.303"),
    (40, "0.99", "2.423"),
]


@pytest.mark.parametrize(("freedom", "share", "t"), TABLE)
def test_quantiles_are_those_of_the_printed_table(freedom, share, t):
    assert round(quantile(D(share), freedom), 3) == D(t)
    assert round(quantile(1 - D(share), freedom), 3) == -D(t)


@pytest.mark.parametrize(("freedom", "share", "t"), TABLE)
def test_chances_lead_back_to_the_share(freedom, share, t):
    assert abs(chance_below(D(t), freedom) - D(share)) < D("0.0005")
    assert chance_below(D(t), freedom) + chance_below(-D(t), freedom) == 1


def test_two_degrees_of_freedom_have_their_own_short_formula():
    t = D("1.7")

    own = D("0.5") + t / (2 * (2 + t * t).sqrt())

    assert abs(chance_below(t, 2) - own) < D("1e-25")


def test_degrees_of_freedom_are_rounded_towards_a_wider_interval():
    assert [even(D(n)) for n in ("0.3", "3", "5.99", "41")] == [2, 2, 4, 40]
