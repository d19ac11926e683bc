"""Which weights are in force: those agreed, plus what items without data gave away (§2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.text import Text


@exact
def redistributed(weights: Sequence[Decimal], present: Sequence[bool]) -> tuple[Decimal, ...]:
    """Weights after the absent ones gave theirs to the present, in proportion.

    The sum stays the same; when all are absent every weight is 0.

    >>> redistributed([Decimal(50), Decimal(30), Decimal(20)], [True, False, True])[0]
    Decimal('71.42857142857142857142857142857143')
    """
    if all(present):
        return tuple(weights)
    whole = sum(weights, ZERO)
    left = sum((w for w, here in zip(weights, present, strict=True) if here), ZERO)
    if left == 0:
        return tuple(w if here else ZERO for w, here in zip(weights, present, strict=True))
    return tuple(
        w * whole / left if here else ZERO for w, here in zip(weights, present, strict=True)
    )


def must_be_hundred(weights: Sequence[Decimal], what: Text, path: str) -> None:
    """Refuse weights that do not add up to 100.

    Raises:
        Invalid: with what they add up to and by how much they are off.
    """
    finding = off_hundred(weights, what, path)
    if finding:
        raise Invalid(finding.message, code=finding.code, findings=(finding,))


@exact
def off_hundred(weights: Sequence[Decimal], what: Text, path: str) -> Finding | None:
    """What is wrong with weights that should add up to 100; None when nothing is."""
    total = sum(weights, ZERO)
    if total == HUNDRED and min(weights) >= 0:
        return None
    if negative := next((weight for weight in weights if weight < 0), None):
        return Finding(
            code="negative_weight",
            severity="error",
            message=Text(
                zh=f"{what.zh}里有负的权重 {shown(negative)}",
                en=f"a weight of {what.en} is negative: {shown(negative)}",
            ),
            remedy=Text("每项不小于 0，合计 100", "make each 0 or more, and 100 together"),
            place=Place(path=path),
        )
    off = shown(abs(total - HUNDRED))
    more = total > HUNDRED
    return Finding(
        code="weights_not_100",
        severity="error",
        message=Text(
            zh=f"{what.zh}的权重合计 {shown(total)}，应为 100",
            en=f"the weights of {what.en} add up to {shown(total)}, not 100",
        ),
        remedy=Text(
            zh=f"{'减去' if more else '补上'} {off}",
            en=f"{'take away' if more else 'add'} {off}",
        ),
        place=Place(path=path),
    )
