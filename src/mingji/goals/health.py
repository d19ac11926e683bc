"""How a goal stands: the current value against what was to be reached by now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.explanation import Node, Source
from mingji.rules.numbers import HUNDRED, ZERO, exact, rounded, shown
from mingji.rules.text import Text

Status = Literal["on_track", "at_risk", "off_track", "no_data"]
WORST_FIRST: tuple[Status, ...] = ("off_track", "at_risk", "on_track", "no_data")
Direction = Literal["up", "down", "closer"]

# From this attainment of the expected value on, in percent. `docs/how-to/agree-goals.md` says so.
ON_TRACK = Decimal(95)
AT_RISK = Decimal(80)

_EXPECTED = Text(zh="到今天应达到", en="Expected by now")
_ATTAINMENT = Text(zh="进度达成率", en="Attainment of what was expected by now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Where a goal stands. `attainment` is in percent of `expected`, None without data."""

    status: Status
    expected: Decimal | None
    attainment: Decimal | None


@exact
def health(
    value: Decimal | None,
    target: Decimal | None,
    *,
    direction: Direction,
    adds_up: bool,
    elapsed: Decimal,
) -> Health:
    """Compare the current value with the part of the target that was due by now.

    `elapsed` is the share of the period that is over (0..1). A metric that adds up (leads, money)
    is expected in step with time; a rate or a median is expected at its target all the time.

    >>> half = health(Decimal(40), Decimal(100),
    ...               direction="up", adds_up=True, elapsed=Decimal("0.5"))
    >>> half.status, half.expected, half.attainment
    ('at_risk', Decimal('50.0'), Decimal('80.00'))
    >>> cost = health(Decimal(90), Decimal(60),
    ...               direction="down", adds_up=False, elapsed=Decimal("0.5"))
    >>> cost.status, cost.attainment
    ('off_track', Decimal('66.67'))
    """
    expected = None if target is None else target * elapsed if adds_up else target
    attainment = _attainment(value, expected, direction)
    return Health(status=status_of(attainment), expected=expected, attainment=attainment)


@exact
def reasons(
    current: Node, target: Node, *, direction: Direction, adds_up: bool, elapsed: Decimal
) -> Node:
    """The attainment of `health` as a node that opens into value, expected value and target."""
    value = current.value if isinstance(current.value, Decimal) else None
    goal = target.value if isinstance(target.value, Decimal) else None
    found = health(value, goal, direction=direction, adds_up=adds_up, elapsed=elapsed)
    return Node(
        key="attainment",
        label=_ATTAINMENT,
        value=found.attainment,
        rule="goal.attainment",
        formula=_words(value, found, direction),
        unit="%",
        parameters={"direction": direction},
        inputs=(current, _expected_node(target, found.expected, adds_up, elapsed)),
        rounding="" if found.attainment is None else "0.01 half_up",
    )


def _attainment(
    value: Decimal | None, expected: Decimal | None, direction: Direction
) -> Decimal | None:
    if value is None or expected is None or expected <= ZERO:
        return None
    if direction == "closer":
        return rounded(HUNDRED - abs(value - expected) / expected * HUNDRED)
    if direction == "up":
        return rounded(value / expected * HUNDRED)
    # Half the expected cost is as good as it gets: the inverse of nothing is no number.
    return rounded(expected / max(value, expected / 2) * HUNDRED)


def status_of(attainment: Decimal | None) -> Status:
    """How a goal with this attainment, in percent of what was expected by now, stands.

    >>> status_of(Decimal(80))
    'at_risk'
    """
    if attainment is None:
        return "no_data"
    if attainment >= ON_TRACK:
        return "on_track"
    return "at_risk" if attainment >= AT_RISK else "off_track"


def _expected_node(target: Node, expected: Decimal | None, adds_up: bool, elapsed: Decimal) -> Node:
    if not adds_up:
        return Node(
            key="expected",
            label=_EXPECTED,
            value=expected,
            rule="goal.expected",
            formula=Text(
                zh="比率、时长这类指标全程都按目标值要求",
                en="a rate or a duration is expected at its target all the time",
            ),
            unit=target.unit,
            parameters={"adds_up": False},
            inputs=(target,),
        )
    goal = target.value if isinstance(target.value, Decimal) else None
    share = Node(
        key="elapsed",
        label=Text(zh="期间已过", en="Elapsed share of the period"),
        value=elapsed,
        unit="ratio",
        sources=(Source(kind="period", label=Text(zh="按日历天数", en="by calendar days")),),
    )
    return Node(
        key="expected",
        label=_EXPECTED,
        value=expected,
        rule="goal.expected",
        formula=Text(
            zh=f"目标值 {shown(goal)} × 期间已过 {shown(elapsed)} = {shown(expected)}",
            en=f"target {shown(goal)} × elapsed share {shown(elapsed)} = {shown(expected)}",
        ),
        unit=target.unit,
        parameters={"adds_up": True},
        inputs=(target, share),
    )


def _words(value: Decimal | None, found: Health, direction: Direction) -> Text:
    if found.attainment is None:
        return Text(
            zh="还没有数据，或者没有大于零的应达值，算不出达成率",
            en="no data yet, or nothing above zero expected: nothing to divide",
        )
    now, due, share = shown(value), shown(found.expected), shown(found.attainment)
    if direction == "closer":
        return Text(
            zh=f"100 − |当前值 {now} − 应达到 {due}| ÷ {due} × 100 = {share}",
            en=f"100 − |current {now} − expected {due}| ÷ {due} × 100 = {share}",
        )
    if direction == "up":
        return Text(
            zh=f"当前值 {now} ÷ 应达到 {due} × 100 = {share}",
            en=f"current {now} ÷ expected {due} × 100 = {share}",
        )
    return Text(
        zh=f"越低越好：应达到 {due} ÷ 当前值 {now} × 100 = {share}（最多 200）",
        en=f"lower is better: expected {due} ÷ current {now} × 100 = {share} (at most 200)",
    )
