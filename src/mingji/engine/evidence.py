"""What a column says about its own notation, and the question where it says nothing.

Whether a comma is a decimal mark, and whether the day or the month stands first, is settled for
each column by cells that can be read one way only. Where there is none, nothing is guessed: the
load stops and asks, with both readings and what they come to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from mingji.engine.cell_dates import ORDERS
from mingji.engine.model import Column, Table
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: How the cells of a column are read where they differ: each by itself, the others set aside.
EACH = "each"
_CENTS = 3
#: Days that can be read in two ways are strangers where so many times more can be read in one.
_STRANGERS = 10
ORDER_WORDS = {
    "dmy": Text("日/月/年", "day/month/year"),
    "mdy": Text("月/日/年", "month/day/year"),
    "ymd": Text("年/月/日", "year/month/day"),
}
_MARK_WORDS = {
    "point": Text("逗号是千分位", "the comma separates thousands"),
    "comma": Text("逗号是小数点", "the comma is the decimal mark"),
}
_DOT_WORDS = {
    "point": Text("点是小数点", "the point is the decimal mark"),
    "comma": Text("点是千分位", "the point separates thousands"),
}


@dataclass(slots=True)
class Evidence:
    """What was seen in a column: shapes of numbers, possible orders of dates, with examples.

    `sums` are the totals of a column of numbers under each reading; `spans` the first and last
    day under each order. `orders` counts days by the orders under which they exist, `days` all
    that could be read.
    """

    shapes: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    orders: Counter[tuple[str, ...]] = field(default_factory=Counter)
    spans: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    example: str = ""
    days: int = 0

    def widen(self, order: str, days: Iterable[dt.date]) -> None:
        """Takes in days read under an order."""
        every = [*days, *self.spans.get(order, ())]
        if every:
            self.spans[order] = (min(every), max(every))


def number_style(column: Column, seen: Evidence) -> str:
    """`point`, `comma` or `each`; empty if the column does not say.

    A number with three digits behind its only comma is certain where the column keeps fewer
    decimals than three: amounts of money are not written to the mill.
    """
    shapes = seen.shapes
    if shapes["comma"]:
        return EACH if shapes["point"] else "comma"
    if shapes["point"]:
        return "point"
    if shapes["loose_comma"] or shapes["grouped_point"]:
        return ""
    short = column.type == "integer" or column.scale < _CENTS or _is_money(column)
    return "point" if short or not shapes["grouped_comma"] else ""


def date_order(seen: Evidence) -> str:
    """`dmy`, `mdy`, `ymd` or `each`; empty if the column does not say.

    Where nearly all days are certain (2026-03-05), the few that are not are strangers in their
    column: they are set aside, and the rest need not wait for an answer.
    """
    left = set(ORDERS)
    for orders in seen.orders:
        left &= set(orders)
    if len(left) == 1:
        return left.pop()
    return "" if left and _open_days(seen) * _STRANGERS > seen.days else EACH


def _open_days(seen: Evidence) -> int:
    return sum(count for orders, count in seen.orders.items() if len(orders) > 1)


def is_open(seen: Evidence) -> bool:
    """Whether any day exists under more than one order."""
    return any(len(orders) > 1 for orders in seen.orders)


def _is_money(column: Column) -> bool:
    return len(column.unit) == _CENTS and column.unit.isupper()


@dataclass(frozen=True, slots=True)
class Question:
    """A column that can be read in more than one way, with what each reading comes to."""

    column: Column
    option: str
    count: int
    example: str
    readings: tuple[tuple[str, Text], ...]


def number_question(column: Column, seen: Evidence) -> Question:
    """What to ask of a column of numbers: the total under each reading."""
    shapes = seen.shapes
    dotted = not shapes["loose_comma"] and not shapes["grouped_comma"]
    words = _DOT_WORDS if dotted else _MARK_WORDS
    readings = tuple(
        (style, Text(f"{words[style].zh}，合计 {total}", f"{words[style].en}, total {total}"))
        for style in ("comma", "point")
        for total in (f"{Decimal(seen.sums[style]).normalize():,f}",)
    )
    count = shapes["loose_comma"] + shapes["grouped_comma"] + shapes["grouped_point"]
    return Question(column, "numbers", count, seen.example, readings)


def date_question(column: Column, seen: Evidence) -> Question:
    """What to ask of a column of dates: first and last day under each order."""
    left = set(ORDERS)
    for orders in seen.orders:
        left &= set(orders)
    readings = tuple(
        (
            order,
            Text(
                f"{ORDER_WORDS[order].zh}，从 {first} 到 {last}",
                f"{ORDER_WORDS[order].en}, from {first} to {last}",
            ),
        )
        for order in ORDERS
        if order in left
        for first, last in (seen.spans[order],)
    )
    return Question(column, "dates", _open_days(seen), seen.example, readings)


def asked(table: Table, file: str, names: dict[str, str], questions: list[Question]) -> Invalid:
    """The failure that asks: each column with its readings and the option that settles it."""
    findings = tuple(_asked(table, file, names, question) for question in questions)
    code = f"{questions[0].option}_uncertain"
    message = Text(f"{file}：{findings[0].message.zh}", f"{file}: {findings[0].message.en}")
    return Invalid(message, code=code, findings=findings)


def _asked(table: Table, file: str, names: dict[str, str], question: Question) -> Finding:
    name = question.column.name
    told = names.get(name, name)
    zh = "；".join(f"{way}：{words.zh}" for way, words in question.readings)
    en = "; ".join(f"{way}: {words.en}" for way, words in question.readings)
    ways = "|".join(way for way, _ in question.readings)
    option = f"--{question.option} {table.name}.{name}={ways}"
    return Finding(
        f"{question.option}_uncertain",
        "error",
        Text(
            f"{told} 有 {question.count:,} 格（如“{question.example}”）有不止一种读法：{zh}",
            f"{question.count:,} cells of {told} (such as “{question.example}”) can be read in "
            f"more than one way: {en}",
        ),
        Text(
            f"在“字段对应”里说明，或加上 {option} 中的一种，或在定义里给这一列写 "
            f"{question.option}: {ways} 之一",
            f"say so in the mapping, or add {option} (one of them), or give the column "
            f"{question.option}: one of {ways} in the definitions",
        ),
        Place(file, path=f"column {told}"),
        count=question.count,
    )
