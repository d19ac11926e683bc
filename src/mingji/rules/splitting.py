"""A target split over members so that the parts add up exactly (`goal-arithmetic.md`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from statistics import median

from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node, Rule
from mingji.rules.numbers import ZERO, checked, exact, shown
from mingji.rules.text import Text

_WHOLE_MONEY = frozenset({"JPY", "KRW", "VND"})
_MOST_PLACES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a member's part is measured by: a weight, and bounds in the unit of the target."""

    key: str
    weight: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The part of each member, in the order of the claims; `held` names those at a bound of theirs.

    `node` opens the total into its parts.
    """

    parts: Mapping[str, Decimal]
    held: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Weights by what each reached before; `raised` names those who counted at the floor."""

    weights: Mapping[str, Decimal]
    floor: Decimal
    raised: tuple[str, ...]


def equally(members: Sequence[str]) -> dict[str, Decimal]:
    """The same weight for everybody.

    >>> equally(["li", "wang"])
    {'li': Decimal('1'), 'wang': Decimal('1')}
    """
    return {member: Decimal(1) for member in members}


@exact
def by_history(reached: Mapping[str, Decimal | None], *, least: Decimal = Decimal(50)) -> History:
    """Weights by what each member reached before, with a floor for newcomers.

    Who has no history, or less than `least` percent of the median of those above zero, counts
    with that floor and is named in `raised`: nobody gets nothing only for being new.

    >>> found = by_history({"li": Decimal(300), "wang": Decimal(100), "new": None})
    >>> found.floor, found.raised, found.weights["new"]
    (Decimal('100'), ('new',), Decimal('100'))

    Raises:
        Invalid: a history is negative, nobody has one, or the floor is not above 0.
    """
    if not 0 < least <= 100:
        raise _refused(
            "bad_floor",
            f"历史下限 {shown(least)}% 应大于 0、不超过 100",
            f"the floor of {shown(least)} % must lie above 0 and up to 100",
        )
    known = {key: value for key, value in reached.items() if value is not None}
    if below := sorted(key for key, value in known.items() if value < 0):
        raise _refused(
            "negative_history",
            f"“{below[0]}”的历史值是负数，不能按它分摊；改为均分或手填权重",
            f"the history of “{below[0]}” is negative and cannot be a share; "
            "split equally, or write weights",
        )
    above = [value for value in known.values() if value > 0]
    if not above:
        raise _refused(
            "no_history",
            "没有人有历史数据，不能按历史分摊；改为均分或按产能",
            "nobody has a history to split by; split equally or by capacity",
        )
    bottom = median(above) * least / 100
    raised = tuple(sorted(key for key in reached if (known.get(key) or ZERO) < bottom))
    weights = {key: max(known.get(key) or ZERO, bottom) for key in reached}
    return History(weights=weights, floor=bottom, raised=raised)


@exact
def by_capacity(present: Mapping[str, tuple[Decimal, Decimal]]) -> dict[str, Decimal]:
    """Weights by capacity: full-time equivalent times working days present in the period.

    >>> by_capacity({"li": (Decimal(1), Decimal(60)), "wang": (Decimal("0.5"), Decimal(40))})
    {'li': Decimal('60'), 'wang': Decimal('20.0')}
    """
    return {member: fte * days for member, (fte, days) in present.items()}


def places_for(*, unit: str, scale: int, agg: str | None = None) -> int:
    """To how many places the parts are written: whole for what is counted, as the currency has.

    >>> places_for(unit="CNY", scale=4), places_for(unit="JPY", scale=2)
    (2, 0)
    >>> places_for(unit="leads", scale=2, agg="count")
    0
    """
    if agg in ("count", "count_distinct") or unit in _WHOLE_MONEY:
        return 0
    return min(scale, 2 if len(unit) == 3 and unit.isupper() else _MOST_PLACES)


