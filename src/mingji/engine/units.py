"""A small algebra of units: money per deal, hours, points, ratios; unlike things are not added."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingji.engine.model import Metric
from mingji.engine.sql import exp, parse

#: Words of three capitals that are counts more often than money (MQL) are not among them.
_CURRENCIES = re.compile(
    "CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD|KRW|SGD|AUD|CAD|CHF|INR|THB|MYR|IDR|VND|RUB|BRL"
)
#: Words for plain numbers.
_PLAIN = frozenset({"ratio", "x", "×", "times", "1"})
_TIMES = ("hour", "day", "minute", "week", "month", "quarter", "year", "second")
_SPELT = {
    **{f"{word}s": word for word in _TIMES},
    "h": "hour",
    "point": "points",
    "pts": "points",
    "score": "points",
}
#: A hundred times a ratio, as a formula may make it.
_POINTS = ({"points": 1}, {"pp": 1})
_WORD = re.compile(r"[^*/\s()·]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of words: `CNY/deals` is `{"CNY": 1, "deals": -1}`.

    A bare number in a formula is `free`: it may be added to anything.
    """

    powers: Mapping[str, int] = field(default_factory=dict)
    free: bool = False

    @classmethod
    def read(cls, text: str) -> Unit | None:
        """The unit that a text names; None for the empty one, which nobody knows."""
        if not text:
            return None
        above, *below = text.split("/")
        powers: Counter[str] = Counter(_words(above))
        for each in below:
            powers.subtract(_words(each))
        return cls(_clean(powers))

    def times(self, other: Unit, power: int = 1) -> Unit:
        """This unit multiplied by another one (divided, with the power −1)."""
        powers = Counter(self.powers)
        for word, count in other.powers.items():
            powers[word] += power * count
        return Unit(_clean(powers), self.free and other.free)

    def bare(self, counts: frozenset[str]) -> dict[str, int]:
        """What is left when counts are taken for plain numbers."""
        return {word: power for word, power in self.powers.items() if word not in counts}

    def text(self, counts: frozenset[str]) -> str:
        """The unit as it is written; counts over counts are a ratio.

        >>> Unit.read("CNY").times(Unit.read("deals"), -1).text(frozenset({"deals"}))
        'CNY/deals'
        """
        if not self.bare(counts) and sum(self.powers.values()) == 0:
            return "ratio"
        above = [word for word, power in sorted(self.powers.items()) for _ in range(power)]
        below = [word for word, power in sorted(self.powers.items()) for _ in range(-power)]
        return "/".join(("*".join(above) or "1", *below))


NUMBER = Unit(free=True)
RATIO = Unit()


class Clash(Exception):
    """Two units that cannot be added."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left}, {right}")
        self.left, self.right = left, right


def _words(text: str) -> Iterable[str]:
    for word in _WORD.findall(text):
        spelt = _SPELT.get(word, word)
        if spelt not in _PLAIN:
            yield spelt


def _clean(powers: Mapping[str, int]) -> dict[str, int]:
    return {word: power for word, power in powers.items() if power}


def count_words(metrics: Iterable[Metric]) -> frozenset[str]:
    """The words that stand for counts: `count`, and whatever the counting metrics are called in."""
    words = {"count", "n"}
    for metric in metrics:
        if metric.agg in ("count", "count_distinct"):
            unit = Unit.read(metric.unit)
            words |= set(unit.powers) if unit else set()
    return frozenset(word for word in words if not is_money_or_time(Unit({word: 1})))


def is_money_or_time(unit: Unit) -> bool:
    """Whether a unit names a currency or a stretch of time."""
    return any(_CURRENCIES.fullmatch(word) or word in _TIMES for word in unit.powers)


def fits(declared: Unit, derived: Unit, counts: frozenset[str]) -> bool:
    """Whether a unit that is written may stand for the one that follows from the definition.

    Counts may be left out. What happens once in a period may be told by the period: `CNY/month`,
    or a pay-back in `month`, as long as no other stretch of time is in it.
    """
    said, found = declared.bare(counts), derived.bare(counts)
    if said == found or (not found and said in _POINTS):
        return True
    rest = Unit(said).times(Unit(found), -1).powers
    timeless = not any(word in _TIMES for word in found)
    return timeless and len(rest) == 1 and all(word in _TIMES for word in rest)


def formula_unit(
    formula: str, units: Mapping[str, Unit | None], counts: frozenset[str]
) -> Unit | None:
    """The unit of a formula; None if that of an input is not known.

    Raises:
        Clash: If unlike things are added.
    """
    return _unit(parse(formula), units, counts)


def _unit(node: Any, units: Mapping[str, Unit | None], counts: frozenset[str]) -> Unit | None:
    if isinstance(node, exp.Column | exp.Literal):
        return NUMBER if isinstance(node, exp.Literal) else units[node.name]
    if isinstance(node, exp.Paren | exp.Neg | exp.Abs):
        return _unit(node.this, units, counts)
    if isinstance(node, exp.Coalesce):
        node = exp.Add(this=node.this, expression=node.expressions[0])
    left, right = (_unit(side, units, counts) for side in (node.this, node.expression))
    if left is None or right is None:
        return None
    if isinstance(node, exp.Mul | exp.Div):
        return left.times(right, 1 if isinstance(node, exp.Mul) else -1)
    return _added(left, right, counts)


def _added(left: Unit, right: Unit, counts: frozenset[str]) -> Unit:
    if left.free or right.free:
        return right if left.free else left
    if left.bare(counts) != right.bare(counts):
        raise Clash(left.text(counts), right.text(counts))
    return left
