"""From result to money: every worked example to the cent, and no silent mixing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.coefficients import DEFAULT_GRADES, CommissionTier, MeritCell, PotTier
from mingji.rules.commission import marginal_tiers
from mingji.rules.errors import Invalid
from mingji.rules.money import Money
from mingji.rules.pool import Claim, pool_share, tiered_pot
from mingji.rules.recompute import mismatches
from mingji.rules.settlement import chain, gate, merit_raise, weighted_coefficient

D = Decimal
COEFFICIENTS = {"company": D("1.1"), "dept": D("1.2"), "person": D("1.0")}
WEIGHTS = {"company": D(20), "dept": D(30), "person": D(50)}


def cny(amount: str) -> Money:
    return Money(D(amount), "CNY")


def claims(*coefficients: str) -> list[Claim]:
    return [Claim(member=f"m{n}", base=D(1), coefficient=D(c)) for n, c in enumerate(coefficients)]


def two_bands(second: str) -> list[CommissionTier]:
    return [
        CommissionTier(low=D(0), high=D(1000), rate=D(5)),
        CommissionTier(low=D(second), rate=D(9)),
    ]


def test_chain_and_weighted_coefficient_of_the_same_figures_differ_and_are_named() -> None:
    chained = chain(cny("10000"), COEFFICIENTS)
    weighted = weighted_coefficient(cny("10000"), WEIGHTS, COEFFICIENTS)

    assert (str(chained.money.amount), str(weighted.money.amount)) == ("13200.00", "10800.00")
    assert mismatches(chained.node) == mismatches(weighted.node) == ()


def test_a_missing_coefficient_or_weights_off_100_are_refused() -> None:
    with pytest.raises(Invalid):
        weighted_coefficient(cny("1"), WEIGHTS, {"company": D(1), "dept": D(1)})
    with pytest.raises(Invalid):
        weighted_coefficient(cny("1"), {"company": D(90)}, COEFFICIENTS)


def test_a_pool_is_shared_to_the_cent_and_adds_up() -> None:
    shares = pool_share(cny("50000"), claims("1.5", "1", "1", "0.8"))

    assert [str(each.money.amount) for each in shares.values()] == [
        "17441.86",
        "11627.91",
        "11627.91",
        "9302.32",
    ]
    assert sum(each.money.amount for each in shares.values()) == D("50000.00")


@pytest.mark.parametrize(
    ("pool", "given"),
    [
        ("-1", claims("1")),
        ("1.005", claims("1")),
        ("1", claims("-1")),
        ("1", claims("1") + claims("1")),
        ("1", claims("0")),
    ],
)
def test_a_pool_that_makes_no_sense_is_refused(pool: str, given: list[Claim]) -> None:
    with pytest.raises(Invalid):
        pool_share(cny(pool), given)


def test_a_pot_opens_by_result() -> None:
    tiers = [
        PotTier(at_least=D(at), amount=D(amount))
        for at, amount in ((80, 50000), (100, 80000), (120, 100000))
    ]

    opened = [tiered_pot(D(result), tiers, "CNY").amount for result in (79, 80, 119, 120)]

    assert opened == [D(0), D(50000), D(80000), D(100000)]


def test_commission_bands_with_a_gap_are_refused_and_named() -> None:
    bands = two_bands("1001")

    with pytest.raises(Invalid) as refusal:
        marginal_tiers(cny("1000.50"), bands)

    assert "1000" in refusal.value.message.en


def test_commission_recomputes_from_its_explanation() -> None:
    bands = two_bands("1000")

    assert mismatches(marginal_tiers(cny("1234.56"), bands).node) == ()


def test_a_gate_opens_from_its_grade_upwards() -> None:
    assert [gate(g, "C", DEFAULT_GRADES) for g in "SABCD"] == [True, True, True, True, False]
    assert gate("D", "", DEFAULT_GRADES)


def test_the_merit_matrix_turns_a_budget_of_5_into_4_to_6_percent() -> None:
    cells = [
        MeritCell(grade=g, position=p, factor=D(f))
        for g, p, f in (("S", "low", "1.2"), ("B", "high", "0.8"))
    ]

    assert merit_raise(D(5), "S", "low", cells) == D("6.0")
    assert merit_raise(D(5), "B", "high", cells) == D("4.0")
    with pytest.raises(Invalid):
        merit_raise(D(5), "D", "low", cells)


def test_currencies_never_mix() -> None:
    with pytest.raises(Invalid) as refusal:
        cny("1") + Money(D(1), "USD")

    assert refusal.value.code == "currencies_mixed"
    assert (cny("2.005") - cny("1")).rounded() == cny("1.01")
