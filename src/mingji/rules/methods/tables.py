"""Methods that look up a table or evaluate a formula: matrix, rank, formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.formula import parse
from mingji.rules.methods.given import Earned, Given, refuse
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

NAMES = frozenset(("actual", "second", "target", "baseline", "stretch", "threshold", "weight"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """双因素矩阵法: a coefficient from a grid of two measures, times the weight.

    `rows` are the lower bounds of the first measure (the actual), `columns` those of the second;
    both ascend. `coefficients` holds one tuple for each row. Below the lowest bound it is 0.
    """

    method: Literal["matrix"] = "matrix"
    rows: tuple[Decimal, ...] = ()
    columns: tuple[Decimal, ...] = ()
    coefficients: tuple[tuple[Decimal, ...], ...] = ()

    @exact
    def earn(self, given: Given) -> Earned:
        """The weight times the coefficient of the cell (scoring.md §1).

        >>> grid = Matrix(rows=(Decimal(0), Decimal(90)), columns=(Decimal(0), Decimal(80)),
        ...               coefficients=((Decimal("0.5"), Decimal("0.8")),
        ...                             (Decimal("0.7"), Decimal("1.1"))))
        >>> grid.earn(Given(actual=Decimal(95), second=Decimal(85), weight=Decimal(20))).score
        Decimal('22.0')
        """
        actual, second = given.need("actual"), given.need("second")
        row, column = _last_at_most(self.rows, actual), _last_at_most(self.columns, second)
        inside = row >= 0 and column >= 0
        coefficient = self.coefficients[row][column] if inside else Decimal(0)
        w, c, a, s = (shown(each) for each in (given.weight, coefficient, actual, second))
        return Earned(
            score=given.weight * coefficient,
            formula=Text(
                f"权重 {w} × 矩阵系数 {c}（{a} 与 {s}）", f"weight {w} × cell {c} (at {a}, {s})"
            ),
            used=("actual", "second", "weight"),
            flags=() if inside else ("outside_bands",),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """排名计分法: the rank earns a share of the weight; ranks beyond the list earn 0.

    The actual is the rank, or, when the values of the others are given as parts, the own value.
    Ties share the better rank or the mean one.
    """

    method: Literal["rank"] = "rank"
    shares: tuple[Decimal, ...] = (Decimal(1), Decimal("0.8"), Decimal("0.6"))
    ties: Literal["better", "mean"] = "better"
    direction: Literal["up", "down"] = "up"

    @exact
    def earn(self, given: Given) -> Earned:
        """The share of the weight that the rank earns (scoring.md §1).

        >>> [Rank().earn(Given(actual=Decimal(r), weight=Decimal(10))).score for r in (1, 2, 4)]
        [Decimal('10'), Decimal('8.0'), Decimal('0')]
        """
        rank = given.need("actual")
        if rank < 1:
            raise refuse(
                "rank_below_1",
                f"名次是 {shown(rank)}；名次从 1 开始",
                f"the rank is {shown(rank)}; ranks start at 1",
            )
        share = self._share(rank)
        r, w, s = shown(rank), shown(given.weight), shown(share * 100)
        return Earned(
            score=given.weight * share,
            formula=Text(f"第 {r} 名，权重 {w} × {s} %", f"rank {r}: weight {w} × {s} %"),
            used=("actual", "weight"),
        )

    def standing(self, own: Decimal, others: Sequence[Decimal]) -> tuple[int, int]:
        """How many of the others are better, and how many are tied with it.

        >>> Rank().standing(Decimal(80), [Decimal(90), Decimal(80), Decimal(70)])
        (1, 1)
        """
        better = sum(1 for v in others if (v > own if self.direction == "up" else v < own))
        return better, sum(1 for v in others if v == own)

    def _share(self, rank: Decimal) -> Decimal:
        """A mean rank between two places earns the mean of their shares."""
        whole = int(rank)
        here, beyond = (
            self.shares[place - 1] if place <= len(self.shares) else Decimal(0)
            for place in (whole, whole + 1)
        )
        return here if rank == whole else here + (rank - whole) * (beyond - here)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """公式法: a small safe expression over actual, target, baseline, stretch, threshold, weight."""

    method: Literal["formula"] = "formula"
    expression: str = "0"

    @exact
    def earn(self, given: Given) -> Earned:
        """The value of the expression (scoring.md §1).

        >>> steps = Formula(expression="100 if actual/target >= 0.9 else "
        ...     "actual*0.8 if actual/target >= 0.8 else 60 if actual/target >= 0.6 else 0")
        >>> def at(actual):
        ...     return steps.earn(Given(actual=Decimal(actual), target=Decimal(100))).score
        >>> at(95), at(85), at(70), at(10)
        (Decimal('100'), Decimal('68.0'), Decimal('60'), Decimal('0'))
        """
        expression = parse(self.expression, NAMES)
        used = tuple(name for name in sorted(expression.names))
        known = {name: given.need(name) for name in used}
        numbers = ", ".join(f"{name} = {shown(value)}" for name, value in known.items())
        words = f"{self.expression} ({numbers})" if numbers else self.expression
        return Earned(score=expression.value(known), formula=Text.same(words), used=used)


def _last_at_most(bounds: tuple[Decimal, ...], value: Decimal) -> int:
    """The index of the last lower bound that the value reaches, or −1."""
    return sum(1 for bound in bounds if bound <= value) - 1
