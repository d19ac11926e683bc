"""Methods that draw straight lines between agreed values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.bands import Measure, used_by
from mingji.rules.methods.given import Earned, Given, refuse
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """At `value` the item earns `points`."""

    value: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """锚点线性插值法: linear between anchors, flat beyond the best one.

    Beyond the worst anchor (the one with the fewest points): 0, or flat, as `below` says.
    `measure` as in `BandMethod`.
    """

    method: Literal["anchors"] = "anchors"
    anchors: tuple[Anchor, ...] = ()
    below: Literal["zero", "flat"] = "zero"
    measure: Measure = "actual"

    @exact
    def earn(self, given: Given) -> Earned:
        """Points on the line between the two nearest anchors (scoring.md §1).

        >>> four = Anchors(anchors=tuple(
        ...     Anchor(value=Decimal(v), points=Decimal(p))
        ...     for v, p in ((120, 4), (100, 3), (80, 2), (60, 1))))
        >>> [four.earn(Given(actual=Decimal(a))).score for a in (95, 110, 59, 130)]
        [Decimal('2.75'), Decimal('3.5'), Decimal('0'), Decimal('4')]
        """
        value = given.measured(self.measure)
        return between(value, self.anchors, self.below, used_by(self.measure))


@dataclass(frozen=True, slots=True, kw_only=True)
class TieredTarget:
    """门槛/目标/挑战: the threshold, target and stretch values earn these scores, linear between.

    Lower-is-better works by setting a threshold above the target above the stretch value.
    Scores are out of 100: at 110 the item earns 110 % of its weight.
    """

    method: Literal["tiered_target"] = "tiered_target"
    threshold_score: Decimal = Decimal(60)
    target_score: Decimal = Decimal(80)
    stretch_score: Decimal = Decimal(110)
    below: Literal["zero", "flat"] = "zero"

    @exact
    def earn(self, given: Given) -> Earned:
        """A score out of 100 along threshold, target and stretch (scoring.md §1).

        >>> def at(roi):
        ...     return TieredTarget().earn(Given(
        ...         actual=Decimal(roi), threshold=Decimal("1.2"), target=Decimal("1.5"),
        ...         stretch=Decimal("2.0"))).score
        >>> at("1.35"), at("1.75"), at("1.0")
        (Decimal('70.0'), Decimal('95.0'), Decimal('0'))
        """
        actual = given.need("actual")
        values = [given.need("threshold"), given.need("target")]
        scores = [self.threshold_score, self.target_score]
        used = ["actual", "threshold", "target"]
        if given.stretch is not None:
            values.append(given.stretch)
            scores.append(self.stretch_score)
            used.append("stretch")
        if values not in (sorted(values), sorted(values, reverse=True)):
            listed = " / ".join(shown(value) for value in values)
            raise refuse(
                "tiers_not_in_order",
                f"门槛值/目标值/挑战值是 {listed}，没有依次变难；重新排好",
                f"threshold / target / stretch are {listed}; put them in order, easiest first",
            )
        anchors = tuple(
            Anchor(value=value, points=score) for value, score in zip(values, scores, strict=True)
        )
        return between(actual, anchors, self.below, tuple(used))


def between(
    value: Decimal, anchors: tuple[Anchor, ...], below: str, used: tuple[str, ...]
) -> Earned:
    """The points at a value, on straight lines between anchors.

    Raises:
        Invalid: fewer than two anchors, or two with the same value.
    """
    line = sorted(anchors, key=lambda anchor: anchor.value)
    if len({anchor.value for anchor in line}) < max(len(line), 2):
        raise refuse(
            "anchors_not_distinct",
            "锚点至少要有两个，且取值不能相同；补上或改开",
            "at least two anchors with different values are needed; add or change one",
        )
    if value < line[0].value:
        return _beyond(value, line[0], line[-1], below, used)
    if value > line[-1].value:
        return _beyond(value, line[-1], line[0], below, used)
    high = next(index for index in range(1, len(line)) if value <= line[index].value)
    left, right = line[high - 1], line[high]
    share = (value - left.value) / (right.value - left.value)
    score = left.points + share * (right.points - left.points)
    a, lv, rv = shown(value), shown(left.value), shown(right.value)
    lp, rp = shown(left.points), shown(right.points)
    formula = f"{lp} + ({a} − {lv}) ÷ ({rv} − {lv}) × ({rp} − {lp})"
    return Earned(
        score=score,
        formula=Text(f"在锚点之间插值：{formula}", f"between anchors: {formula}"),
        used=used,
    )


def _beyond(
    value: Decimal, end: Anchor, other: Anchor, below: str, used: tuple[str, ...]
) -> Earned:
    if end.points > other.points:
        words, score, flag = Text("优于最高锚点", "beyond the best anchor"), end.points, "capped"
    elif below == "flat":
        words, score, flag = Text("差于最低锚点", "below the worst anchor"), end.points, "floored"
    else:
        words, score, flag = Text("差于最低锚点", "below the worst anchor"), Decimal(0), "floored"
    a, edge, s = shown(value), shown(end.value), shown(score)
    return Earned(
        score=score,
        formula=Text(f"{a} {words.zh} {edge}，计 {s}", f"{a} is {words.en} {edge}: {s}"),
        used=used,
        flags=(flag,),
    )
