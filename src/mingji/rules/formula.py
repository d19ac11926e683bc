"""A small safe language for formulas: numbers, names, arithmetic, comparison, if/else, min, max.

It reads the grammar of Python expressions and walks the few node kinds listed below; nothing is
ever evaluated by the interpreter, so a formula can reach no attribute, no call and no memory.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact
from mingji.rules.text import Text

LONGEST = 500
DEEPEST = 24
MOST_PARTS = 200
_DIGITS = 30
_OPERATIONS: dict[type[ast.AST], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.AST], Callable[[Decimal, Decimal], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_PARTS = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.UAdd, ast.USub,
    ast.Not, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.IfExp, ast.Call,
    *_OPERATIONS, *_COMPARISONS,
)  # fmt: skip
_CALLS: dict[str, Callable[..., Decimal]] = {"min": min, "max": max}
Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that was read and found to hold only what is allowed."""

    text: str
    names: frozenset[str]
    _tree: ast.expr

    @exact
    def value(self, known: Mapping[str, Decimal]) -> Decimal:
        """The value with these numbers in place.

        >>> parse("100 if actual/target >= 0.9 else actual * 0.8").value(
        ...     {"actual": Decimal(85), "target": Decimal(100)})
        Decimal('68.0')

        Raises:
            Invalid: it divides by zero, or grows beyond all bounds.
        """
        return _value(self._tree, self.text, known)

    @property
    def bounds(self) -> Bounds:
        """Between which values it stays whatever the numbers are; None where none is certain.

        >>> parse("max(0, min(actual / target * 100, 120))").bounds
        (Decimal('0'), Decimal('120'))
        """
        return _bounds(self._tree, self.text)


def parse(text: str, names: frozenset[str] | None = None) -> Expression:
    """Read a formula; `names`, when given, are the only names it may use.

    >>> sorted(parse("max(actual - baseline, 0)").names)
    ['actual', 'baseline']

    Raises:
        Invalid: it is too long or deep, cannot be read, or holds something that is not allowed.
    """
    # Chinese input methods leave full-width signs behind; they mean the same.
    plain = text.translate(str.maketrans("（）＋－×÷，＞＜＝　≥≤", "()+-*/,><= ≥≤"))
    plain = plain.replace("≥", ">=").replace("≤", "<=").strip()
    if len(plain) > LONGEST:
        raise _refused(text, f"长于 {LONGEST} 个字符", f"it is longer than {LONGEST} characters")
    if not plain.isascii():
        odd = next(sign for sign in plain if not sign.isascii())
        raise _refused(text, f"含有不认识的符号“{odd}”", f"it holds the unknown sign “{odd}”")
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refused(text, "写法不完整或有误", "it is incomplete or misspelt") from error
    _check(tree, plain, text)
    used = frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in _CALLS
    )
    unknown = sorted(used - names) if names is not None else []
    if unknown and names is not None:
        known = ", ".join(sorted(names))
        raise _refused(
            text,
            f"用了未知的名字 {unknown[0]}，可用的有：{known}",
            f"it uses the unknown name {unknown[0]}; it may use: {known}",
        )
    return Expression(plain, used, tree)


def _check(tree: ast.expr, plain: str, text: str) -> None:
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS or _depth(tree) > DEEPEST:
        raise _refused(text, "嵌套过深或太复杂", "it is nested too deep or too complex")
    for node in ast.walk(tree):
        if not isinstance(node, _PARTS) or not _allowed(node, plain):
            raise _refused(
                text,
                f"“{ast.unparse(node)[:40]}”不允许；只能用数字、名字、四则运算、比较、if/else、min、max",
                f"“{ast.unparse(node)[:40]}” is not allowed; use numbers, names, arithmetic, "
                "comparison, if/else, min and max",
            )


def _allowed(node: ast.AST, plain: str) -> bool:
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in _CALLS
        return named and bool(node.args) and not node.keywords
    if isinstance(node, ast.Constant):
        written = _written(node, plain)
        return type(node.value) in (int, float) and len(written) <= _DIGITS and "e" not in written
    return True


def _written(node: ast.Constant, plain: str) -> str:
    return plain[node.col_offset : node.end_col_offset].lower()


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


def _value(  # noqa: PLR0911 - one line for each kind of expression
    node: ast.expr, text: str, known: Mapping[str, Decimal]
) -> Decimal:
    match node:
        case ast.Constant():
            return Decimal(_written(node, text))
        case ast.Name():
            return known[node.id]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _holds(test, text, known) else orelse, text, known)
        case ast.Call(func=ast.Name(id=name)):
            return _CALLS[name](*(_value(argument, text, known) for argument in node.args))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            value = _value(node.operand, text, known)
            return -value if isinstance(node.op, ast.USub) else value
        case ast.BinOp():
            return _reckon(node, text, known)
        case _:  # a comparison or and/or/not in the place of a number: 1 or 0
            return Decimal(int(_holds(node, text, known)))


def _bounds(node: ast.expr, text: str) -> Bounds:
    match node:
        case ast.Constant():
            value = Decimal(_written(node, text))
            return value, value
        case ast.IfExp(body=body, orelse=orelse):
            return _widest(_bounds(body, text), _bounds(orelse, text))
        case ast.Call(func=ast.Name(id=name), args=args):
            lows, highs = zip(*(_bounds(each, text) for each in args), strict=True)
            if name == "min":
                return _if_all(lows, min), _of_known(highs, min)
            return _of_known(lows, max), _if_all(highs, max)
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return Decimal(0), Decimal(1)
    return None, None


def _widest(one: Bounds, other: Bounds) -> Bounds:
    return _if_all((one[0], other[0]), min), _if_all((one[1], other[1]), max)


def _if_all(known: Sequence[Decimal | None], choose: Callable[..., Decimal]) -> Decimal | None:
    return None if None in known else choose(known)


def _of_known(known: Sequence[Decimal | None], choose: Callable[..., Decimal]) -> Decimal | None:
    return choose([each for each in known if each is not None], default=None)


def _reckon(node: ast.BinOp, text: str, known: Mapping[str, Decimal]) -> Decimal:
    left, right = _value(node.left, text, known), _value(node.right, text, known)
    if isinstance(node.op, ast.Div) and right == 0:
        raise _refused(
            text,
            f"“{ast.unparse(node.right)}”等于 0，不能作除数；用 if 先判断",
            f"“{ast.unparse(node.right)}” is 0 and cannot divide; test it with if first",
        )
    return _OPERATIONS[type(node.op)](left, right)


def _holds(node: ast.expr, text: str, known: Mapping[str, Decimal]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And()):
            return all(_holds(each, text, known) for each in node.values)
        case ast.BoolOp():
            return any(_holds(each, text, known) for each in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return not _holds(node.operand, text, known)
        case ast.Compare():
            values = [_value(each, text, known) for each in (node.left, *node.comparators)]
            pairs = zip(node.ops, values, values[1:], strict=False)
            return all(_COMPARISONS[type(op)](left, right) for op, left, right in pairs)
    return _value(node, text, known) != 0


def _refused(text: str, zh: str, en: str) -> Invalid:
    short = text if len(text) <= 60 else text[:60] + "…"
    return Invalid(
        Text(zh=f"公式“{short}”：{zh}", en=f"formula “{short}”: {en}"), code="formula_refused"
    )
