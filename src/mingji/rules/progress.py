"""How far a key result has come: from its baseline to its target (scoring.md §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text


@exact
def progress(value: Decimal, baseline: Decimal, target: Decimal) -> Decimal:
    """The share of the way from baseline to target: (v − b)/(t − b).

    Lower-is-better needs nothing special. A value that moves the wrong way is below zero and is
    shown as such; only a score is clipped.

    >>> round(progress(Decimal(90), baseline=Decimal(80), target=Decimal(50)), 4)
    Decimal('-0.3333')
    >>> progress(Decimal(40), baseline=Decimal(100), target=Decimal(200))
    Decimal('-0.6')

    Raises:
        Invalid: baseline and target are the same, so there is no way to measure.
    """
    if baseline == target:
        raise Invalid(
            Text(
                zh=f"起始值和目标值都是 {shown(target)}，进展无从计算；改其中一个，"
                "或把它写成“是/否”的关键结果",
                en=f"baseline and target are both {shown(target)}, so progress is undefined; "
                "change one, or make it a yes/no key result",
            ),
            code="baseline_equals_target",
        )
    return (value - baseline) / (target - baseline)


@exact
def clipped(share: Decimal) -> Decimal:
    """Progress as a score: never below 0, never above 1.

    >>> clipped(Decimal("-0.6")), clipped(Decimal("1.2"))
    (Decimal('0'), Decimal('1'))
    """
    return min(max(share, Decimal(0)), Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Milepost:
    """By this share of the period (0..1), this share of the way is usually done (0..1)."""

    period: Decimal
    done: Decimal


#: Most of the work shows late: a quarter of the way at half time.
END_LOADED = (Milepost(period=Decimal("0.5"), done=Decimal("0.25")),)


@exact
def seasonal(shares: Sequence[Decimal]) -> tuple[Milepost, ...]:
    """The usual path of a period whose equal parts bring these shares of the whole.

    `shares` are of any scale (last year's months, percent): only their proportion counts.

    >>> [str(post.done) for post in seasonal([Decimal(20), Decimal(30), Decimal(50)])]
    ['0.2', '0.5']

    Raises:
        Invalid: a share is negative, or all are 0.
    """
    whole = sum(shares, Decimal(0))
    if whole <= 0 or min(shares) < 0:
        raise Invalid(
            Text(
                "季节占比不能为负，合计要大于 0；检查往期数据，或按平均进度",
                "seasonal shares are 0 or more and above 0 together; look at the past, "
                "or expect even progress",
            ),
            code="bad_seasons",
        )
    return tuple(
        Milepost(
            period=Decimal(place) / Decimal(len(shares)),
            done=sum(shares[:place], Decimal(0)) / whole,
        )
        for place in range(1, len(shares))
    )


@exact
def expected_by(today: date, start: date, end: date, shape: tuple[Milepost, ...] = ()) -> Decimal:
    """The progress one would expect at the end of `today`: even, or along the usual `shape`.

    Before the period it is 0, from its last day on 1.

    >>> expected_by(date(2026, 7, 31), date(2026, 7, 1), date(2026, 8, 31))
    Decimal('0.5')
    """
    if today < start:
        return Decimal(0)
    passed = Decimal((today - start).days + 1) / Decimal((end - start).days + 1)
    if passed >= 1:
        return Decimal(1)
    ends = (
        Milepost(period=Decimal(0), done=Decimal(0)),
        Milepost(period=Decimal(1), done=Decimal(1)),
    )
    posts = sorted((*shape, *ends), key=lambda post: (post.period, post.done))
    left = [post for post in posts if post.period <= passed][-1]
    right = next(post for post in posts if post.period > passed)
    return left.done + (passed - left.period) / (right.period - left.period) * (
        right.done - left.done
    )
