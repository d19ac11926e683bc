"""The safe expression language of filters, row expressions and `where`.

A subset of SQL that means the same on every engine: columns, literals, `+ - *`, comparisons,
`and or not`, `in`, `between`, `is null`, `case when`, `coalesce`, `days_between(from, to)`.
Anything else is refused by name. Kinds are checked, so `amount > 'x'` fails when the file is read.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mingji.engine.model import Column, Definitions, Table
from mingji.engine.sql import Refused, Tree, column, exp, literal, parse
from mingji.rules.text import Text

Kind = Literal["text", "number", "boolean", "date", "null"]
#: The alias of the fact table in every compiled query.
FACT = "t"

_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "date",
}


@dataclass(frozen=True, slots=True, order=True)
class Converted:
    """An amount that is converted: its column, the column of its currency, the target currency."""

    amount: str
    currency: str
    target: str

    @property
    def alias(self) -> str:
        """What the rates of this currency column are called in a query."""
        return f"_rates_{self.currency}_{self.target}"

    @staticmethod
    def table(target: str) -> str:
        """The name under which the rates into a currency are provided."""
        return f"_rates_{target}"

    @property
    def unrated(self) -> Tree:
        """The condition of a row whose amount finds no rate."""
        return exp.and_(
            _blank(column("rate", self.alias)),
            exp.Not(this=_blank(column(self.amount, FACT))),
            exp.or_(
                _blank(column(self.currency, FACT)),
                exp.NEQ(this=column(self.currency, FACT), expression=literal(self.target)),
            ),
        )

    @property
    def tree(self) -> Tree:
        """The amount in the target currency; NULL without a rate."""
        amount = column(self.amount, FACT)
        own = exp.EQ(this=column(self.currency, FACT), expression=literal(self.target))
        other = exp.Mul(this=amount.copy(), expression=column("rate", self.alias))
        return exp.Case().when(own, amount, copy=False).else_(other, copy=False)


def _blank(tree: Tree) -> Tree:
    return exp.Is(this=tree, expression=exp.null())


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression that passed: its tree over qualified columns, its kind, the joins it needs.

    `converted` are the amounts in it that are converted, each with a join to the rates.
    """

    tree: Tree
    kind: Kind
    joins: frozenset[str]
    converted: frozenset[Converted] = frozenset()


def reachable(definitions: Definitions, table: Table) -> dict[str, tuple[str, Column]]:
    """Every column a table can be cut by: its own, and those of the dimensions it looks up.

    Keys are `column` and `join.column`; the plain name of a joined column works as well where it
    is unmistakable. Values are the alias in the query and the column.
    """
    own = {name: (FACT, spec) for name, spec in table.columns.items()}
    joined: dict[str, tuple[str, Column]] = {}
    plain: dict[str, list[tuple[str, Column]]] = {}
    for join in table.joins.values():
        for name, spec in definitions.tables[join.table].columns.items():
            joined[f"{join.name}.{name}"] = (join.name, spec)
            plain.setdefault(name, []).append((join.name, spec))
    unmistakable = {name: found[0] for name, found in plain.items() if len(found) == 1}
    return {**unmistakable, **joined, **own}


def nearest(name: str, columns: Iterable[str]) -> list[str]:
    """The columns that a mistyped name may mean; if none is close, all by their shortest names."""
    known = set(columns)
    short = sorted(each for each in known if each.rpartition(".")[2] not in known - {each})
    return difflib.get_close_matches(name, sorted(known), 3) or short


def check(
    text: str,
    definitions: Definitions,
    table: Table,
    *,
    kind: Kind | None = None,
    target: str = "",
) -> Checked:
    """Reads an expression over a table and refuses whatever is not in the safe subset.

    Args:
        text: The expression, for example `deal_stage = 'Won' and close_value > 0`.
        definitions: Where joined tables are looked up.
        table: The table whose columns may be named.
        kind: The kind the whole must have (`boolean` for a filter), if it matters.
        target: The currency that amounts are converted into.

    Raises:
        Refused: With a sentence and a remedy; the caller knows the place.
    """
    checker = _Checker(text, reachable(definitions, table), table, target)
    tree, found = checker.visit(parse(text))
    if kind is not None and found not in (kind, "null"):
        raise checker.refuse(
            f"这里要的是{_ZH[kind]}，表达式给的是{_ZH[found]}",
            f"a {kind} is needed here, the expression gives a {found}",
        )
    return Checked(tree, found, frozenset(checker.joins), frozenset(checker.converted))


