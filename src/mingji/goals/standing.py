"""How far a goal has come that no metric follows by itself: key results, milestones, objectives.

Pure. Everything is a share of the way from the baseline to the target, which may lie below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingji.goals.health import Direction, Health, status_of
from mingji.rules.explanation import Node, Source
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded, shown
from mingji.rules.progress import clipped, progress
from mingji.rules.text import Text

ONE = Decimal(1)


def direction_of(baseline: Decimal | None, target: Decimal | None) -> Direction:
    """What is better where no metric says so: less, if the target lies below the baseline.

    >>> direction_of(Decimal(80), Decimal(50)), direction_of(None, Decimal(50))
    ('down', 'up')
    """
    return "down" if baseline is not None and target is not None and target < baseline else "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone: its share of the whole in percent, when it is due, and when it was done."""

    title: str
    weight: Decimal
    due: date | None = None
    done_on: date | None = None
    evidence: str = ""


@exact
def steps_done(steps: Sequence[Step]) -> Decimal:
    """The weights of the milestones that are done, as a share of the whole.

    >>> steps_done([Step(title="plan", weight=Decimal(60), done_on=date(2026, 10, 9)),
    ...             Step(title="launch", weight=Decimal(40))])
    Decimal('0.6')
    """
    return sum((step.weight for step in steps if step.done_on), ZERO) / HUNDRED


@exact
def steps_due(steps: Sequence[Step], on: date, elapsed: Decimal) -> Decimal:
    """The share that was due by the end of a day: of dated milestones by their dates, of others
    in step with time.

    >>> steps_due([Step(title="plan", weight=Decimal(60), due=date(2026, 10, 9)),
    ...            Step(title="launch", weight=Decimal(40))], date(2026, 11, 1), Decimal("0.5"))
    Decimal('0.8')
    """
    dated = sum((step.weight for step in steps if step.due and step.due <= on), ZERO)
    others = sum((step.weight for step in steps if step.due is None), ZERO)
    return (dated + others * elapsed) / HUNDRED


