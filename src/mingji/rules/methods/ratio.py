"""Methods that compare the actual with the target: ratio, met or not, efficacy, deviation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.given import Earned, Given, NoData, refuse
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """比率法: attainment times weight.

    `direction` up: A/B·W. Down: `form` inverse B/A·W, complement (2 − A/B)·W. `cap` and `floor`
    are shares of the weight: a cap of 1.2 pays at most 120 % of it.
    """

    method: Literal["ratio"] = "ratio"
    direction: Direction = "up"
    form: Literal["inverse", "complement"] = "inverse"
    cap: Decimal | None = None
    floor: Decimal | None = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """Points by attainment (scoring.md §1).

        >>> twenty = Given(actual=Decimal(92), target=Decimal(100), weight=Decimal(20))
        >>> Ratio().earn(twenty).score
        Decimal('18.40')
        >>> cost = Given(actual=Decimal(180), target=Decimal(150), weight=Decimal(20))
        >>> round(Ratio(direction="down").earn(cost).score, 2)
        Decimal('16.67')
        >>> Ratio(direction="down", form="complement").earn(cost).score
        Decimal('16.0')
        """
        actual, target, weight = given.need("actual"), given.positive("target"), given.weight
        a, b, w = shown(actual), shown(target), shown(weight)
        if self.direction == "up":
            score = actual / target * weight
            words = Text(
                f"实际值 {a} ÷ 目标值 {b} × 权重 {w}", f"actual {a} ÷ target {b} × weight {w}"
            )
        elif self.form == "complement":
            score = (2 - actual / target) * weight
            words = Text(
                f"(2 − 实际值 {a} ÷ 目标值 {b}) × 权重 {w}",
                f"(2 − actual {a} ÷ target {b}) × weight {w}",
            )
        else:
            score = self._inverse(actual, target) * weight
            words = Text(
                f"目标值 {b} ÷ 实际值 {a} × 权重 {w}", f"target {b} ÷ actual {a} × weight {w}"
            )
        earned = Earned(score=score, formula=words, used=("actual", "target", "weight"))
        low, high = (None if s is None else s * weight for s in (self.floor, self.cap))
        return earned.within(low, high)

    def _inverse(self, actual: Decimal, target: Decimal) -> Decimal:
        if actual > 0:
            return target / actual
        if self.cap is not None:  # nothing is lower than this: the best there is
            return self.cap
        raise refuse(
            "inverse_of_zero",
            f"越低越好的比率法遇到实际值 {shown(actual)}，无法相除；"
            "给它设 cap，或改用 form: complement",
            f"a lower-is-better ratio cannot divide by the actual {shown(actual)}; "
            "give it a cap, or use form: complement",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """非此即彼法: met earns the whole weight, otherwise nothing.

    Met means the choice is yes, or the actual reaches the target (`down`: does not exceed it);
    without a target any actual but 0 is met.
    """

    method: Literal["binary"] = "binary"
    direction: Direction = "up"

    @exact
    def earn(self, given: Given) -> Earned:
        """The whole weight or nothing (scoring.md §1).

        >>> Binary().earn(Given(choice="yes", weight=Decimal(10))).score
        Decimal('10')
        """
        if given.choice:
            met = _is_yes(given.choice)
            used: tuple[str, ...] = ("choice", "weight")
            seen = Text(f"所选“{given.choice}”", f"chosen “{given.choice}”")
        else:
            met, used, seen = self._compared(given)
        verdict = Text("达成", "met") if met else Text("未达成", "not met")
        return Earned(
            score=given.weight if met else Decimal(0),
            formula=Text(f"{seen.zh}：{verdict.zh}", f"{seen.en}: {verdict.en}"),
            used=used,
        )

    def _compared(self, given: Given) -> tuple[bool, tuple[str, ...], Text]:
        actual, target = given.need("actual"), given.target
        a, b = shown(actual), shown(target)
        if target is None:
            return actual != 0, ("actual", "weight"), Text(f"实际值 {a}", f"actual {a}")
        met = actual >= target if self.direction == "up" else actual <= target
        seen = Text(f"实际值 {a}，目标值 {b}", f"actual {a}, target {b}")
        return met, ("actual", "target", "weight"), seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficacy:
    """功效系数法: `base` + `span`·(A − unacceptable)/(satisfactory − unacceptable).

    The two values may stand here; otherwise the threshold is the unacceptable value and the
    target the satisfactory one. `cap` and `floor` bound the score (points out of 100).
    """

    method: Literal["efficacy"] = "efficacy"
    unacceptable: Decimal | None = None
    satisfactory: Decimal | None = None
    base: Decimal = Decimal(60)
    span: Decimal = Decimal(40)
    cap: Decimal | None = None
    floor: Decimal | None = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """A score out of 100 between two agreed values (scoring.md §1).

        >>> facts = Given(actual=Decimal(82), threshold=Decimal(60), target=Decimal(95))
        >>> round(Efficacy().earn(facts).score, 2)
        Decimal('85.14')
        """
        actual = given.need("actual")
        low = given.need("threshold") if self.unacceptable is None else self.unacceptable
        high = given.need("target") if self.satisfactory is None else self.satisfactory
        if low == high:
            raise refuse(
                "values_equal",
                f"不允许值和满意值都是 {shown(low)}，无法计算功效系数；把两者分开",
                f"the unacceptable and satisfactory values are both {shown(low)}; set them apart",
            )
        score = self.base + self.span * (actual - low) / (high - low)
        a, lo, hi = shown(actual), shown(low), shown(high)
        base, span = shown(self.base), shown(self.span)
        words = Text(
            f"{base} + {span} ×（实际值 {a} − 不允许值 {lo}）÷（满意值 {hi} − 不允许值 {lo}）",
            f"{base} + {span} × (actual {a} − unacceptable {lo}) "
            f"÷ (satisfactory {hi} − unacceptable {lo})",
        )
        used = ["actual"]
        used += ["threshold"] if self.unacceptable is None else []
        used += ["target"] if self.satisfactory is None else []
        return Earned(score=score, formula=words, used=tuple(used)).within(self.floor, self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """偏差率法: full points inside the tolerance, then `unit` points less for each point outside.

    `tolerance` is in percent of the target (`measure` percent) or in the item's own unit
    (`measure` value); either side counts alike. Never below `floor`.
    """

    method: Literal["deviation"] = "deviation"
    tolerance: Decimal = Decimal(0)
    unit: Decimal = Decimal(1)
    measure: Literal["percent", "value"] = "percent"
    floor: Decimal = Decimal(0)

    @exact
    def earn(self, given: Given) -> Earned:
        """Full points inside the tolerance, less outside it, on either side (scoring.md §1).

        >>> facts = Given(actual=Decimal(109), target=Decimal(100), weight=Decimal(10))
        >>> Deviation(tolerance=Decimal(5)).earn(facts).score
        Decimal('6.00')
        """
        actual, weight = given.need("actual"), given.weight
        if self.measure == "percent":
            off = abs(actual / given.positive("target") - 1) * 100
            sign = " %"
        else:
            off, sign = abs(actual - given.need("target")), ""
        outside = max(off - self.tolerance, Decimal(0))
        w, o, t, u = shown(weight), shown(off), shown(self.tolerance), shown(self.unit)
        words = Text(
            f"权重 {w} − 超出容差的 {shown(outside)} × {u}（偏差 {o}{sign}，容差 {t}{sign}）",
            f"weight {w} − {shown(outside)} outside the tolerance × {u} "
            f"(off by {o}{sign}, tolerance {t}{sign})",
        )
        score = weight - outside * self.unit
        earned = Earned(score=score, formula=words, used=("actual", "target", "weight"))
        return earned.within(self.floor, None)


_YES = frozenset(("yes", "y", "true", "1", "met", "是", "达成", "已达成", "有"))
_NO = frozenset(("no", "n", "false", "0", "not met", "否", "未达成", "无"))


def _is_yes(choice: str) -> bool:
    word = choice.strip().lower()
    if not word:
        raise NoData("choice")
    if word in _YES or word in _NO:
        return word in _YES
    raise refuse(
        "unknown_choice",
        f"“{choice}”既不是“是”也不是“否”；填 是/否 或 yes/no",
        f"“{choice}” is neither yes nor no; write yes or no",
    )
