"""Amounts in the title that do not agree with the target and baseline beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingji.rules.findings import Finding
from mingji.rules.numbers import exact, shown
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.figures import figure
from mingji.rules.smart.letters import note
from mingji.rules.smart.quantities import Quantity
from mingji.rules.smart.reading import Reading
from mingji.rules.text import Text

_SHARES = ("ratio", "%", "pp")
_HUNDRED, _ZERO = Decimal(100), Decimal(0)
_ROUNDED = Decimal("0.006")  # a growth written in whole percent may be off by half a point
_POINT = Decimal("0.0006")
_FACTORS = (Decimal(10) ** 4, Decimal(10) ** 8)
_NEAR = Decimal(10)  # an amount without “to” is only held against a target of its own size


def contradictions(draft: Draft, read: Reading) -> Iterator[Finding]:
    """What the title says otherwise than the fields; nothing without a metric and a target."""
    if draft.metric is None or draft.target is None:
        return
    named = {draft.target, draft.stretch, draft.threshold}
    levels = [
        (amount, value)
        for amount in read.amounts
        if amount.role in ("to", "") and (value := in_unit(amount, draft.unit)) is not None
    ]
    if not any(value in named for _, value in levels):  # else what remains is of something else
        yield from _levels(draft, read, levels, draft.target)
        yield from _changes(draft, read, draft.target)
    for amount in read.amounts:
        value = in_unit(amount, draft.unit)
        if amount.role == "from" and draft.baseline is not None and value is not None:
            yield from () if value == draft.baseline else _other_baseline(draft, amount)


def in_unit(amount: Quantity, unit: str) -> Decimal | None:
    """An amount of the title in the unit of the metric, None if they cannot be compared.

    >>> percent = Quantity(Decimal("0.25"), "percent", "to", "25%", 0, 3)
    >>> str(in_unit(percent, "ratio")), str(in_unit(percent, "%")), in_unit(percent, "count")
    ('0.25', '25.00', None)
    """
    shares = unit in _SHARES
    if amount.kind == "percent" and shares:
        return amount.value if unit == "ratio" else amount.value * _HUNDRED
    if amount.kind == "points" and unit == "pp":
        return amount.value * _HUNDRED
    if amount.kind == "times" and unit in ("times", "×", "x", "ratio"):
        return amount.value
    return amount.value if amount.kind == "plain" and not shares else None


def _levels(
    draft: Draft, read: Reading, levels: list[tuple[Quantity, Decimal]], target: Decimal
) -> Iterator[Finding]:
    """The last amount that the title wants to reach, or the only one beside the metric's name."""
    meant = [pair for pair in levels if pair[0].role == "to"]
    beside = [pair for pair in levels if read.near_metric(pair[0]) and _same_size(pair[1], target)]
    if meant or len(beside) == 1:
        amount, value = (meant or beside)[-1]
        yield _other_target(draft, amount, value, target)


def _changes(draft: Draft, read: Reading, target: Decimal) -> Iterator[Finding]:
    for amount in read.amounts:
        if amount.role == "by" and draft.baseline is not None:
            yield from _growth(amount, target, draft.baseline, draft.unit)


@exact
def _same_size(value: Decimal, target: Decimal) -> bool:
    if not value or not target:
        return value == target
    times = abs(value / target)
    wan = any(times in (factor, 1 / factor) for factor in _FACTORS)
    return wan or 1 / _NEAR < times < _NEAR


@exact
def _other_target(draft: Draft, amount: Quantity, value: Decimal, target: Decimal) -> Finding:
    own, unit = draft.title[amount.start : amount.end].strip(), draft.unit
    t = figure(target, unit)
    times = value / target if target and value else _ZERO
    if any(times in (factor, 1 / factor) for factor in _FACTORS):
        return note(
            "number_in_wan",
            "target",
            Text(
                f"标题写的是 {own}，目标值是 {t.zh}，差了一万倍或一亿倍",
                f"the title says {own}, the target is {t.en}: a factor of ten thousand apart",
            ),
            Text("目标值按指标的单位填，留意“万”", "write the target in the metric's own unit"),
            "error",
        )
    if unit in _SHARES and times in (_HUNDRED, 1 / _HUNDRED):
        return note(
            "percent_scale",
            "target",
            Text(f"标题写的是 {own}，目标值是 {t.zh}，差了一百倍",
                 f"the title says {own}, the target is {t.en}: a factor of a hundred apart"),
            Text("看清指标用百分数还是小数", "see if the metric counts in percent"),
            "error",
        )  # fmt: skip
    return note(
        "title_against_target",
        "target",
        Text(
            f"标题写的是 {own}，目标值却是 {t.zh}",
            f"the title says {own}, but the target is {t.en}",
        ),
        Text("两处改成一样的数", "make them the same"),
        "error",
    )


def _other_baseline(draft: Draft, amount: Quantity) -> Iterator[Finding]:
    own = draft.title[amount.start : amount.end].strip()
    b = figure(draft.baseline, draft.unit)
    yield note(
        "title_against_baseline",
        "baseline",
        Text(f"标题说从 {own} 开始，起始值却是 {b.zh}",
             f"the title starts from {own}, but the baseline is {b.en}"),
        Text("两处改成一样的数", "make them the same"),
        "error",
    )  # fmt: skip


@exact
def _growth(amount: Quantity, target: Decimal, baseline: Decimal, unit: str) -> Iterator[Finding]:
    """A change by so much: relative percent, percentage points, or an amount of the unit."""
    change = abs(target - baseline)
    relative = change / abs(baseline) if baseline else None
    points = (change if unit == "ratio" else change / _HUNDRED) if unit in _SHARES else None
    as_percent = relative is not None and abs(relative - amount.value) <= _ROUNDED
    as_points = points is not None and abs(points - amount.value) <= _POINT
    said = amount.words
    if amount.kind == "plain" and unit not in _SHARES:
        if change != amount.value and target != amount.value:
            yield _wrong_change(said, shown(change))
    elif amount.kind == "percent" and not as_percent and relative is not None:
        if as_points:
            yield _points(said, shown(_HUNDRED * amount.value), shown(_HUNDRED * relative))
        elif not _is_target(amount, target, unit):
            yield _wrong_change(said, f"{shown(_HUNDRED * relative)}%")
    elif amount.kind == "points" and points is not None and not as_points:
        yield _wrong_change(said, shown(_HUNDRED * points))


def _is_target(amount: Quantity, target: Decimal, unit: str) -> bool:
    return in_unit(amount, unit) == target


def _points(said: str, points: str, relative: str) -> Finding:
    return note(
        "percent_or_points",
        "title",
        Text(
            f"标题说变化 {said}，按起始值和目标值是 {points} 个百分点（相对变化 {relative}%）",
            f"the title says {said}; baseline and target are {points} percentage points apart "
            f"(a relative change of {relative}%)",
        ),
        Text(f"写成“{points} 个百分点”", f"write “{points} percentage points”"),
    )


def _wrong_change(said: str, change: str) -> Finding:
    return note(
        "title_against_change",
        "target",
        Text(
            f"标题说变化 {said}，按起始值和目标值算是 {change}",
            f"the title says a change of {said}; baseline and target make {change}",
        ),
        Text("改标题或改目标值，两处一致", "mend the title or the target, so that they agree"),
        "error",
    )
