"""Formulas of derived metrics: exact arithmetic over metrics, nothing lost to a binary float."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from operator import neg, pos
from typing import Any

from mingji.engine.sql import Refused, exp, parse
from mingji.rules.text import Text

_SIGNS: Mapping[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}

_UNARY: Mapping[type, Callable[[Fraction], Fraction]] = {
    exp.Paren: pos,
    exp.Neg: neg,
    exp.Abs: abs,
}


def names_in(formula: str) -> tuple[str, ...]:
    """The metrics a formula names, each once, in order of appearance.

    Raises:
        Refused: If the formula holds anything but metrics, numbers, `+ - * /`, brackets, `abs(x)`
            and `coalesce(x, y)`.

    >>> names_in("(won_value - spend) / spend")
    ('won_value', 'spend')
    """
    tree = parse(formula)
    found: dict[str, None] = {}
    for node in tree.dfs():
        if isinstance(node, exp.Column) and not node.table:
            found[node.name] = None
        elif not _allowed(node):
            raise Refused(
                Text(
                    f"公式“{formula}”里不能用 {type(node).__name__}",
                    f"formula “{formula}” cannot use {type(node).__name__}",
                ),
                Text(
                    "只用指标、数字、+ - * /、括号、abs(x) 和 coalesce(x, y)",
                    "use metrics, numbers, + - * /, brackets, abs(x) and coalesce(x, y)",
                ),
            )
    return tuple(found)


def evaluate(formula: str, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """The exact value of a formula; None if an input is missing or something is divided by zero.

    >>> evaluate("(a - b) / b", {"a": Fraction(3), "b": Fraction(2)})
    Fraction(1, 2)
    >>> evaluate("a / b", {"a": Fraction(3), "b": Fraction(0)}) is None
    True
    >>> evaluate("abs(a - coalesce(b, 5))", {"a": Fraction(3), "b": None})
    Fraction(2, 1)
    """
    return _value(_parsed(formula), values)


@lru_cache(maxsize=256)  # one formula is worked out in every slice
def _parsed(formula: str) -> Any:
    return parse(formula)


def _allowed(node: Any) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_string and "e" not in node.name.lower()
    if isinstance(node, exp.Coalesce):
        return len(node.expressions) == 1
    return isinstance(node, (*_SIGNS, exp.Neg, exp.Paren, exp.Identifier, exp.Abs))


def _value(node: Any, values: Mapping[str, Fraction | None]) -> Fraction | None:
    if isinstance(node, exp.Column):
        return values[node.name]
    if isinstance(node, exp.Literal):
        return Fraction(node.name)
    if isinstance(node, exp.Coalesce):
        first = _value(node.this, values)
        return _value(node.expressions[0], values) if first is None else first
    if isinstance(node, exp.Paren | exp.Neg | exp.Abs):
        inner = _value(node.this, values)
        return inner if inner is None else _UNARY[type(node)](inner)
    left, right = _value(node.this, values), _value(node.expression, values)
    if left is None or right is None:
        return None
    return _combined(_SIGNS[type(node)], left, right)


def _combined(sign: str, left: Fraction, right: Fraction) -> Fraction | None:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right if right else None
