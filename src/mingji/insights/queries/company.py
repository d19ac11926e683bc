"""Where the funnel of the whole company leaks, and what its money brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from mingji.insights import policy
from mingji.kit.explain import explanation_address
from mingji.metrics import queries as metrics
from mingji.metrics.queries import ObservationFact, Slice
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.explanation import Node
from mingji.rules.numbers import exact, rounded, shown
from mingji.rules.text import Text

# From the first contact to the order; each step is what came of the one before.
STEPS = ("leads_created", "mql_count", "sql_count", "lead_opportunities", "lead_won_deals")
MONEY = ("spend_total", "won_revenue", "roas", "cost_per_lead")
SHOWN_PERIODS = 6

Facts = Mapping[tuple[str, str], ObservationFact]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, or the change of one, and where it opens."""

    value: Decimal | None
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel in a period: how many, and which share of the step before that is.

    `before` is the same share in the period before, `change` the difference in percentage points;
    all three are None at the first step. `width` is the count in percent of the first step's.
    """

    metric: str
    name: Text
    value: Decimal | None
    why: str
    width: Decimal
    rate: Rate | None = None
    before: Rate | None = None
    change: Rate | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps, and the one whose rate fell most against the period before (None: none fell).

    `why` is where all the rates open.
    """

    steps: tuple[Step, ...]
    weakest: Step | None
    why: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric of the company now and in the period before, and where both open."""

    value: Decimal | None
    before: Decimal | None
    unit: str
    why: str
    why_before: str


@dataclass(frozen=True, slots=True)
class Money:
    """What was spent, what was won, and one over the other, by metric; `roas` by period."""

    figures: Mapping[str, Figure]
    roas: tuple[tuple[str, Decimal | None], ...]


def funnel(viewer: Viewer, period: Period) -> Funnel:
    """The funnel of the company in a period against the one before.

    Counts of the same period stand over each other: a lead of September that is won in October
    counts in both quarters, once each.

    Raises:
        NotAllowed: the viewer is not the director.
    """
    policy.may_see_company(viewer).require()
    facts = _facts(period)
    steps = tuple(_step(facts, period, index) for index in range(len(STEPS)))
    falling = [step for step in steps if step.change and (step.change.value or 0) < 0]
    return Funnel(steps, min(falling, key=_kept, default=None), _address(period))


def company_reasons(viewer: Viewer, period: Period) -> Node:
    """Every rate of the funnel as a tree that opens down to the source rows.

    Raises:
        NotAllowed: the viewer is not the director.
    """
    policy.may_see_company(viewer).require()
    facts = _facts(period)
    return Node(
        key="funnel",
        label=Text(zh="销售漏斗", en="Funnel"),
        value=None,
        rule="insight.funnel",
        formula=Text(
            zh="每一步的数量 ÷ 前一步的数量，两者都是同一期间的",
            en="each step's count ÷ the count of the step before, both of the same period",
        ),
        inputs=tuple(
            node for index in range(1, len(STEPS)) for node in _rates(facts, period, index)
        ),
    )


def money(viewer: Viewer, period: Period) -> Money:
    """What the spending of a period brought, for the whole company.

    Raises:
        NotAllowed: the viewer is not the director.
    """
    policy.may_see_company(viewer).require()
    before = str(period.previous)
    facts = metrics.company_facts([str(period), before], MONEY)
    names = metrics.metric_names()
    known = [each for each in metrics.observed_periods() if each <= str(period)]
    return Money(
        figures={
            metric: Figure(
                value=_value(facts, metric, str(period)),
                before=_value(facts, metric, before),
                unit=names[metric].unit,
                why=Slice(metric, str(period)).url("why"),
                why_before=Slice(metric, before).url("why"),
            )
            for metric in MONEY
        },
        roas=tuple(metrics.trend("roas", known[-SHOWN_PERIODS:])),
    )


def _facts(period: Period) -> Facts:
    return metrics.company_facts([str(period), str(period.previous)], STEPS)


def _address(period: Period, path: str = "") -> str:
    return explanation_address(f"{reverse('insights:why')}?period={period}", path)


def _step(facts: Facts, period: Period, index: int) -> Step:
    metric = STEPS[index]
    value, first = (_value(facts, name, str(period)) for name in (metric, STEPS[0]))
    rates = [
        Rate(
            node.value if isinstance(node.value, Decimal) else None,
            node.unit,
            _address(period, node.key),
        )
        for node in (_rates(facts, period, index) if index else ())
    ]
    return Step(
        metric,
        metrics.metric_names()[metric].name,
        value,
        Slice(metric, str(period)).url("why"),
        rounded(value * 100 / first) if value and first else Decimal(0),
        *rates,
    )


def _rates(facts: Facts, period: Period, index: int) -> tuple[Node, Node, Node]:
    """The share of a step now, in the period before, and the change."""
    upper, lower = STEPS[index - 1], STEPS[index]
    now = _rate(facts, upper, lower, period, "rate")
    before = _rate(facts, upper, lower, period.previous, "before")
    return now, before, _change(lower, now, before)


@exact
def _rate(facts: Facts, upper: str, lower: str, period: Period, suffix: str) -> Node:
    """How many of the lower step for each of the upper one, in the same period."""
    names = metrics.metric_names()
    above, below = _value(facts, upper, str(period)), _value(facts, lower, str(period))
    rate = rounded(below / above, 4) if below is not None and above else None
    whole, part = names[upper].name, names[lower].name
    return Node(
        key=f"{lower}_{suffix}",
        label=Text(
            zh=f"{period.label.zh} {part.zh} ÷ {whole.zh}",
            en=f"{part.en} ÷ {whole.en}, {period.label.en}",
        ),
        value=rate,
        rule="insight.rate",
        formula=Text(
            zh=f"{part.zh} {shown(below)} ÷ {whole.zh} {shown(above)} = {shown(rate)}（同一期间）",
            en=f"{part.en} {shown(below)} ÷ {whole.en} {shown(above)} = {shown(rate)} "
            "(of the same period)",
        ),
        unit="ratio",
        inputs=tuple(
            facts[metric, str(period)].node
            for metric in (lower, upper)
            if (metric, str(period)) in facts
        ),
        rounding="0.0001 half_up" if rate is not None else "",
        flags=() if rate is not None else ("no_data",),
    )


def _change(metric: str, now: Node, before: Node) -> Node:
    known = isinstance(now.value, Decimal) and isinstance(before.value, Decimal)
    share, earlier = _number(now), _number(before)
    points = (share - earlier) * 100 if known else None
    return Node(
        key=f"{metric}_change",
        label=Text(zh="较上一期间的变化", en="Change against the period before"),
        value=points,
        rule="insight.change",
        formula=Text(
            zh=f"（{shown(share)} − {shown(earlier)}）× 100 = {shown(points)} 个百分点",
            en=f"({shown(share)} − {shown(earlier)}) × 100 = {shown(points)} percentage points",
        )
        if known
        else Text(zh="两个期间不都有数据", en="not both periods have data"),
        unit="pp",
        inputs=(now, before),
        flags=() if known else ("no_data",),
    )


def _kept(step: Step) -> Decimal:
    """Which share of its former self a rate kept: rates of very different size compare by it."""
    now = step.rate.value if step.rate else None
    before = step.before.value if step.before else None
    return (now or Decimal(0)) / (before or Decimal(1))


def _number(node: Node) -> Decimal:
    return node.value if isinstance(node.value, Decimal) else Decimal(0)


def _value(facts: Facts, metric: str, period: str) -> Decimal | None:
    fact = facts.get((metric, period))
    return fact.value if fact else None
