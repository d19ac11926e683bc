"""What a method is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.facts import Part
from mingji.rules.numbers import shown
from mingji.rules.text import Text

NAMES: dict[str, Text] = {
    "actual": Text("实际值", "actual"),
    "second": Text("第二指标", "second measure"),
    "target": Text("目标值", "target"),
    "baseline": Text("起始值", "baseline"),
    "stretch": Text("挑战值", "stretch target"),
    "threshold": Text("门槛值", "threshold"),
    "weight": Text("权重", "weight"),
    "choice": Text("所选等级", "level chosen"),
}


class NoData(Exception):
    """The method lacks a fact; `what` names it. The scheme decides what that leads to."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The facts a method scores, with the weight W the item is worth."""

    actual: Decimal | None = None
    second: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    stretch: Decimal | None = None
    threshold: Decimal | None = None
    weight: Decimal = Decimal(100)
    choice: str = ""
    parts: tuple[Part, ...] = ()

    def need(self, name: str) -> Decimal:
        """The named fact, or `NoData`."""
        value = getattr(self, name)
        if value is None:
            raise NoData(name)
        assert isinstance(value, Decimal)
        return value

    def positive(self, name: str) -> Decimal:
        """The named fact, which divides and so must be above zero.

        Raises:
            Invalid: it is zero or negative; the sentence names methods that work there.
        """
        value = self.need(name)
        if value > 0:
            return value
        what = NAMES[name]
        raise Invalid(
            Text(
                zh=f"{what.zh}是 {shown(value)}，完成率没有意义；"
                "改用 base_step（measure: value）、anchors 或 described",
                en=f"the {what.en} is {shown(value)}, so a ratio to it is undefined; "
                "use base_step (measure: value), anchors or described instead",
            ),
            code="target_not_positive",
        )

    def measured(self, measure: str) -> Decimal:
        """The actual itself (`actual`), or the attainment A/B·100 (`percent`)."""
        actual = self.need("actual")
        return actual / self.positive("target") * 100 if measure == "percent" else actual


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """A method's score with its formula in words; `used` names the facts that entered it."""

    score: Decimal
    formula: Text
    used: tuple[str, ...] = ("actual",)
    flags: tuple[str, ...] = ()

    def within(self, low: Decimal | None, high: Decimal | None) -> Earned:
        """The same, bounded; says so in the formula and flags it when a bound was hit."""
        if high is not None and self.score > high:
            bound, flag, words = high, "capped", Text("封顶", "capped at")
        elif low is not None and self.score < low:
            bound, flag, words = low, "floored", Text("保底", "not below")
        else:
            return self
        return Earned(
            score=bound,
            formula=Text(
                f"{self.formula.zh}，{words.zh} {shown(bound)}",
                f"{self.formula.en}, {words.en} {shown(bound)}",
            ),
            used=self.used,
            flags=(*self.flags, flag),
        )


def refuse(code: str, zh: str, en: str) -> Invalid:
    """The refusal of a method's settings or facts, in both languages."""
    return Invalid(Text(zh, en), code=code)