@exact
def split(total: Decimal, claims: Sequence[Claim], *, places: int = 0) -> Split:
    """The total split in proportion to the weights, within the bounds, adding up exactly.

    What a bound takes or frees goes to the others in proportion (water-filling). The parts are
    cut to `places`; the units left over go to the largest remainders, ties to the larger weight
    and then to the smaller key, so that the order of the claims changes nothing. A negative
    total is split like its amount. A weight of 0 gets its lower bound, or 0.

    >>> shares = [Claim(key=k, weight=Decimal(w)) for k, w in (("a", 1), ("b", 1), ("c", 1))]
    >>> dict(split(Decimal(100), shares).parts)
    {'a': Decimal('34'), 'b': Decimal('33'), 'c': Decimal('33')}
    >>> bounded = [Claim(key="a", weight=Decimal(3), high=Decimal(50)), *shares[1:]]
    >>> dict(split(Decimal(100), bounded).parts)
    {'a': Decimal('50'), 'b': Decimal('25'), 'c': Decimal('25')}

    Raises:
        Invalid: the total is finer than `places`, a claim is unusable or given twice, or the
            bounds or weights leave no way to reach the total.
    """
    _check(total, claims, places)
    unit = Fraction(1, 10**places)
    whole = abs(Fraction(total)) / unit
    lows, highs = _bounds(claims, unit)
    _check_reach(total, claims, whole, lows, highs, unit)
    level = _level(claims, whole, lows, highs)
    shares = {c.key: _clamped(Fraction(c.weight) * level, c.key, lows, highs) for c in claims}
    units = _rounded_units(claims, shares, whole)
    sign = -1 if total < 0 else 1
    parts = {key: Decimal(sign * count).scaleb(-places) for key, count in units.items()}
    parts = {key: amount if amount else abs(amount) for key, amount in parts.items()}
    held = tuple(c.key for c in claims if shares[c.key] != Fraction(c.weight) * level)
    return Split(parts=parts, held=held, node=_explained(total, claims, parts, held, places))


