"""What both sides of a goal agreement sign: its terms as data, their digest, their differences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from mingji.rules.numbers import rounded
from mingji.rules.text import Text

GoalKind = Literal["kpi", "objective", "key_result"]
Measure = Literal["metric", "manual", "milestones", "yes_no"]
Commitment = Literal["committed", "stretch"]
Change = Literal["added", "removed", "changed"]

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NUMBERS = ("baseline", "threshold", "target", "stretch", "weight")
_DATES = ("due", "support_due")

# What each term is called where differences are shown, in the order of the form.
TERMS: dict[str, Text] = {
    "title": Text("标题", "Title"),
    "description": Text("说明", "Description"),
    "metric": Text("指标", "Metric"),
    "definition": Text("指标口径", "Definition of the metric"),
    "measure": Text("衡量方式", "Measured by"),
    "unit": Text("单位", "Unit"),
    "baseline": Text("起始值", "Baseline"),
    "threshold": Text("门槛值", "Threshold"),
    "target": Text("目标值", "Target"),
    "stretch": Text("挑战值", "Stretch target"),
    "weight": Text("权重", "Weight"),
    "commitment": Text("承诺程度", "Commitment"),
    "due": Text("截止日期", "Due"),
    "theme": Text("战略主题", "Strategy theme"),
    "milestones": Text("里程碑", "Milestones"),
    "scoring": Text("计分方法", "Scoring"),
    "support": Text("承诺的支持", "Support promised"),
    "support_due": Text("支持到位日期", "Support due"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneTerms:
    """A step of a key result: its share of the whole in percent, and its date."""

    title: str
    weight: Decimal
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTerms:
    """The terms of one goal. `key` names it within its agreement, and `objective` is the key of
    the objective that a key result belongs to.

    Values are in the unit of the metric (`unit` where there is none), `weight` in percent: of the
    dimension for a KPI, of all objectives for an objective, of its objective for a key result.
    `scoring` overrides parameters of the item's method, written as in a scheme file. `definition`
    is the version of the company's own definitions whose meaning of the metric is signed; 0: what
    the metric meant before there were any.
    """

    key: str
    kind: GoalKind = "kpi"
    objective: str = ""
    title: str = ""
    description: str = ""
    metric: str = ""
    definition: int = 0
    measure: Measure = "metric"
    unit: str = ""
    baseline: Decimal | None = None
    threshold: Decimal | None = None
    target: Decimal | None = None
    stretch: Decimal | None = None
    weight: Decimal | None = None
    commitment: Commitment = "committed"
    due: date | None = None
    theme: str = ""
    milestones: tuple[MilestoneTerms, ...] = ()
    scoring: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    support: str = ""
    support_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One term of one goal that differs between two versions.

    For a goal that was added or removed as a whole there is one difference without a `term`.
    `before` and `after` are values of the term; None is empty.
    """

    goal: GoalTerms
    change: Change
    term: str = ""
    before: object = None
    after: object = None


def stored(goal: GoalTerms) -> GoalTerms:
    """The goal with its numbers as they are kept: amounts to 4 places, weights to 2, half up.

    >>> stored(GoalTerms(key="cpl", baseline=Decimal("3116.71249"))).baseline
    Decimal('3116.7125')
    """
    kept = {
        name: rounded(value, 2 if name == "weight" else 4)
        for name in _NUMBERS
        if (value := getattr(goal, name)) is not None
    }
    return replace(goal, **kept)  # type: ignore[arg-type]


def as_data(terms: Sequence[GoalTerms]) -> list[dict[str, Any]]:
    """Terms as JSON: decimals and dates as strings, in the order of their keys.

    >>> as_data([GoalTerms(key="mql_count", target=Decimal("120"))])
    [{'key': 'mql_count', 'target': '120'}]
    """
    return [_told(goal) for goal in sorted(terms, key=lambda goal: goal.key)]


def from_data(data: Sequence[Mapping[str, Any]]) -> tuple[GoalTerms, ...]:
    """The terms that `as_data` wrote.

    >>> from_data([{"key": "mql_count", "target": "120"}])[0].target
    Decimal('120')
    """
    return tuple(_read(each) for each in data)


def digest(terms: Sequence[GoalTerms]) -> str:
    """What a signature stands under: 64 characters that change with any term of any goal."""
    told = json.dumps(as_data(terms), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def differences(before: Sequence[GoalTerms], after: Sequence[GoalTerms]) -> tuple[Difference, ...]:
    """What changed from one version to another, goal by goal, in the order of the form.

    Amounts are compared as numbers: 120 and 120.00 are the same.

    >>> old = [GoalTerms(key="mql_count", target=Decimal(120))]
    >>> new = [GoalTerms(key="mql_count", target=Decimal(100))]
    >>> [(d.term, d.before, d.after) for d in differences(old, new)]
    [('target', Decimal('120'), Decimal('100'))]
    """
    old = {goal.key: goal for goal in before}
    new = {goal.key: goal for goal in after}
    found = [Difference(goal=goal, change="removed") for goal in before if goal.key not in new]
    for goal in after:
        earlier = old.get(goal.key)
        if earlier is None:
            found.append(Difference(goal=goal, change="added"))
            continue
        for term in TERMS:
            was, now = getattr(earlier, term), getattr(goal, term)
            if was != now:
                found.append(
                    Difference(goal=goal, change="changed", term=term, before=was, after=now)
                )
    return tuple(found)


def _told(goal: GoalTerms) -> dict[str, Any]:
    """Only what is set: a term that is added to the product later changes no older digest."""
    told: dict[str, Any] = {"key": goal.key}
    for each in fields(GoalTerms):
        value = getattr(goal, each.name)
        if each.name == "key" or value == each.default or value in (None, "", ()) or value == {}:
            continue
        told[each.name] = _plain(value)
    return told


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return _written(value)
        case date():
            return value.isoformat()
        case MilestoneTerms():
            return {name: _plain(each) for name, each in asdict(value).items() if each is not None}
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return dict(value)
    return value


def _written(value: Decimal) -> str:
    """A number in one way only: 120.00 and 120 are the same term."""
    whole = value.to_integral_value()
    return format(whole if whole == value else value.normalize(), "f")


def _read(data: Mapping[str, Any]) -> GoalTerms:
    given = dict(data)
    for name in _NUMBERS:
        if name in given:
            given[name] = Decimal(given[name])
    for name in _DATES:
        if name in given:
            given[name] = date.fromisoformat(given[name])
    if "milestones" in given:
        given["milestones"] = tuple(_milestone(each) for each in given["milestones"])
    return GoalTerms(**given)


def _milestone(data: Mapping[str, str]) -> MilestoneTerms:
    due = data.get("due")
    return MilestoneTerms(
        title=data["title"],
        weight=Decimal(data["weight"]),
        due=date.fromisoformat(due) if due else None,
    )
