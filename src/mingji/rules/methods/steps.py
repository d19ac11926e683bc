"""Methods that start from a base and step up or down: base ± steps, own best."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.methods.given import NAMES, Earned, Given, refuse
from mingji.rules.methods.ratio import Direction
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyTier:
    """Targets up to `below` percent under the baseline may earn at most `cap` points upwards.

    `below` left out is the tier for all that lies further down.
    """

    cap: Decimal
    below: Decimal | None = None


DIFFICULTY_TIERS = (
    DifficultyTier(below=Decimal(0), cap=Decimal(6)),
    DifficultyTier(below=Decimal(20), cap=Decimal(5)),
    DifficultyTier(below=Decimal(50), cap=Decimal(4)),
    DifficultyTier(cap=Decimal(3)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseStep:
    """基准分±步长法: `base` ± `unit` points for every full `step` away from the reference.

    `measure` percent: the distance is in percent of the reference; value: in the item's own unit
    (works with a reference of 0); given: the actual already is the change in percent.
    `cap_up` and `cap_down` bound the points either side. With `target_difficulty_cap` the upward
    cap shrinks to that of `difficulty_tiers` by how far the target lies below the baseline (where
    less is better: above it).
    """

    method: Literal["base_step"] = "base_step"
    base: Decimal = Decimal(30)
    step: Decimal = Decimal(3)
    unit: Decimal = Decimal(1)
    cap_up: Decimal = Decimal(6)
    cap_down: Decimal = Decimal(6)
    direction: Direction = "up"
    reference: Literal["target", "baseline"] = "target"
    measure: Literal["percent", "value", "given"] = "percent"
    target_difficulty_cap: bool = False
    difficulty_tiers: tuple[DifficultyTier, ...] = DIFFICULTY_TIERS

    @exact
    def earn(self, given: Given) -> Earned:
        """The base, plus or minus the full steps taken (scoring.md §1).

        >>> def at(actual):
        ...     return BaseStep().earn(Given(actual=Decimal(actual), target=Decimal(100))).score
        >>> at(110), at(125), at(85), at(70)
        (Decimal('33'), Decimal('36'), Decimal('25'), Decimal('24'))
        """
        change, used = self._change(given)
        cap_up = self._cap_up(given)
        if self.target_difficulty_cap:
            used = tuple(dict.fromkeys((*used, "target", "baseline")))
        moved = _steps(change, self.step) * self.unit
        earned = Earned(
            score=self.base + moved, formula=_words(self.base, moved, change, self), used=used
        )
        bounded = earned.within(self.base - self.cap_down, self.base + cap_up)
        if self.target_difficulty_cap and cap_up < self.cap_up and bounded.score > self.base:
            return Earned(
                score=bounded.score,
                formula=bounded.formula,
                used=used,
                flags=(*bounded.flags, "target_below_baseline"),
            )
        return bounded

    def _change(self, given: Given) -> tuple[Decimal, tuple[str, ...]]:
        """The distance moved in the good direction, and the facts it was read from."""
        actual = given.need("actual")
        if self.measure == "given":
            change = actual
            used: tuple[str, ...] = ("actual",)
        else:
            reference = given.need(self.reference)
            change = actual - reference
            if self.measure == "percent":
                change = _percent(change, reference, self.reference)
            used = ("actual", self.reference)
        return (change if self.direction == "up" else -change), used

    def _cap_up(self, given: Given) -> Decimal:
        if not self.target_difficulty_cap:
            return self.cap_up
        target, baseline = given.need("target"), given.need("baseline")
        allowed = difficulty_cap(target, baseline, self.difficulty_tiers, self.direction)
        return min(self.cap_up, allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestHistory:
    """历史最佳法: `base` at the member's own best (the baseline), ± `unit` per full `step` percent.

    The score stays between `floor` and `cap`.
    """

    method: Literal["best_history"] = "best_history"
    base: Decimal = Decimal(25)
    step: Decimal = Decimal(1)
    unit: Decimal = Decimal(1)
    cap: Decimal = Decimal(30)
    floor: Decimal = Decimal(0)
    direction: Direction = "up"

    @exact
    def earn(self, given: Given) -> Earned:
        """Points against the member's own best so far, which is the baseline (scoring.md §1).

        >>> BestHistory().earn(Given(actual=Decimal(103), baseline=Decimal(100))).score
        Decimal('28')
        """
        actual, best = given.need("actual"), given.need("baseline")
        change = _percent(actual - best, best, "baseline")
        change = change if self.direction == "up" else -change
        moved = _steps(change, self.step) * self.unit
        words = _words(self.base, moved, change, self)
        earned = Earned(score=self.base + moved, formula=words, used=("actual", "baseline"))
        return earned.within(self.floor, self.cap)


@exact
def difficulty_cap(
    target: Decimal,
    baseline: Decimal,
    tiers: tuple[DifficultyTier, ...] = DIFFICULTY_TIERS,
    direction: Direction = "up",
) -> Decimal:
    """The most points upwards that a target so easy may earn (anti-sandbagging, scoring.md §1).

    >>> [difficulty_cap(Decimal(t), Decimal(100)) for t in (100, 80, 79, 50, 49)]
    [Decimal('6'), Decimal('5'), Decimal('4'), Decimal('4'), Decimal('3')]
    """
    easier = baseline - target if direction == "up" else target - baseline
    below = _percent(easier, baseline, "baseline")
    for tier in tiers:
        if tier.below is None or below <= tier.below:
            return tier.cap
    return tiers[-1].cap


def _percent(change: Decimal, reference: Decimal, name: str) -> Decimal:
    if reference:
        return change / abs(reference) * 100
    raise refuse(
        "reference_zero",
        f"{NAMES[name].zh}是 0，算不出变化的百分比；改用 measure: value",
        f"the {NAMES[name].en} is 0, so a change in percent is undefined; use measure: value",
    )


def _steps(change: Decimal, step: Decimal) -> Decimal:
    """Full steps in the change, counted away from zero on either side."""
    if step <= 0:
        raise refuse(
            "step_not_positive",
            f"步长 step 是 {shown(step)}；改成大于 0 的数",
            f"the step is {shown(step)}; make it greater than 0",
        )
    whole = abs(change) // step
    return whole if change >= 0 else -whole


def _words(base: Decimal, moved: Decimal, change: Decimal, method: BaseStep | BestHistory) -> Text:
    sign, size = ("+", moved) if moved >= 0 else ("−", -moved)
    measured_in_percent = isinstance(method, BestHistory) or method.measure != "value"
    unit = " %" if measured_in_percent else ""
    move, step = shown(change), shown(method.step)
    return Text(
        f"基准分 {shown(base)} {sign} {shown(size)}（向好变化 {move}{unit}，"
        f"每满 {step}{unit} 计 {shown(method.unit)} 分）",
        f"base {shown(base)} {sign} {shown(size)} (moved {move}{unit} for the better, "
        f"{shown(method.unit)} for each full {step}{unit})",
    )