@exact
def weighted(parts: Sequence[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """The weighted mean of shares that are known; without weights all count the same.

    A part without data gives its weight to the others. None when nothing is known.

    >>> weighted([(Decimal("0.7"), None), (Decimal(1), None), (None, None)])
    Decimal('0.85')
    """
    known = [
        (share, ONE if weight is None else weight) for share, weight in parts if share is not None
    ]
    whole = sum((weight for _, weight in known), ZERO)
    if not whole:
        return None
    return sum((share * weight for share, weight in known), ZERO) / whole


@exact
def due_value(baseline: Decimal | None, target: Decimal | None, due: Decimal) -> Decimal | None:
    """The value that was due by now, where `due` is the share of the way.

    >>> due_value(Decimal(80), Decimal(120), Decimal("0.5"))
    Decimal('100.0')
    """
    if target is None:
        return None
    start = ZERO if baseline is None else baseline
    return start + (target - start) * due


@exact
def scored(parts: Sequence[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """The OKR score, 0 to 1: each part is clipped before the mean, and nothing below it is hidden
    by what lies above (scoring.md §1).

    >>> scored([(Decimal("-0.5"), None), (Decimal("1.4"), None)])
    Decimal('0.5')
    """
    return weighted([(None if s is None else clipped(s), weight) for s, weight in parts])


@exact
def way(value: Decimal | None, baseline: Decimal | None, target: Decimal | None) -> Decimal | None:
    """The share of the way from baseline (0 if there is none) to target; None without data.

    >>> way(Decimal(40), Decimal(100), Decimal(200))
    Decimal('-0.6')
    """
    start = ZERO if baseline is None else baseline
    if value is None or target is None or target == start:
        return None
    return progress(value, baseline=start, target=target)


@exact
def share_health(share: Decimal | None, due: Decimal) -> Health:
    """How a share stands against the share that was due by now; `expected` is that share.

    >>> share_health(Decimal("0.4"), Decimal("0.5")).attainment
    Decimal('80.00')
    """
    attainment = None if share is None or due <= ZERO else rounded(share / due * HUNDRED)
    return Health(status=status_of(attainment), expected=due, attainment=attainment)


def share_reasons(share: Node, due: Decimal) -> Node:
    """The attainment of `share_health` as a node that opens into the share and what was due."""
    known = share.value if isinstance(share.value, Decimal) else None
    found = share_health(known, due)
    expected = Node(
        key="expected",
        label=Text(zh="到今天应达到", en="Expected by now"),
        value=due,
        rule="goal.expected",
        unit="ratio",
        sources=(Source(kind="period", label=Text(zh="按日期", en="by the calendar")),),
    )
    return Node(
        key="attainment",
        label=Text(zh="进度达成率", en="Attainment of what was expected by now"),
        value=found.attainment,
        rule="goal.attainment",
        formula=Text(
            zh=f"已完成 {shown(known)} ÷ 应达到 {shown(due)} × 100 = {shown(found.attainment)}",
            en=f"done {shown(known)} ÷ expected {shown(due)} × 100 = {shown(found.attainment)}",
        ),
        unit="%",
        inputs=(share, expected),
        rounding="" if found.attainment is None else "0.01 half_up",
    )


def way_node(
    key: str, label: Text, value: Node, *, baseline: Decimal | None, target: Decimal | None
) -> Node:
    """The share of the way as a node over the current value."""
    known = value.value if isinstance(value.value, Decimal) else None
    share = way(known, baseline, target)
    b, t, v = shown(baseline or ZERO), shown(target), shown(known)
    return Node(
        key=key,
        label=label,
        value=share,
        rule="goal.progress",
        formula=Text(
            zh=f"（当前值 {v} − 起始值 {b}）÷（目标值 {t} − 起始值 {b}）= {shown(share)}",
            en=f"(current {v} − baseline {b}) ÷ (target {t} − baseline {b}) = {shown(share)}",
        ),
        unit="ratio",
        inputs=(value,),
    )


def steps_node(key: str, label: Text, steps: Sequence[Step]) -> Node:
    """The milestones that are done, each with its weight, its day and its evidence."""
    inputs = tuple(
        Node(
            key=f"step{number}",
            label=Text.same(step.title),
            value=ONE if step.done_on else ZERO,
            parameters={"weight": step.weight},
            sources=_done(step),
        )
        for number, step in enumerate(steps, start=1)
    )
    words = " + ".join(shown(step.weight) for step in steps if step.done_on) or "0"
    return Node(
        key=key,
        label=label,
        value=steps_done(steps),
        rule="goal.milestones",
        formula=Text(zh=f"已完成的里程碑权重 {words}，共 100", en=f"weights done: {words} of 100"),
        unit="ratio",
        inputs=inputs,
    )


def objective_node(key: str, label: Text, parts: Sequence[tuple[Node, Decimal | None]]) -> Node:
    """An objective as the weighted mean of the progress of its key results."""
    known = [
        (part.value if isinstance(part.value, Decimal) else None, weight) for part, weight in parts
    ]
    words = " + ".join(
        f"{shown(share)} × {shown(ONE if weight is None else weight)}"
        for share, weight in known
        if share is not None
    )
    return Node(
        key=key,
        label=label,
        value=weighted(known),
        rule="goal.objective",
        formula=Text(
            zh=f"关键结果加权平均：（{words}）÷ 权重之和" if words else "还没有数据",
            en=f"weighted mean of key results: ({words}) ÷ sum of weights"
            if words
            else "no data yet",
        ),
        unit="ratio",
        inputs=tuple(part for part, _ in parts),
    )


def _done(step: Step) -> tuple[Source, ...]:
    if step.done_on is None:
        return ()
    label = Text.same(step.evidence) if step.evidence else Text(zh="已完成", en="done")
    return (Source(kind="typed", label=label, at=step.done_on.isoformat()),)
