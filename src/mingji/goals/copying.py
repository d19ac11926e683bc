"""What a goal of an earlier period looks like in a new one. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from mingji.goals.suggesting import Before, kept_distance
from mingji.rules.goal_terms import GoalTerms
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded

Basis = Literal["target", "actual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRule:
    """What new targets start from, and by how many percent those that add up are raised."""

    basis: Basis = "target"
    percent: Decimal = ZERO


@exact
def copied_target(
    before: Before, rule: CopyRule, *, adds_up: bool, places: int = 4
) -> Decimal | None:
    """The new target: the last one, or what was reached (the last target where nothing is known).

    Only what adds up and is better higher (counts, money) is raised; a rate or a cost is not.

    >>> last = Before(value=Decimal(90), target=Decimal(100))
    >>> copied_target(last, CopyRule(percent=Decimal(5)), adds_up=True, places=0)
    Decimal('105')
    >>> copied_target(last, CopyRule(basis="actual"), adds_up=False)
    Decimal('90.0000')
    """
    base = before.target if before.target is not None else before.value
    if rule.basis == "actual" and before.value is not None:
        base = before.value
    if base is None or (base == before.target and not (adds_up and rule.percent)):
        return base
    grown = base * (HUNDRED + rule.percent) / HUNDRED if adds_up else base
    return rounded(grown, places)


@exact
def copied(
    old: GoalTerms,
    target: Decimal | None,
    *,
    reached: Decimal | None = None,
    themes: Collection[str] = (),
) -> GoalTerms:
    """The terms of a goal for a new period, with this target.

    Threshold and stretch target keep their distance. The baseline is what was `reached`, where
    that is known. Dates and promised support belonged to the old period and are left out, and so
    is a theme that is not among `themes` of the new one.

    >>> old = GoalTerms(key="leads", target=Decimal(100), threshold=Decimal(80), support="a fair")
    >>> new = copied(old, Decimal(120), reached=Decimal(90))
    >>> new.threshold, new.baseline, new.support
    (Decimal('96'), Decimal('90'), '')
    """
    baseline = old.baseline if reached is None else reached
    if baseline == target:
        baseline = None if old.kind == "kpi" else old.baseline
    return replace(
        old,
        target=target,
        baseline=baseline,
        threshold=_kept(old, target, old.threshold),
        stretch=_kept(old, target, old.stretch),
        theme=old.theme if old.theme in themes else "",
        due=None,
        support="",
        support_due=None,
        milestones=tuple(replace(each, due=None) for each in old.milestones),
    )


def _kept(old: GoalTerms, target: Decimal | None, mark: Decimal | None) -> Decimal | None:
    if target is None or target == old.target:
        return mark
    return kept_distance(target, mark, old.target)


def free_key(key: str, taken: Collection[str]) -> str:
    """The key, or the first of its kind that is not taken.

    >>> free_key("objective-1", {"objective-1", "objective-2"})
    'objective-3'
    """
    if key not in taken:
        return key
    stem, _dash, number = key.rpartition("-")
    stem = stem if stem and number.isdecimal() else key
    return next(each for n in range(1, len(taken) + 2) if (each := f"{stem}-{n}"[:60]) not in taken)