_ZH: Mapping[Kind, str] = {
    "text": "文本",
    "number": "数字",
    "boolean": "真假值",
    "date": "日期",
    "null": "空值",
}
Visited = tuple[Any, Kind]


class _Checker:
    def __init__(
        self, text: str, columns: Mapping[str, tuple[str, Column]], table: Table, target: str
    ) -> None:
        self.text, self.columns, self.table, self.target = text, columns, table, target
        self.joins: set[str] = set()
        self.converted: set[Converted] = set()
        self.rules: Mapping[type, Callable[[Any], Visited]] = {
            exp.Literal: self.literal,
            exp.Boolean: lambda node: (node.copy(), "boolean"),
            exp.Null: lambda node: (node.copy(), "null"),
            exp.Column: self.column,
            exp.Paren: self.paren,
            exp.Neg: self.negative,
            **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), self.arithmetic),
            **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), self.comparison),
            **dict.fromkeys((exp.And, exp.Or), self.logic),
            exp.Not: self.negation,
            exp.In: self.membership,
            exp.Between: self.between,
            exp.Is: self.is_null,
            exp.Case: self.case,
            exp.Coalesce: self.coalesce,
            exp.Anonymous: self.function,
            exp.Cast: self.date_literal,
        }

    def refuse(self, zh: str, en: str, remedy: Text | None = None) -> Refused:
        return Refused(
            Text(f"表达式“{self.text}”：{zh}", f"expression “{self.text}”: {en}"),
            remedy
            or Text(
                "可用：列、数字、'文本'、+ - *、比较、and or not、in、between、is null、"
                "case when、coalesce、days_between(起, 止)",
                "allowed: columns, numbers, 'text', + - *, comparisons, and or not, in, between, "
                "is null, case when, coalesce, days_between(from, to)",
            ),
        )

    def visit(self, node: Any) -> Visited:
        if isinstance(node, exp.Div):
            raise self.refuse(
                "行内表达式不能做除法（各引擎舍入不同）",
                "a row expression cannot divide (engines round differently)",
                Text(
                    "比率写成 type: ratio；除以常数改成乘小数，例如 amount * 0.0001",
                    "write a ratio as type: ratio; instead of dividing by a constant multiply by a "
                    "decimal, as in amount * 0.0001",
                ),
            )
        rule = self.rules.get(type(node))
        if rule is None:
            raise self.refuse(
                f"不能使用 {type(node).__name__}", f"{type(node).__name__} is not allowed"
            )
        return rule(node)

    def literal(self, node: Any) -> Visited:
        if node.is_string:
            return node.copy(), "text"
        if "e" in node.name.lower():
            raise self.refuse(
                f"数字 {node.name} 用了科学计数法", f"{node.name} is in scientific notation"
            )
        return node.copy(), "number"

    def column(self, node: Any) -> Visited:
        name = f"{node.table}.{node.name}" if node.table else node.name
        found = self.columns.get(name)
        if found is None:
            near = nearest(name, self.columns)
            raise self.refuse(
                f"表 {self.table.name} 没有列 {name}",
                f"table {self.table.name} has no column {name}",
                Text(f"可用的列：{'、'.join(near)}", f"columns it has: {', '.join(near)}"),
            )
        alias, spec = found
        if alias != FACT:
            self.joins.add(alias)
        tree = column(spec.name, alias)
        if spec.currency:
            tree = self.in_one_currency(spec, alias)
        if spec.type == "timestamp":
            tree = exp.cast(tree, "date")
        return tree, _KINDS[spec.type]

    def in_one_currency(self, spec: Column, alias: str) -> Tree:
        if alias != FACT or not self.target:
            raise self.refuse(
                f"{spec.name} 里有多种货币，这里不知道换算成哪一种",
                f"{spec.name} holds several currencies, and it is not said which one is meant here",
                Text(
                    "给指标写上货币单位（unit: CNY），或在 rates 里写 into: CNY",
                    "give the metric a currency as unit (unit: CNY), or say into: CNY under rates",
                ),
            )
        converted = Converted(spec.name, spec.currency, self.target)
        self.converted.add(converted)
        return exp.paren(converted.tree, copy=False)

    def paren(self, node: Any) -> Visited:
        tree, kind = self.visit(node.this)
        return exp.paren(tree, copy=False), kind

    def negative(self, node: Any) -> Visited:
        return exp.Neg(this=self.needs(node.this, "number")), "number"

    def needs(self, node: Any, kind: Kind) -> Any:
        tree, found = self.visit(node)
        if found not in (kind, "null"):
            raise self.refuse(
                f"“{node.sql()}”应是{_ZH[kind]}，却是{_ZH[found]}",
                f"“{node.sql()}” should be a {kind}, it is a {found}",
            )
        return tree

    def arithmetic(self, node: Any) -> Visited:
        left, right = self.needs(node.this, "number"), self.needs(node.expression, "number")
        return type(node)(this=left, expression=right), "number"

    def logic(self, node: Any) -> Visited:
        left, right = self.needs(node.this, "boolean"), self.needs(node.expression, "boolean")
        return type(node)(this=left, expression=right), "boolean"

    def negation(self, node: Any) -> Visited:
        return exp.Not(this=self.needs(node.this, "boolean")), "boolean"

    def alike(self, *nodes: Any) -> tuple[list[Any], Kind]:
        """Sides of one kind; ISO text beside a date is read as a date."""
        seen = [self.visit(node) for node in nodes]
        kinds = {kind for _, kind in seen} - {"null"}
        if kinds == {"date", "text"}:
            seen = [self.as_date(tree) if kind == "text" else (tree, kind) for tree, kind in seen]
            kinds = {"date"}
        if len(kinds) > 1:
            names = sorted(kinds)
            raise self.refuse(
                f"不能比较{'和'.join(_ZH[name] for name in names)}",
                f"cannot compare a {' with a '.join(names)}",
            )
        return [tree for tree, _ in seen], kinds.pop() if kinds else "null"

    def as_date(self, tree: Any) -> Visited:
        try:
            day = dt.date.fromisoformat(tree.name if isinstance(tree, exp.Literal) else "")
        except ValueError:
            raise self.refuse(
                f"“{tree.sql()}”不是日期",
                f"{tree.sql()} is not a date",
                Text("日期写成 '2026-07-01'", "write a date as '2026-07-01'"),
            ) from None
        return exp.cast(exp.Literal.string(day.isoformat()), "date"), "date"

    def comparable(self, *nodes: Any) -> list[Any]:
        trees, _ = self.alike(*nodes)
        if any(isinstance(tree, exp.Null) for tree in trees):
            raise self.refuse(
                "与 null 比较永远不成立",
                "a comparison with null is never true",
                Text("改用 is null 或 is not null", "use is null or is not null"),
            )
        return trees

    def comparison(self, node: Any) -> Visited:
        left, right = self.comparable(node.this, node.expression)
        return type(node)(this=left, expression=right), "boolean"

    def membership(self, node: Any) -> Visited:
        if not node.expressions:
            raise self.refuse("in 后面要列出值", "in needs a list of values")
        first, *rest = self.comparable(node.this, *node.expressions)
        return exp.In(this=first, expressions=rest), "boolean"

    def between(self, node: Any) -> Visited:
        value, low, high = self.comparable(node.this, node.args["low"], node.args["high"])
        return exp.Between(this=value, low=low, high=high), "boolean"

    def is_null(self, node: Any) -> Visited:
        if not isinstance(node.expression, exp.Null | exp.Boolean):
            raise self.refuse("is 后面只能是 null、true、false", "is takes null, true or false")
        return exp.Is(this=self.visit(node.this)[0], expression=node.expression.copy()), "boolean"

    def case(self, node: Any) -> Visited:
        if node.this is not None:
            raise self.refuse("case 要写成 case when … then …", "write case when … then …")
        branches, otherwise = node.args["ifs"], node.args.get("default")
        conditions = [self.needs(branch.this, "boolean") for branch in branches]
        results = [branch.args["true"] for branch in branches]
        trees, kind = self.alike(*results, *([otherwise] if otherwise is not None else []))
        tree = exp.Case()
        for condition, result in zip(conditions, trees, strict=False):
            tree = tree.when(condition, result, copy=False)
        return (tree.else_(trees[-1], copy=False) if otherwise is not None else tree), kind

    def coalesce(self, node: Any) -> Visited:
        (first, *rest), kind = self.alike(node.this, *node.expressions)
        return exp.Coalesce(this=first, expressions=rest), kind

    def function(self, node: Any) -> Visited:
        if node.name.lower() != "days_between" or len(node.expressions) != 2:
            raise self.refuse(f"没有函数 {node.name}", f"there is no function {node.name}")
        start, end = (self.needs(part, "date") for part in node.expressions)
        return exp.DateDiff(this=end, expression=start, unit=exp.var("DAY")), "number"

    def date_literal(self, node: Any) -> Visited:
        if not (node.to.this == exp.DataType.Type.DATE and isinstance(node.this, exp.Literal)):
            raise self.refuse("不能转换类型", "casts are not allowed")
        return self.as_date(node.this)
