"""Methods that look up a table or evaluate a formula: matrix, rank, formula."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """双因素矩阵法: a coefficient from a grid of two measures, times the weight.

    `rows` are the lower bounds of the first measure (the actual), `columns` those of the second;
    both ascend. `coefficients` holds one tuple for each row. Below the lowest bound it is 0.
    """

    __pydantic_config__ = STRICT
    method: Literal["matrix"] = "matrix"
    rows: tuple[Decimal, ...] = ()
    columns: tuple[Decimal, ...] = ()
    coefficients: tuple[tuple[Decimal, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """排名计分法: the rank earns a share of the weight; ranks beyond the list earn 0.

    The actual is the rank, or, when the values of all compared are given as parts, the own value.
    Ties share the better rank or the mean one.
    """

    __pydantic_config__ = STRICT
    method: Literal["rank"] = "rank"
    shares: tuple[Decimal, ...] = (Decimal(1), Decimal("0.8"), Decimal("0.6"))
    ties: Literal["better", "mean"] = "better"
    direction: Literal["up", "down"] = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """公式法: a small safe expression over actual, target, baseline, stretch, threshold, weight."""

    __pydantic_config__ = STRICT
    method: Literal["formula"] = "formula"
    expression: str = "0"
