"""The one door to SQLGlot, which changes in minor versions: parse, build and print SQL here.

Other modules of the engine build syntax trees with `exp` from this module and never write SQL as
text, so a name or a value in a definitions file cannot become code.
"""

from __future__ import annotations

from typing import TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mingji.rules.text import Text

__all__ = ["DIALECT", "Refused", "Tree", "column", "exp", "literal", "parse", "render"]

DIALECT = "duckdb"
Tree: TypeAlias = exp.Expr
_LONGEST = 4000
_TOO_LONG = Text(f"超过 {_LONGEST} 个字符", f"it is longer than {_LONGEST} characters")


class Refused(Exception):
    """A piece of a definition that is not allowed; the reader of the file adds the place."""

    def __init__(self, message: Text, remedy: Text, *, code: str = "expression") -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy
        self.code = code


def parse(text: str) -> Tree:
    """The syntax tree of one expression, unchecked."""
    if len(text) > _LONGEST:
        raise _unreadable(text, _TOO_LONG)
    try:
        return sqlglot.parse_one(text, read=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise _unreadable(text, _where(error)) from error


def _where(error: Exception) -> Text:
    """What stopped the reader, in its own words as little as possible: where."""
    if isinstance(error, RecursionError):
        return Text("嵌套太深", "it is nested too deeply")
    told = getattr(error, "errors", None) or [{}]
    place = told[0].get("col")
    if not place:
        return Text("引号没有成对，或有不认识的符号", "a quote is left open, or a sign is unknown")
    return Text(
        f"到第 {place} 个字符读不下去，那里缺了或多了东西",
        f"at character {place} something is missing or too much",
    )


def _unreadable(text: str, why: Text) -> Refused:
    short = text[:80]
    return Refused(
        Text(f"读不懂表达式“{short}”：{why.zh}", f"cannot read “{short}”: {why.en}"),
        Text(
            "检查引号、括号和运算符；文本用单引号，例如 stage = 'Won'",
            "check quotes, brackets and operators; text goes in single quotes: stage = 'Won'",
        ),
    )


def render(tree: Tree, *, dialect: str = DIALECT, pretty: bool = False) -> str:
    """The SQL of a tree as an engine speaks it, the same text for the same tree."""
    return tree.sql(dialect=dialect, pretty=pretty)


def column(name: str, table: str) -> Tree:
    """A quoted column of a table alias; quoting keeps Chinese names and reserved words safe."""
    return exp.column(name, table=table, quoted=True)


def literal(value: str | int) -> Tree:
    """A text or whole number as a literal of the language."""
    if isinstance(value, int):
        return exp.Literal.number(str(value))
    return exp.Literal.string(value)
