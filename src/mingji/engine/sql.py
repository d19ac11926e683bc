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


class Refused(Exception):
    """A piece of a definition that is not allowed; the reader of the file adds the place."""

    def __init__(self, message: Text, remedy: Text, *, code: str = "expression") -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy
        self.code = code


def parse(text: str) -> Tree:
    """The syntax tree of one expression, unchecked."""
    try:
        if len(text) > _LONGEST:
            raise SqlglotError(f"longer than {_LONGEST} characters")
        return sqlglot.parse_one(text, read=DIALECT)
    except (SqlglotError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else "too deep"
        raise Refused(
            Text(f"读不懂表达式“{text[:80]}”：{reason}", f"cannot read “{text[:80]}”: {reason}"),
            Text(
                "检查引号、括号和运算符；文本用单引号，例如 stage = 'Won'",
                "check quotes, brackets and operators; text goes in single quotes: stage = 'Won'",
            ),
        ) from error


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