def _bounds(
    claims: Sequence[Claim], unit: Fraction
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """The bounds in whole units, drawn in to the next unit inside."""
    lows = {c.key: Fraction(-floor(-Fraction(c.low or ZERO) / unit)) for c in claims}
    highs = {c.key: Fraction(floor(Fraction(c.high) / unit)) for c in claims if c.high is not None}
    return lows, highs


def _clamped(
    share: Fraction, key: str, lows: Mapping[str, Fraction], highs: Mapping[str, Fraction]
) -> Fraction:
    share = max(share, lows[key])
    return min(share, highs[key]) if key in highs else share


def _level(
    claims: Sequence[Claim],
    whole: Fraction,
    lows: Mapping[str, Fraction],
    highs: Mapping[str, Fraction],
) -> Fraction:
    """What one unit of weight is worth, so that the bounded shares add up to the whole."""
    turns: list[tuple[Fraction, Fraction]] = []
    for claim in claims:
        if weight := Fraction(claim.weight):
            turns.append((lows[claim.key] / weight, weight))
            if claim.key in highs:
                turns.append((highs[claim.key] / weight, -weight))
    level, slope, filled = Fraction(0), Fraction(0), sum(lows.values(), Fraction(0))
    for at, change in sorted(turns):
        if filled + slope * (at - level) >= whole:
            break
        filled += slope * (at - level)
        level, slope = at, slope + change
    return level + (whole - filled) / slope if slope else level


def _rounded_units(
    claims: Sequence[Claim], shares: Mapping[str, Fraction], whole: Fraction
) -> dict[str, int]:
    units = {key: floor(share) for key, share in shares.items()}
    left = int(whole) - sum(units.values())
    order = sorted(claims, key=lambda c: (units[c.key] - shares[c.key], -c.weight, c.key))
    for claim in order[:left]:
        units[claim.key] += 1
    return units


def _explained(
    total: Decimal,
    claims: Sequence[Claim],
    parts: Mapping[str, Decimal],
    held: tuple[str, ...],
    places: int,
) -> Node:
    weights = sum((claim.weight for claim in claims), ZERO)
    inputs = tuple(
        Node(
            key=claim.key,
            label=Text.same(claim.key),
            value=parts[claim.key],
            formula=Text.same(f"{shown(total)} × {shown(claim.weight)} ÷ {shown(weights)}"),
            parameters={"weight": claim.weight, "low": claim.low, "high": claim.high},
            flags=("at_bound",) if claim.key in held else (),
        )
        for claim in claims
    )
    return Node(
        key="total",
        label=Text("各人合计", "all parts together"),
        value=total,
        rule="goals.added",
        formula=Text.same(" + ".join(shown(parts[claim.key]) for claim in claims)),
        inputs=inputs,
        rounding=f"{shown(Decimal(1).scaleb(-places))} largest_remainder",
    )


def _check(total: Decimal, claims: Sequence[Claim], places: int) -> None:
    checked(total, Text("要分摊的目标值", "the target to be split"))
    if not claims:
        raise _refused("nobody_to_share", "没有人可分；先选成员", "there is nobody; choose members")
    if Fraction(total) * 10**places % 1:
        raise _refused(
            "finer_than_scale",
            f"{shown(total)} 比允许的 {places} 位小数更细；先取整，再分摊",
            f"{shown(total)} is finer than {places} decimal places; round it before splitting",
        )
    counted = Counter(claim.key for claim in claims)
    if twice := next((key for key, count in counted.items() if count > 1), ""):
        raise _refused("claim_twice", f"“{twice}”出现了两次", f"“{twice}” stands there twice")
    for claim in claims:
        _check_claim(claim, total)


def _check_claim(claim: Claim, total: Decimal) -> None:
    for value in (claim.weight, claim.low, claim.high):
        checked(value, Text(f"“{claim.key}”的权重或上下限", f"weight or bound of “{claim.key}”"))
    if claim.weight < 0 or (claim.low or ZERO) < 0:
        raise _refused(
            "bad_claim",
            f"“{claim.key}”的权重或下限是负数；改为 0 或以上",
            f"weight or lower bound of “{claim.key}” is negative; make it 0 or more",
        )
    if claim.high is not None and claim.high < (claim.low or ZERO):
        raise _refused(
            "bounds_crossed",
            f"“{claim.key}”的上限 {shown(claim.high)} 小于下限 {shown(claim.low or ZERO)}",
            f"“{claim.key}” has the upper bound {shown(claim.high)} below the lower one "
            f"{shown(claim.low or ZERO)}",
        )
    if total < 0 and (claim.low is not None or claim.high is not None):
        raise _refused(
            "bounds_on_negative",
            "负的目标值不能带上下限分摊；去掉上下限",
            "a negative target cannot be split within bounds; leave them out",
        )


def _check_reach(
    total: Decimal,
    claims: Sequence[Claim],
    whole: Fraction,
    lows: Mapping[str, Fraction],
    highs: Mapping[str, Fraction],
    unit: Fraction,
) -> None:
    if crossed := next((key for key in highs if highs[key] < lows[key]), None):
        raise _refused(
            "bounds_between_units",
            f"“{crossed}”的上下限之间没有可用的整数单位；放宽上下限",
            f"no whole unit lies between the bounds of “{crossed}”; widen them",
        )
    least = sum(lows.values(), Fraction(0))
    if least > whole:
        raise _refused(
            "lows_above_total",
            f"下限合计 {_as_text(least * unit)}，超过目标值 {shown(total)}；调低下限",
            f"the lower bounds add up to {_as_text(least * unit)}, above "
            f"{shown(total)}; lower them",
        )
    open_ended = any(claim.weight and claim.key not in highs for claim in claims)
    most = sum(
        (highs.get(c.key, lows[c.key]) if c.weight else lows[c.key] for c in claims), Fraction(0)
    )
    if not open_ended and most < whole:
        raise _refused(
            "highs_below_total",
            f"按权重和上限最多分到 {_as_text(most * unit)}，不足 {shown(total)}；调高上限或权重",
            f"weights and upper bounds allow {_as_text(most * unit)} at most, below "
            f"{shown(total)}; raise them",
        )


@exact
def _as_text(value: Fraction) -> str:
    return shown(Decimal(value.numerator) / Decimal(value.denominator))


def _refused(code: str, zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en), code=code)


RULES: Mapping[str, Rule] = {
    "goals.added": lambda _, values: sum((v for v in values if isinstance(v, Decimal)), ZERO)
}
