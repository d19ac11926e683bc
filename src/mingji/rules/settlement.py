"""From results to money (结果应用, scoring.md §7); every amount carries its explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mingji.rules.coefficients import Grade, MeritCell
from mingji.rules.explanation import Node, Rule
from mingji.rules.grades import in_order
from mingji.rules.methods.given import refuse
from mingji.rules.money import Money
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded, shown
from mingji.rules.payout import Payout, payout
from mingji.rules.text import Text
from mingji.rules.weights import must_be_hundred


@exact
def chain(base: Money, factors: Mapping[str, Decimal]) -> Payout:
    """Base times every coefficient in turn (unit, person, presence …), rounded to the cent.

    >>> chain(Money(Decimal(1000), "CNY"), {"company": Decimal("1.1"), "dept": Decimal("1.2"),
    ...     "person": Decimal("1.0")}).money.amount
    Decimal('1320.00')
    """
    product = base.amount
    for factor in factors.values():
        product *= factor
    words = " × ".join([shown(base.amount), *(shown(factor) for factor in factors.values())])
    return payout(product, base, "settle.chain", words, factors)


@exact
def weighted_coefficient(
    base: Money, weights: Mapping[str, Decimal], coefficients: Mapping[str, Decimal]
) -> Payout:
    """Base times the weighted mean of coefficients; weights in percent add up to 100.

    >>> weights = {"company": Decimal(20), "dept": Decimal(30), "person": Decimal(50)}
    >>> values = {"company": Decimal("1.1"), "dept": Decimal("1.2"), "person": Decimal("1.0")}
    >>> weighted_coefficient(Money(Decimal(1000), "CNY"), weights, values).money.amount
    Decimal('1080.00')

    Raises:
        Invalid: the weights do not add up to 100, or a coefficient is missing.
    """
    must_be_hundred(
        list(weights.values()), Text("各系数", "the coefficients"), "settlement.weights"
    )
    missing = sorted(weights.keys() - coefficients.keys())
    if missing:
        raise refuse(
            "coefficient_missing",
            f"缺少系数 {missing[0]}；补上",
            f"the coefficient {missing[0]} is missing; add it",
        )
    mean = sum((w * coefficients[name] for name, w in weights.items()), ZERO) / HUNDRED
    terms = " + ".join(f"{shown(coefficients[name])} × {shown(w)} %" for name, w in weights.items())
    words = f"{shown(base.amount)} × ({terms})"
    told = {f"weight.{name}": weight for name, weight in weights.items()}
    told |= {f"coefficient.{name}": coefficients[name] for name in weights}
    return payout(base.amount * mean, base, "settle.weighted_coefficient", words, told)


def gate(grade: str, lowest: str, grades: Sequence[Grade]) -> bool:
    """Whether a grade opens a payout that asks for at least `lowest`.

    >>> from mingji.rules.coefficients import DEFAULT_GRADES
    >>> gate("B", "C", DEFAULT_GRADES), gate("D", "C", DEFAULT_GRADES)
    (True, False)
    """
    order = [each.id for each in in_order(grades)]
    return not lowest or order.index(grade) <= order.index(lowest)


@exact
def merit_raise(budget: Decimal, grade: str, position: str, cells: Sequence[MeritCell]) -> Decimal:
    """The raise in percent: the budget times the cell of grade and pay position.

    >>> cells = [MeritCell(grade="S", position="low", factor=Decimal("1.2"))]
    >>> merit_raise(Decimal(5), "S", "low", cells)
    Decimal('6.0')

    Raises:
        Invalid: the grid has no such cell.
    """
    for cell in cells:
        if (cell.grade, cell.position) == (grade, position):
            return budget * cell.factor
    raise refuse(
        "no_merit_cell",
        f"调薪矩阵里没有 {grade}/{position}；补上这一格",
        f"the merit matrix has no cell {grade}/{position}; add it",
    )


def _chained(node: Node, values: tuple[Decimal | str | None, ...]) -> Decimal:
    product = values[0]
    assert isinstance(product, Decimal)
    for factor in node.parameters.values():
        assert isinstance(factor, Decimal)
        product *= factor
    return rounded(product)


def _weighted(node: Node, values: tuple[Decimal | str | None, ...]) -> Decimal:
    told, base, mean = node.parameters, values[0], ZERO
    assert isinstance(base, Decimal)
    for name, weight in told.items():
        if name.startswith("weight."):
            coefficient = told[name.replace("weight.", "coefficient.", 1)]
            assert isinstance(weight, Decimal)
            assert isinstance(coefficient, Decimal)
            mean += weight * coefficient
    return rounded(base * (mean / HUNDRED))


RULES: Mapping[str, Rule] = {
    "settle.chain": _chained,
    "settle.weighted_coefficient": _weighted,
}
